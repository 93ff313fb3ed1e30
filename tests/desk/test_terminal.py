"""Tables for a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.desk.terminal import cut, make_visible, measure, write_table

TEXT = st.text(st.sampled_from("ab 白蛋，%"), max_size=20)


@pytest.mark.parametrize(("text", "columns"), [("ALT", 3), ("白蛋白", 6), ("％", 2), ("", 0), ("e\u0301", 1)])
def test_columns_of_a_text(text: str, columns: int) -> None:
    assert measure(text) == columns


def test_a_table() -> None:
    lines = list(write_table(("rows", "name"), [("12", "白蛋白"), ("3", "ALT")], 40))
    assert lines == ["rows  name", "────  ──────", "  12  白蛋白", "   3  ALT"]


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), max_size=5), st.integers(30, 90))
def test_no_line_is_wider_than_the_terminal(rows: list[tuple[str, str, str]], width: int) -> None:
    lines = list(write_table(("one", "two", "three"), rows, width))
    assert all(measure(line) <= width for line in lines)
    assert len(lines) == len(rows) + 2


def test_the_last_column_gives_way_first() -> None:
    rows = [("a" * 30, "b" * 40)]
    for width, line in (
        (52, f"{'a' * 30}  {'b' * 19}…"),
        (42, f"{'a' * 30}  {'b' * 9}…"),
        (32, f"{'a' * 19}…  {'b' * 9}…"),
    ):
        assert list(write_table(("text", "why"), rows, width, last_yields=True))[-1] == line


@given(TEXT, st.integers(1, 30))
def test_cut(text: str, width: int) -> None:
    assert measure(cut(text, width)) <= width
    assert cut(text, width) == text or cut(text, width).endswith("…")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\u202eb", "a\ufffdb"), ("\x1b[2J", "\ufffd[2J"), ("a\r\n\tb", "a b"), ("\ufeff白", "\ufffd白")],
)
def test_nothing_steers_the_terminal(text: str, shown: str) -> None:
    assert make_visible(text) == shown
    assert list(write_table(("one",), [(text,)], 40))[-1] == shown
