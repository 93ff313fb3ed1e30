"""Visits of the truth, by the rules of the trial."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.records import Contact, Subject
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.visits import assign_visits, list_missed, list_visits, name_visit

DAY_ONE = date(2024, 3, 1)
TRIAL = simulate_trial(150, 7, extent="brief")
TREATED = next(s for s in TRIAL.subjects if s.site == "foshan" and s.status == "COMPLETED")


def place(days: list[int], planned: list[int | None] | None = None, site: str = "foshan") -> Subject:
    """A treated subject who was seen on these days, counted from day 1 as 0."""
    contacts = tuple(
        Contact(f"c{day}", Moment(datetime(2024, 3, 1, 8) + timedelta(days=day), "zone"), visit, "visit")
        for day, visit in zip(days, planned or [None] * len(days), strict=True)
    )
    return replace(
        TREATED, site=site, consent=DAY_ONE - timedelta(days=20), randomised=DAY_ONE, day_one=DAY_ONE,
        end=DAY_ONE + timedelta(days=340), contacts=contacts,
    )  # fmt: skip


CASES = [
    ([-14, 0, 84], ["1", "2", "3"]),
    ([-14, -7, 0], ["1", "1.1", "2"]),  # a second screening day
    ([80, 88], ["3", "3.1"]),  # equally near: the earlier
    ([84, 86], ["3", "3"]),  # within three days after the visit
    ([60, 84, 100], ["0.1", "3", "3.1"]),
    ([0, 2], ["2", "2.1"]),  # baseline is one day
    ([84, 130, 168], ["3", "3.1", "4"]),  # between the windows
    ([84, 130, 135, 168], ["3", "3.1", "3.2", "4"]),
]


@pytest.mark.parametrize(("days", "numbers"), CASES)
def test_windows(days: list[int], numbers: list[str]) -> None:
    found = assign_visits(place(days))
    assert [found[day] for day in sorted(found)] == numbers


def test_a_stated_visit_is_believed_outside_its_window() -> None:
    subject = place([0, 84, 285], [2, 3, 5], site="zhongshan")
    assert list(assign_visits(subject).values()) == ["2", "3", "5"]


def test_a_day_beside_a_stated_visit_is_unscheduled() -> None:
    subject = place([60, 90], [3, None], site="zhongshan")
    assert list(assign_visits(subject).values()) == ["3", "3.1"]


def test_who_was_never_randomised_is_in_screening() -> None:
    subject = replace(place([-14, -12]), randomised=None, day_one=None)
    assert set(assign_visits(subject).values()) == {"1"}
    assert list_missed(subject, {"1"}) == []


def test_a_visit_is_missed_when_its_window_closed() -> None:
    subject = place([-14, 0, 84, 252, 336])
    assert [row["VISITNUM"] for row in list_visits(subject) if row["SVOCCUR"] == "N"] == ["4"]


def test_the_rules_find_what_was_meant() -> None:
    for subject in TRIAL.subjects:
        found = assign_visits(subject)
        for contact in subject.contacts:
            number = found[contact.day]
            assert number == str(contact.planned) if contact.planned else "." in number, subject.number


@pytest.mark.parametrize(("number", "name"), [("3", "WEEK 12"), ("3.1", "UNSCHEDULED 3.1")])
def test_name_visit(number: str, name: str) -> None:
    assert name_visit(number) == name
