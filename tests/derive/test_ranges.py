"""Limits as sent and in the standard unit, text ranges, and whose indicator counts."""

# one case a line reads as the table that it is

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.ranges import derive_ranges
from hbv_standards.derive.units import UnitConverter
from hbv_standards.mapping.rows import ConceptRow, DimensionRow

CONCEPTS = {
    concept_id: ConceptRow.model_validate(
        {"row": "lb.csv:2", "concept_id": concept_id, "concept": concept_id, "domain": "LB", "testcd": "T", "test": "T",
         "result_type": "NM", "std_unit": std_unit, "molar_mass": molar_mass}
    )
    for concept_id, std_unit, molar_mass in [
        ("ALB", "g/L", None), ("CREA", "umol/L", "113.12"), ("INR", "RATIO", None), ("SCORE", None, None)
    ]
}  # fmt: skip
SIZES = [("g/L", "mass concentration", "1"), ("g/dL", "mass concentration", "10"), ("mg/dL", "mass concentration", "0.01"),
         ("umol/L", "substance concentration", "0.000001"), ("U/L", "enzyme", "1")]  # fmt: skip
CONVERTER = UnitConverter(
    [
        DimensionRow.model_validate({"row": "d:2", "unit_value": u, "dimension": d, "factor": f})
        for u, d, f in SIZES
    ],
    [],
)

Sent = dict[str, Any]


def sent(
    number: str | None,
    unit: str | None,
    low: str | None,
    high: str | None,
    range_unit: str | None = None,
    /,
    **more: Any,
) -> Sent:
    kind = "quantity" if number else "text"
    return {"result": number, "result_kind": kind, "number": number, "unit": unit, "unit_value": unit,
            "range_low": low, "range_high": high, "range_unit_value": range_unit, **more}  # fmt: skip


# what it shows, concept, sent, (ORNRLO, ORNRHI, STNRLO, STNRHI, STNRC, NRIND), problems
RANGES: list[tuple[str, str, Sent, tuple[Any, ...], set[str]]] = [
    ("standard unit", "ALB", sent("44.0", "g/L", "40.0", "55.0"), ("40.0", "55.0", 40, 55, None, "NORMAL"), set()),
    ("unit stated again", "ALB", sent("39", "g/L", "40.0", "55", "g/L"), ("40.0", "55", 40, 55, None, "LOW"), set()),
    ("both in another unit", "ALB", sent("5.6", "g/dL", "4.0", "5.5", "g/dL"), ("4.0", "5.5", 40, 55, None, "HIGH"), set()),
    ("range in another unit", "ALB", sent("4.4", "g/dL", "40.0", "55", "g/L"), ("4", "5.5", 40, 55, None, "NORMAL"), set()),
    ("range in another unit, molar", "CREA", sent("1.6", "mg/dL", "57", "111", "umol/L"),
     ("0.6448", "1.256", 57, 111, None, "HIGH"), set()),
    ("limits in mg/dL", "CREA", sent("80", "umol/L", "0.6", "1.2", "mg/dL"), ("53.04", "106.1", 53.04, 106.1, None, "NORMAL"), set()),
    ("one limit", "ALB", sent("60", "g/L", None, "55"), (None, "55", None, 55, None, "HIGH"), set()),
    ("exponent kept", "ALB", sent("60", "g/L", "4.0E1", None), ("4.0E1", None, 40, None, None, "NORMAL"), set()),
    ("censored", "ALB", sent("5", "g/L", "40", "55", comparator="<"), ("40", "55", 40, 55, None, "LOW"), set()),
    ("censored, open", "ALB", sent("50", "g/L", "40", "55", comparator="<"), ("40", "55", 40, 55, None, None), set()),
    ("censored, the laboratory knows", "ALB", sent("50", "g/L", "40", "55", comparator="<", indicator="NORMAL"),
     ("40", "55", 40, 55, None, "NORMAL"), set()),
    ("ratio without a unit", "INR", sent("1.30", None, "0.80", "1.20"), ("0.80", "1.20", 0.8, 1.2, None, "HIGH"), set()),
    ("no standard unit", "SCORE", sent("3", "COI", "0", "1.0"), ("0", "1.0", 0, 1, None, "HIGH"), set()),
    ("unmapped unit of both", "ALB", sent("44", None, "40", "55", unit="gr%"), ("40", "55", None, None, None, "NORMAL"), set()),
    ("range of an unknown unit", "ALB", sent("44", "g/L", "40", "55", "U/L"), (None, None, None, None, None, None),
     {"range_unconverted"}),
    ("result of an unknown unit", "ALB", sent("44", "U/L", "40", "55", "g/L"), (None, None, 40, 55, None, None),
     {"range_unconverted"}),
    ("impossible", "ALB", sent("44", "g/L", "55", "40"), ("55", "40", 55, 40, None, None), {"range_impossible"}),
    ("impossible, flagged", "ALB", sent("44", "g/L", "55", "40", indicator="HIGH"), ("55", "40", 55, 40, None, "HIGH"),
     {"range_impossible"}),
    ("laboratory agrees", "ALB", sent("60", "g/L", "40", "55", indicator="HIGH"), ("40", "55", 40, 55, None, "HIGH"), set()),
    ("laboratory says abnormal", "ALB", sent("60", "g/L", "40", "55", indicator="ABNORMAL"), ("40", "55", 40, 55, None, "HIGH"), set()),
    ("laboratory disagrees", "ALB", sent("44", "g/L", "40", "55", indicator="LOW"), ("40", "55", 40, 55, None, "NORMAL"),
     {"indicator_disagrees"}),
    ("abnormal within limits", "ALB", sent("44", "g/L", "40", "55", indicator="ABNORMAL"), ("40", "55", 40, 55, None, "NORMAL"),
     {"indicator_disagrees"}),
    ("no limits", "ALB", sent("44", "g/L", None, None, indicator="NORMAL"), (None, None, None, None, None, "NORMAL"), set()),
    ("nothing", "ALB", sent("44", "g/L", None, None), (None, None, None, None, None, None), set()),
    ("text range", "SCORE", sent(None, None, None, None, range_text="NEGATIVE", indicator="ABNORMAL"),
     (None, None, None, None, "NEGATIVE", "ABNORMAL"), set()),
    ("text beside limits", "ALB", sent("44", "g/L", "40", "55", range_text="40-55"), ("40", "55", 40, 55, None, "NORMAL"), set()),
    ("Chinese text range", "SCORE", sent(None, None, None, None, range_text="未见异常"), (None, None, None, None, None, None),
     {"range_unencodable"}),
    ("limits of a word", "ALB", sent(None, "g/L", "40", "55", indicator="NORMAL"), (None, None, None, None, None, "NORMAL"), set()),
    ("not done", "ALB", sent(None, "g/L", "40", "55", range_text="40-55", indicator="NORMAL", not_done=True),
     (None, None, None, None, None, None), set()),
]  # fmt: skip
PROBLEMS = ["range_impossible", "range_unconverted", "range_unencodable", "indicator_disagrees"]


def build_findings(rows: list[tuple[str, Sent]]) -> pd.DataFrame:
    fixed = {
        "source_id": 1,
        "path": "Observation",
        "site": "zhongshan",
        "subject_id": "001",
        "mapping_row": "codes.csv:2",
    }
    return build_frame("findings", [{**fixed, "concept_id": concept_id, **row} for concept_id, row in rows])


def read_made(made: pd.DataFrame) -> list[tuple[tuple[Any, ...], set[str]]]:
    names = [f"LB{name}" for name in ("ORNRLO", "ORNRHI", "STNRLO", "STNRHI", "STNRC", "NRIND")]
    return [
        (tuple(None if pd.isna(row[n]) else row[n] for n in names), {p for p in PROBLEMS if row[p]})
        for row in made.to_dict("records")
    ]


@pytest.mark.parametrize(
    ("concept_id", "row", "expected", "problems"), [r[1:] for r in RANGES], ids=[r[0] for r in RANGES]
)
def test_range(concept_id: str, row: Sent, expected: tuple[Any, ...], problems: set[str]) -> None:
    made = derive_ranges(build_findings([(concept_id, row)]), "LB", CONVERTER, CONCEPTS)
    assert read_made(made) == [(expected, problems)]


def test_all_together_in_any_order() -> None:
    for rows in (RANGES, RANGES[::-1]):
        made = derive_ranges(build_findings([(r[1], r[2]) for r in rows]), "LB", CONVERTER, CONCEPTS)
        assert read_made(made) == [(r[3], r[4]) for r in rows]


def test_nmpa_keeps_chinese_ranges() -> None:
    frame = build_findings([("SCORE", sent(None, None, None, None, range_text=" 未见异常 "))])
    made = derive_ranges(frame, "LB", CONVERTER, CONCEPTS, agency="nmpa")
    assert read_made(made) == [((None, None, None, None, "未见异常", None), set())]


def test_types_and_index() -> None:
    frame = build_findings([("ALB", sent("44", "g/L", "40", "55"))] * 2).set_index(pd.Index([9, 9]))
    made = derive_ranges(frame, "VS", CONVERTER, CONCEPTS)
    assert made.index.tolist() == [9, 9]
    assert {str(made[f"VS{n}"].dtype) for n in ("ORNRLO", "ORNRHI", "STNRC", "NRIND")} == {"str"}
    assert {str(made[f"VS{n}"].dtype) for n in ("STNRLO", "STNRHI")} == {"float64"}
    assert {str(made[n].dtype) for n in PROBLEMS} == {"bool"}
    assert list(derive_ranges(frame.iloc[:0], "VS", CONVERTER, CONCEPTS).columns) == list(made.columns)
