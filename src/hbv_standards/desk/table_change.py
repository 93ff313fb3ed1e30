"""What an edited table changes: told cell by cell, and written with every other byte as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hbv_standards.desk.table_match import match_rows
from hbv_standards.desk.table_text import MARK, Cells, Record, TableText, list_columns, write_record


@dataclass(frozen=True, slots=True)
class EditedRow:
    """A row as it was handed back; ``place`` is where, as people say it: ``sheet 'units' row 7``.

    ``number``: which record it was when it was handed out, from 1, where that is known.
    """

    cells: Cells
    place: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TableChange:
    """The difference between a table and its edited form.

    ``content`` is the file to write. ``places`` says of each line of it that was edited or added where
    it came from, for messages. ``moved``: the rows stand in another order; the table keeps its own.
    """

    table: TableText
    changed: tuple[tuple[Record, EditedRow], ...]
    added: tuple[EditedRow, ...]
    removed: tuple[Record, ...]
    moved: bool
    content: bytes
    places: dict[int, str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.added or self.removed)

    def describe(self) -> Iterator[str]:
        """Lines for people: which cell was what and is what, which rows came and went."""
        file, columns = self.table.file, self.table.columns
        for record, row in self.changed:
            for name in columns:
                old, new = record.cells.get(name, ""), row.cells.get(name, "")
                if old != new:
                    yield f"{file} row {record.line}: {name} {old!r} → {new!r}"
        for row in self.added:
            yield f"{file} new row ({row.place}): {_phrase_row(row.cells, columns)}"
        for record in self.removed:
            yield f"{file} row {record.line} removed: {_phrase_row(record.cells, columns)}"
        if self.moved:
            yield f"{file}: the rows stand in another order; the table keeps its own"


def _phrase_row(cells: Cells, columns: Sequence[str]) -> str:
    return ", ".join(f"{name} {cells[name]!r}" for name in columns if name in cells)


def compute_change(table: TableText, rows: Sequence[EditedRow]) -> TableChange:
    """Compare a table with its edited rows. Added rows go below the row that they follow."""
    old = [record.cells for record in table.records]
    matches = match_rows(old, [row.cells for row in rows], [row.number for row in rows])
    kept = {match: row for match, row in zip(matches, rows, strict=True) if match is not None}
    followers: dict[int, list[EditedRow]] = {}
    before = -1
    for match, row in zip(matches, rows, strict=True):
        if match is None:
            followers.setdefault(before, []).append(row)
        else:
            before = match
    header = _extend_header(table, rows)
    content, places = _write_rows(table, header, kept, followers)
    order = [match for match in matches if match is not None]
    changed = [(record, kept[at]) for at, record in enumerate(table.records) if at in kept]
    return TableChange(
        table=table,
        changed=tuple((record, row) for record, row in changed if row.cells != record.cells),
        added=tuple(row for row, match in zip(rows, matches, strict=True) if match is None),
        removed=tuple(record for at, record in enumerate(table.records) if at not in kept),
        moved=any(one > other for one, other in pairwise(order)),
        content=content,
        places=places,
    )


def _extend_header(table: TableText, rows: Sequence[EditedRow]) -> tuple[str, ...]:
    """The file's columns, and those that it had not and that now hold something."""
    used = {name for row in rows for name in row.cells}
    known = list_columns(table.model)
    if [name for name in known if name in table.header] == list(table.header):
        return tuple(name for name in known if name in table.header or name in used)
    return (*table.header, *(name for name in known if name in used and name not in table.header))


def _write_rows(
    table: TableText,
    header: tuple[str, ...],
    kept: dict[int, EditedRow],
    followers: dict[int, list[EditedRow]],
) -> tuple[bytes, dict[int, str]]:
    same = header == table.header
    mark = MARK if table.head.startswith(MARK) else ""
    parts = [_end_line(table.head, table.newline) if same else mark + write_record(header, table.newline)]
    places: dict[int, str] = {}
    line = 1 + parts[0].count("\n")

    def put(text: str, place: str | None) -> None:
        nonlocal line
        if place is not None:
            places[line] = place
        parts.append(text)
        line += text.count("\n")

    for at in range(-1, len(table.records)):
        if at in kept:
            record, row = table.records[at], kept[at]
            if same and row.cells == record.cells:
                put(_end_line(record.text, table.newline), row.place)
            else:
                put(_write_row(row.cells, header, table.newline), row.place)
        for row in followers.get(at, ()):
            put(_write_row(row.cells, header, table.newline), row.place)
    return "".join(parts).encode(), places


def _write_row(cells: Cells, header: tuple[str, ...], newline: str) -> str:
    return write_record([cells.get(name, "") for name in header], newline)


def _end_line(text: str, newline: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + newline
