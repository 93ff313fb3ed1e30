"""The table of eligibility: the SDTM record that decides each criterion, with value, unit and date."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.build import StudyBuild, build_study
from hbv_standards.sdtm.eligibility_table import ELIGIBILITY_COLUMNS

from ..cases import build_case
from .conftest import SelectTrial

BEFORE = {"collected_dtc": "2023-03-02"}
VIRUS = {"unit": "IU/mL", "unit_value": "IU/mL", **BEFORE}
WORD = {"unit": None, "unit_value": None, "number": None, "result_kind": "text", **BEFORE}
CASE: dict[str, list[dict[str, Any]]] = {
    "subjects": [{}],
    "findings": [
        {"concept_id": "HBSAG_QN", "result": "1900", "number": "1900", **VIRUS, "collected_dtc": "2023-02-01"},
        {"concept_id": "HBSAG_QN", "result": "812.5", "number": "812.5", **VIRUS},
        {"concept_id": "HBVDNA", "result": "<20", "number": "20", "comparator": "<", **VIRUS},
        {"concept_id": "HBEAG_QL", "result": "阴性", "result_value": "NEGATIVE", **WORD},
        {"concept_id": "IFNA2", "result": "G/A", "result_value": "G/A", **WORD},
    ],
    "interventions": [
        {"treatment_id": "LAMIVUDINE", "kind": "statement", "dose": "100", "dose_unit": "mg", "start_dtc": "2015",
         "end_dtc": "2018-06"},
        {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "0.5", "dose_unit": "mg", "start_dtc": "2018-06",
         "end_dtc": "2023-03-15"},
        {"start_dtc": "2023-03-15"},
    ],
    "events": [{"term": "慢性乙型肝炎", "code": "B18.1", "category": "PRIMARY DIAGNOSIS", "start_dtc": "2010",
                "recorded_dtc": "2023-03-01"}],
}  # fmt: skip
DOMAINS = ("cm", "ex", "gf", "ie", "mb", "mh")


@pytest.fixture(scope="module")
def built(select_trial: SelectTrial) -> StudyBuild:
    return build_study(build_case(CASE), select_trial(*DOMAINS), IssueLog())


def read_row(built: StudyBuild, criterion: str) -> dict[str, Any]:
    row = built.eligibility[built.eligibility["IETESTCD"] == criterion].iloc[0]
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


@pytest.mark.parametrize(
    ("criterion", "cells"),
    [
        ("INCL01", ("MET", "慢性乙型肝炎", None, "2023-03-01", "MH", None, "401")),
        ("INCL02", ("MET", "LAMIVUDINE 2015 to 2018-06; ENTECAVIR 2018-06 to 2023-03-15", None, "2023-03-01", "CM;CM",
                    None, "301;302")),
        ("INCL03", ("MET", "812.5", "IU/mL", "2023-03-02", "MB", None, "202")),
        ("INCL04", ("MET", "阴性", None, "2023-03-02", "MB", None, "204")),
        ("INCL05", ("MET", "<20", "IU/mL", "2023-03-02", "MB", None, "203")),
        ("INCL06", ("NOT MET", "G/A", None, "2023-03-02", "GF", None, "205")),
        ("INCL07", ("NOT EVALUABLE", None, None, None, None, "no record", None)),
    ],
)  # fmt: skip
def test_row(built: StudyBuild, criterion: str, cells: tuple[str | None, ...]) -> None:
    row = read_row(built, criterion)
    assert tuple(row[name] for name in ("result", "value", "unit", "dtc", "dataset", "reason", "source_ids")) == cells


def test_seq_leads_to_the_record_that_has_the_value(built: StudyBuild) -> None:
    def record(criterion: str) -> pd.Series:
        row = read_row(built, criterion)
        frame = built.datasets[row["dataset"]].frame
        return frame[frame[f"{row['dataset']}SEQ"] == float(row["seq"])].iloc[0]

    assert record("INCL03")[["MBTESTCD", "MBORRES", "MBDTC"]].tolist() == ["HBSAG", "812.5", "2023-03-02"]
    assert record("INCL05")[["MBTESTCD", "MBORRES"]].tolist() == ["HBDNA", "<20"]
    assert record("INCL06")["GFSTRESC"] == "G/A"
    assert record("INCL01")["MHSTDTC"] == "2010"
    cm = built.datasets["CM"].frame.set_index("CMSEQ")["CMTRT"]
    assert [cm[float(seq)] for seq in read_row(built, "INCL02")["seq"].split(";")] == ["ENTECAVIR", "LAMIVUDINE"]


def test_unmet_ones_are_those_of_ie(built: StudyBuild) -> None:
    unmet = built.eligibility[built.eligibility["result"] == "NOT MET"]
    assert built.datasets["IE"].frame["IETESTCD"].tolist() == unmet["IETESTCD"].tolist() == ["INCL06"]


def test_treatment_that_goes_on_is_told_by_its_part_before_the_trial(select_trial: SelectTrial) -> None:
    going_on = {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "0.5", "dose_unit": "mg",
                "start_dtc": "2019", "ongoing": True}  # fmt: skip
    case = build_case({"subjects": [{"arm_code": "NACONT"}], "interventions": [going_on]})
    built = build_study(case, select_trial(*DOMAINS), IssueLog())
    assert set(built.datasets) == {"CM", "EX"}
    row = read_row(built, "INCL02")
    assert (row["result"], row["dataset"], row["seq"]) == ("MET", "CM", "1")


def test_one_row_for_each_subject_and_criterion(select_trial: SelectTrial) -> None:
    catalog = select_trial(*DOMAINS)
    failed = {"subject_id": "01002", "status": "SCREEN FAILURE", "randomized_dtc": None, "arm_code": None}
    table = build_study(build_case({"subjects": [{}, failed]}), catalog, IssueLog()).eligibility
    assert tuple(table.columns) == ELIGIBILITY_COLUMNS
    codes = [criterion.testcd for criterion in catalog.study.criteria]
    assert list(zip(table["USUBJID"], table["IETESTCD"], strict=True)) == [
        (f"HBV-PEG-48-{subject}", code) for subject in ("01001", "01002") for code in codes
    ]
    assert set(table["result"]) == {"NOT EVALUABLE"}
