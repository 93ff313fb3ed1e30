"""EPOCH of records of the day of first dose: SE, --LOBXFL, DS and PR tell the same (SDTMIG 4.1.3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from .views import list_rows

DOSE = {"start_dtc": "2023-03-15T10:18:00+08:00"}


@pytest.mark.parametrize(
    ("collected", "dosed", "epoch", "flag"),
    [
        ("2023-03-15T09:25:00+08:00", "2023-03-15T10:18:00+08:00", "SCREENING", "Y"),
        ("2023-03-15T11:00:00+08:00", "2023-03-15T10:18:00+08:00", "TREATMENT", None),
        ("2023-03-15", "2023-03-15T10:18:00+08:00", "TREATMENT", "Y"),  # the protocol orders it before the dose
        ("2023-03-15T09:25:00+08:00", "2023-03-15", "TREATMENT", "Y"),
        ("2023-03-14T23:00:00+08:00", "2023-03-15", "SCREENING", "Y"),
    ],
)
def test_sample_of_the_day_of_first_dose(collected: str, dosed: str, epoch: str, flag: str | None) -> None:
    case: dict[str, list[dict[str, Any]]] = {
        "subjects": [{}], "findings": [{"collected_dtc": collected}], "interventions": [{"start_dtc": dosed}]
    }  # fmt: skip
    (row,) = list_rows("LB", case, ("EPOCH", "LBLOBXFL"))
    assert (row["EPOCH"], row["LBLOBXFL"]) == (epoch, flag)


def test_randomisation_and_first_dose() -> None:
    case: dict[str, list[dict[str, Any]]] = {
        "subjects": [{"randomized_dtc": "2023-03-15T08:30:00+08:00"}], "interventions": [DOSE],
    }  # fmt: skip
    milestones = {row["DSDECOD"]: row["EPOCH"] for row in list_rows("DS", case, ("DSDECOD", "EPOCH"))}
    assert milestones["RANDOMIZED"] == "SCREENING"
    assert [row["EPOCH"] for row in list_rows("EX", case, ("EPOCH",))] == ["TREATMENT"]
    elements = list_rows("SE", case, ("EPOCH", "SESTDTC"))
    assert elements[1] == {"EPOCH": "TREATMENT", "SESTDTC": DOSE["start_dtc"]}


def test_procedure_before_the_dose() -> None:
    scan = {"kind": "procedure", "treatment_id": "ABDOMINAL ULTRASOUND", "dose": None, "dose_unit": None}
    scans = [{**scan, "start_dtc": f"2023-03-15T{hour}:00:00+08:00"} for hour in ("09", "11")]
    case = {"subjects": [{}], "interventions": [DOSE, *scans]}
    assert [row["EPOCH"] for row in list_rows("PR", case, ("EPOCH",))] == ["SCREENING", "TREATMENT"]
