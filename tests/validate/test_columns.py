"""Columns by distinct values: groups, repeats, minorities, dates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.validate.columns import (
    build_text_column,
    compute_first_rows,
    compute_surely_after,
    find_minority,
    find_repeats,
    group_rows,
    read_dates,
    read_number,
)

SMALL = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


def column(*texts: str | None) -> object:
    return build_text_column(pd.Series(texts, dtype=object))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        ("-1.50E-2", -0.015),
        (".5", 0.5),
        ("<20", None),
        ("1:320", None),
        ("", None),
        ("1e400", float("inf")),
    ],
)
def test_numbers_of_texts(text: str, number: float | None) -> None:
    read = read_number(text)
    assert read == number if number is not None else np.isnan(read)


def test_missing_is_the_empty_text() -> None:
    built = build_text_column(pd.Series(["A", None, "", float("nan"), "A  ", "B"], dtype=object))
    assert built.values == ("", "A", "B")
    assert built.filled.tolist() == [True, False, False, False, True, True]
    assert built.is_in(["A"]).tolist() == [True, False, False, False, True, False]
    assert built.where(lambda _: True).tolist() == built.filled.tolist()
    assert (built.place("B"), built.place("C")) == (2, -2)


@given(SMALL)
def test_groups(rows: list[tuple[int, int]]) -> None:
    first, second = (np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1))
    groups = group_rows([first, second])
    seen: dict[tuple[int, int], int] = {}
    expected = [seen.setdefault(row, len(seen)) for row in rows]
    assert groups.tolist() == expected
    assert find_repeats(groups).tolist() == [row in rows[:place] for place, row in enumerate(rows)]
    assert compute_first_rows(groups).tolist() == [rows.index(row) for row in rows]


@given(SMALL)
def test_minority(rows: list[tuple[int, int]]) -> None:
    groups, values = (np.array([row[place] for row in rows], dtype=np.int64) for place in (0, 1))
    differs, usual = find_minority(group_rows([groups]), values, np.ones(len(rows), dtype=bool))
    for place, (group, value) in enumerate(rows):
        members = [v for g, v in rows if g == group]
        most = max(members, key=lambda v: (members.count(v), -members.index(v)))
        assert differs[place] == (value != most)
        if differs[place]:
            assert rows[int(usual[place])] == (group, most)


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        ("2024-01-11", "2024-01-10", True),
        ("2024-01-10", "2024-01-10", False),
        ("2024-01", "2024-01-10", False),
        ("2024-02", "2024-01-10", True),
        ("2024-01-10T09:00", "2024-01-10T08:59", True),
        ("2024-01-10T09:00", "2024-01-10", False),
        ("", "2024-01-10", False),
        ("2024-02-30", "2024-01-10", False),
    ],
)
def test_surely_after(first: str, second: str, *, after: bool) -> None:
    dates = [read_dates(build_text_column(pd.Series([text]))) for text in (first, second)]
    assert compute_surely_after(*dates).tolist() == [after]


def test_dates_of_other_rows() -> None:
    dates = read_dates(build_text_column(pd.Series(["2024-01-10", "2024"])))
    taken = dates.take(np.array([1, -1, 0], dtype=np.int64))
    assert taken.valid.tolist() == [True, False, True]
    assert np.isnat(taken.day).tolist() == [True, True, False]
    assert np.isnat(taken.end).tolist() == [False, True, False]
