"""EC: missed doses and doses in pieces, beside EX."""

from __future__ import annotations

from typing import Any

import pytest

from .views import build_view, list_issues, list_rows, list_sources, run_domain

COLUMNS = ("ECTRT", "ECPRESP", "ECOCCUR", "ECREASOC", "ECDOSE", "ECDOSU", "ECROUTE", "EPOCH", "ECSTDTC", "ECENDTC", "ECSTDY")
MISSED = {"start_dtc": "2023-03-22", "occurred": False, "reason_not_done": "NEUTROPENIA"}
GIVEN = {"start_dtc": "2023-03-15", "frequency": "EVERY WEEK"}
PEG = "PEGINTERFERON ALFA-2A"
TABLETS = {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "1", "dose_unit": "TABLET", "frequency": "QD",
           "start_dtc": "2023-03-15", "end_dtc": "2024-02-13"}  # fmt: skip


def list_doses(interventions: list[dict[str, Any]], **subject: Any) -> list[tuple[Any, ...]]:
    case = {"subjects": [subject], "interventions": interventions}
    return [tuple(row.values()) for row in list_rows("EC", case, COLUMNS)]


def test_missed_dose_stands_beside_what_was_given() -> None:
    assert list_doses([GIVEN, MISSED]) == [
        (PEG, "Y", "Y", None, 180.0, "ug", "SUBCUTANEOUS", "TREATMENT", "2023-03-15", "2023-03-15", 1.0),
        (PEG, "Y", "N", "NEUTROPENIA", None, None, "SUBCUTANEOUS", "TREATMENT", "2023-03-22", "2023-03-22", 8.0),
    ]


def test_missed_dose_is_reported_no_more() -> None:
    view = build_view({"subjects": [{}], "interventions": [GIVEN, MISSED]})
    view.report_homeless()
    assert [row.code for row in view.log.rows] == []


def test_tablets_as_counted() -> None:
    assert list_doses([TABLETS], arm_code="NACONT") == [
        ("ENTECAVIR", "Y", "Y", None, 1.0, "TABLET", "ORAL", "TREATMENT", "2023-03-15", "2024-02-13", 1.0)
    ]


@pytest.mark.parametrize(
    "interventions", [[], [GIVEN], [{**TABLETS, "dose": "0.5", "dose_unit": "mg"}], [{**GIVEN, "dose": None, "dose_unit": None}]]
)
def test_without_more_to_say_than_ex_there_is_no_ec(interventions: list[dict[str, Any]]) -> None:
    assert list_doses(interventions) == []


def test_missed_dose_of_who_was_never_treated() -> None:
    rows = list_doses([MISSED])
    assert [(row[2], row[7], row[10]) for row in rows] == [("N", "SCREENING", None)]


@pytest.mark.parametrize(
    "other",
    [
        {"treatment_id": "ENTECAVIR", "start_dtc": "2023-03-22", "occurred": False},  # of the other arm
        {"start_dtc": "2023-03-01", "occurred": False},  # before randomisation
        {"start_dtc": None, "occurred": False},
    ],
)
def test_other_treatment_not_given_has_no_domain(other: dict[str, Any]) -> None:
    dataset, log = run_domain("EC", {"subjects": [{}], "interventions": [GIVEN, other]})
    assert dataset is None
    assert list_issues(log, "CM") == [("HBV-SDTM-001", "")]


def test_trace() -> None:
    order = {"kind": "request", "start_dtc": "2023-03-14"}
    dataset, _ = run_domain("EC", {"subjects": [{}], "interventions": [GIVEN, MISSED, order]})
    assert dataset is not None
    assert list_sources(dataset) == [(0, "", 301), (1, "", 302)]
