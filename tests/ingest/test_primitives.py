"""FHIR primitives."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.primitives import is_code, is_date, is_datetime, is_id, is_instant, is_time

YES = {
    is_date: ["2024", "2024-02", "2024-02-29", "0001-01-01"],
    is_datetime: ["2024", "2024-02-29T08:30", "2024-02-29T08:30:00", "2024-02-29T23:59:60.123Z",
                  "2024-02-29T08:30:00+08:00", "2024-02-29T00:00:00-14:00"],
    is_instant: ["2024-02-29T08:30:00.000Z", "2024-02-29T08:30"],
    is_time: ["08:30", "23:59:59.5"],
    is_code: ["a", "a b", "<=", "谷丙"],
    is_id: ["a", "A-1.b", "x" * 64],
}  # fmt: skip
NO = {
    is_date: ["", "24", "2024-13", "2024-00", "2023-02-29", "2024-2-9", "2024-02-29T08:30", "0000", "２０２４"],
    is_datetime: ["2024-02T08:30", "2024-02-29T24:00", "2024-02-29 08:30", "2024-02-29T", "2024-02-29T08",
                  "2024-02-29T08:30:00+15:00", "2024-02-30T08:30:00Z", "2024/02/29", "2024-02-29T08:30Z\n"],
    is_instant: ["2024-02-29", "2024"],
    is_time: ["24:00", "8:30", "08:30Z", ""],
    is_code: ["", " a", "a ", "a  b", "a\n"],
    is_id: ["", "a_b", "x" * 65, "张", "a\n"],
}  # fmt: skip


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in YES.items() for text in texts])
def test_valid(check: Callable[[str], bool], text: str) -> None:
    assert check(text)


@pytest.mark.parametrize(("check", "text"), [(check, text) for check, texts in NO.items() for text in texts])
def test_not_valid(check: Callable[[str], bool], text: str) -> None:
    assert not check(text)


@given(st.integers(1, 9999), st.integers(0, 14), st.integers(0, 33))
def test_days_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    exists = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    assert is_date(f"{year:04d}-{month:02d}-{day:02d}") == exists


@given(st.datetimes(timezones=st.integers(-839, 839).map(lambda m: timezone(timedelta(minutes=m)))))
def test_moments_are_instants(moment: datetime) -> None:
    assert is_instant(moment.isoformat())
