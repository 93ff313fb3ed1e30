"""What an edit changes, in words and in bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.desk.table_change import EditedRow, TableChange, compute_change
from hbv_standards.desk.table_text import read_table_text, strip_cells
from hbv_standards.mapping.rows import UnitRow

CSV = 'source_text,unit_value,note\r\n"mg",mg,\r\n毫升,mL,"a, b"\r\n\r\ng,g,'


def change(folder: Path, rows: list[dict[str, str]], text: str = CSV) -> TableChange:
    (folder / "units.csv").write_bytes(text.encode())
    edited = [
        EditedRow(strip_cells(cells), f"sheet 'units' row {at}") for at, cells in enumerate(rows, start=2)
    ]
    return compute_change(read_table_text(folder, "units.csv", UnitRow), edited)


MG = {"source_text": "mg", "unit_value": "mg"}
ML = {"source_text": "毫升", "unit_value": "mL", "note": "a, b"}
G = {"source_text": "g", "unit_value": "g"}
NEW = {"source_text": "kg", "unit_value": "kg"}
HEAD, LINE_MG, LINE_ML, LINE_G = (
    "source_text,unit_value,note\r\n",
    '"mg",mg,\r\n',
    '毫升,mL,"a, b"\r\n',
    "g,g,\r\n",
)


@pytest.mark.parametrize(
    ("rows", "content", "told"),
    [
        ([MG, ML, G], HEAD + LINE_MG + LINE_ML + LINE_G, []),
        ([G, MG, ML], HEAD + LINE_MG + LINE_ML + LINE_G,
         ["units.csv: the rows stand in another order; the table keeps its own"]),
        ([MG, {**ML, "note": ""}, G], HEAD + LINE_MG + "毫升,mL,\r\n" + LINE_G, ["units.csv row 3: note 'a, b' → ''"]),
        ([MG, G], HEAD + LINE_MG + LINE_G,
         ["units.csv row 3 removed: source_text '毫升', unit_value 'mL', note 'a, b'"]),
        ([MG, NEW, ML, G], HEAD + LINE_MG + "kg,kg,\r\n" + LINE_ML + LINE_G,
         ["units.csv new row (sheet 'units' row 3): source_text 'kg', unit_value 'kg'"]),
        ([NEW, MG, ML, G], HEAD + "kg,kg,\r\n" + LINE_MG + LINE_ML + LINE_G,
         ["units.csv new row (sheet 'units' row 2): source_text 'kg', unit_value 'kg'"]),
        ([MG, MG, ML, G], HEAD + LINE_MG + "mg,mg,\r\n" + LINE_ML + LINE_G,
         ["units.csv new row (sheet 'units' row 3): source_text 'mg', unit_value 'mg'"]),
        ([{**MG, "ucum": "mg"}, ML, G],
         "source_text,ucum,unit_value,note\r\nmg,mg,mg,\r\n毫升,,mL,\"a, b\"\r\ng,,g,\r\n",
         ["units.csv row 2: ucum '' → 'mg'"]),
        ([MG, {**ML, "note": "a,\xa0b"}, G], HEAD + LINE_MG + '毫升,mL,"a,\xa0b"\r\n' + LINE_G,
         ["units.csv row 3: note 'a, b' → 'a,\\xa0b'"]),
        ([], HEAD, ["units.csv row 2 removed: source_text 'mg', unit_value 'mg'",
                    "units.csv row 3 removed: source_text '毫升', unit_value 'mL', note 'a, b'",
                    "units.csv row 5 removed: source_text 'g', unit_value 'g'"]),
    ],
)  # fmt: skip
def test_change(tmp_path: Path, rows: list[dict[str, str]], content: str, told: list[str]) -> None:
    found = change(tmp_path, rows)
    assert found.content.decode() == content
    assert list(found.describe()) == told
    assert bool(found) == bool([line for line in told if "order" not in line])


def test_places_are_of_the_lines_to_be_written(tmp_path: Path) -> None:
    found = change(tmp_path, [G, NEW, MG, {**ML, "note": "a\nb"}], CSV.replace("a, b", "a\nb"))
    lines = found.content.decode().split("\n")
    assert {line: lines[line - 1].split(",")[0] for line in found.places} == {
        2: '"mg"',
        3: "毫升",
        5: "g",
        6: "kg",
    }
    assert found.places[6] == "sheet 'units' row 3"


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    assert change(tmp_path, [MG], "\ufeff" + CSV).content.startswith(b"\xef\xbb\xbfsource_text")
    assert change(tmp_path, [{**MG, "ucum": "mg"}], "\ufeff" + CSV).content.startswith(
        b"\xef\xbb\xbfsource_text"
    )


def test_columns_in_an_order_of_their_own(tmp_path: Path) -> None:
    found = change(tmp_path, [{**MG, "ucum": "mg"}], "unit_value,source_text\nmg,mg\n")
    assert found.content == b"unit_value,source_text,ucum\nmg,mg,mg\n"
