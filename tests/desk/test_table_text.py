"""A table with the text of each of its rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.desk.table_text import compute_fingerprint, read_table_text, write_record
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import UnitRow

FORMS = {
    "plain": "source_text,unit_value\na,g\nb,kg\n",
    "quoted": '"source_text","unit_value"\n"a","g"\n"b","kg"\n',
    "windows": "source_text,unit_value\r\na,g\r\nb,kg\r\n",
    "marked": '\ufeff"source_text",unit_value\na,g\nb,kg\n',
    "blank rows": "source_text,unit_value\n\na,g\n,\nb,kg\n",
    "no end": "source_text,unit_value\na,g\nb,kg",
    "blanks": "source_text , unit_value\n a,g\u00a0\n\u3000b,kg\n",
}


def read(folder: Path, text: str) -> list[dict[str, str]]:
    (folder / "units.csv").write_bytes(text.encode())
    return [dict(record.cells) for record in read_table_text(folder, "units.csv", UnitRow).records]


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_content_is_the_same_in_every_form(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == [
        {"source_text": "a", "unit_value": "g"},
        {"source_text": "b", "unit_value": "kg"},
    ]


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_texts_of_header_and_rows_are_those_of_the_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "units.csv").write_bytes(text.encode())
    table = read_table_text(tmp_path, "units.csv", UnitRow)
    assert text.startswith(table.head)
    for record in table.records:
        assert text.splitlines(keepends=True)[record.line - 1] == record.text


def test_a_line_break_in_a_cell(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_bytes(b'source_text,unit_value,note\na,g,"1\r\n2"\nb,kg,\n')
    first, second = read_table_text(tmp_path, "units.csv", UnitRow).records
    assert (first.line, first.cells["note"], first.text) == (2, "1\r\n2", 'a,g,"1\r\n2"\n')
    assert (second.line, second.text) == (4, "b,kg,\n")


def test_columns_that_the_file_has_not_come_behind(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("unit_value,source_text\n", encoding="utf-8")
    columns = read_table_text(tmp_path, "units.csv", UnitRow).columns
    assert columns[:3] == ("unit_value", "source_text", "concept_id")
    assert set(columns) == set(UnitRow.model_fields) - {"row"}


def test_a_table_without_file_is_empty(tmp_path: Path) -> None:
    table = read_table_text(tmp_path, "units.csv", UnitRow)
    assert (table.records, table.head.startswith("source_text,concept_id")) == ((), True)


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"^units\.csv row 2: source_text is empty; every row needs it$"
    ):
        read(tmp_path, "source_text,unit_value\n,g\n")


def test_the_fingerprint_is_of_the_content() -> None:
    one, two = {"a": "1", "b": "2"}, {"a": "3"}
    assert compute_fingerprint([one, two]) == compute_fingerprint([two, {"b": "2", "a": "1"}])
    assert len({compute_fingerprint(rows) for rows in ([one], [one, one], [two], [], [{"a": "1,2"}])}) == 5


def test_a_cell_is_quoted_where_it_must_be() -> None:
    assert write_record(["a", "b,c", 'd"e', ""], "\n") == 'a,"b,c","d""e",\n'
