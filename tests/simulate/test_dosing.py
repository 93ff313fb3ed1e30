"""Doses as each hospital records them."""

from __future__ import annotations

from random import Random

import pytest

from hbv_standards.simulate.dosing import plan_amounts, plan_injections, record_injections
from hbv_standards.simulate.habits import read_cast
from hbv_standards.simulate.schedule import build_calendar

ROLES = {role.role: role for role in read_cast()}


@pytest.mark.parametrize("role", [r for r in ROLES.values() if r.arm == "PEGIFN"], ids=lambda r: r.role)
def test_injections_start_on_day_one_and_end_with_the_participation(role: object) -> None:
    rng = Random("dosing")
    calendar = build_calendar(role, "zhongshan", rng)  # type: ignore[arg-type]  # parametrize gives object
    plan = plan_injections(role, calendar, plan_amounts(role, calendar, rng), rng)  # type: ignore[arg-type]  # likewise
    assert bool(plan) == (calendar.day_one is not None)
    assert all(i.day <= calendar.end for i in plan if calendar.end)
    assert not plan or (plan[0].day == calendar.day_one and plan[0].given)


def test_dose_falls_step_by_step_and_rises_again() -> None:
    calendar = build_calendar(ROLES["neutropenic"], "zhongshan", Random(1))
    amounts = plan_amounts(ROLES["neutropenic"], calendar, Random(1))
    assert [amounts[week] for week in sorted(amounts)] == [180, 135, 90, 135]


@pytest.mark.parametrize("seed", range(12))
def test_dose_falls_within_two_weeks_of_the_counts(seed: int) -> None:
    role, rng = ROLES["neutropenic"], Random(seed)
    calendar = build_calendar(role, "zhongshan", rng)
    plan = plan_injections(role, calendar, plan_amounts(role, calendar, rng), rng)
    counted = next(a.start.date() for a in calendar.appointments if a.planned == 3)
    lowered = next(i.day for i in plan if i.amount < 180)
    assert 0 < (lowered - counted).days <= 9


@pytest.mark.parametrize(
    ("site", "place", "evidence"),
    [
        ("zhongshan", 1, "administration"),
        ("guangzhou", 1, "request"),
        ("foshan", 1, "administration"),
        ("foshan", 2, "statement"),
    ],
)
def test_evidence_is_the_hospitals_habit(site: str, place: int, evidence: str) -> None:
    role, rng = ROLES["thrombopenic"], Random(3)
    calendar = build_calendar(role, site, rng)
    plan = plan_injections(role, calendar, plan_amounts(role, calendar, rng), rng)
    doses = record_injections(site, place, role, plan, rng)
    assert {dose.evidence for dose in doses} == {evidence}
    assert [d.amount for d in doses] == [d.amount for d in sorted(doses, key=lambda d: d.start)]
    assert {d.amount for d in doses} == {"180", "135", "90"}
