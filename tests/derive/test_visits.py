"""Visits: windows, spans, unscheduled numbers, missed visits."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.derive.visits import (
    check_visit_numbers,
    compute_unscheduled,
    derive_missed_visits,
    derive_visit_days,
    derive_visit_names,
)
from hbv_standards.errors import ConfigurationError
from hbv_standards.study import PlannedVisit


def plan(visitnum: float, visit: str, visitdy: int, low: int, high: int) -> PlannedVisit:
    return PlannedVisit(
        visitnum=visitnum,
        visit=visit,
        visitdy=visitdy,
        epoch="TREATMENT",
        window=(low, high),
        start_rule="rule",
    )


PLANNED = (
    plan(1, "SCREENING", -14, -42, -1), plan(2, "BASELINE", 1, 1, 1), plan(3, "WEEK 12", 85, 57, 113),
    plan(4, "WEEK 24", 169, 141, 197),
)  # fmt: skip
DAY_ONE = pd.Timestamp("2023-03-15")


def date_of(study_day: int) -> pd.Timestamp:
    return DAY_ONE + pd.Timedelta(days=study_day - 1 if study_day > 0 else study_day)


def build_anchors(**values: Any) -> pd.DataFrame:
    anchor = {"subject_id": "1", "anchor": DAY_ONE, "by_consent": False, "consent": date_of(-60),
              "observed_until": pd.NaT, **values}  # fmt: skip
    frame = pd.DataFrame([anchor])
    dates = ("anchor", "consent", "observed_until")
    return frame.astype(dict.fromkeys(dates, "datetime64[s]"))


def assign(days: list[int | tuple[int, float]], *, span: int = 3, **anchor: Any) -> dict[int, float | None]:
    """Study day → VISITNUM; a day given with a number is stated."""
    said = [day if isinstance(day, tuple) else (day, float("nan")) for day in days]
    contacts = pd.DataFrame(
        {
            "subject_id": "1",
            "date": pd.Series([date_of(day) for day, _ in said], dtype="datetime64[s]"),
            "stated": [number for _, number in said],
        }
    )
    found = derive_visit_days(contacts, build_anchors(**anchor), PLANNED, span)
    by_date = dict(zip(found["date"], found["VISITNUM"], strict=True))
    return {day: None if pd.isna(by_date[date_of(day)]) else by_date[date_of(day)] for day, _ in said}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([-42, -14, -1, 1], {-42: 0.1, -14: 1.0, -1: 1.1, 1: 2.0}),
        ([57], {57: 3.0}),
        ([113], {113: 3.0}),
        ([56, 114], {56: 0.1, 114: 0.2}),
        ([81, 89], {81: 3.0, 89: 3.1}),  # equally near: the earlier
        ([80, 88], {80: 0.1, 88: 3.0}),
        ([85, 88, 89], {85: 3.0, 88: 3.0, 89: 3.1}),  # three days after the visit belong to it
        ([84, 85], {84: 0.1, 85: 3.0}),  # days before the visit do not
        ([1, 20, 30, 85, 120], {1: 2.0, 20: 2.1, 30: 2.2, 85: 3.0, 120: 3.1}),
        ([(120, 3.0), 85], {120: 3.0, 85: 0.1}),  # stated: the window is taken
        ([(85, 3.0), 87, 90], {85: 3.0, 87: 3.0, 90: 3.1}),
        ([(85, 3.0), (100, 3.0), 90], {85: 3.0, 100: 3.0, 90: 3.1}),
        ([(120, 3.0), 121], {120: 3.0, 121: 3.1}),  # outside the window no day is caught
        ([(1, 1.0), (1, 2.0)], {1: 2.0}),  # two stated on one day: the one of its window
        ([(20, 3.0), (20, 1.0)], {20: 1.0}),
        ([(1, 1.0), (1, 2.0), -14], {1: 2.0, -14: 0.1}),  # screening was stated on day 1
        ([-61, -60], {-61: None, -60: 0.1}),  # before consent is no visit
        ([(-61, 1.0), -14], {-61: 1.0, -14: 1.1}),
    ],
)
def test_visit_days(days: list[int | tuple[int, float]], expected: dict[int, float]) -> None:
    assert assign(days) == expected


def test_span_of_no_days() -> None:
    assert assign([85, 86], span=0) == {85: 3.0, 86: 3.1}


def test_days_from_consent_are_screening() -> None:
    screened = {"by_consent": True, "anchor": DAY_ONE, "consent": DAY_ONE}
    assert assign([1, 10, 42, 43], **screened) == {1: 1.0, 10: 1.0, 42: 1.0, 43: 1.1}
    assert assign([-1, 1], **screened) == {-1: None, 1: 1.0}


def test_subject_without_any_day_to_count_from() -> None:
    assert assign([1, 85], anchor=pd.NaT, consent=pd.NaT) == {1: 0.1, 85: 0.2}


@pytest.mark.parametrize(
    ("count", "number"),
    [(1, 3.1), (9, 3.9), (10, 3.91), (18, 3.99), (19, 3.991), (27, 3.999), (28, 3.9991)],
)
def test_unscheduled_numbers(count: int, number: float) -> None:
    assert compute_unscheduled(3.0, count) == number


@given(base=st.integers(0, 40), count=st.integers(1, 60))
def test_unscheduled_numbers_follow_the_visit_in_order(base: int, count: int) -> None:
    here, there = compute_unscheduled(float(base), count), compute_unscheduled(float(base), count + 1)
    assert base < here < there < base + 1


@settings(max_examples=25, deadline=None)
@given(days=st.lists(st.integers(-70, 230).filter(bool), min_size=1, max_size=25, unique=True))
def test_every_day_after_consent_has_one_visit(days: list[int]) -> None:
    found = assign(list(days))
    assert all((number is None) == (day < -60) for day, number in found.items())
    planned = [number for number in found.values() if number in {v.visitnum for v in PLANNED}]
    windows = {v.visitnum: v.window for v in PLANNED}
    assert all(windows[n][0] <= d <= windows[n][1] for d, n in found.items() if n in windows)
    assert assign(list(reversed(days))) == found
    assert bool(planned) == any(v.window[0] <= d <= v.window[1] for d in days for v in PLANNED)


def test_names() -> None:
    named = derive_visit_names(pd.DataFrame({"VISITNUM": [2.0, 3.1, 3.991, float("nan")]}), PLANNED)
    assert named["VISIT"].fillna("").tolist() == ["BASELINE", "UNSCHEDULED 3.1", "UNSCHEDULED 3.991", ""]
    assert named["VISITDY"].fillna(0).tolist() == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("until", "missed"), [(113, [1.0]), (114, [1.0, 3.0]), (197, [1.0, 3.0]), (198, [1.0, 3.0, 4.0])]
)
def test_missed_when_the_window_has_closed(until: int, missed: list[float]) -> None:
    seen = pd.DataFrame({"subject_id": ["1"], "VISITNUM": [2.0]})
    found = derive_missed_visits(seen, build_anchors(observed_until=date_of(until)), PLANNED)
    assert found["VISITNUM"].tolist() == missed


def test_nothing_is_due_for_who_was_only_screened() -> None:
    anchors = build_anchors(by_consent=True, observed_until=date_of(300))
    assert derive_missed_visits(pd.DataFrame({"subject_id": [], "VISITNUM": []}), anchors, PLANNED).empty


def test_planned_visits_have_whole_numbers() -> None:
    check_visit_numbers(PLANNED)
    with pytest.raises(ConfigurationError, match=r"visitnum 2\.5 of EXTRA has decimals"):
        check_visit_numbers([plan(2.5, "EXTRA", 20, 20, 20)])
