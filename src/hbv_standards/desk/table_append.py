"""Rows written below the last one of a table: what stands in its file stays, byte by byte."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hbv_standards.desk.table_change import EditedRow, TableChange
from hbv_standards.desk.table_text import (
    MARK,
    Cells,
    list_columns,
    read_table_text,
    split_records,
    write_record,
)
from hbv_standards.mapping.rows import MappingRow

_ENDS = ("\n", "\r")


def append_rows(
    folder: Path, file: str, model: type[MappingRow], rows: Sequence[Cells], place: str
) -> TableChange:
    """The table with rows below its last one; ``place`` says in messages where they come from.

    A column that the rows need and the file has not is added as its last one: then each line that is
    there gets an empty cell at its end, and nothing else. A table without file is made.
    """
    table = read_table_text(folder, file, model)
    path = folder / file
    text = path.read_bytes().decode("utf-8") if path.is_file() else table.head
    mark, text = (MARK, text[1:]) if text.startswith(MARK) else ("", text)
    used = {name for row in rows for name in row}
    further = [name for name in list_columns(model) if name in used and name not in table.header]
    before = "".join(_widen(text, further)) if further else text
    before += "" if before.endswith(_ENDS) else table.newline
    header = (*table.header, *further)
    lines = [write_record([row.get(name, "") for name in header], table.newline) for row in rows]
    edited = tuple(EditedRow(row, place) for row in rows)
    return TableChange(
        table=table,
        changed=(),
        added=edited,
        removed=(),
        moved=False,
        content=(mark + before + "".join(lines)).encode(),
        places=dict.fromkeys(_list_begins(before, lines), place),
    )


def list_further_columns(change: TableChange) -> list[str]:
    """The columns that the changed table has and its file had not."""
    used = {name for row in change.added for name in row.cells}
    return [
        name for name in list_columns(change.table.model) if name in used and name not in change.table.header
    ]


def _widen(text: str, further: Sequence[str]) -> Iterator[str]:
    """Every line of a file with further columns at its end; one without any cell is left as it is."""
    ends = [",".join(["", *further]), "," * len(further)]
    for at, (cells, raw, _) in enumerate(split_records(text)):
        body = raw.rstrip("".join(_ENDS)) if cells else raw
        yield f"{body}{ends[min(at, 1)] if cells else ''}{raw[len(body) :]}"


def _list_begins(before: str, lines: Sequence[str]) -> Iterator[int]:
    """Number of the line at which each added row begins, as an editor counts."""
    line = 1 + before.count("\n")
    for text in lines:
        yield line
        line += text.count("\n")
