"""Rows found again after editing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.desk.table_match import match_rows

A = {"kind": "test", "code": "A", "text": "丙氨酸", "to": "1742-6"}
B = {"kind": "test", "code": "B", "text": "肌酐", "to": "2160-0"}
C = {"kind": "test", "code": "C", "text": "尿酸", "to": "3084-1"}
D = {"kind": "test", "code": "D", "text": "白蛋白", "to": "1751-7"}


@pytest.mark.parametrize(
    ("new", "matches"),
    [
        ([A, B, C], [0, 1, 2]),
        ([C, A, B], [2, 0, 1]),  # sorted
        ([A, C], [0, 2]),  # one deleted
        ([A, A, B, C], [0, None, 1, 2]),  # one doubled
        ([A, {**B, "to": "9-9"}, C], [0, 1, 2]),  # one cell edited
        ([C, {**B, "to": "9-9"}, A], [2, 1, 0]),  # edited, then sorted
        ([A, B, D], [0, 1, None]),  # one replaced by another test
        ([D, A, B, C], [None, 0, 1, 2]),
        ([{**row, "kind": "visit"} for row in (A, B, C)], [0, 1, 2]),  # a column filled down
        ([], []),
    ],
)
def test_matches(new: list[dict[str, str]], matches: list[int | None]) -> None:
    assert match_rows([A, B, C], new) == matches


def test_a_number_tells_which_row_it_was() -> None:
    new = [{"kind": "test", "code": "Z", "text": "新", "to": "9-9"}, A]
    assert match_rows([A, B, C], new) == [None, 0]
    assert match_rows([A, B, C], new, [3, None]) == [2, 0]
    assert match_rows([A, B, C], new, [9, 1]) == [None, 0]
    assert match_rows([A, B], [{"unit": "g"}], [2]) == [None]  # another thing altogether


ROWS = st.lists(st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), min_size=1), max_size=8)


@given(ROWS, ROWS)
def test_no_row_is_two_and_equal_rows_are_found(old: list[dict[str, str]], new: list[dict[str, str]]) -> None:
    found = [match for match in match_rows(old, new) if match is not None]
    assert len(found) == len(set(found))
    equal = sum(
        min(old.count(row), new.count(row)) for row in {tuple(sorted(r.items())): r for r in old}.values()
    )
    assert (
        sum(
            match is not None and old[match] == row
            for match, row in zip(match_rows(old, new), new, strict=True)
        )
        == equal
    )


@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_sorting_changes_nothing(rows: tuple[list[dict[str, str]], list[dict[str, str]]]) -> None:
    old, new = rows
    assert all(
        match is not None and old[match] == row for match, row in zip(match_rows(old, new), new, strict=True)
    )
