"""The first sheet of the workbook: what this is, how to work with it, and where every table is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.hyperlink import Hyperlink

from hbv_standards.desk.table_text import TableText
from hbv_standards.desk.table_words import read_table_words
from hbv_standards.desk.workbook_sheet import (
    FONT,
    INK,
    LINE,
    OPTIONAL,
    PALE,
    PROPOSED,
    REJECTED,
    REQUIRED,
    WAITING,
    fit_to_page_width,
    write_text,
)
from hbv_standards.study import StudyConfig

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_STEPS = (
    (
        "Change cells, add rows below the last one, delete whole rows. "
        "Sort and filter as you like: the order does not count.",
        "修改单元格、在末行之后添加行、删除整行均可；可以任意排序和筛选，行序不影响结果。",
    ),
    (
        "Where an arrow appears beside a cell, choose from the list. A header's comment says what its column means.",
        "单元格旁出现箭头时，请从列表中选择；列标题的批注说明该列的含义。",
    ),
    (
        "Every cell is text. Keep it so (Format Cells > Text) and use no formulas: 1742-6 must not become a date.",
        "所有单元格均为文本格式，请保持不变（设置单元格格式 > 文本），勿使用公式，以免 1742-6 之类的代码被改成日期。",
    ),
    (
        "A yellow row is a proposal, an orange one is open: neither is used. Complete it, then set its status to "
        "accepted or rejected.",
        "黄色行是建议，橙色行尚无建议，均未启用；补全后请将 status 改为 accepted（接受）或 rejected（拒绝）。",
    ),
    (
        "Leave sheets, their names and their columns as they are. Notes belong in the column note.",
        "请勿增删或重命名工作表和列；备注请写入 note 列。",
    ),
    (
        "Save as .xlsx, then run:  hbv-standards study from-excel FILE.xlsx mappings --dry-run  to see what changes; "
        "without --dry-run it is written; mappings is the study folder.",
        "保存为 .xlsx，然后运行 hbv-standards study from-excel FILE.xlsx mappings --dry-run 查看改动；"
        "去掉 --dry-run 后写入（mappings 为研究文件夹）。",
    ),
)
_COLOURS = (
    (REQUIRED, "FFFFFF", "column that every row needs 必填列"),
    (OPTIONAL, "FFFFFF", "optional column 选填列"),
    (PROPOSED, INK, "proposed: waits for a person 建议，待确认"),
    (WAITING, INK, "open: no proposal yet 尚无建议，待填写"),
    (REJECTED, INK, "rejected: kept, never used 已拒绝，保留但不使用"),
)
_HEADER = (
    "Sheet 工作表",
    "Table in the study folder 文件",
    "One row says 每行的含义",
    "Rows 行数",
    "Waiting 待确认",
)


def write_guide(sheet: Worksheet, study: StudyConfig, tables: Sequence[tuple[str, TableText]]) -> None:
    """Fill the first sheet; ``tables`` are sheet names with their tables, in the order of the sheets."""
    for letter, width in zip("ABCDEF", (2, 30, 40, 62, 12, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    fit_to_page_width(sheet)
    _write_title(sheet, study)
    row = _write_steps(sheet, 6)
    row = _write_colours(sheet, row + 1)
    _write_contents(sheet, row + 1, tables)


def _write_title(sheet: Worksheet, study: StudyConfig) -> None:
    lines = (
        (2, f"{study.studyid}: mapping tables 映射表", Font(name=FONT, size=20, bold=True, color=INK)),
        (3, " ".join(study.title.split()), Font(name=FONT, size=11, italic=True, color=OPTIONAL)),
        (
            4,
            f"Terms are those of SDTM CT {study.sdtm.terminology}. 术语版本见此。",
            Font(name=FONT, size=10, color=OPTIONAL),
        ),
    )
    for row, text, font in lines:
        cell = sheet.cell(row, 2)
        write_text(cell, text, "study.yaml: title")
        cell.font, cell.alignment = font, Alignment(vertical="center", wrap_text=row == 3)
        if row == 3:
            sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    sheet.row_dimensions[2].height = 32
    sheet.row_dimensions[3].height = 32


def _write_steps(sheet: Worksheet, row: int) -> int:
    _write_heading(sheet, row, "How to work with it 使用方法")
    for number, (english, chinese) in enumerate(_STEPS, start=1):
        at = row + number
        cell = sheet.cell(at, 2, f"{number}.  {english}\n      {chinese}")
        cell.font, cell.alignment = (
            Font(name=FONT, size=11, color=INK),
            Alignment(vertical="center", wrap_text=True),
        )
        sheet.merge_cells(start_row=at, start_column=2, end_row=at, end_column=6)
        sheet.row_dimensions[at].height = 36
    return row + len(_STEPS) + 1


def _write_colours(sheet: Worksheet, row: int) -> int:
    _write_heading(sheet, row, "Colours 颜色")
    for number, (fill, ink, text) in enumerate(_COLOURS, start=1):
        cell = sheet.cell(row + number, 2, text)
        cell.fill = PatternFill("solid", start_color=fill)
        cell.font = Font(name=FONT, size=10, color=ink)
        sheet.merge_cells(start_row=row + number, start_column=2, end_row=row + number, end_column=3)
    return row + len(_COLOURS) + 1


def _write_contents(sheet: Worksheet, row: int, tables: Sequence[tuple[str, TableText]]) -> None:
    _write_heading(sheet, row, "Tables 目录")
    under = Border(bottom=Side(style="thin", color=LINE))
    for at, text in enumerate(_HEADER, start=2):
        cell = sheet.cell(row + 1, at, text)
        cell.font, cell.fill = (
            Font(name=FONT, size=11, bold=True, color=INK),
            PatternFill("solid", start_color=PALE),
        )
    for number, (name, table) in enumerate(tables, start=row + 2):
        proposed = sum(
            record.cells.get("status", "").casefold() in ("proposed", "open") for record in table.records
        )
        says = read_table_words(table.file).row
        for at, value in enumerate((name, table.file, says, len(table.records), proposed or None), start=2):
            place = sheet.cell(number, at)
            if isinstance(value, str):
                write_text(place, value, table.file)
            else:
                place.value = value
            place.font, place.border = Font(name=FONT, size=10, color=INK), under
            place.alignment = Alignment(vertical="center", wrap_text=at == 4)
        if proposed:
            sheet.cell(number, 6).fill = PatternFill("solid", start_color=PROPOSED)
        link = sheet.cell(number, 2)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!A1")
        link.font = Font(name=FONT, size=10, color=REQUIRED, underline="single")


def _write_heading(sheet: Worksheet, row: int, text: str) -> None:
    cell = sheet.cell(row, 2, text)
    cell.font = Font(name=FONT, size=13, bold=True, color=REQUIRED)
    for at in range(2, 7):
        sheet.cell(row, at).border = Border(bottom=Side(style="medium", color=REQUIRED))
    sheet.row_dimensions[row].height = 24
