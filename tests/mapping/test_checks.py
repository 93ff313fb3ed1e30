"""Every check of the tables: the table that breaks it, and the message with its cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.mapping.catalog import check_tables
from hbv_standards.mapping.check_concepts import compute_check_digit

from .conftest import CONCEPTS, FILES, WriteStudy

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/mapping/faults.yaml").read_text(encoding="utf-8"))

UNITS = "source_text,concept_id,unit_value,extension,source_factor\n"
VALUES = "codelist,system,source_text,submission_value,concept_id,extension\n"
CODES = "kind,system,code,text,specimen,to_system,to_code,status\n"
SIZES = """\
unit_value,dimension,factor,offset,scale
U/L,e,1,,
umol/L,s,1,,
copies/cell,c,1,,
copies/mL,v,1,,
"""
BEGIN = {
    "units.csv": UNITS,
    "values.csv": VALUES,
    "codes.csv": CODES,
    "xp.csv": CONCEPTS,
    "unit_dimensions.csv": SIZES,
    "conversions.csv": "concept_id,site,from_unit,to_unit,factor,source\n",
    "plausibility.csv": "concept_id,low,high,jump,note\n",
}

# Rows of other tables rest on these files, so one fault there may cause others.
CENTRAL = ("concepts/lb.csv", "sites/clinic/codes.csv")


def read_case(case: dict[str, Any]) -> str:
    """The content of the file that the case breaks."""
    file: str = case["file"]
    if "text" in case:
        return str(case["text"])
    sound = FILES.get(file) or BEGIN[Path(file).name]
    for old, new in case.get("replace", ()):
        assert old in sound
        sound = sound.replace(old, new, 1)
    return sound + "".join(f"{row}\n" for row in case.get("rows", ()))


def codes(rows: str) -> dict[str, str]:
    return {"sites/clinic/codes.csv": f"{CODES}{rows}\n"}


@pytest.mark.parametrize("case", CASES, ids=[case["told"][:60] for case in CASES])
def test_a_broken_table_is_told(write_study: WriteStudy, case: dict[str, Any]) -> None:
    told = [str(fault) for fault in check_tables(write_study({case["file"]: read_case(case)}))]
    assert case["told"] in told
    assert len(told) == 1 or case["file"] in CENTRAL


FINE: list[dict[str, str]] = [
    {},
    {
        "concepts/xp.csv": CONCEPTS + "G,Grip,XP,GRIP,Grip,,,NM,kg,,,TESTCD;TEST\n"
    },  # a domain of the sponsor's
    {"units.csv": UNITS + "dB/m,,dB/m,Y,\n度,,dB/m,Y,1/2\n次,,NO UNIT,,\n"},
    {"units.csv": UNITS + "a,,U/L,,\nＡ,,U/L,,\na,,U/L,,\n"},  # the same said twice
    {"terminology/values.csv": VALUES + "LBSTRESC,,B型,GENOTYPE B,,Y\nNOT_DONE_REASON,,没做,FORGOTTEN,,\n"},
    {
        "terminology/values.csv": VALUES + "SEX,s,a,M,,\nSEX,t,a,F,,\nSEX,,a,U,,\nSEX,s,A,F,,\n"
    },  # codes count exactly
    codes("test,s,1,,,CONCEPT,ALTT,proposed\ntest,s,1,,,CONCEPT,NOBODY,rejected\ntest,s,1,,,CONCEPT,ALT,"),
    codes("test,s,1,,SERUM,CONCEPT,CCC_S,\ntest,s,1,,TISSUE,CONCEPT,CCC_T,\ntest,t,1,,,NOT COLLECTED,,"),
]


@pytest.mark.parametrize("files", FINE)
def test_a_sound_table_passes(write_study: WriteStudy, files: dict[str, str]) -> None:
    assert [str(fault) for fault in check_tables(write_study(files))] == []


def test_a_study_without_drugs(write_study: WriteStudy) -> None:
    assert check_tables(write_study({"treatments.csv": None})) == []


def test_an_identifier_system_of_two_hospitals(write_study: WriteStudy) -> None:
    two = FILES["study.yaml"].replace("Clinic}}", 'Clinic}, ward: {siteid: "02", name: Ward}}')
    shared = "identifier_systems: [http://x.example/mrn]\n"
    files = {
        "study.yaml": two,
        "sites/clinic/site.yaml": f"site: clinic\n{shared}",
        "sites/ward/site.yaml": f"site: ward\n{shared}",
    }
    assert [str(fault) for fault in check_tables(write_study(files))] == [
        "sites/ward/site.yaml: identifier_systems: 'http://x.example/mrn' is also of clinic; "
        "name systems of one hospital only"
    ]


@pytest.mark.parametrize(
    ("number", "digit"), [("1742", "6"), ("2160", "0"), ("42595", "9"), ("98979", "8"), ("718", "7")]
)
def test_check_digit_of_loinc(number: str, digit: str) -> None:
    assert compute_check_digit(number) == digit
