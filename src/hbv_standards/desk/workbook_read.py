"""An edited workbook back into tables: read as text, refused where a spreadsheet changed what was written."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from hbv_standards.desk.sheet_cells import find_end, find_fault_kind, list_cell_faults, read_text
from hbv_standards.desk.table_change import EditedRow, TableChange, compute_change
from hbv_standards.desk.table_text import (
    Cells,
    TableText,
    compute_fingerprint,
    list_columns,
    read_table_text,
    strip_cells,
)
from hbv_standards.desk.workbook_names import GUIDE, LISTS, TABLES, TABLES_HEADER
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.table_models import find_model
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import read_study

if TYPE_CHECKING:
    from openpyxl import Workbook


@dataclass(frozen=True, slots=True)
class WorkbookEdits:
    """What a workbook changes, and what keeps it from being read; where there are faults nothing is written."""

    changes: tuple[TableChange, ...]
    faults: tuple[str, ...]


def read_workbook(path: Path, folder: Path) -> WorkbookEdits:
    """Compare a workbook of ``study to-excel`` with the study folder.

    A table whose sheet is as it was when the workbook was made is left alone, whatever has become of
    its file since; one that was edited on both sides is a fault, for one edit would undo the other.

    Raises :class:`ConfigurationError` for a file that is no such workbook.
    """
    book = _open_workbook(path)
    places = _read_places(book, path)
    study = read_study(folder).studyid
    if places.pop("", ("", ""))[0] != study:
        raise ConfigurationError(
            f"{path} is of another study than {folder}; name its folder", value=str(path)
        )
    faults = list(_check_sheets(book, places))
    changes: list[TableChange] = []
    for name, (file, fingerprint) in places.items():
        sheet = _find_sheet(book, name)
        if sheet is not None:
            change, wrong = _read_sheet(sheet, folder, file, fingerprint)
            faults += wrong
            changes += [change] if change else []
    return WorkbookEdits(tuple(changes), tuple(faults))


def _open_workbook(path: Path) -> Workbook:
    try:
        return load_workbook(path)
    except FileNotFoundError as error:
        raise ConfigurationError(f"{path} does not exist; name the workbook", value=str(path)) from error
    except (
        IsADirectoryError,
        InvalidFileException,
        zipfile.BadZipFile,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        SyntaxError,  # of XML, by whichever reader openpyxl has
        EOFError,
        zlib.error,
    ) as error:
        cure = "save it as Excel workbook (.xlsx), without a password"
        raise ConfigurationError(f"{path} is no Excel workbook; {cure}", value=str(path)) from error


def _find_sheet(book: Workbook, name: str) -> Worksheet | None:
    found = book[name] if name in book.sheetnames else None
    return found if isinstance(found, Worksheet) else None


def _read_places(book: Workbook, path: Path) -> dict[str, tuple[str, str]]:
    """Sheet → table and its fingerprint; the study's id stands under the empty name."""
    sheet = _find_sheet(book, TABLES)
    rows = list(sheet.iter_rows(values_only=True)) if sheet is not None else [()]
    if tuple(rows[0]) != TABLES_HEADER:
        cure = "make one with `study to-excel`, and keep its hidden sheets"
        raise ConfigurationError(f"{path} is no workbook of mapping tables; {cure}", value=str(path))
    texts = ([str(cell or "") for cell in row] for row in rows[1:])
    return {name: (file, fingerprint) for name, file, fingerprint in texts}


def _check_sheets(book: Workbook, places: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    missing = [name for name in places if name not in book.sheetnames]
    for name in book.sheetnames:
        if name not in (*places, GUIDE, TABLES, LISTS):
            near = phrase_nearest(name, missing) or (
                f"; is it {' or '.join(map(repr, missing))}?" if missing else ""
            )
            yield f"sheet {name!r} is no table of this workbook{near or '; delete it'}" + (
                " Give it its name back" if missing else ""
            )
    for name in missing:
        yield f"sheet {name!r} is missing; a table is not deleted so: delete its rows, or make the workbook again"


def _read_sheet(
    sheet: Worksheet, folder: Path, file: str, fingerprint: str
) -> tuple[TableChange | None, list[str]]:
    model = find_model(file)
    if model is None:
        return None, [f"sheet {sheet.title!r}: {file} is no mapping table; make the workbook again"]
    table = read_table_text(folder, file, model)
    header, faults = _read_header(sheet, table)
    if faults:
        return None, faults
    broken = _list_broken(table)
    rows = [
        EditedRow(_mend_line_ends(cells, broken), f"sheet {sheet.title!r} row {number}")
        for number, cells in _read_rows(sheet, header)
        if cells
    ]
    faults = list(list_cell_faults(sheet, header))
    if faults:
        return None, faults
    edited = compute_fingerprint(row.cells for row in rows)
    current = compute_fingerprint(record.cells for record in table.records)
    if edited in (fingerprint, current):
        return None, []
    if current != fingerprint:
        cure = "make the workbook again and repeat the edit there"
        return None, [f"sheet {sheet.title!r}: {file} was changed since the workbook was made; {cure}"]
    return compute_change(table, rows), []


def _list_broken(table: TableText) -> dict[tuple[str, str], str]:
    """(column, text with plain line ends) → the text, for cells that hold CR LF and for no other of that text."""
    cells = {item for record in table.records for item in record.cells.items()}
    broken = {(name, text.replace("\r\n", "\n")): text for name, text in sorted(cells) if "\r\n" in text}
    return {key: text for key, text in broken.items() if key not in cells}


def _mend_line_ends(cells: Cells, broken: Mapping[tuple[str, str], str]) -> Cells:
    """LibreOffice writes one line feed for the CR LF inside a cell that nobody touched."""
    return {name: broken.get((name, text), text) for name, text in cells.items()}


def _read_header(sheet: Worksheet, table: TableText) -> tuple[dict[int, str], list[str]]:
    """Column number → column of the table, and what is wrong with the header."""
    known, title = list_columns(table.model), sheet.title
    header: dict[int, str] = {}
    faults = []
    last_row, last_column = find_end(sheet)
    for at in range(1, last_column + 1):
        value, place = sheet.cell(1, at).value, f"sheet {title!r} column {get_column_letter(at)}"
        name = value.strip() if isinstance(value, str) else "" if value is None else str(value)
        if not name and any(sheet.cell(row, at).value is not None for row in range(2, last_row + 1)):
            faults.append(f"{place} has no header; write its name in row 1, or delete the column")
        elif name in header.values():
            faults.append(f"{place}: {name!r} occurs twice; delete one of the columns")
        elif name and name not in known:
            near = phrase_nearest(name, [column for column in known if column not in header.values()])
            faults.append(
                f"{place}: {name!r} is no column of {table.file}{near}; delete it, or give it its name back"
            )
        elif name:
            header[at] = name
    used = {column for record in table.records for column in record.cells}
    needed = [name for name in known if name in used or table.model.model_fields[name].is_required()]
    gone = [name for name in needed if name not in header.values()]
    faults += [
        f"sheet {title!r}: column {name!r} is missing; put it back, its cells hold data" for name in gone
    ]
    return header, faults


def _read_rows(sheet: Worksheet, header: Mapping[int, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for number in range(2, find_end(sheet)[0] + 1):
        cells = {name: sheet.cell(number, at) for at, name in header.items()}
        yield (
            number,
            strip_cells(
                {name: read_text(cell) for name, cell in cells.items() if find_fault_kind(cell) is None}
            ),
        )
