"""PR: imaging procedures."""

from __future__ import annotations

from typing import Any

from .views import build_view, list_issues, list_rows, list_sources, run_domain

ULTRASOUND = {"treatment_id": "ABDOMINAL ULTRASOUND", "kind": "procedure", "dose": None, "dose_unit": None}
COLUMNS = ("PRTRT", "PRPRESP", "PROCCUR", "PRREASOC", "PRLOC", "VISITNUM", "VISIT", "EPOCH", "PRSTDTC", "PRENDTC", "PRSTDY")
DOSE = {"start_dtc": "2023-03-15"}
VISITS = [{"visit_key": "v1", "start_dtc": "2023-03-02", "visitnum_stated": 1.0}, {"visit_key": "v2", "start_dtc": "2023-06-07"}]


def list_procedures(*procedures: dict[str, Any]) -> list[tuple[Any, ...]]:
    case = {"subjects": [{}], "interventions": [DOSE, *procedures], "visits": VISITS}
    return [tuple(row.values()) for row in list_rows("PR", case, COLUMNS)]


def test_visit_as_stated_and_by_day() -> None:
    stated = {**ULTRASOUND, "start_dtc": "2023-03-04", "visit_key": "v1", "location": "LIVER"}
    by_day = {**ULTRASOUND, "start_dtc": "2023-06-07T09:00", "end_dtc": "2023-06-07T09:20"}
    alone = {**ULTRASOUND, "start_dtc": "2023-08-01"}
    assert list_procedures(stated, by_day, alone) == [
        ("ABDOMINAL ULTRASOUND", "Y", "Y", None, "LIVER", 1.0, "SCREENING", "SCREENING", "2023-03-04", None, -11.0),
        ("ABDOMINAL ULTRASOUND", "Y", "Y", None, None, 3.0, "WEEK 12", "TREATMENT", "2023-06-07T09:00", "2023-06-07T09:20", 85.0),
        ("ABDOMINAL ULTRASOUND", "Y", "Y", None, None, None, None, "TREATMENT", "2023-08-01", None, 140.0),
    ]


def test_planned_and_not_done() -> None:
    undone = {**ULTRASOUND, "occurred": False, "reason_not_done": "DEVICE OUT OF ORDER", "start_dtc": "2023-06-07"}
    assert [row[:4] for row in list_procedures(undone)] == [("ABDOMINAL ULTRASOUND", "Y", "N", "DEVICE OUT OF ORDER")]


def test_what_was_not_done_has_visit_and_epoch_of_its_encounter() -> None:
    undone = {**ULTRASOUND, "occurred": False, "reason_not_done": "PATIENT REFUSED"}
    found = list_procedures({**undone, "visit_key": "v1"}, {**undone, "visit_key": "v2"}, undone)
    assert [row[5:] for row in found] == [
        (1.0, "SCREENING", "SCREENING", None, None, None),
        (3.0, "WEEK 12", "TREATMENT", None, None, None),
        (None, None, None, None, None, None),
    ]


def test_unplanned_procedure_has_no_occurrence() -> None:
    other = {**ULTRASOUND, "treatment_id": "PARACENTESIS"}  # of no class that the spec knows
    assert [row[:3] for row in list_procedures({**other, "start_dtc": "2023-06-07"})] == [("PARACENTESIS", None, None)]
    case = {"subjects": [{}], "interventions": [{**other, "occurred": False}]}
    dataset, log = run_domain("PR", case)
    assert dataset is None
    assert list_issues(log, "PR") == [("HBV-SDTM-001", "")]


def test_report_and_procedure_of_one_examination_are_one_row() -> None:
    procedure = {**ULTRASOUND, "start_dtc": "2023-03-04"}
    dataset, _ = run_domain("PR", {"subjects": [{}], "interventions": [procedure, procedure]})
    assert dataset is not None
    assert list_sources(dataset) == [(0, "", 301), (0, "", 302)]


def test_procedure_is_no_treatment() -> None:
    view = build_view({"subjects": [{}], "interventions": [{**ULTRASOUND, "start_dtc": "2023-04-01"}]})
    assert view.treatments.other.rows.empty
    assert view.treatments.study.rows.empty
    assert run_domain("PR", {"subjects": [{}]})[0] is None
