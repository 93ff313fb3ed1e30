"""Reading the CSV tables: rows with their place, and faults of files and cells."""

from __future__ import annotations

from fractions import Fraction

import pytest

from hbv_standards.mapping.rows import ConceptRow, DimensionRow, MappingRow, UnitRow
from hbv_standards.mapping.tables import PACKAGED, read_rows, read_tables

from .conftest import WriteStudy

UNITS = "source_text,concept_id,ucum,unit_value,extension,source_factor,status,note"


def read(text: str | bytes, model: type[MappingRow] = UnitRow) -> tuple[list[MappingRow], list[str]]:
    data = text.encode() if isinstance(text, str) else text
    rows, faults = read_rows(data, "units.csv", model)
    return rows, [str(fault) for fault in faults]


def test_a_row_carries_its_place_and_types() -> None:
    rows, faults = read("unit_value,dimension,factor,offset,scale\nF,temperature,5/9,-32,\n", DimensionRow)
    assert faults == []
    assert rows == [
        DimensionRow(
            row="units.csv:2",
            unit_value="F",
            dimension="temperature",
            factor=Fraction(5, 9),
            offset=Fraction(-32),
        )
    ]


def test_lists_are_split() -> None:
    header = "concept_id,concept,domain,testcd,test,result_type,loinc\n"
    rows, _ = read(header + "ALT,x,LB,ALT,x,NM,1742-6; 1743-4;\n", ConceptRow)
    assert isinstance(rows[0], ConceptRow)
    assert rows[0].loinc == ("1742-6", "1743-4")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("\ufeffsource_text,unit_value\na,g\n", ["units.csv:2"]),  # a spreadsheet's byte order mark
        ("unit_value,source_text\r\ng,a\r\n", ["units.csv:2"]),  # other order, other line ends
        ("source_text,unit_value\n\n,\n a , g \n", ["units.csv:4"]),  # rows without content
        ('source_text,unit_value\n"a\nb",g\nc,g\n', ["units.csv:2", "units.csv:4"]),  # a line break in a cell
    ],
)
def test_what_spreadsheets_write(text: str, places: list[str]) -> None:
    rows, faults = read(text)
    assert [row.row for row in rows] == places
    assert faults == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", f": is empty; the first row holds the columns {UNITS}"),
        (",,\n", f": is empty; the first row holds the columns {UNITS}"),
        ("source_text\na\n", f" row 1: column 'unit_value' is missing; the columns are {UNITS}"),
        ("source_text,unit_valeu\na,g\n",
         " row 1: column 'unit_valeu' is none of this table; did you mean 'unit_value'?"),
        ("source_text,unit_value,xyz\na,g,\n",
         f" row 1: column 'xyz' is none of this table; the columns are {UNITS}"),
        ("source_text,unit_value,ucum,ucum\na,g,,\n", " row 1: column 'ucum' occurs twice; keep one"),
        ("source_text,unit_value\nmL,min,mL/min\n",
         " row 2: the cells are 3, the columns 2; put a cell that holds a comma between double quotes"),
        ("source_text,unit_value\na\n",
         " row 2: the cells are 1, the columns 2; put a cell that holds a comma between double quotes"),
        ("source_text,unit_value\na,g\n,g\n", " row 3: source_text is empty; every row needs it"),
        ("source_text,unit_value,extension\na,g,yes\n", " row 2: extension 'yes' is not one of 'Y'"),
        ("source_text,unit_value,source_factor\na,g,1.2.3\n",
         " row 2: source_factor '1.2.3' is no exact number; write a decimal (0.001) or a fraction (1/60)"),
        ("source_text,unit_value,source_factor\na,g,1/0\n",
         " row 2: source_factor '1/0' is no exact number; write a decimal (0.001) or a fraction (1/60)"),
    ],
)  # fmt: skip
def test_faults(text: str, told: str) -> None:
    assert read(text)[1] == [f"units.csv{told}"]


def test_a_line_that_is_not_csv() -> None:
    rows, faults = read('source_text,unit_value\na,g\n"b"c,g\nd,g\n')
    assert [row.row for row in rows] == ["units.csv:2"]
    assert [fault.split(" (")[0] for fault in faults] == ["units.csv row 3: is not CSV"]


def test_bytes_that_are_not_utf8() -> None:
    _, faults = read("source_text,unit_value\na,g\n秒,s\n".encode("gb18030"))
    assert faults == ["units.csv row 3: byte 0xC3 is not UTF-8; save the file as CSV UTF-8"]


def test_a_text_that_is_too_long() -> None:
    header = "concept_id,concept,domain,testcd,test,result_type\n"
    _, faults = read(header + f"A,a,LB,A,{'x' * 41},NM\n", ConceptRow)
    assert faults == [f"units.csv row 2: test '{'x' * 41}' has 41 characters; at most 40 fit (SDTMIG 4.2.9)"]


def test_every_fault_of_a_row_is_told() -> None:
    _, faults = read(
        "concept_id,concept,domain,testcd,test,result_type\nA,,LB,LONGTESTCD,x,NUM\n", ConceptRow
    )
    assert [fault.split(": ")[1].split()[0] for fault in faults] == ["concept", "testcd", "result_type"]


@pytest.mark.parametrize(
    ("file", "tables"),
    [
        ("terminology/value_zh.csv", "values*.csv"),
        (
            "sites/clinic/code.csv",
            "codes.csv, conversions.csv, units.csv, values.csv; did you mean 'codes.csv' or 'conversions.csv'?",
        ),
        (
            "unit.csv",
            "labels_zh.csv, texts_zh.csv, treatments.csv, unit_dimensions.csv, units.csv; did you mean 'units.csv'?",
        ),
    ],
)
def test_a_table_under_a_wrong_name(write_study: WriteStudy, file: str, tables: str) -> None:
    faults = read_tables(write_study({file: "a,b\n"}), ["clinic"]).faults
    assert [str(fault) for fault in faults] == [f"{file}: is not read; tables here are {tables}"]


def test_a_study_without_tests(write_study: WriteStudy) -> None:
    folder = write_study({"concepts/lb.csv": None, "concepts/mb.csv": None})
    faults = read_tables(folder, ["clinic"]).faults
    assert [str(fault) for fault in faults] == ["concepts: holds no test; add a row to concepts/lb.csv"]


def test_what_a_study_leaves_out_is_the_packages(write_study: WriteStudy) -> None:
    tables = read_tables(write_study(), ["clinic"])
    assert tables.faults == []
    assert {row.row.split(":")[0] for row in tables.units} == {f"{PACKAGED}units.csv"}
    assert {row.concept_id for row in tables.units} == {None}  # none of the tests of another trial
    assert {row.concept_id for row in tables.values} == {None}
    assert f"{PACKAGED}unit_dimensions.csv" in tables.files


def test_what_a_study_has_is_its_own(write_study: WriteStudy) -> None:
    own = {
        "units.csv": "source_text,unit_value\nunits,U/L\n",
        "unit_dimensions.csv": "unit_value,dimension,factor\nU/L,enzyme,1\n",
        "labels_zh.csv": "variable,label\n--SEQ,序号\n",
        "texts_zh.csv": "english,chinese\nSequence number,序号\n",
        "terminology/values.csv": "codelist,source_text,submission_value\nSEX,man,M\n",
    }
    tables = read_tables(write_study(own), ["clinic"])
    assert [row.row for row in tables.units] == ["units.csv:2"]
    assert [row.row for row in tables.labels] == ["labels_zh.csv:2"]
    assert [row.row for row in tables.texts] == ["texts_zh.csv:2"]
    assert [row.row for row in tables.dimensions] == ["unit_dimensions.csv:2"]
    assert [row.row for row in tables.values] == ["terminology/values.csv:2"]
    assert not [file for file in tables.files if file.startswith(PACKAGED)]


@pytest.mark.parametrize("name", ["~$codes.csv", ".codes.csv.swp.csv"])
def test_marks_of_a_program_that_has_a_table_open(write_study: WriteStudy, name: str) -> None:
    assert read_tables(write_study({f"sites/clinic/{name}": "somebody\n"}), ["clinic"]).faults == []
