"""Cells of a spreadsheet as text, and the cells that are no text any more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import get_column_letter

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SheetCell = Cell | MergedCell | ReadOnlyCell

_CURE = "format the cells as Text and type what should stand there"
_KINDS = {
    "formula": "a formula",
    "number": "a number, not text",
    "date": "a date, not text",
    "boolean": "a logical value, not text",
    "error": "an error of the spreadsheet",
}
_SHOWN = 5


def read_text(cell: SheetCell) -> str:
    """The text of a cell; a carriage return is what Excel writes for it, ``_x000D_``."""
    value = cell.value
    return value.replace("_x000D_", "\r") if isinstance(value, str) else ""


def find_end(sheet: Worksheet) -> tuple[int, int]:
    """The last row and the last column with content: a format reaches to the end of a sheet, at a million rows."""
    cells = sheet._cells  # those that the file has; asking by number would make those that it has not
    filled = [place for place, cell in cells.items() if cell.value is not None and str(cell.value).strip()]
    return max((row for row, _ in filled), default=1), max((column for _, column in filled), default=1)


def find_fault_kind(cell: SheetCell) -> str | None:
    """Why a cell is no text: formula, number, date, boolean or error; ``None`` for text and empty cells."""
    if cell.value is None:
        return None
    if cell.is_date:
        return "date"
    return {"f": "formula", "n": "number", "d": "date", "b": "boolean", "e": "error"}.get(str(cell.data_type))


def list_cell_faults(sheet: Worksheet, header: Mapping[int, str]) -> Iterator[str]:
    """One message for each column and kind of fault, with the first cells: what became of a code is not guessed."""
    last, _ = find_end(sheet)
    for at, name in header.items():
        found: dict[str, list[str]] = {}
        for number in range(2, last + 1):
            cell = sheet.cell(number, at)
            kind = find_fault_kind(cell)
            if kind is not None:
                found.setdefault(kind, []).append(f"{get_column_letter(at)}{number} {_phrase_value(cell)}")
        for kind, places in found.items():
            more = f" and {len(places) - _SHOWN} more" if len(places) > _SHOWN else ""
            shown = ", ".join(places[:_SHOWN])
            yield f"sheet {sheet.title!r} column {name!r} holds {_KINDS[kind]}: {shown}{more}; {_CURE}"


def _phrase_value(cell: SheetCell) -> str:
    """The value as a spreadsheet shows it: TRUE, and a day without its midnight."""
    value = str(cell.value)
    return f"({value.upper() if isinstance(cell.value, bool) else value.removesuffix(' 00:00:00')})"
