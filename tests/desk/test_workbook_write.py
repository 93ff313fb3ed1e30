"""The workbook: complete, the same every time, and one that explains itself."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from hbv_standards.desk.table_text import list_columns
from hbv_standards.desk.workbook_names import GUIDE, LISTS, TABLES, name_sheets
from hbv_standards.desk.workbook_write import read_all_texts, write_workbook
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.table_models import find_model, list_tables

from .shipped import make_shipped_workbook
from .tiny_study import write_study


@pytest.fixture(scope="module")
def book() -> Workbook:
    """The workbook of the shipped tables, as a spreadsheet opens it."""
    return load_workbook(io.BytesIO(make_shipped_workbook()))


def test_a_sheet_for_every_table(book: Workbook) -> None:
    tables = read_all_texts(locate_mappings())
    assert set(list_tables(locate_mappings())) <= set(tables)
    assert book.sheetnames == [GUIDE, *name_sheets(tables).values(), LISTS, TABLES]
    assert [book[name].sheet_state for name in (GUIDE, LISTS, TABLES)] == ["visible", "hidden", "hidden"]


def test_every_cell_is_text_and_every_row_is_there(book: Workbook) -> None:
    tables = read_all_texts(locate_mappings())
    for file, name in name_sheets(tables).items():
        rows = [list(row) for row in book[name].iter_rows(min_row=2)]
        assert {cell.data_type for row in rows for cell in row if cell.value is not None} <= {"s"}
        assert {cell.number_format for row in rows for cell in row} <= {"@"}
        assert len(rows) == len(tables[file].records), file


def test_every_column_explains_itself(book: Workbook) -> None:
    for file, name in name_sheets(read_all_texts(locate_mappings())).items():
        sheet, model = book[name], find_model(file)
        assert model is not None
        assert sorted(cell.value for cell in sheet[1]) == sorted(list_columns(model))
        for cell in sheet[1]:
            assert cell.comment is not None
            assert "see the README" not in cell.comment.text, f"{file} {cell.value}"
            assert cell.comment.text.startswith(cell.value)
        assert (sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]) == ("A2", "A1")
        assert sheet.column_dimensions["A"].number_format == "@"


def test_long_texts_have_room_and_pages_fit(book: Workbook) -> None:
    """A row that is wrapped and has no height is one line high in LibreOffice, the next one lies over it."""
    sheet = book["concepts conversions"]
    text, long = sheet["F2"].value, sheet.row_dimensions[2].height
    assert (len(text) > 46, long) == (True, 27)
    assert sheet.row_dimensions[11].height is None
    for name in book.sheetnames[: -len((LISTS, TABLES))]:
        page = book[name].page_setup
        assert (page.orientation, page.paperSize, page.fitToHeight) == ("landscape", 9, 0), name


def test_a_name_that_looks_like_a_formula(tmp_path: Path) -> None:
    out = tmp_path / "tables.xlsx"
    study = write_study(tmp_path / "study", {"sites/=1+1/site.yaml": 'site: "=1+1"\n'})
    write_workbook(study, out)
    cells = [cell for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert (
        len([cell for cell in cells if str(cell.value).startswith("=1+1")]) == 8
    )  # four tables, listed twice


def find_terms(book: Workbook, sheet: str, column: str, row: dict[str, str]) -> list[str]:
    """What the drop-down of a column offers in a row with these cells, followed as a spreadsheet follows it."""
    header = {cell.value: cell.column_letter for cell in book[sheet][1]}
    (rule,) = [r for r in book[sheet].data_validations.dataValidation if f"{header[column]}2" in r.sqref]
    name = rule.formula1
    found = re.fullmatch(r'INDIRECT\("(\w+)"&SUBSTITUTE\(\$([A-Z]+)2," ","_"\)\)', name)
    if found:
        (other,) = [key for key, letter in header.items() if letter == found[2]]
        name = found[1] + row[other].replace(" ", "_")
    if name not in book.defined_names:
        return []
    (place,) = book.defined_names[name].destinations
    return [str(cell.value) for row_ in book[place[0]][place[1].replace("$", "")] for cell in row_]


@pytest.mark.parametrize(
    ("sheet", "column", "row", "term"),
    [
        ("foshan codes", "kind", {}, "treatment"),
        ("foshan codes", "status", {}, "proposed"),
        ("foshan codes", "specimen", {}, "SERUM"),
        ("foshan codes", "to_code", {"to_system": "LOINC"}, "1742-6"),
        ("foshan codes", "to_code", {"to_system": "CONCEPT"}, "ALT"),
        ("foshan codes", "to_code", {"to_system": "ATC"}, "J05AF10"),
        ("foshan codes", "to_code", {"to_system": "VISITNUM"}, "6"),
        ("foshan units", "unit_value", {}, "NO UNIT"),
        ("foshan units", "concept_id", {}, "ALT"),
        ("foshan values", "codelist", {}, "LBSTRESC"),
        ("foshan values", "submission_value", {"codelist": "SEX"}, "F"),
        ("foshan values", "submission_value", {"codelist": "ARMCD"}, "PEGIFN"),
        ("concepts lb", "testcd", {"domain": "LB"}, "ALT"),
        ("concepts lb", "test", {"domain": "MB"}, "Hepatitis B Virus Surface Antigen"),
        ("concepts lb", "std_unit", {}, "U/L"),
        ("concepts lb", "result_type", {}, "ORD/NM"),
        ("concepts lb", "result_codelist", {}, "MODTRN"),
        ("concepts gi", "method", {}, "ULTRASOUND"),
        ("concepts conversions", "from_unit", {}, "IU/mL"),
        ("concepts conversions", "site", {}, "zhongshan"),
        ("treatments", "route", {}, "ORAL"),
        ("treatments", "dose_form", {}, "TABLET"),
        ("unit_dimensions", "scale", {}, "log10"),
    ],
)
def test_drop_downs(book: Workbook, sheet: str, column: str, row: dict[str, str], term: str) -> None:
    assert term in find_terms(book, sheet, column, row)


def test_no_target_is_offered_for_what_is_not_collected(book: Workbook) -> None:
    assert find_terms(book, "foshan codes", "to_code", {"to_system": "NOT COLLECTED"}) == []


def test_every_term_in_the_tables_that_a_closed_list_guards_is_in_it(book: Workbook) -> None:
    for name in name_sheets(read_all_texts(locate_mappings())).values():
        sheet = book[name]
        for rule in sheet.data_validations.dataValidation:
            if rule.errorStyle != "stop":
                continue
            place = next(iter(book.defined_names[rule.formula1].destinations))
            terms = {str(cell.value) for row in book[place[0]][place[1].replace("$", "")] for cell in row}
            letter = str(rule.sqref).split("2:")[0]
            used = {sheet[f"{letter}{row}"].value for row in range(2, sheet.max_row + 1)} - {None}
            assert used <= terms, f"{name} {letter}"


def test_the_first_sheet_leads_to_every_table(book: Workbook) -> None:
    links = [cell for row in book[GUIDE].iter_rows() for cell in row if cell.hyperlink is not None]
    names = name_sheets(read_all_texts(locate_mappings()))
    assert [link.hyperlink.location for link in links] == [f"'{name}'!A1" for name in names.values()]
    assert all(book[GUIDE].cell(link.row, 4).value for link in links)


def test_the_first_sheet_names_the_study_folder(book: Workbook) -> None:
    texts = [cell.value for row in book[GUIDE].iter_rows() for cell in row if isinstance(cell.value, str)]
    (step,) = [text for text in texts if "from-excel" in text]
    assert step.count("from-excel FILE.xlsx mappings --dry-run") == 2


def test_same_tables_same_bytes(tmp_path: Path) -> None:
    study = write_study(tmp_path / "study")
    write_workbook(study, tmp_path / "a.xlsx")
    write_workbook(study, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_workbook_with_edits_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"edits")
    with pytest.raises(ConfigurationError, match="exists, and may hold edits; name a new file"):
        write_workbook(write_study(tmp_path / "study"), tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == b"edits"


def test_another_kind_of_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is no \.xlsx; write .*a\.xlsx$"):
        write_workbook(write_study(tmp_path / "study"), tmp_path / "a.xls")


@pytest.mark.parametrize("text", ["a\x07b", "a_x0041_b"])
def test_text_that_no_workbook_keeps(tmp_path: Path, text: str) -> None:
    study = write_study(tmp_path / "study", {"units.csv": f"source_text,unit_value\n{text},g\n"})
    with pytest.raises(ConfigurationError, match=r"^units\.csv row 2: source_text .* take them out$"):
        write_workbook(study, tmp_path / "a.xlsx")


def test_names_of_sheets() -> None:
    long = "sites/the-first-affiliated-hospital-of-the-university/codes.csv"
    other = "sites/the-first-affiliated-hospital-of-the-city/codes.csv"
    names = name_sheets(["units.csv", "sites/a/codes.csv", long, other, "sites/A/codes.csv"])
    assert list(names.values())[:2] == ["units", "a codes"]
    assert len({name.casefold() for name in names.values()}) == 5
    assert max(map(len, names.values())) <= 31
