"""One table as a sheet: everything is text, the header is frozen and explains itself, terms drop down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from hbv_standards.desk.table_text import TableText
from hbv_standards.desk.workbook_lists import DropDown, TermLists
from hbv_standards.errors import ConfigurationError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

FONT = "Calibri"
INK, PALE, LINE = "1F3B4D", "DCE6EC", "D5DDE2"
REQUIRED, OPTIONAL = "1F5C7A", "6C8CA0"
PROPOSED, WAITING, REJECTED = "FFF2CC", "F8CBAD", "E7E6E6"
_LAST_ROW = 1_048_576
_TEXT = "@"
_A4 = 9  # ECMA-376 18.3.1.63, paperSize
_NARROW, _WIDE = 11, 46
_LINE_HEIGHT = 13.5  # points, of 10 point text
_THIN = Border(bottom=Side(style="thin", color=LINE))
_PLAIN = Font(name=FONT, size=10)
_TOP, _TOP_WRAPPED = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]|_x[0-9A-Fa-f]{4}_")


def write_sheet(sheet: Worksheet, table: TableText, words: Mapping[str, str], terms: TermLists) -> None:
    """Fill a sheet with a table. Raises :class:`ConfigurationError` for text that no workbook can hold."""
    columns = table.columns
    for at, name in enumerate(columns, start=1):
        _write_header(
            sheet.cell(1, at),
            name,
            words.get(name, ""),
            required=table.model.model_fields[name].is_required(),
        )
    for number, record in enumerate(table.records, start=2):
        for at, name in enumerate(columns, start=1):
            cell = sheet.cell(number, at)
            write_text(cell, record.cells.get(name, ""), f"{table.file} row {record.line}: {name}")
            cell.font, cell.border, cell.number_format = _PLAIN, _THIN, _TEXT
    _shape_columns(sheet, table)
    _shape_window(sheet, len(columns), len(table.records))
    for at, name in enumerate(columns, start=1):
        found = terms.find_drop_down(table.model, name)
        if found is not None:
            _add_drop_down(sheet, at, found, columns)
    if "status" in columns:
        _colour_status(sheet, columns)


def write_text(cell: Cell | MergedCell, text: str, place: str) -> None:
    """Put text into a cell as text, whatever it looks like."""
    if _UNREADABLE.search(text):
        raise ConfigurationError(
            f"{place} {text!r} holds characters that a spreadsheet cannot keep; take them out", value=text
        )
    if text:
        cell.value = text.replace("\r", "_x000D_")
        cell.data_type = "s"  # "=1" and "#N/A" are texts of a hospital, not a formula and an error


def _write_header(cell: Cell | MergedCell, name: str, meaning: str, *, required: bool) -> None:
    cell.value = name
    cell.font = Font(name=FONT, size=11, bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", start_color=REQUIRED if required else OPTIONAL)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    text = f"{name}\n{meaning or 'see the README of the study folder'}" + (
        "\n(every row needs it)" if required else ""
    )
    note = Comment(text, "hbv-standards")
    note.width, note.height = 340, 60 + 18 * (len(text) // 46)
    cell.comment = note


def _shape_columns(sheet: Worksheet, table: TableText) -> None:
    """Widths by content; columns are text to their end, so that rows typed in below stay text too."""
    for at, name in enumerate(table.columns, start=1):
        longest = max((measure_width(record.cells.get(name, "")) for record in table.records), default=0)
        shape = sheet.column_dimensions[get_column_letter(at)]
        shape.width = min(max(longest + 2, len(name) + 5, _NARROW), _WIDE)
        shape.number_format = _TEXT
        place = _TOP_WRAPPED if longest > _WIDE else _TOP
        for number in range(2, len(table.records) + 2):
            sheet.cell(number, at).alignment = place
    for number, record in enumerate(table.records, start=2):
        lines = max(count_lines(text) for text in record.cells.values())
        if lines > 1:  # LibreOffice leaves a row without height at one line and writes the next over it
            sheet.row_dimensions[number].height = lines * _LINE_HEIGHT


def count_lines(text: str) -> int:
    """Lines that a text takes in the widest column."""
    return sum(max(1, -(-measure_width(line) // (_WIDE - 2))) for line in text.splitlines())


def measure_width(text: str) -> int:
    """Columns that a text takes: a Chinese character two."""
    return max(
        (sum(2 if ord(sign) > 0x2E7F else 1 for sign in line) for line in text.splitlines()), default=0
    )


def _shape_window(sheet: Worksheet, columns: int, rows: int) -> None:
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{max(rows + 1, 2)}"
    sheet.print_title_rows = "1:1"
    fit_to_page_width(sheet)


def fit_to_page_width(sheet: Worksheet) -> None:
    """Printed across A4, all columns on one page."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _add_drop_down(sheet: Worksheet, at: int, found: DropDown, columns: tuple[str, ...]) -> None:
    formula, other = f"list_{found.name}", found.depends_on
    if other is not None:
        begin, _, end = found.name.partition(f"{{{other}}}")
        place = f"${get_column_letter(columns.index(other) + 1)}2"
        rest = f'&"{end}"' if end else ""
        formula = f'INDIRECT("list_{begin}"&SUBSTITUTE({place}," ","_"){rest})'
    rule = DataValidation(type="list", formula1=formula, allow_blank=True)
    rule.errorStyle = "stop" if found.closed else "warning"
    rule.showErrorMessage = True
    rule.errorTitle = "Not in the list"
    rule.error = (
        "The list holds every term that is right here."
        if found.closed
        else "Not a listed term. A term of the sponsor's own is declared beside it, see the comment of the header."
    )
    letter = get_column_letter(at)
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(rule)


def _colour_status(sheet: Worksheet, columns: tuple[str, ...]) -> None:
    """What waits for a person is yellow or, without a proposal, orange; what was turned down is grey."""
    place, last = get_column_letter(columns.index("status") + 1), get_column_letter(len(columns))
    for status, colour in (("proposed", PROPOSED), ("open", WAITING), ("rejected", REJECTED)):
        fill = PatternFill("solid", start_color=colour, end_color=colour)
        rule = Rule(type="expression", dxf=DifferentialStyle(fill=fill), formula=[f'${place}2="{status}"'])
        sheet.conditional_formatting.add(f"A2:{last}{_LAST_ROW}", rule)
