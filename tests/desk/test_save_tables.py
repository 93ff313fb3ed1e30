"""Edited tables into the folder: all or none, and never into the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.desk import save_tables
from hbv_standards.desk.save_tables import check_changes, locate_own_study, locate_study, write_changes
from hbv_standards.desk.table_change import EditedRow, TableChange, compute_change
from hbv_standards.desk.table_text import read_table_text
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import UnitRow

from .tiny_study import read_all, write_study


def change_unit(study: Path, file: str, unit: str) -> TableChange:
    rows = [EditedRow({"source_text": "units", "unit_value": unit}, f"sheet {file!r} row 2")]
    return compute_change(read_table_text(study, file, UnitRow), rows)


def test_tables_are_written_together(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    changes = [change_unit(study, file, "U/L") for file in ("units.csv", "sites/ward/units.csv")]
    assert check_changes(study, changes) == []
    write_changes(study, changes)
    assert (study / "units.csv").read_bytes() == b"source_text,unit_value\nunits,U/L\n"
    assert (study / "sites/ward/units.csv").read_text("utf-8").endswith("\nunits,,,U/L,,,,\n")
    assert list(study.rglob(".*")) == []


def test_checking_writes_nothing_and_says_where_the_edit_was(tmp_path: Path) -> None:
    study = write_study(tmp_path)
    before = read_all(study)
    (fault,) = check_changes(study, [change_unit(study, "units.csv", "u/L")])
    assert fault.startswith(
        "sheet 'units.csv' row 2: units.csv row 2: unit_value 'u/L' is not in UNIT (C71620)"
    )
    assert read_all(study) == before


def test_a_disk_that_fails_leaves_every_table_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = write_study(tmp_path)
    before = read_all(study)
    changes = [change_unit(study, file, "U/L") for file in ("units.csv", "sites/ward/units.csv")]
    opened: list[int] = []

    def fail(handle: int, mode: str) -> object:
        opened.append(handle)
        if len(opened) == 2:
            raise OSError(28, "No space left on device", "units.csv")
        return open(handle, mode)

    monkeypatch.setattr(save_tables.os, "fdopen", fail)
    with pytest.raises(OSError, match="No space left"):
        write_changes(study, changes)
    assert read_all(study) == before
    assert list(study.rglob(".*")) == []


def test_the_package_is_not_written_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged = write_study(tmp_path / "_mappings")
    monkeypatch.setattr(save_tables, "locate_mappings", lambda study: study or packaged)
    with pytest.raises(
        ConfigurationError, match=r"name your study folder, e\.g\. mappings \(a copy of .*_mappings"
    ):
        locate_own_study(None)
    assert locate_own_study(packaged) == packaged


def test_a_folder_that_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"holds no study\.yaml; name the folder that does"):
        locate_study(tmp_path)
