"""Codes of UCUM that are a unit of the tables without a row of their own, and those that are none."""

from __future__ import annotations

import pytest

from hbv_standards.mapping.rows import DimensionRow, UnitRow
from hbv_standards.mapping.ucum import read_ucum
from hbv_standards.mapping.ucum_units import build_ucum_index

ROWS = [  # spelling, test, UCUM, unit
    ("mmol/L", None, "mmol/L", "mmol/L"),
    ("kU/L", None, "kU/L", "U/mL"),
    ("IU/mL", None, "[IU]/mL", "IU/mL"),
    ("lg IU/mL", None, "{Log_IU}/mL", "log10 IU/mL"),
    ("copies/mL", None, "{copies}/mL", "copies/mL"),
    ("10*9/L", None, "10*9/L", "10^9/L"),
    ("/min", "PULSE", "{beats}/min", "beats/min"),
    ("/min", "RESP", "{breaths}/min", "breaths/min"),
    ("bpm", None, "/min", "beats/min"),  # a loose word about UCUM, which two tests contradict
    ("L/L", None, "L/L", "fraction of 1"),
    ("1", "SCORE", "1", "NO UNIT"),
    ("Cel", None, "Cel", "C"),
    ("half", None, "mg/dL", "half mg/dL"),
    ("ng/dL", "ODD", "ng/dL", "odd"),
    ("twice", None, "[arb'U]/mL", "one"),
    ("again", None, "[arb'U]/mL", "two"),
]
SIZES = [  # unit, dimension, factor, offset, scale
    ("mmol/L", "substance", "0.001", "0", "linear"),
    ("umol/L", "substance", "0.000001", "0", "linear"),
    ("cmol/L", "substance", "0.01", "0", "linear"),
    ("U/mL", "enzyme", "1000", "0", "linear"),
    ("U/L", "enzyme", "1", "0", "linear"),
    ("IU/mL", "international", "1000", "0", "linear"),
    ("log10 IU/mL", "international", "1000", "0", "log10"),
    ("log10 IU/L", "international", "1", "0", "log10"),
    ("10 IU/mL", "international", "10000", "0", "linear"),
    ("copies/mL", "copies", "1", "0", "linear"),
    ("10^3 copies/mL", "copies", "1000", "0", "linear"),
    ("copies/uL", "copies", "1000", "0", "linear"),
    ("10^9/L", "number", "1000000000", "0", "linear"),
    ("10^6/L", "number", "1000000", "0", "linear"),
    ("fraction of 1", "fraction", "1", "0", "linear"),
    ("%", "fraction", "0.01", "0", "linear"),
    ("C", "temperature", "1", "0", "linear"),
    ("F", "temperature", "5/9", "-32", "linear"),
]
INDEX = build_ucum_index(
    [
        UnitRow.model_validate(
            {"row": f"units.csv:{at}", "source_text": text, "concept_id": test, "ucum": ucum, "unit_value": unit}
            | ({"extension": "Y", "source_factor": "2"} if unit.startswith("half") else {})
        )
        for at, (text, test, ucum, unit) in enumerate(ROWS, start=2)
    ],
    [
        DimensionRow.model_validate(
            dict(zip(("row", "unit_value", "dimension", "factor", "offset", "scale"), (f"d.csv:{at}", *cells), strict=True))
        )
        for at, cells in enumerate(SIZES, start=2)
    ],
)


@pytest.mark.parametrize(
    ("code", "concept", "unit"),
    [
        ("mol/m3", None, "mmol/L"),
        ("nmol/mL", None, "umol/L"),  # has no row: its size follows from that of mmol/L
        ("mmol/dL", None, "cmol/L"),
        ("mU/mL", None, "U/L"),
        ("umol/min/L", None, "U/L"),
        ("k[IU]/L", None, "IU/mL"),
        ("10.[IU]/mL", None, "10 IU/mL"),
        ("{copies}.mL-1", None, "copies/mL"),
        ("10*3.{copies}/mL", None, "10^3 copies/mL"),  # of units of one size the first row
        ("/nL", None, "10^9/L"),
        ("/uL", None, "10^6/L"),
        ("min-1", "PULSE", "beats/min"),
        ("min-1", "RESP", "breaths/min"),
        ("{beats}.min-1", "RESP", None),
        ("min-1", "HEART", None),  # rows take it for two units
        ("min-1", None, None),
        ("mmol/kg", None, None),
        ("mol/L{serum}", None, None),  # an annotation is not lost
        ("umol/dL", None, None),  # of the dimension, but of no unit's size
        ("{cells}/mL", None, None),
        ("g/g", None, None),  # a bare number: of what?
        ("10*-2", None, None),
        ("[USP'U]/mL", None, None),
        ("mg/dL", None, None),  # a row with a factor is not the same amount
        ("ng/dL", "ODD", "odd"),
        ("ng/dL", None, None),
        ("[arb'U]/mL", None, None),  # two rows contradict each other
    ],
)
def test_find(code: str, concept: str | None, unit: str | None) -> None:
    structure = read_ucum(code).unit
    assert structure is not None
    found = INDEX.find(structure, concept)
    assert (found.unit_value if found else None) == unit


def test_the_row_that_says_so() -> None:
    rows = {code: INDEX.find(read_ucum(code).unit or pytest.fail(code), None) for code in ("mol/m3", "nmol/mL")}
    assert {code: found.row for code, found in rows.items() if found} == {"mol/m3": "units.csv:2", "nmol/mL": "d.csv:3"}


@pytest.mark.parametrize(
    ("code", "told"),
    [("pmol/L", "1e-09 mmol/L"), ("mol/L", "1000 mmol/L"), ("{copies}/L", "0.001 copies/mL"), ("kg/m2", "1000 g.m-2"), ("%", "0.01")],
)
def test_a_structure_in_words(code: str, told: str) -> None:
    assert INDEX.describe(read_ucum(code).unit or pytest.fail(code)) == told
