"""Workbooks back into tables: nothing edited, edited, and mistreated by a spreadsheet."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from hbv_standards.desk.save_tables import check_changes, write_changes
from hbv_standards.desk.table_text import compute_fingerprint
from hbv_standards.desk.workbook_names import LISTS
from hbv_standards.desk.workbook_read import WorkbookEdits, read_workbook
from hbv_standards.desk.workbook_write import write_workbook
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings

from .shipped import make_shipped_workbook
from .tiny_study import CODES, FILES, read_all, write_study

CODE_ROWS = (
    "test,http://clinic.example/lab,A1,谷丙转氨酶,,LOINC,1742-6,,accepted,\n"
    "test,http://clinic.example/lab,A2,肌酐,,LOINC,2160-0,,accepted,\n"
    'test,http://clinic.example/lab,0012,=1+1,,NOT COLLECTED,,,proposed,"a\r\nb, ""c"""\n'
)
STUDY = {"sites/clinic/codes.csv": CODES + CODE_ROWS}
SHEET = "clinic codes"
Edit = Callable[[Workbook], Any]


@cache
def make_workbook() -> bytes:
    """The workbook of :data:`STUDY`, without the lists of its drop-downs, which nobody reads back."""
    with tempfile.TemporaryDirectory() as folder:
        write_workbook(write_study(Path(folder) / "study", STUDY), Path(folder) / "a.xlsx")
        book, made = load_workbook(Path(folder) / "a.xlsx"), io.BytesIO()
    del book[LISTS]
    book.save(made)
    return made.getvalue()


def edit_workbook(tmp_path: Path, edit: Edit) -> tuple[Path, Path]:
    """A study, and its workbook after an edit in a spreadsheet that saves it again."""
    book, path = load_workbook(io.BytesIO(make_workbook())), tmp_path / "tables.xlsx"
    edit(book)
    book.save(path)
    return write_study(tmp_path / "study", STUDY), path


def read_edits(tmp_path: Path, edit: Edit) -> WorkbookEdits:
    study, path = edit_workbook(tmp_path, edit)
    return read_workbook(path, study)


def set_cell(place: str, value: Any) -> Edit:
    def edit(book: Workbook) -> None:
        book[SHEET][place] = value

    return edit


def do(*names: str, sheet: str = SHEET, **arguments: Any) -> Edit:
    def edit(book: Workbook) -> None:
        for name in names:
            getattr(book[sheet], name)(**arguments)

    return edit


def test_shipped_tables_come_back_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(make_shipped_workbook())
    assert read_workbook(tmp_path / "a.xlsx", locate_mappings()) == WorkbookEdits((), ())


def test_shipped_tables_are_in_the_workbook_cell_by_cell(tmp_path: Path) -> None:
    """Tables whose rows are gone are filled again from the workbook alone."""
    study = Path(shutil.copytree(locate_mappings(), tmp_path / "study"))
    before = read_all(study)
    for file, content in before.items():
        (study / file).write_bytes(content.partition(b"\n")[0] + b"\n")
    book = load_workbook(io.BytesIO(make_shipped_workbook()))
    for row in book["_tables"].iter_rows(min_row=3):
        row[2].value = compute_fingerprint([])  # as if the workbook had been made of the emptied tables
    book.save(tmp_path / "a.xlsx")
    edits = read_workbook(tmp_path / "a.xlsx", study)
    assert edits.faults == ()
    write_changes(study, edits.changes)
    assert {file: read_cells(data) for file, data in read_all(study).items()} == {
        file: read_cells(data) for file, data in before.items()
    }


def read_cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


def blank(book: Workbook) -> None:
    """Blank rows, blank columns, blanks around cells; sorted; columns moved; typed by hand."""
    sheet = book[SHEET]
    sheet.insert_rows(3, 2)
    sheet["B2"] = f"\xa0{sheet['B2'].value}\u3000 "
    sheet["J6"] = sheet["J6"].value.replace("_x000D_", "\r")
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, 10)
    for row in reversed(rows):
        sheet.append(row)
    for cell in sheet["D"]:
        cell.data_type = "s"  # or openpyxl makes a formula of the text =1+1
    sheet.insert_cols(2)
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 2).value, sheet.cell(row, 5).value = sheet.cell(row, 5).value, None
        sheet.cell(row, 2).data_type = "s"
    book[SHEET].delete_cols(5)


@pytest.mark.parametrize("edit", [lambda _: None, blank], ids=["saved again", "blanks, order, columns"])
def test_what_changes_nothing(tmp_path: Path, edit: Edit) -> None:
    study, path = edit_workbook(tmp_path, edit)
    before = read_all(study)
    edits = read_workbook(path, study)
    assert (edits.faults, [list(change.describe()) for change in edits.changes]) == ((), [])
    write_changes(study, edits.changes)
    assert read_all(study) == before


def edit_all(book: Workbook) -> None:
    sheet = book[SHEET]
    sheet["G2"] = "2160-0"
    sheet.delete_rows(3)
    sheet.append(["test", None, None, "尿酸", None, "CONCEPT", "ALT", None, None, "新"])
    book["ward values"].append(["SEX", None, "男", "M"])


def test_edits_are_told_and_written_and_nothing_else(tmp_path: Path) -> None:
    study, path = edit_workbook(tmp_path, edit_all)
    before = read_all(study)
    edits = read_workbook(path, study)
    assert edits.faults == ()
    assert [line for change in edits.changes for line in change.describe()] == [
        "sites/clinic/codes.csv row 2: to_code '1742-6' → '2160-0'",
        "sites/clinic/codes.csv new row (sheet 'clinic codes' row 4): kind 'test', text '尿酸', to_system 'CONCEPT', to_code 'ALT', note '新'",
        "sites/clinic/codes.csv row 3 removed: kind 'test', system 'http://clinic.example/lab', code 'A2', text '肌酐', to_system 'LOINC', to_code '2160-0', status 'accepted'",
        "sites/ward/values.csv new row (sheet 'ward values' row 2): codelist 'SEX', source_text '男', submission_value 'M'",
    ]
    assert check_changes(study, edits.changes) == []
    assert read_all(study) == before
    write_changes(study, edits.changes)
    first, _, third = CODE_ROWS.split("\n", 2)
    written = CODES + first.replace("1742-6", "2160-0") + "\n" + third + "test,,,尿酸,,CONCEPT,ALT,,,新\n"
    assert (study / "sites/clinic/codes.csv").read_bytes().decode() == written
    assert (study / "sites/ward/values.csv").read_text("utf-8").splitlines()[1] == "SEX,,男,M,,,,"
    assert {f: c for f, c in read_all(study).items() if f in before and f != "sites/clinic/codes.csv"} == {
        file: content for file, content in before.items() if file != "sites/clinic/codes.csv"
    }


EVIL: list[tuple[str, Edit, str]] = [
    ("number", set_cell("C4", 12), " column 'code' holds a number, not text: C4 (12); format the cells as Text and type what should stand there"),
    ("float", set_cell("C4", 12.5), " column 'code' holds a number, not text: C4 (12.5); format the cells as Text and type what should stand there"),
    ("date", set_cell("G2", datetime(1942, 6, 1)), " column 'to_code' holds a date, not text: G2 (1942-06-01); format the cells as Text and type what should stand there"),
    ("formula", set_cell("D2", "=B2&C2"), " column 'text' holds a formula: D2 (=B2&C2); format the cells as Text and type what should stand there"),
    ("boolean", set_cell("D2", True), " column 'text' holds a logical value, not text: D2 (TRUE); format the cells as Text and type what should stand there"),
    ("error", set_cell("D2", "#N/A"), " column 'text' holds an error of the spreadsheet: D2 (#N/A); format the cells as Text and type what should stand there"),
    ("deleted column", do("delete_cols", idx=6), ": column 'to_system' is missing; put it back, its cells hold data"),
    ("deleted optional column", do("delete_cols", idx=10), ": column 'note' is missing; put it back, its cells hold data"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "told"), [case[1:] for case in EVIL], ids=[case[0] for case in EVIL])
def test_a_cell_that_is_no_text_any_more(tmp_path: Path, edit: Edit, told: str) -> None:
    assert read_edits(tmp_path, edit) == WorkbookEdits((), (f"sheet 'clinic codes'{told}",))


def add_column(book: Workbook) -> None:
    book[SHEET]["K1"] = "statu"
    book[SHEET]["K2"] = "mine"


def headless(book: Workbook) -> None:
    book[SHEET]["K3"] = "mine"


def double_column(book: Workbook) -> None:
    book[SHEET]["K1"] = "note"


def rename(book: Workbook) -> None:
    book[SHEET].title = "clinic  codes"


def add_sheet(book: Workbook) -> None:
    book.create_sheet("Sheet1")


def delete_sheet(book: Workbook) -> None:
    del book["units"]


def fill_numbers(book: Workbook) -> None:
    for row in range(2, 12):
        book[SHEET][f"E{row}"] = row


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (add_column, ["sheet 'clinic codes' column K: 'statu' is no column of sites/clinic/codes.csv; delete it, or give it its name back"]),
        (headless, ["sheet 'clinic codes' column K has no header; write its name in row 1, or delete the column"]),
        (double_column, ["sheet 'clinic codes' column K: 'note' occurs twice; delete one of the columns"]),
        (rename, ["sheet 'clinic  codes' is no table of this workbook; did you mean 'clinic codes'? Give it its name back",
                  "sheet 'clinic codes' is missing; a table is not deleted so: delete its rows, or make the workbook again"]),
        (add_sheet, ["sheet 'Sheet1' is no table of this workbook; delete it"]),
        (delete_sheet, ["sheet 'units' is missing; a table is not deleted so: delete its rows, or make the workbook again"]),
        (fill_numbers, ["sheet 'clinic codes' column 'specimen' holds a number, not text: E2 (2), E3 (3), E4 (4), E5 (5), E6 (6) and 5 more; "
                        "format the cells as Text and type what should stand there"]),
    ],
)  # fmt: skip
def test_a_workbook_that_was_rebuilt(tmp_path: Path, edit: Edit, told: list[str]) -> None:
    assert list(read_edits(tmp_path, edit).faults) == told


def double_row(book: Workbook) -> None:
    book[SHEET].append([cell.value for cell in book[SHEET][2]])


def test_a_doubled_row_is_told(tmp_path: Path) -> None:
    (change,) = read_edits(tmp_path, double_row).changes
    assert [line.split(":")[0] for line in change.describe()] == [
        "sites/clinic/codes.csv new row (sheet 'clinic codes' row 5)"
    ]


def test_a_fault_of_an_edited_row_says_where_it_was_edited(tmp_path: Path) -> None:
    study, path = edit_workbook(tmp_path, set_cell("G3", "ALTT"))
    edits = read_workbook(path, study)
    assert check_changes(study, edits.changes) == [
        "sheet 'clinic codes' row 3: sites/clinic/codes.csv row 3: to_code 'ALTT' is no loinc of concepts"
    ]


def test_a_table_that_was_edited_in_both_places(tmp_path: Path) -> None:
    study, path = edit_workbook(tmp_path, set_cell("G3", "1743-4"))
    (study / "sites/clinic/codes.csv").write_text(CODES, encoding="utf-8")
    edits = read_workbook(path, study)
    assert edits == WorkbookEdits(
        (),
        (
            "sheet 'clinic codes': sites/clinic/codes.csv was changed since the workbook was made; make the workbook again and repeat the edit there",
        ),
    )


def test_a_table_that_was_edited_in_the_folder_only_is_left_alone(tmp_path: Path) -> None:
    study, path = edit_workbook(tmp_path, lambda _: None)
    (study / "sites/clinic/codes.csv").write_text(CODES, encoding="utf-8")
    assert read_workbook(path, study) == WorkbookEdits((), ())


def test_the_same_edit_in_both_places_is_none(tmp_path: Path) -> None:
    study, path = edit_workbook(tmp_path, do("delete_rows", idx=2, amount=3))
    (study / "sites/clinic/codes.csv").write_text(CODES, encoding="utf-8")
    assert read_workbook(path, study) == WorkbookEdits((), ())


def test_a_workbook_of_another_study(tmp_path: Path) -> None:
    _, path = edit_workbook(tmp_path, lambda _: None)
    other = write_study(tmp_path / "other", {"study.yaml": FILES["study.yaml"].replace("T-1", "T-2")})
    with pytest.raises(ConfigurationError, match=r"is of another study than .*other; name its folder$"):
        read_workbook(path, other)


def make_foreign(path: Path) -> None:
    Workbook().save(path)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            make_foreign,
            "is no workbook of mapping tables; make one with `study to-excel`, and keep its hidden sheets",
        ),
        (
            lambda path: path.write_bytes(b"kind,text\n"),
            "is no Excel workbook; save it as Excel workbook (.xlsx), without a password",
        ),
        (
            lambda path: path.mkdir(),
            "is no Excel workbook; save it as Excel workbook (.xlsx), without a password",
        ),
        (lambda _: None, "does not exist; name the workbook"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, make: Callable[[Path], object], told: str) -> None:
    study, path = write_study(tmp_path / "study"), tmp_path / "a.xlsx"
    make(path)
    with pytest.raises(ConfigurationError) as caught:
        read_workbook(path, study)
    assert str(caught.value) == f"{path} {told}"


def test_a_blank_at_the_end_of_the_sheet(tmp_path: Path) -> None:
    """A format or a blank in the last cell of a sheet makes it a million rows long, not its content."""

    def type_blank(book: Workbook) -> None:
        book[SHEET]["XFD1048576"].value = " "

    edits = read_edits(tmp_path, type_blank)
    assert (edits.changes, edits.faults) == ((), ())


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml", "[Content_Types].xml"]
)
def test_a_workbook_with_a_broken_part(tmp_path: Path, part: str) -> None:
    path = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(io.BytesIO(make_workbook())) as sound, zipfile.ZipFile(path, "w") as broken:
        for name in sound.namelist():
            broken.writestr(name, b"<a" if name == part else sound.read(name))
    with pytest.raises(ConfigurationError, match=r"is no Excel workbook; save it as Excel workbook"):
        read_workbook(path, write_study(tmp_path / "study", STUDY))
