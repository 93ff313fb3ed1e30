"""The registry of tables knows every table that the reader reads, and by the same row model."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import CodeRow, ConceptRow, ConversionRow, MappingRow, UnitRow, ValueRow
from hbv_standards.mapping.table_models import SITE_TABLES, STUDY_TABLES, find_model, list_tables
from hbv_standards.mapping.tables import read_tables
from hbv_standards.study import read_study


def test_the_reader_reads_every_table_of_the_registry() -> None:
    folder = locate_mappings()
    read = read_tables(folder, list(read_study(folder).sites)).files
    assert set(list_tables(folder)) == {file for file in read if file.endswith(".csv")}


@pytest.mark.parametrize("file", [*STUDY_TABLES, *(f"sites/a/{name}" for name in SITE_TABLES)])
def test_every_known_name_has_a_model(file: str) -> None:
    assert find_model(file) is not None


@pytest.mark.parametrize(
    ("file", "model"),
    [
        ("concepts/lb.csv", ConceptRow),
        ("concepts/conversions.csv", ConversionRow),
        ("units.csv", UnitRow),
        ("sites/a/units.csv", UnitRow),
        ("sites/a/codes.csv", CodeRow),
        ("terminology/values_zh.csv", ValueRow),
        ("terminology/other.csv", None),
        ("sites/a/b/codes.csv", None),
        ("sites/codes.csv", None),
        ("units.txt", None),
    ],
)
def test_find_model(file: str, model: type[MappingRow] | None) -> None:
    assert find_model(file) is model


def test_tables_of_a_hospital_stand_together(tmp_path: Path) -> None:
    for name in (
        "units.csv",
        "sites/b/codes.csv",
        "sites/a/values.csv",
        "sites/a/codes.csv",
        "concepts/lb.csv",
        "concepts/~$lb.csv",
        "terminology/.values.csv",
        "x.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a\n", encoding="utf-8")
    assert list(list_tables(tmp_path)) == [
        "sites/a/codes.csv", "sites/a/values.csv", "sites/b/codes.csv", "concepts/lb.csv", "units.csv",
    ]  # fmt: skip
