"""Study days, ages, spans and the earliest and latest of partial texts."""

# a case may be a bool
# ruff: noqa: FBT001

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.dates import (
    compute_before,
    compute_max_dtc,
    compute_min_dtc,
    compute_study_day,
    derive_age,
    derive_dy,
    parse_dtc,
)

# text, precision, date, seconds, earliest, end
PARSED = [
    ("2024", "year", None, None, "2024-01-01", "2025-01-01"),
    ("2024-02", "month", None, None, "2024-02-01", "2024-03-01"),
    ("2024-02-29", "day", "2024-02-29", None, "2024-02-29", "2024-03-01"),
    ("2024-05-03T08", "hour", "2024-05-03", 28800, "2024-05-03T08", "2024-05-03T09"),
    ("2024-05-03T08:30", "minute", "2024-05-03", 30600, "2024-05-03T08:30", "2024-05-03T08:31"),
    ("2024-05-03T08:30:15", "second", "2024-05-03", 30615, "2024-05-03T08:30:15", "2024-05-03T08:30:16"),
    (
        "2024-05-03T08:30:15.5",
        "fraction",
        "2024-05-03",
        30615.5,
        "2024-05-03T08:30:15.5",
        "2024-05-03T08:30:15.6",
    ),
    (
        "2024-05-03T23:30:00-05:00",
        "second",
        "2024-05-03",
        84600,
        "2024-05-03T23:30:00",
        "2024-05-03T23:30:01",
    ),
    ("2024-06-30T23:59:60", "second", "2024-06-30", 86399, "2024-06-30T23:59:59", "2024-07-01"),
    ("2003---15", "year", None, None, "2003-01-15", "2003-12-16"),
    ("2003-02--T07:15", "month", None, 26100, "2003-02-01T07:15", "2003-02-28T07:16"),
    ("2003-12-15T-:15", "day", "2003-12-15", None, "2003-12-15T00:15", "2003-12-15T23:16"),
    ("2003-12-15T13:-:17", "hour", "2003-12-15", 46817, "2003-12-15T13:00:17", "2003-12-15T13:59:18"),
    ("--12-15", None, None, None, None, None),
    ("-----T07:15", None, None, 26100, None, None),
    ("2003-12-15/2003-12-20", None, None, None, "2003-12-15", "2003-12-21"),
    ("2003-12-15T08:00/2003-12-15T09:00", None, "2003-12-15", None, "2003-12-15T08:00", "2003-12-15T09:01"),
    ("2003-12/--12-20", None, None, None, None, None),
    ("9999-12-31", "day", "9999-12-31", None, "9999-12-31", "10000-01-01"),
]

DAYS = [
    ("2024-05-03", "2024-05-03", 1),
    ("2024-05-04", "2024-05-03", 2),
    ("2024-05-02", "2024-05-03", -1),
    ("2024-03-01", "2024-02-28", 3),
    ("2024-05-03T00:01", "2024-05-03T23:59", 1),
    ("2024-05-02T23:59+08:00", "2024-05-03", -1),
    ("2024-05", "2024-05-03", None),
    ("2024-05-04", "2024-05", None),
    ("2024-05--T08:00", "2024-05-03", None),
    ("2024-02-30", "2024-05-03", None),
    (None, "2024-05-03", None),
    ("2024-05-03", None, None),
]

AGES = [
    ("1980-05-03", "2024-05-02", 43),
    ("1980-05-03", "2024-05-03", 44),
    ("1980-05-03", "2024-05-03T08:30", 44),
    ("1980-02-29", "2023-02-28", 42),
    ("1980-02-29", "2023-03-01", 43),
    ("1980", "2024-12-31", 44),  # the year passes the birthday whenever it was
    ("1980", "2024-05-03", None),
    ("1980-04", "2024-05-03", 44),
    ("1980-05", "2024-05-03", None),
    ("1980-06", "2024-05", 43),
    ("1980-05-03", "2024", None),
    ("1980---15", "2024-12-15", 44),
    ("--05-03", "2024-05-03", None),
    ("2024-05-03", "2024-05-03", 0),
    ("2030-01-01", "2024-05-03", None),
    (None, "2024-05-03", None),
]

# texts of one subject, the earliest, the latest
EXTREMES = [
    (["2024-05-04", "2024-05-03", "2024-05-05"], "2024-05-03", "2024-05-05"),
    (["2024-05-03T08:30", "2024-05-03T08:29:59"], "2024-05-03T08:29:59", "2024-05-03T08:30"),
    (["2024-05", "2024-06-01"], "2024-05", "2024-06-01"),
    (["2024-05", "2024-05-03"], "2024-05", "2024-05"),
    (["2024-05", "2024-05-01"], "2024-05-01", "2024-05"),
    (["2024-05", "2024-05-31"], "2024-05", "2024-05-31"),
    (["2024-05-03", "2024-05-03T08:30"], "2024-05-03", "2024-05-03"),
    (["--05-03", "2024-05-03", "no date", None], "2024-05-03", "2024-05-03"),
]

complete = st.dates(date(1900, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(("text", "precision", "day", "seconds", "earliest", "end"), PARSED)
def test_parse(
    text: str,
    precision: str | None,
    day: str | None,
    seconds: float | None,
    earliest: str | None,
    end: str | None,
) -> None:
    row = parse_dtc(pd.Series([text])).iloc[0]
    assert row["dtc"] == text
    assert row["precision"] == precision if precision else pd.isna(row["precision"])
    assert row["seconds"] == seconds if seconds is not None else pd.isna(row["seconds"])
    for name, value in (("date", day), ("earliest", earliest), ("end", end)):
        assert np.datetime64(row[name], "us") == np.datetime64(value) if value else pd.isna(row[name]), name


def test_parse_keeps_index_and_types() -> None:
    read = parse_dtc(pd.Series(["2024-05-03", None, "rubbish", "2024-05-03"], index=[3, 1, 1, 0]))
    assert read.index.tolist() == [3, 1, 1, 0]
    assert read["dtc"].isna().tolist() == [False, True, True, False]
    types = ["str", "datetime64[s]", "str", "float64", "datetime64[us]", "datetime64[us]"]
    assert [str(dtype) for dtype in read.dtypes] == types
    for empty in (pd.Series([], dtype="str"), pd.Series([None, None], dtype="str")):
        assert [str(dtype) for dtype in parse_dtc(empty).dtypes] == types


@pytest.mark.parametrize(("dtc", "reference", "day"), DAYS)
def test_study_day(dtc: str | None, reference: str | None, day: int | None) -> None:
    frame = pd.DataFrame({"LBDTC": [dtc], "RFSTDTC": [reference]}, dtype="str")
    made = derive_dy(frame, "LBDTC", "RFSTDTC", "LBDY")["LBDY"]
    assert made.dtype == "float64"
    assert made.tolist() == [day] if day is not None else made.isna().all()


@given(st.lists(complete, min_size=2, max_size=20, unique=True), complete)
def test_study_day_is_never_0_and_strictly_monotone(days: list[date], reference: date) -> None:
    ordered = pd.Series(pd.to_datetime(sorted(days)))
    made = compute_study_day(ordered, pd.Series(pd.to_datetime([reference] * len(days))))
    assert 0 not in made
    assert (np.diff(made) > 0).all()


@given(complete, st.integers(0, 40_000))
def test_study_day_counts_days(reference: date, gap: int) -> None:
    frame = pd.DataFrame({"a": [(reference + timedelta(gap)).isoformat()], "b": [reference.isoformat()]})
    assert derive_dy(frame, "a", "b", "DY")["DY"].tolist() == [gap + 1]


@pytest.mark.parametrize(("birth", "at", "age"), AGES)
def test_age(birth: str | None, at: str | None, age: int | None) -> None:
    frame = pd.DataFrame({"BRTHDTC": [birth], "RFICDTC": [at]}, dtype="str")
    made = derive_age(frame, "BRTHDTC", "RFICDTC", "AGE")["AGE"]
    assert made.tolist() == [age] if age is not None else made.isna().all()


@given(complete, complete, st.sampled_from([4, 7]))
def test_age_of_a_partial_birth_date_is_that_of_the_complete_one(birth: date, at: date, cut: int) -> None:
    texts = [birth.isoformat(), birth.isoformat()[:cut]]
    whole, partial = derive_age(pd.DataFrame({"b": texts, "a": at.isoformat()}), "b", "a", "AGE")["AGE"]
    assert pd.isna(partial) or partial == whole


@pytest.mark.parametrize(("texts", "earliest", "latest"), EXTREMES)
def test_extremes(texts: list[str | None], earliest: str, latest: str) -> None:
    for values in (texts, texts[::-1]):
        subjects = pd.Series(["S1"] * len(values), name="subject_id")
        sent = pd.Series(values, dtype="str", name="start_dtc")
        first, last = compute_min_dtc(sent, subjects), compute_max_dtc(sent, subjects)
        assert (first.to_dict(), last.to_dict()) == ({"S1": earliest}, {"S1": latest})
        assert (first.name, first.index.name) == ("start_dtc", "subject_id")


def test_extremes_are_per_group_and_leave_out_what_has_none() -> None:
    sent = pd.Series(["2024-05-03", "2024-05-01", "--05", "2024-01-01"], dtype="str")
    by = pd.Series(["B", "A", "C", None], dtype="str")
    assert compute_min_dtc(sent, by).to_dict() == {"A": "2024-05-01", "B": "2024-05-03"}


@given(st.lists(st.tuples(complete, st.sampled_from([4, 7, 10])), min_size=1, max_size=8))
def test_the_earliest_text_holds_the_true_earliest_date(dates: list[tuple[date, int]]) -> None:
    texts = pd.Series([day.isoformat()[:cut] for day, cut in dates])
    (first,) = compute_min_dtc(texts, pd.Series([0] * len(texts)))
    (last,) = compute_max_dtc(texts, pd.Series([0] * len(texts)))
    assert min(day for day, _ in dates).isoformat().startswith(first)
    assert max(day for day, _ in dates).isoformat().startswith(last)


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [
        ("2024-05-03", "2024-05-04", True),
        ("2024-05-03", "2024-05-03", False),
        ("2024-04", "2024-05-03", True),
        ("2024-05", "2024-05-03", False),
        ("2024-05-03T08:29", "2024-05-03T08:30", True),
        ("2024-05-03T08:30", "2024-05-03T08:30:15", False),
        (None, "2024-05-03", False),
        ("2024-05-03", None, False),
    ],
)
def test_before(first: str | None, second: str | None, before: bool) -> None:
    made = compute_before(pd.Series([first], dtype="str"), pd.Series([second], dtype="str"))
    assert made.tolist() == [before]
