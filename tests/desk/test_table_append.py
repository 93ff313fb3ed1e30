"""Rows below the last one: every byte that was there is there still."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.desk.table_append import append_rows, list_further_columns
from hbv_standards.desk.table_change import TableChange
from hbv_standards.mapping.rows import UnitRow
from hbv_standards.mapping.tables import read_rows

NEW = {"source_text": "kg", "unit_value": "?"}
WAITING = {**NEW, "status": "open", "note": "a, b"}


def append(folder: Path, text: str | None, *rows: dict[str, str]) -> TableChange:
    if text is not None:
        (folder / "units.csv").write_bytes(text.encode())
    return append_rows(folder, "units.csv", UnitRow, rows, "seen")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("source_text,unit_value\nmg,mg\n", "source_text,unit_value\nmg,mg\nkg,?\n"),
        ("source_text,unit_value\nmg,mg", "source_text,unit_value\nmg,mg\nkg,?\n"),
        ('source_text,unit_value\r\n"mg",mg \r\n', 'source_text,unit_value\r\n"mg",mg \r\nkg,?\r\n'),
        ("unit_value,source_text\n\nmg,mg\n,\n\n", "unit_value,source_text\n\nmg,mg\n,\n\n?,kg\n"),
        ("\ufeffsource_text,unit_value\nmg,mg\n", "\ufeffsource_text,unit_value\nmg,mg\nkg,?\n"),
        ("source_text,unit_value,note\n", "source_text,unit_value,note\nkg,?,\n"),
    ],
)
def test_bytes_that_were_there_stay(tmp_path: Path, before: str, after: str) -> None:
    change = append(tmp_path, before, NEW)
    assert change.content.decode() == after
    assert list_further_columns(change) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("source_text,unit_value\nmg,mg\n", "source_text,unit_value,status,note\nmg,mg,,\nkg,?,open,\"a, b\"\n"),
        ("unit_value,source_text\nmg,mg", "unit_value,source_text,status,note\nmg,mg,,\n?,kg,open,\"a, b\"\n"),
        ('\ufeffsource_text,unit_value,note\r\n\r\n"a\nb",mg,"x, ""y"""\r\n',
         '\ufeffsource_text,unit_value,note,status\r\n\r\n"a\nb",mg,"x, ""y""",\r\nkg,?,"a, b",open\r\n'),
    ],
)  # fmt: skip
def test_a_column_that_the_file_has_not(tmp_path: Path, before: str, after: str) -> None:
    change = append(tmp_path, before, WAITING)
    assert change.content.decode() == after
    assert list_further_columns(change) == [name for name in ("status", "note") if name not in before]


def test_a_table_without_file_is_made(tmp_path: Path) -> None:
    lines = append(tmp_path, None, NEW).content.decode().splitlines()
    assert lines == [
        "source_text,concept_id,ucum,unit_value,extension,source_factor,status,note",
        "kg,,,?,,,,",
    ]


def test_places_are_the_lines_at_which_rows_begin(tmp_path: Path) -> None:
    change = append(tmp_path, 'source_text,unit_value\n"a\nb",mg', {**NEW, "source_text": "c\nd"}, NEW)
    assert change.places == {4: "seen", 6: "seen"}
    assert [line.split(":")[0] for line in change.describe()] == ["units.csv new row (seen)"] * 2


CELL = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=6
).filter(str.strip)


@given(
    old=st.lists(st.tuples(CELL, CELL), max_size=4),
    new=st.lists(st.fixed_dictionaries({"source_text": CELL, "unit_value": CELL, "note": CELL}), max_size=3),
)
def test_what_is_read_is_what_was_there_and_what_was_added(
    tmp_path_factory: pytest.TempPathFactory, old: list[tuple[str, str]], new: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("table")
    made = io.StringIO()
    csv.writer(made, quoting=csv.QUOTE_ALL).writerows([("source_text", "unit_value"), *old])
    (folder / "units.csv").write_bytes(made.getvalue().encode())
    sound, _ = read_rows(made.getvalue().encode(), "units.csv", UnitRow)
    content = append_rows(folder, "units.csv", UnitRow, new, "seen").content
    again, faults = read_rows(content, "units.csv", UnitRow)
    assert faults == []
    assert again[: len(sound)] == sound
    assert [(row.source_text, row.unit_value, row.note) for row in again[len(old) :]] == [
        (row["source_text"].strip(), row["unit_value"].strip(), row["note"].strip()) for row in new
    ]
