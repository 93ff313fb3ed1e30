"""A workbook that LibreOffice 7.4 saved: what nobody touched is as it was, what was typed is read or refused.

``typed_in_libreoffice.xlsx`` was made by ``study to-excel`` from :data:`FILES` (two sheets of it and ``_tables``
kept, drop-downs taken off) and opened in LibreOffice Calc. There rows were typed in below the last ones, as
text in ``clinic values``; in ``ward values`` into cells whose format had been set to General before.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from hbv_standards.desk.workbook_read import WorkbookEdits, read_workbook

from .tiny_study import VALUES, write_study

WORKBOOK = Path(__file__).with_name("typed_in_libreoffice.xlsx")
FILES = {
    "sites/clinic/values.csv": VALUES
    + 'LBSTRESC,,弱阳性,POSITIVE,,,proposed,"two\r\nlines"\n'
    + "LBSTRESC,,+,POSITIVE,,,,\n"
    + "LBSTRESC,,=1+1,POSITIVE,,,rejected,\n"
    + "LBSTRESC,,_X0041_,POSITIVE,,,rejected,&#13;\n"
    + 'LBSTRESC,,"one\rtwo",POSITIVE,,,rejected,@\n',
    "sites/ward/values.csv": VALUES + "LBSTRESC,,阴性,NEGATIVE,,,,\n",
}
TYPED = (
    "00123", "1742-6", "2024-01-01", "1/2", "1e5", "=1+1", "=A1", "+", "++", "-", "-5", "TRUE", "12345678901234567890",
    "6.30", "乙肝表面抗原", "@x", "#N/A", "5%", "12:30", "1,000",
)  # fmt: skip


@pytest.fixture(scope="module")
def edits(tmp_path_factory: pytest.TempPathFactory) -> WorkbookEdits:
    return read_workbook(WORKBOOK, write_study(tmp_path_factory.mktemp("study"), FILES))


def test_what_was_typed_as_text_is_read_as_typed(edits: WorkbookEdits) -> None:
    (change,) = edits.changes
    assert tuple(row.cells["source_text"] for row in change.added) == TYPED


def test_what_nobody_touched_is_as_it_was(edits: WorkbookEdits) -> None:
    """Line ends inside cells and signs that spreadsheets escape; one status was emptied."""
    (change,) = edits.changes
    assert [line for line in change.describe() if "new row" not in line] == [
        "sites/clinic/values.csv row 2: status 'proposed' → ''"
    ]
    lines = FILES["sites/clinic/values.csv"].replace(",proposed,", ",,")
    assert change.content.decode().startswith(lines)


def test_what_is_no_text_any_more_is_refused(edits: WorkbookEdits) -> None:
    cure = "; format the cells as Text and type what should stand there"
    assert list(edits.faults) == [
        f"sheet 'ward values' column 'source_text' holds {what}{cure}"
        for what in (
            "a number, not text: C3 (123), C5 (100000)",
            "a date, not text: C4 (2024-01-01), C11 (12:30:00)",
            "a formula: C6 (=1+1)",
            "a logical value, not text: C7 (TRUE)",
        )
    ]


def test_texts_that_look_like_formulas_are_texts() -> None:
    sheet = load_workbook(WORKBOOK)["clinic values"]
    looking = [cell for (cell,) in sheet["C1:C40"] if str(cell.value or "").startswith(("=", "+", "-", "@"))]
    assert len(looking) == 9
    assert {cell.data_type for cell in looking} == {"s"}
