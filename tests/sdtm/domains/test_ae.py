"""AE: what the hospital reports, its coding, timing, and what AE does not hold."""

from __future__ import annotations

from typing import Any

import pytest

from ..cases import read_rows
from .conftest import Run

EVENT = {
    "kind": "adverse event", "term": "中性粒细胞减少", "term_value": "NEUTROPENIA", "severity": "MODERATE",
    "toxicity_grade": "2", "serious": "N", "action": "DOSE REDUCED", "outcome": "RECOVERING/RESOLVING",
    "causality": "RELATED", "start_dtc": "2023-04-10", "ongoing": True,
}  # fmt: skip
DOSE = {"start_dtc": "2023-03-15"}


def test_an_adverse_event(run: Run) -> None:
    datasets, log = run({"interventions": [DOSE], "events": [EVENT]}, "ae", "ex", cutoff="2023-06-30")
    ae = datasets["AE"]
    (row,) = read_rows(ae, ae.frame.columns)
    assert {name: value for name, value in row.items() if value is not None} == {
        "STUDYID": "HBV-PEG-48", "DOMAIN": "AE", "USUBJID": "HBV-PEG-48-01001", "AESEQ": 1.0,
        "AETERM": "NEUTROPENIA", "AEDECOD": "NEUTROPENIA", "AESEV": "MODERATE", "AESER": "N",
        "AEACN": "DOSE REDUCED", "AEREL": "RELATED", "AEOUT": "RECOVERING/RESOLVING", "AETOXGR": "2",
        "EPOCH": "TREATMENT", "AESTDTC": "2023-04-10", "AESTDY": 27.0, "AEENRTPT": "ONGOING",
        "AEENTPT": "2023-06-30",
    }  # fmt: skip
    expected = {v.name for v in ae.spec.variables if v.core in ("Req", "Exp")}
    assert {"AELLT", "AEBDSYCD", "AEENDTC"} <= expected <= set(ae.frame.columns)
    assert log.rows == []


def test_decoded_term(run: Run) -> None:
    terms = [
        {"term": "Fever", "code_system": "https://www.meddra.org"},
        {"term": "发热", "term_value": "PYREXIA"},
        {"term": "Malaise"},
    ]
    datasets, log = run({"events": [{"kind": "adverse event", **term} for term in terms]}, "ae")
    rows = read_rows(datasets["AE"], ["AETERM", "AEDECOD"])
    assert [tuple(row.values()) for row in rows] == [
        ("Fever", "Fever"), ("PYREXIA", "PYREXIA"), ("Malaise", None)
    ]  # fmt: skip
    assert [(row.code, row.variable, row.value) for row in log.rows] == [
        ("HBV-SDTM-012", "AEDECOD", "Malaise")
    ]


def test_what_did_not_occur_is_reported(run: Run) -> None:
    datasets, log = run({"events": [{**EVENT, "occurred": answer} for answer in ("N", "U")]}, "ae")
    assert "AE" not in datasets
    assert [(row.code, row.dataset) for row in log.rows] == [("HBV-SDTM-001", "AE")] * 2


def test_an_end_after_the_cut_is_not_known(run: Run) -> None:
    event = {**EVENT, "ongoing": False, "end_dtc": "2023-05-01", "outcome": "RECOVERED/RESOLVED"}
    found = []
    for cutoff in ("2023-06-30", "2023-04-20"):
        datasets, _ = run({"events": [event]}, "ae", cutoff=cutoff)
        found += read_rows(datasets["AE"], ["AEENDTC", "AEOUT", "AEENRTPT"])
    assert found == [
        {"AEENDTC": "2023-05-01", "AEOUT": "RECOVERED/RESOLVED", "AEENRTPT": None},
        {"AEENDTC": None, "AEOUT": None, "AEENRTPT": "ONGOING"},
    ]


CRITERIA = {
    "results_in_death": "AESDTH", "life_threatening": "AESLIFE", "hospitalization": "AESHOSP",
    "disability": "AESDISAB", "congenital_anomaly": "AESCONG", "medically_important": "AESMIE",
}  # fmt: skip


def test_criteria_of_seriousness(run: Run) -> None:
    events = [{**EVENT, "term_value": field, "serious": "Y", field: "Y"} for field in CRITERIA]
    events.append({**EVENT, "term_value": "none", "hospitalization": "N"})
    datasets, log = run({"events": events}, "ae")
    rows = read_rows(datasets["AE"], ["AEDECOD", *CRITERIA.values()])
    told = {r.pop("AEDECOD"): {name: value for name, value in r.items() if value is not None} for r in rows}
    assert told == {**{field: {name: "Y"} for field, name in CRITERIA.items()}, "none": {"AESHOSP": "N"}}
    assert log.rows == []


@pytest.mark.parametrize(
    ("event", "died"),
    [
        ({"outcome": "FATAL"}, "Y"),
        ({"outcome": "FATAL", "results_in_death": "N"}, "N"),  # kept; the contradiction is told where it is read
        ({"outcome": "RECOVERED/RESOLVED", "results_in_death": "Y"}, "Y"),
        ({"outcome": "FATAL", "end_dtc": "2023-05-01"}, None),  # after the cut
        ({"results_in_death": "Y", "end_dtc": "2023-05-01"}, None),
    ],
)
def test_a_fatal_event_resulted_in_death(run: Run, event: dict[str, str], died: str | None) -> None:
    other = {**EVENT, "term_value": "Rash", "results_in_death": "N"}
    datasets, _ = run({"events": [{**EVENT, "ongoing": False, **event}, other]}, "ae", cutoff="2023-04-20")
    assert [row["AESDTH"] for row in read_rows(datasets["AE"], ["AESDTH"])] == [died, "N"]


@pytest.mark.parametrize(
    ("event", "relation"),
    [
        ({}, ("BEFORE", "2023-04-10")),  # the last contact is the start of the event itself
        ({"stated_dtc": "2023-05-03T09:00:00+08:00"}, ("BEFORE", "2023-05-03")),
        ({"stated_dtc": "2023-04-09"}, (None, None)),  # before it began
        ({"end_dtc": "2023-04-12"}, (None, None)),
        ({"ongoing": True}, ("ONGOING", "2023-04-10")),
    ],
)
def test_over_without_a_date(run: Run, event: dict[str, Any], relation: tuple[str | None, ...]) -> None:
    told = {**EVENT, "ongoing": False, "ceased": True, "outcome": "RECOVERED/RESOLVED", **event}
    ended = {**EVENT, "term_value": "Rash", "ongoing": True}  # so that the columns are there
    datasets, _ = run({"interventions": [DOSE], "events": [told, ended]}, "ae", "ex")
    row, _ = read_rows(datasets["AE"], ["AEENRTPT", "AEENTPT"])
    assert tuple(row.values()) == relation


def test_both_builds_have_one_order(run: Run) -> None:
    terms = (("阿", "Z"), ("中", "A"), ("B", "B"))
    case = {"events": [{**EVENT, "term": term, "term_value": value} for term, value in terms]}
    fda, nmpa = (run(case, "ae", agency=agency)[0]["AE"].frame for agency in ("fda", "nmpa"))
    assert fda["AETERM"].tolist() == ["A", "B", "Z"]
    assert nmpa["AETERM"].tolist() == ["中", "B", "阿"]
    assert list(fda.columns) == list(nmpa.columns)
