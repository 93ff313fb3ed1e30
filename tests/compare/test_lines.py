"""What people read: the table on the terminal, the CSV file, and the page that explains them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.compare import CHANGE_COLUMNS, describe_difference, reasons, write_changes

from .cut_folders import Cut, Record, compare

PAGE = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
CHANGES = ["record added", "record removed", "record renumbered", "value changed", "variable added", "variable removed",
           "label changed", "type changed", "length changed", "dataset added", "dataset removed", "dataset label changed",
           "dataset parts changed"]  # fmt: skip
REASONS = [reasons.AMENDED, reasons.OTHER, reasons.NEW, reasons.GONE, reasons.TABLE, reasons.SAME]


def vs(test: str, result: str) -> Record:
    return {"STUDYID": "S", "DOMAIN": "VS", "USUBJID": "S-1", "VSTESTCD": test, "VSORRES": result}


@pytest.mark.parametrize("word", [*CHANGE_COLUMNS, *CHANGES, *REASONS])
def test_the_page_explains(word: str) -> None:
    assert f"`{word}`" in PAGE


def test_lines(tmp_path: Path) -> None:
    found = compare(
        tmp_path, Cut({"VS": [vs("TEMP", "36.5"), vs("PULSE", "70")]}), Cut({"VS": [vs("TEMP", "36.6")]})
    )
    assert list(describe_difference(found)) == [
        "dataset  old  new  added  removed  changed  renumbered",
        "VS         2    1      0        1        1           0",
        "total      2    1      0        1        1           0",
        "length changed: VS.VSTESTCD",
        "values changed: 1",
        "  VS.VSORRES: 1",
    ]


def test_long_lists_are_cut(tmp_path: Path) -> None:
    old, new = ({**vs("TEMP", "1"), **{f"VSX{at:02d}": text for at in range(12)}} for text in ("a", "b"))
    lines = list(describe_difference(compare(tmp_path, Cut({"VS": [old]}), Cut({"VS": [new]}))))
    assert lines[-2:] == ["  VS.VSX09: 1", "  and 2 more variables"]
    assert lines[2:4] == ["total      1    1      0        0        1           0", "values changed: 12"]


def test_file(tmp_path: Path) -> None:
    found = compare(tmp_path, Cut({"VS": [vs("TEMP", "36.50")]}), Cut({"VS": [vs("TEMP", '=1,2"')]}))
    write_changes(tmp_path / "made" / "changes.csv", found.changes)
    assert (tmp_path / "made" / "changes.csv").read_bytes().decode("utf-8-sig").splitlines() == [
        ",".join(CHANGE_COLUMNS),
        'VS,S-1,VSTESTCD=TEMP,value changed,VSORRES,36.50,"=1,2""",,,,,',
    ]
