"""MH: terms, categories, what was asked for, and dates relative to the trial."""

from __future__ import annotations

from typing import Any

import pytest

from ..cases import read_rows
from .conftest import Run

HEPATITIS = {
    "term": "慢性乙型肝炎", "term_value": "CHRONIC HEPATITIS B", "code": "B18.1", "category": "PRIMARY DIAGNOSIS",
    "code_system": "http://hl7.org/fhir/sid/icd-10", "start_dtc": "2010-05", "recorded_dtc": "2023-03-02", "ongoing": True,
}  # fmt: skip


def test_the_diagnosis_of_the_trial(run: Run) -> None:
    datasets, log = run({"subjects": [{}], "events": [HEPATITIS]})
    (row,) = read_rows(datasets["MH"], datasets["MH"].frame.columns)
    assert {name: value for name, value in row.items() if value is not None} == {
        "STUDYID": "HBV-PEG-48", "DOMAIN": "MH", "USUBJID": "HBV-PEG-48-01001", "MHSEQ": 1.0,
        "MHTERM": "CHRONIC HEPATITIS B", "MHEVDTYP": "DIAGNOSIS", "MHCAT": "PRIMARY DIAGNOSIS", "MHDTC": "2023-03-02",
        "MHSTDTC": "2010-05", "MHENRTPT": "ONGOING", "MHENTPT": "2023-03-15",
    }  # fmt: skip
    assert read_rows(datasets["SUPPMH"], ["IDVAR", "IDVARVAL", "QNAM", "QVAL", "QORIG"]) == [
        {"IDVAR": "MHSEQ", "IDVARVAL": "1", "QNAM": "MHCODE", "QVAL": "B18.1", "QORIG": "Collected"},
        {"IDVAR": "MHSEQ", "IDVARVAL": "1", "QNAM": "MHCODSYS", "QVAL": HEPATITIS["code_system"], "QORIG": "Collected"},
    ]  # fmt: skip
    assert log.rows == []


def test_epoch_has_no_place_in_history(run: Run) -> None:
    datasets, _ = run({"subjects": [{}], "events": [{"start_dtc": "2023-04-01"}]})
    assert "EPOCH" not in datasets["MH"].spec.names


@pytest.mark.parametrize(
    ("event", "agency", "term", "codes"),
    [
        ({"term": "Hypertension"}, "fda", "Hypertension", []),
        ({"term": "高血压", "term_value": "HYPERTENSION"}, "fda", "HYPERTENSION", []),
        ({"term": "高血压", "code": "I10"}, "fda", "I10", []),
        ({"term": "高血压"}, "fda", None, ["HBV-SDTM-003"]),
        ({"term": "高血压", "term_value": "HYPERTENSION"}, "nmpa", "高血压", []),
    ],
)
def test_term(run: Run, event: dict[str, Any], agency: str, term: str | None, codes: list[str]) -> None:
    datasets, log = run({"subjects": [{}], "events": [event]}, agency=agency)
    assert read_rows(datasets["MH"], ["MHTERM"]) == [{"MHTERM": term}]
    assert [row.code for row in log.rows] == codes


@pytest.mark.parametrize(
    ("system", "decoded"),
    [
        ("https://www.meddra.org", "Hypertension"),
        ("urn:oid:2.16.840.1.113883.6.163", "Hypertension"),
        ("http://hl7.org/fhir/sid/icd-10", None),
        (None, None),
    ],
)
def test_only_meddra_decodes(run: Run, system: str | None, decoded: str | None) -> None:
    event = {"term": "Hypertension", "code": "10020772", "code_system": system}
    datasets, _ = run({"subjects": [{}], "events": [event]})
    assert read_rows(datasets["MH"], ["MHDECOD"]) == [{"MHDECOD": decoded}]


@pytest.mark.parametrize(
    ("event", "presp", "occur"),
    [
        ({}, None, None),
        ({"occurred": "Y"}, None, None),
        ({"prespecified": True, "occurred": "Y"}, "Y", "Y"),
        ({"occurred": "N"}, "Y", "N"),
        ({"occurred": "U"}, "Y", "U"),
    ],
)
def test_occurrence_answers_a_question(run: Run, event: dict[str, Any], presp: str | None, occur: str | None) -> None:
    datasets, _ = run({"subjects": [{}], "events": [event]})
    assert read_rows(datasets["MH"], ["MHPRESP", "MHOCCUR"]) == [{"MHPRESP": presp, "MHOCCUR": occur}]


@pytest.mark.parametrize(
    ("event", "before"),
    [
        ({"recorded_dtc": "2020-02-01"}, True),
        ({"end_dtc": "2019"}, True),
        ({"recorded_dtc": "2023-03-01"}, False),  # the day of consent is not before it
        ({"recorded_dtc": "2023"}, False),
        ({"recorded_dtc": "2020-02-01", "start_dtc": "2019"}, False),
        ({"recorded_dtc": "2020-02-01", "occurred": "N"}, False),
        ({}, False),
    ],
)
def test_start_before_consent(run: Run, event: dict[str, Any], before: bool) -> None:  # noqa: FBT001 - a case
    datasets, _ = run({"subjects": [{}], "events": [event]})
    expected = ("BEFORE", "INFORMED CONSENT") if before else (None, None)
    (row,) = read_rows(datasets["MH"], ["MHSTRTPT", "MHSTTPT"])
    assert tuple(row.values()) == expected


def test_what_goes_on_does_so_at_the_cut(run: Run) -> None:
    events = [{"ongoing": True}, {"term": "other", "ongoing": True, "end_dtc": "2023-05-01"}]
    datasets, _ = run({"subjects": [{}], "events": events}, cutoff="2023-04-01")
    assert read_rows(datasets["MH"], ["MHTERM", "MHENDTC", "MHENRTPT", "MHENTPT"]) == [
        {"MHTERM": "other", "MHENDTC": None, "MHENRTPT": "ONGOING", "MHENTPT": "2023-04-01"},
        {"MHTERM": "term", "MHENDTC": None, "MHENRTPT": "ONGOING", "MHENTPT": "2023-04-01"},
    ]


def test_study_days_of_complete_dates(run: Run) -> None:
    dose = {"start_dtc": "2023-03-15"}
    event = {"start_dtc": "2023-03-05", "end_dtc": "2023-03", "recorded_dtc": "2023-03-15"}
    datasets, _ = run({"subjects": [{}], "interventions": [dose], "events": [event]})
    assert read_rows(datasets["MH"], ["MHSTDY", "MHENDY", "MHDY"]) == [{"MHSTDY": -10.0, "MHENDY": None, "MHDY": 1.0}]
