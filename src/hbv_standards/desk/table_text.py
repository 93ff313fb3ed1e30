"""A table as it stands in its file, for tools that change some rows and leave every other byte alone."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hbv_standards.mapping.rows import MappingRow
from hbv_standards.mapping.tables import read_rows

Cells = Mapping[str, str]
"""A row by column; outer blanks are off and empty cells are absent, as the tables are read."""

MARK = "\ufeff"
_QUOTED = re.compile(r'[",\r\n]')


@dataclass(frozen=True, slots=True)
class Record:
    """One row: its cells and its text in the file, line end included; ``line`` as an editor counts."""

    line: int
    cells: Cells
    text: str


@dataclass(frozen=True, slots=True)
class TableText:
    """A table of a study folder. ``records`` leaves out the header and rows without content."""

    file: str
    model: type[MappingRow]
    header: tuple[str, ...]
    head: str
    newline: str
    records: tuple[Record, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the table may have: those of the file, then the others of its kind of row."""
        return (*self.header, *(name for name in list_columns(self.model) if name not in self.header))


def list_columns(model: type[MappingRow]) -> tuple[str, ...]:
    """The columns of a kind of table, in their order."""
    return tuple(name for name in model.model_fields if name != "row")


def read_table_text(folder: Path, file: str, model: type[MappingRow]) -> TableText:
    """A table with the text of each row; one without file is an empty table.

    Raises :class:`ConfigurationError` where the table cannot be read, naming row, value and cure.
    """
    path = folder / file
    if not path.is_file():
        header = list_columns(model)
        return TableText(file, model, header, write_record(header, "\n"), "\n", ())
    data = path.read_bytes()
    _, faults = read_rows(data, file, model)
    if faults:
        raise faults[0]
    mark, text = (MARK if data.startswith(codecs.BOM_UTF8) else ""), data.decode("utf-8-sig")
    newline = "\r\n" if "\r\n" in text.partition("\n")[0] + "\n" else "\n"
    (cells_of_head, head, _), *rest = split_records(text)
    names = tuple(name.strip() for name in cells_of_head)
    records = [
        Record(line, strip_cells(dict(zip(names, cells, strict=False))), raw) for cells, raw, line in rest
    ]
    return TableText(file, model, names, mark + head, newline, tuple(row for row in records if row.cells))


def split_records(text: str) -> list[tuple[list[str], str, int]]:
    """Cells, text and first line of each record of a sound CSV file."""
    lines = list(io.StringIO(text, newline=""))
    reader, found, begin = csv.reader(lines, strict=True), [], 0
    for cells in reader:
        found.append((cells, "".join(lines[begin : reader.line_num]), begin + 1))
        begin = reader.line_num
    return found


def strip_cells(cells: Mapping[str, str]) -> dict[str, str]:
    """Cells without outer blanks (non-breaking ones too), and without the empty ones."""
    return {name: cell.strip() for name, cell in cells.items() if cell.strip()}


def write_cells(row: MappingRow) -> dict[str, str]:
    """The cells of a hospital's row as its table holds them; a factor of 1 is left empty there."""
    values = {name: getattr(row, name) for name in list_columns(type(row))}
    known = {name: value for name, value in values.items() if value is not None}
    return {name: str(value) for name, value in known.items() if (name, value) != ("source_factor", 1)}


def write_record(cells: Sequence[str], newline: str) -> str:
    """One line of CSV, quoted only where it must be: also where a cell holds either half of a line end."""
    return ",".join(_quote(cell) for cell in cells) + newline


def _quote(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def compute_fingerprint(rows: Iterable[Cells]) -> str:
    """sha256 of what the rows say, whatever their order and the spelling of the CSV."""
    texts = sorted(json.dumps(sorted(row.items()), ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
