"""The words of the README about tables and columns."""

from __future__ import annotations

import pytest

from hbv_standards.desk.table_text import list_columns
from hbv_standards.desk.table_words import read_table_words
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.table_models import SITE_TABLES, find_model, list_tables


@pytest.mark.parametrize(
    "file", [*list_tables(locate_mappings()), *(f"sites/x/{name}" for name in SITE_TABLES)]
)
def test_every_table_and_column_has_words(file: str) -> None:
    words, model = read_table_words(file), find_model(file)
    assert model is not None
    assert words.row
    assert set(words.columns) == set(list_columns(model))
    assert all(words.columns.values())


def test_the_closest_pattern_speaks() -> None:
    assert (
        read_table_words("concepts/conversions.csv").row == "a conversion factor that holds for one test only"
    )
    assert read_table_words("sites/_base/codes.csv").row == "rows that hold for every hospital"
    assert "`" not in "".join(read_table_words("concepts/lb.csv").columns.values())


def test_a_table_without_words() -> None:
    words = read_table_words("other.csv")
    assert (words.row, words.columns) == ("", {})
