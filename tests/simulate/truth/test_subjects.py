"""Subjects of the truth."""

from __future__ import annotations

from datetime import date

import pytest

from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.subjects import compute_age, describe_subject


@pytest.mark.parametrize(
    ("birth", "at", "age"),
    [
        ("1980-05-03", "2024-05-02", "43"),
        ("1980-05-03", "2024-05-03", "44"),
        ("1980-05", "2024-05-20", ""),
        ("1980-05", "2024-06-01", "44"),
        ("1980", "2024-12-31", "44"),
        ("1980", "2024-06-01", ""),
    ],
)
def test_age(birth: str, at: str, age: str) -> None:
    assert compute_age(birth, date.fromisoformat(at)) == age


def test_arms_of_all_kinds() -> None:
    rows = [describe_subject(s) for s in simulate_trial(24, 4, extent="brief").subjects]
    kinds = {(bool(row["ARMCD"]), bool(row["ACTARMCD"]), row["ARMNRS"]) for row in rows}
    assert kinds == {
        (True, True, ""),
        (True, False, "ASSIGNED, NOT TREATED"),
        (False, False, "SCREEN FAILURE"),
    }
    assert all(bool(row["ACTARMCD"]) == bool(row["RFXSTDTC"]) for row in rows)
    assert [row["DTHDTC"] == row["END_DTC"] for row in rows if row["DTHDTC"]] == [True]
