"""MH: terms, categories, what was asked for, and dates relative to the trial."""

from __future__ import annotations

from typing import Any

import pytest

from ..cases import read_rows
from .conftest import Run

HEPATITIS = {
    "term": "慢性乙型肝炎", "term_value": "CHRONIC HEPATITIS B", "code": "B18.1", "category": "PRIMARY DIAGNOSIS",
    "code_system": "http://hl7.org/fhir/sid/icd-10", "start_dtc": "2010-05", "recorded_dtc": "2023-03-02",
    "ongoing": True,
}  # fmt: skip


def test_the_diagnosis_of_the_trial(run: Run) -> None:
    datasets, log = run({"events": [HEPATITIS]}, "mh")
    (row,) = read_rows(datasets["MH"], datasets["MH"].frame.columns)
    assert {name: value for name, value in row.items() if value is not None} == {
        "STUDYID": "HBV-PEG-48", "DOMAIN": "MH", "USUBJID": "HBV-PEG-48-01001", "MHSEQ": 1.0,
        "MHTERM": "CHRONIC HEPATITIS B", "MHEVDTYP": "DIAGNOSIS", "MHCAT": "PRIMARY DIAGNOSIS",
        "MHDTC": "2023-03-02", "MHSTDTC": "2010-05", "MHENRTPT": "ONGOING", "MHENTPT": "2023-03-15",
    }  # fmt: skip
    qualifiers = read_rows(datasets["SUPPMH"], ["IDVAR", "IDVARVAL", "QNAM", "QVAL", "QORIG"])
    assert [tuple(row.values()) for row in qualifiers] == [
        ("MHSEQ", "1", "MHCODE", "B18.1", "Collected"),
        ("MHSEQ", "1", "MHCODSYS", HEPATITIS["code_system"], "Collected"),
    ]
    assert "EPOCH" not in datasets["MH"].spec.names
    assert log.rows == []


TERMS = [
    {"term": "高血压", "category": "1", "term_value": "HYPERTENSION", "code": "I10"},
    {"term": "高血压", "category": "2", "code": "I10"},
    {"term": "高血压", "category": "3"},
    {"term": "Hypertension", "category": "4", "term_value": "HYPERTENSION"},
]


@pytest.mark.parametrize(
    ("agency", "terms", "codes"),
    [
        ("fda", ["HYPERTENSION", "I10", None, "Hypertension"], ["HBV-SDTM-003"]),
        ("nmpa", ["高血压", "高血压", "高血压", "Hypertension"], []),
    ],
)
def test_term(run: Run, agency: str, terms: list[str | None], codes: list[str]) -> None:
    datasets, log = run({"events": TERMS}, "mh", agency=agency)
    assert [row["MHTERM"] for row in read_rows(datasets["MH"], ["MHTERM"])] == terms
    assert [row.code for row in log.rows] == codes


ASKED = [
    {"term": "是否患高血压", "category": "1", "term_value": "Hypertension", "occurred": "Y", "prespecified": True},
    {"term": "Any gout?", "category": "2", "term_value": "Gout", "occurred": "N", "prespecified": True},
    {"term": "有无花粉症", "category": "3", "term_value": "Hay fever", "occurred": "N", "prespecified": True},
]


@pytest.mark.parametrize(
    ("agency", "terms"),
    [("fda", ["Hypertension", "Gout", "Hay fever"]), ("nmpa", ["高血压", "痛风", "Hay fever"])],
)
def test_the_words_of_a_question_are_no_term(run: Run, agency: str, terms: list[str]) -> None:
    datasets, log = run({"events": ASKED}, "mh", agency=agency)
    assert [row["MHTERM"] for row in read_rows(datasets["MH"], ["MHTERM"])] == terms
    assert log.rows == []


def test_only_meddra_decodes(run: Run) -> None:
    systems = {
        "1": "https://www.meddra.org",
        "2": "urn:oid:2.16.840.1.113883.6.163",
        "3": "http://hl7.org/fhir/sid/icd-10",
        "4": None,
    }
    events = [{"term": "Fever", "category": at, "code_system": system} for at, system in systems.items()]
    datasets, _ = run({"events": events}, "mh")
    assert [row["MHDECOD"] for row in read_rows(datasets["MH"], ["MHDECOD"])] == [
        "Fever",
        "Fever",
        None,
        None,
    ]


def test_occurrence_answers_a_question(run: Run) -> None:
    events = [
        {"category": "1"},
        {"category": "2", "occurred": "Y"},
        {"category": "3", "occurred": "Y", "prespecified": True},
        {"category": "4", "occurred": "N"},
        {"category": "5", "occurred": "U"},
    ]
    datasets, _ = run({"events": events}, "mh")
    rows = read_rows(datasets["MH"], ["MHPRESP", "MHOCCUR"])
    assert [tuple(row.values()) for row in rows] == [
        (None, None), (None, None), ("Y", "Y"), ("Y", "N"), ("Y", "U")
    ]  # fmt: skip


def test_start_before_consent(run: Run) -> None:
    events = [
        {"category": "1", "recorded_dtc": "2020-02-01"},
        {"category": "2", "end_dtc": "2019"},
        {"category": "3", "recorded_dtc": "2023-03-01"},  # the day of consent is not before it
        {"category": "4", "recorded_dtc": "2023"},
        {"category": "5", "recorded_dtc": "2020-02-01", "start_dtc": "2019"},
        {"category": "6", "recorded_dtc": "2020-02-01", "occurred": "N"},
        {"category": "7"},
    ]
    datasets, _ = run({"events": events}, "mh")
    rows = read_rows(datasets["MH"], ["MHSTRTPT", "MHSTTPT"])
    before, unknown = ("BEFORE", "INFORMED CONSENT"), (None, None)
    assert [tuple(row.values()) for row in rows] == [before, before, *[unknown] * 5]


def test_what_goes_on_does_so_at_the_cut(run: Run) -> None:
    events = [{"ongoing": True}, {"term": "other", "ongoing": True, "end_dtc": "2023-05-01"}]
    datasets, _ = run({"events": events}, "mh", cutoff="2023-04-01")
    rows = read_rows(datasets["MH"], ["MHTERM", "MHENDTC", "MHENRTPT", "MHENTPT"])
    assert [tuple(row.values()) for row in rows] == [
        ("other", None, "ONGOING", "2023-04-01"), ("term", None, "ONGOING", "2023-04-01")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "relation"),
    [
        ({"ongoing": True}, ("UNKNOWN", "INFORMED CONSENT")),
        ({"ongoing": True, "recorded_dtc": "2023-02-01"}, ("BEFORE", "INFORMED CONSENT")),
        ({"end_dtc": "2023-03"}, ("UNKNOWN", "INFORMED CONSENT")),
        ({"end_dtc": "2021", "occurred": "N"}, (None, None)),
        ({"ongoing": True, "start_dtc": "2010"}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_end_does_not_stand_without_a_start(run: Run, event: dict[str, Any], relation: tuple[str | None, str]) -> None:
    """FB4301: whoever tells the end tells something of the start, if only that it is not known."""
    (row,) = read_rows(run({"events": [event]}, "mh")[0]["MH"], ["MHSTRTPT", "MHSTTPT"])
    assert tuple(row.values()) == relation


def test_reference_time_point_is_not_before_the_collection(run: Run) -> None:
    """CG0235: recorded after the last contact, it goes on on that day."""
    datasets, _ = run({"events": [{"ongoing": True, "recorded_dtc": "2023-09-01"}]}, "mh")
    assert read_rows(datasets["MH"], ["MHDTC", "MHENRTPT", "MHENTPT"]) == [
        {"MHDTC": "2023-09-01", "MHENRTPT": "ONGOING", "MHENTPT": "2023-09-01"}
    ]


LAST = "2023-03-15"  # randomisation of the case's subject, after consent on 2023-03-01


@pytest.mark.parametrize(
    ("event", "cutoff", "end", "start"),
    [
        ({}, None, ("BEFORE", LAST), ("UNKNOWN", "INFORMED CONSENT")),
        ({"start_dtc": "2010"}, None, ("BEFORE", LAST), (None, None)),
        ({"stated_dtc": "2023-03-05"}, None, ("BEFORE", "2023-03-05"), ("UNKNOWN", "INFORMED CONSENT")),
        ({"stated_dtc": "2022-11-05T08:00:00+08:00"}, None, ("BEFORE", "2022-11-05"), ("BEFORE", "INFORMED CONSENT")),
        ({"stated_dtc": "2024-06-01"}, None, ("BEFORE", "2024-06-01"), ("UNKNOWN", "INFORMED CONSENT")),
        ({"recorded_dtc": "2022-01-01"}, None, ("BEFORE", LAST), ("BEFORE", "INFORMED CONSENT")),
        ({"recorded_dtc": "2023-09-01"}, None, ("BEFORE", "2023-09-01"), ("UNKNOWN", "INFORMED CONSENT")),
        ({"stated_dtc": "2022-11-05", "start_dtc": "2022-12"}, None, (None, None), (None, None)),
        ({"occurred": "N"}, None, (None, None), (None, None)),
        ({"end_dtc": "2021", "start_dtc": "2020"}, None, (None, None), (None, None)),
        ({}, "2023-04-01", (None, None), (None, None)),  # nobody knows whether it was said by then
        (
            {"stated_dtc": "2023-04-01T22:00:00+08:00"}, "2023-04-01",
            ("BEFORE", "2023-04-01"), ("UNKNOWN", "INFORMED CONSENT"),
        ),
        ({"stated_dtc": "2023-04-02"}, "2023-04-01", (None, None), (None, None)),
    ],
)  # fmt: skip
def test_over_without_a_date(
    run: Run, event: dict[str, Any], cutoff: str | None, end: tuple[str | None, ...], start: tuple[str | None, ...]
) -> None:
    datasets, _ = run({"events": [{"ceased": True, **event}]}, "mh", cutoff=cutoff)
    (row,) = read_rows(datasets["MH"], ["MHENRTPT", "MHENTPT", "MHSTRTPT", "MHSTTPT"])
    assert tuple(row.values()) == (*end, *start)


def test_study_days_of_complete_dates(run: Run) -> None:
    event = {"start_dtc": "2023-03-05", "end_dtc": "2023-03", "recorded_dtc": "2023-03-15"}
    datasets, _ = run({"interventions": [{"start_dtc": "2023-03-15"}], "events": [event]}, "mh", "ex")
    (row,) = read_rows(datasets["MH"], ["MHSTDY", "MHENDY", "MHDY"])
    assert row == {"MHSTDY": -10.0, "MHENDY": None, "MHDY": 1.0}
