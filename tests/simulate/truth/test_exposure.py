"""Constant-dosing intervals of the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.simulate.records import Dose
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.exposure import find_treatment_dates, list_intervals, list_other_treatment

TRIAL = simulate_trial(24, 3, extent="brief")
SUBJECT = next(s for s in TRIAL.subjects if s.site == "zhongshan")
PEG = "PEGINTERFERON ALFA-2A"


def inject(*doses: tuple[str, str, bool], reason: str = "") -> tuple[Dose, ...]:
    return tuple(
        Dose(day, "administration", PEG, day, day, amount, given, reason=reason if amount != "180" else "")
        for day, amount, given in doses
    )


CASES = [
    ([("2024-01-01", "180", True), ("2024-01-08", "180", True)], [("180", "2024-01-01", "2024-01-08")]),
    (  # thirteen days between two doses still make one interval
        [("2024-01-01", "180", True), ("2024-01-14", "180", True)],
        [("180", "2024-01-01", "2024-01-14")],
    ),
    (  # fourteen do not
        [("2024-01-01", "180", True), ("2024-01-15", "180", True)],
        [("180", "2024-01-01", "2024-01-01"), ("180", "2024-01-15", "2024-01-15")],
    ),
    (  # neither do fewer where a dose was missed
        [("2024-01-01", "180", True), ("2024-01-08", "180", False), ("2024-01-14", "180", True)],
        [("180", "2024-01-01", "2024-01-01"), ("180", "2024-01-14", "2024-01-14")],
    ),
    (  # unless one was given on the day
        [("2024-01-01", "180", True), ("2024-01-08", "180", False), ("2024-01-08", "180", True)],
        [("180", "2024-01-01", "2024-01-08")],
    ),
    (
        [("2024-01-01", "180", True), ("2024-01-08", "135", True), ("2024-01-15", "180", True)],
        [
            ("180", "2024-01-01", "2024-01-01"),
            ("135", "2024-01-08", "2024-01-08"),
            ("180", "2024-01-15", "2024-01-15"),
        ],
    ),
]


@pytest.mark.parametrize(("doses", "intervals"), CASES)
def test_intervals(doses: list[tuple[str, str, bool]], intervals: list[tuple[str, str, str]]) -> None:
    rows = list_intervals(replace(SUBJECT, doses=inject(*doses)))
    assert [(row["EXDOSE"], row["EXSTDTC"], row["EXENDTC"]) for row in rows] == intervals


def test_the_reason_is_told_where_the_dose_changes() -> None:
    doses = inject(
        ("2024-01-01", "180", True), ("2024-01-08", "135", True), reason="NEUTROPHIL COUNT DECREASED"
    )
    assert [row["EXADJ"] for row in list_intervals(replace(SUBJECT, doses=doses))] == [
        "",
        "NEUTROPHIL COUNT DECREASED",
    ]


def test_first_and_last_treatment() -> None:
    subject = replace(SUBJECT, doses=inject(("2024-01-01", "180", True), ("2024-01-08", "135", True)))
    assert find_treatment_dates(subject) == ("2024-01-01", "2024-01-08")
    assert find_treatment_dates(replace(SUBJECT, doses=())) == ("", "")


def test_everybody_had_earlier_treatment_and_one_a_rescue() -> None:
    kinds = {s.number: [row["KIND"] for row in list_other_treatment(s)] for s in TRIAL.subjects}
    assert all("PRIOR" in found for found in kinds.values())
    assert sum("RESCUE" in found for found in kinds.values()) == 1


def test_control_arm_starts_on_day_one() -> None:
    for subject in TRIAL.subjects:
        rows = list(list_intervals(subject))
        assert bool(rows) == (subject.day_one is not None)
        assert not rows or rows[0]["EXSTDTC"][:10] == str(subject.day_one)
