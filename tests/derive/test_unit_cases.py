"""Every unit of every test of the trial, against values of a second source; and the hospital's own kits."""

from __future__ import annotations

import csv
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.derive.results import derive_results
from hbv_standards.derive.units import UnitConverter, convert_text
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings

CASES = list(
    csv.DictReader((Path(__file__).parents[1] / "cases/units/conversions.csv").open(encoding="utf-8", newline=""))
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(locate_mappings())


@pytest.fixture(scope="module")
def converter(catalog: Catalog) -> UnitConverter:
    return UnitConverter(catalog.dimensions, catalog.conversions)


def convert(catalog: Catalog, converter: UnitConverter, concept_id: str, number: str, unit: str) -> str | None:
    concept = catalog.concepts[concept_id]
    way = converter.compute_factor(
        unit, concept.std_unit or "", concept_id=concept_id, molar_mass=concept.molar_mass
    )
    return convert_text(number, way) if way is not None else None


def test_every_pair_that_converts_has_a_case_and_no_other(catalog: Catalog, converter: UnitConverter) -> None:
    """A pair too many is a conversion that nobody checked; ``make_unit_cases.py`` adds what is missing."""
    stated = {unit for row in catalog.conversions for unit in (row.from_unit, row.to_unit)}
    units = {row.unit_value for row in catalog.dimensions} | stated
    pairs = {
        (concept.concept_id, unit, concept.std_unit)
        for concept in catalog.concepts.values()
        if concept.std_unit
        for unit in units
        if convert(catalog, converter, concept.concept_id, "1", unit) is not None
    }
    assert pairs == {(case["concept_id"], case["unit"], case["std_unit"]) for case in CASES}


def test_every_case(catalog: Catalog, converter: UnitConverter) -> None:
    wrong = []
    for case in CASES:
        made = convert(catalog, converter, case["concept_id"], case["number"], case["unit"])
        expected, tolerance = Decimal(case["expected"]), Decimal(case["tolerance"] or 0)
        close = made is not None and abs(Decimal(made) - expected) <= tolerance * abs(expected)
        if not close or (not tolerance and made != case["expected"]):
            wrong.append((case["concept_id"], case["unit"], made, case["expected"]))
    assert wrong == []


# Worked out by hand with the factors that clinical chemistry prints: test, sent, unit, made.
PRINTED = [
    ("GLU", "90", "mg/dL", "5.00"), ("GLU", "126", "mg/dL", "7.00"), ("CREA", "1.0", "mg/dL", "88.4"), ("UREA", "30", "mg/dL", "5.0"),
    ("BUN", "14", "mg/dL", "5.00"), ("TBIL", "1.0", "mg/dL", "17.1"), ("UA", "6.0", "mg/dL", "357"), ("CA", "10", "mg/dL", "2.495"),
    ("PHOS", "3.5", "mg/dL", "1.13"), ("TC", "200", "mg/dL", "5.17"), ("TG", "150", "mg/dL", "1.69"), ("HGB", "14.0", "g/dL", "140"),
    ("FT4", "1.2", "ng/dL", "15.4"), ("FT3", "3.0", "ng/L", "4.61"), ("ALB", "4.1", "g/dL", "41"), ("AFP", "10", "IU/mL", "12.1"),
    ("ALT", "0.67", "ukat/L", "40.2"), ("K", "4.2", "mEq/L", "4.2"), ("HBVDNA", "3.30", "log10 IU/mL", "2000"),
    ("HBVDNA", "20", "IU/mL", "20"), ("HBSAG_QN", "0.05", "IU/mL", "0.05"), ("HBSAG_QN", "1.2", "10^3 IU/mL", "1200"),
    ("WEIGHT", "150", "LB", "68.04"), ("WEIGHT", "130", "jin", "65"), ("HEIGHT", "70", "in", "177.8"), ("TEMP", "100.4", "F", "38"),
    ("HCT", "45", "%", "0.45"), ("WBC", "6300", "10^6/L", "6.3"), ("PALB", "25", "mg/dL", "250"), ("SBP", "16", "kPa", "120"),
]  # fmt: skip


@pytest.mark.parametrize(("concept_id", "number", "unit", "printed"), PRINTED)
def test_a_printed_value(
    catalog: Catalog, converter: UnitConverter, concept_id: str, number: str, unit: str, printed: str
) -> None:
    made = convert(catalog, converter, concept_id, number, unit)
    assert made is not None
    assert float(made) == pytest.approx(float(printed), rel=0.005)


@pytest.mark.parametrize(
    ("concept_id", "unit"),
    [
        ("HBVDNA", "copies/mL"), ("HBVDNA", "log10 copies/mL"), ("HBVDNA", "10^3 copies/mL"), ("HBVDNA", "S/CO"), ("HBVRNA", "IU/mL"),
        ("HBSAG_QN", "COI"), ("HBSAG_QN", "S/CO"), ("HBSAG_QN", "ug/L"), ("HBEAB", "% INHIBITION"), ("HBEAB", "PEIU/mL"),
        ("ALB", "mmol/L"), ("TBA", "mg/L"), ("NEUT", "%"), ("NEUTP", "10^9/L"), ("INR", "s"), ("PT", "%"), ("HGB", "%"), ("CA", "mEq/L"),
        ("ANA", "RATIO"), ("PULSE", "breaths/min"), ("HCT", "RATIO"), ("ALT", "mg/dL"), ("CREA", "mmol/kg"), ("PIVKA", "IU/mL"),
    ],
)  # fmt: skip
def test_what_looks_alike_does_not_convert(
    catalog: Catalog, converter: UnitConverter, concept_id: str, unit: str
) -> None:
    assert convert(catalog, converter, concept_id, "1", unit) is None


KIT = "concept_id,from_unit,to_unit,factor,source\nHBVDNA,copies/mL,IU/mL,100/582,Kit insert: 1 IU = 5.82 copies\n"


def write_trial(folder: Path, kits: dict[str, str]) -> Path:
    """The trial's tables with kits of hospitals."""
    shutil.copytree(locate_mappings(), folder)
    for file, text in kits.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def with_kit(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    folder = tmp_path_factory.mktemp("kit") / "mappings"
    return read_catalog(write_trial(folder, {"sites/guangzhou/conversions.csv": KIT}))


def read_results(catalog: Catalog, sent: list[tuple[str, str, str, str]]) -> list[tuple[str, str | None, bool]]:
    """--STRESC, --STRESU and whether no way was found, for (hospital, comparator, number, unit) of HBV DNA."""
    columns = ["site", "comparator", "number", "unit"]
    frame = pd.DataFrame(sent, columns=columns).assign(
        concept_id="HBVDNA", result=lambda f: f["comparator"] + f["number"], unit_value=lambda f: f["unit"],
        unit_row="units.csv:2", result_value=None, lloq=None, uloq=None, not_done=False, not_done_reason=None,
    )  # fmt: skip
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    made = derive_results(frame, "MB", converter, catalog.concepts)
    cells = made[["MBSTRESC", "MBSTRESU", "unit_unconverted"]].astype(object)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in cells.to_numpy().tolist()]  # type: ignore[misc]  # three cells


def test_copies_need_the_kit_of_the_hospital(catalog: Catalog, with_kit: Catalog) -> None:
    sent = [("guangzhou", "", "5820", "copies/mL"), ("foshan", "", "5820", "copies/mL")]
    nothing = (None, None, True)
    assert read_results(catalog, sent) == [nothing, nothing]
    assert read_results(with_kit, sent) == [("1000", "IU/mL", False), nothing]


@pytest.mark.parametrize(
    ("comparator", "number", "unit", "made"),
    [
        ("", "5820", "copies/mL", "1000"),
        ("<", "582", "copies/mL", "<100"),
        ("", "5.82", "10^3 copies/mL", "1000"),
        ("", "4.00", "log10 copies/mL", "1718"),  # 10000 / 5.82 = 1718.2
        ("", "1.00E+03", "copies/mL", "171.8"),
        ("", "1000", "IU/mL", "1000"),
    ],
)
def test_a_kit_factor_is_exact(with_kit: Catalog, comparator: str, number: str, unit: str, made: str) -> None:
    assert read_results(with_kit, [("guangzhou", comparator, number, unit)]) == [(made, "IU/mL", False)]


def test_a_kit_factor_is_of_its_row(with_kit: Catalog) -> None:
    (row,) = [row for row in with_kit.conversions if row.concept_id == "HBVDNA"]
    assert (row.row, row.site, row.factor) == ("sites/guangzhou/conversions.csv:2", "guangzhou", Fraction(100, 582))
    assert "sites/guangzhou/conversions.csv" in with_kit.files


GENERAL = "HBVDNA,,copies/mL,IU/mL,0.2,from memory\n"
OTHER = KIT.replace("concept_id,", "concept_id,site,").replace("HBVDNA,", "HBVDNA,foshan,")


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("concepts/conversions.csv", f"concept_id,site,from_unit,to_unit,factor,source\n{GENERAL}",
         "concepts/conversions.csv row 2: 'copies/mL' to 'IU/mL' for every hospital; copies per IU is the kit's: "
         "put the row into sites/<hospital>/conversions.csv, or fill site"),
        ("sites/guangzhou/conversions.csv", OTHER,
         "sites/guangzhou/conversions.csv row 2: site 'foshan' is not the hospital of this folder; "
         "write 'guangzhou' or leave it empty"),
        ("sites/guangzhou/conversions.csv", KIT + "HBVDNA,copies/mL,IU/mL,0.2,another insert\n",
         "sites/guangzhou/conversions.csv row 3: this conversion is mapped to '1/5' here and to '50/291' in "
         "sites/guangzhou/conversions.csv:2; keep one of the rows"),
        ("sites/guangzhou/conversions.csv", KIT.replace("HBVDNA", "HBVDNB"),
         "sites/guangzhou/conversions.csv row 2: concept_id 'HBVDNB' is no concept_id of concepts; did you mean 'HBVDNA'"),
        ("sites/guangzhou/conversions.csv", KIT.replace("copies/mL", "mIU/L"),
         "sites/guangzhou/conversions.csv row 2: 'mIU/L' and 'IU/mL' both measure international unit concentration; "
         "unit_dimensions.csv tells how they convert; leave the row out"),
        ("sites/_base/conversions.csv", KIT, "sites/_base/conversions.csv: is not read; tables here are codes.csv, units.csv, values.csv"),
    ],
)  # fmt: skip
def test_a_kit_that_is_written_wrongly(tmp_path: Path, file: str, text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as fault:
        read_catalog(write_trial(tmp_path / "mappings", {file: text}))
    assert str(fault.value).startswith(told)
