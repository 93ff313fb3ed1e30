"""A guide as PDF with contents, bookmarks and page numbers.

The base fonts of PDF are used, which every reader has; so the text must be ASCII, see
:func:`hbv_standards.export.guide.content.conform_guide`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, VAlign, XPos, YPos
from fpdf.fonts import FontFace
from fpdf.outline import OutlineSection

from hbv_standards.export.guide.content import (
    Block,
    Bullets,
    Guide,
    NumberedSection,
    Paragraph,
    Table,
    number_sections,
)

PAPER = {"fda": "letter", "nmpa": "a4"}

_DEEP, _TINT, _SOFT, _INK = (23, 69, 111), (243, 246, 249), (91, 107, 124), (29, 39, 51)
_HEADING_SIZES = {1: 17, 2: 13, 3: 11}
_MARGIN = 18.0  # mm
_LINES_OF_CONTENTS = 42
_PADDING = 2.0  # mm left and right of a cell
_GAP = 2 * _PADDING + 0.8  # mm that a cell needs beside its text
_TABLE_SIZE = 8

Measure = Callable[[str], float]
"""Width of a text in mm."""


class _GuidePdf(FPDF):
    """Pages with the guide's title above and the page number below."""

    guide_title = ""

    def header(self) -> None:
        """Running title, on all pages but the first."""
        if self.page_no() == 1:
            return
        self.set_font("helvetica", size=8)
        self.set_text_color(*_SOFT)
        self.cell(0, 5, self.guide_title, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_draw_color(*_SOFT)
        self.line(self.l_margin, self.get_y() + 1, self.w - self.r_margin, self.get_y() + 1)
        self.ln(5)

    def footer(self) -> None:
        """Page number and number of pages."""
        self.set_y(-13)
        self.set_font("helvetica", size=8)
        self.set_text_color(*_SOFT)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")


def render_pdf(guide: Guide, *, created: datetime, paper: str = "letter") -> bytes:
    """The document; its bytes depend on the guide, ``created`` (UTC) and ``paper`` alone."""
    pdf = _GuidePdf(format=paper)
    pdf.guide_title = guide.title
    pdf.set_creation_date(created.replace(tzinfo=UTC))
    pdf.set_title(guide.title)
    pdf.set_lang("en")
    pdf.set_margin(_MARGIN)
    pdf.set_auto_page_break(auto=True, margin=_MARGIN)
    sections = list(number_sections(guide.sections))
    _draw_title(pdf, guide)
    pages = -(-len(sections) // _LINES_OF_CONTENTS)
    pdf.insert_toc_placeholder(_draw_contents, pages=pages, allow_extra_pages=True)
    for place, numbered in enumerate(sections):
        if numbered.level == 1 and place:
            pdf.add_page()
        _draw_section(pdf, numbered)
    return bytes(pdf.output())


def _draw_title(pdf: FPDF, guide: Guide) -> None:
    pdf.add_page()
    pdf.set_y(62)
    pdf.set_text_color(*_DEEP)
    pdf.set_font("helvetica", "B", 24)
    pdf.multi_cell(0, 11, guide.title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_draw_color(*_DEEP)
    pdf.set_line_width(0.8)
    pdf.line(pdf.l_margin, pdf.get_y() + 4, pdf.w - pdf.r_margin, pdf.get_y() + 4)
    pdf.set_line_width(0.2)
    pdf.ln(14)
    for name, value in guide.facts:
        _draw_fact(pdf, name, value)
    pdf.add_page()


def _draw_fact(pdf: FPDF, name: str, value: str) -> None:
    pdf.set_font("helvetica", size=11)
    pdf.set_text_color(*_SOFT)
    pdf.cell(52, 7, name)
    pdf.set_text_color(*_INK)
    pdf.multi_cell(0, 7, value, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _draw_contents(pdf: FPDF, outline: list[OutlineSection]) -> None:
    """Table of contents with links."""
    pdf.set_font("helvetica", "B", 17)
    pdf.set_text_color(*_DEEP)
    pdf.set_x(pdf.l_margin)
    pdf.cell(0, 12, "Contents", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_text_color(*_INK)
    for entry in outline:
        pdf.set_font("helvetica", "B" if entry.level == 0 else "", 9.5)
        link = pdf.add_link(page=entry.page_number)
        indent = 6.0 * entry.level
        pdf.set_x(pdf.l_margin + indent)
        pdf.cell(pdf.epw - indent - 14, 5.4, entry.name, link=link)
        pdf.cell(14, 5.4, str(entry.page_number), align="R", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _draw_section(pdf: FPDF, numbered: NumberedSection) -> None:
    size = _HEADING_SIZES[numbered.level]
    if pdf.will_page_break(size + 26):  # a heading stays with the lines that follow it
        pdf.add_page()
    pdf.ln(3 if numbered.level > 1 else 0)
    pdf.start_section(numbered.heading, level=numbered.level - 1)
    pdf.set_font("helvetica", "B", size)
    pdf.set_text_color(*_DEEP)
    pdf.multi_cell(0, size * 0.5, numbered.heading, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(2)
    for block in numbered.section.blocks:
        _draw_block(pdf, block)


def _draw_block(pdf: FPDF, block: Block) -> None:
    pdf.set_font("helvetica", size=9.5)
    pdf.set_text_color(*_INK)
    match block:
        case Paragraph(text):
            pdf.multi_cell(0, 4.8, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            pdf.ln(2)
        case Bullets(items):
            for item in items:
                pdf.cell(5, 4.8, "-")
                pdf.multi_cell(0, 4.8, item, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
                pdf.ln(1)
            pdf.ln(1)
        case Table():
            _draw_table(pdf, block)


def _draw_table(pdf: FPDF, table: Table) -> None:
    pdf.set_font("helvetica", "B", 9)
    if pdf.will_page_break(24):  # a title stays with its table
        pdf.add_page()
    pdf.multi_cell(0, 5.5, table.title, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_font("helvetica", "B", size=_TABLE_SIZE)
    widths = compute_widths(table, pdf.epw, pdf.get_string_width)
    pdf.set_font("helvetica", size=_TABLE_SIZE)
    pdf.set_draw_color(213, 221, 229)
    with pdf.table(
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        cell_fill_color=_TINT,
        cell_fill_mode=TableCellFillMode.EVEN_ROWS,
        col_widths=widths,
        headings_style=FontFace(emphasis="BOLD", color=(255, 255, 255), fill_color=_DEEP),
        line_height=4.2,
        padding=(1, _PADDING),
        text_align=tuple("RIGHT" if numeric else "LEFT" for numeric in table.list_numeric()),
        v_align=VAlign.T,
        width=pdf.epw,
    ) as drawn:
        for cells in (table.header, *table.rows):
            drawn.row(cells)
    pdf.ln(4)


def compute_widths(table: Table, width: float, measure: Measure) -> tuple[float, ...]:
    """Widths of the columns, ``width`` in all: every word whole, the rest to those whose cells must wrap.

    ``measure`` is the width of a text in bold.
    """
    columns = list(zip(table.header, *table.rows, strict=True))
    words = [max(measure(word) for cell in cells for word in cell.split() or [""]) for cells in columns]
    least = [min(word, width / 2) + _GAP for word in words]
    wanted = [max(measure(cell) for cell in cells) + _GAP for cells in columns]
    if sum(wanted) <= width:
        return tuple(want * width / sum(wanted) for want in wanted)
    spare = width - sum(least)
    if spare <= 0:
        return tuple(few * width / sum(least) for few in least)
    lacking = [math.sqrt(max(want - few, 0.0)) for want, few in zip(wanted, least, strict=True)]
    return tuple(few + spare * lack / sum(lacking) for few, lack in zip(least, lacking, strict=True))
