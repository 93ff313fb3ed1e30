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
    datasets, log = run({"subjects": [{}], "interventions": [DOSE], "events": [EVENT]}, cutoff="2023-06-30")
    (row,) = read_rows(datasets["AE"], datasets["AE"].frame.columns)
    assert {name: value for name, value in row.items() if value is not None} == {
        "STUDYID": "HBV-PEG-48", "DOMAIN": "AE", "USUBJID": "HBV-PEG-48-01001", "AESEQ": 1.0, "AETERM": "NEUTROPENIA",
        "AEDECOD": "NEUTROPENIA", "AESEV": "MODERATE", "AESER": "N", "AEACN": "DOSE REDUCED", "AEREL": "RELATED",
        "AEOUT": "RECOVERING/RESOLVING", "AETOXGR": "2", "EPOCH": "TREATMENT", "AESTDTC": "2023-04-10", "AESTDY": 27.0,
        "AEENRTPT": "ONGOING", "AEENTPT": "2023-06-30",
    }  # fmt: skip
    assert log.rows == []


def test_expected_variables_are_there_though_empty(run: Run) -> None:
    datasets, _ = run({"subjects": [{}], "events": [EVENT]})
    expected = {v.name for v in datasets["AE"].spec.variables if v.core in ("Req", "Exp")}
    assert expected <= set(datasets["AE"].frame.columns)
    assert {"AELLT", "AEBDSYCD", "AEENDTC"} <= expected


@pytest.mark.parametrize(
    ("event", "decoded", "codes"),
    [
        ({"term": "Fever", "code_system": "https://www.meddra.org"}, "Fever", []),
        ({"term": "发热", "term_value": "PYREXIA"}, "PYREXIA", []),
        ({"term": "Fever"}, None, ["HBV-SDTM-012"]),
    ],
)
def test_decoded_term(run: Run, event: dict[str, Any], decoded: str | None, codes: list[str]) -> None:
    datasets, log = run({"subjects": [{}], "events": [{"kind": "adverse event", **event}]})
    assert read_rows(datasets["AE"], ["AEDECOD"]) == [{"AEDECOD": decoded}]
    assert [row.code for row in log.rows] == codes


@pytest.mark.parametrize("occurred", ["N", "U"])
def test_what_did_not_occur_is_reported(run: Run, occurred: str) -> None:
    datasets, log = run({"subjects": [{}], "events": [{**EVENT, "occurred": occurred}]})
    assert "AE" not in datasets
    assert [(row.code, row.dataset) for row in log.rows] == [("HBV-SDTM-001", "AE")]


def test_an_end_after_the_cut_is_not_known(run: Run) -> None:
    event = {**EVENT, "ongoing": False, "end_dtc": "2023-05-01", "outcome": "RECOVERED/RESOLVED"}
    columns = ["AEENDTC", "AEOUT", "AEENRTPT"]
    later, _ = run({"subjects": [{}], "events": [event]}, cutoff="2023-06-30")
    assert read_rows(later["AE"], columns) == [
        {"AEENDTC": "2023-05-01", "AEOUT": "RECOVERED/RESOLVED", "AEENRTPT": None}
    ]
    before, _ = run({"subjects": [{}], "events": [event]}, cutoff="2023-04-20")
    assert read_rows(before["AE"], columns) == [{"AEENDTC": None, "AEOUT": None, "AEENRTPT": "ONGOING"}]


def test_both_builds_have_one_order(run: Run) -> None:
    events = [{**EVENT, "term": term, "term_value": value} for term, value in (("阿", "Z"), ("中", "A"), ("B", "B"))]
    case = {"subjects": [{}], "events": events}
    fda, nmpa = (run(case, agency=agency)[0]["AE"].frame for agency in ("fda", "nmpa"))
    assert fda["AETERM"].tolist() == ["A", "B", "Z"]
    assert nmpa["AETERM"].tolist() == ["中", "B", "阿"]
    assert list(fda.columns) == list(nmpa.columns)
