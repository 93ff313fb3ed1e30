"""Data types, lengths and digits that are read from values."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.export.define.model import Shape
from hbv_standards.export.define.shapes import (
    describe_dates,
    describe_numbers,
    describe_texts,
    describe_values,
    write_number,
)

DATES = [
    (["2024-03-05", "2023-12-31"], "date"),
    (["2024-03-05T08:30:00", "2024-03-05T08:30:00.5+08:00", "2024-03-05T08:30:00Z"], "datetime"),
    (["2024-03-05", "2024-03"], "partialDate"),
    (["2024"], "partialDate"),
    (["2024-03-05", "2024-03-05T08:30:00"], "partialDatetime"),
    (["2024-03-05T08:30"], "partialDatetime"),
    (["2024", "2024-03-05T08:30+08:00"], "partialDatetime"),
    (["2024---15"], "incompleteDatetime"),
    (["--12-15", "2024-03-05"], "incompleteDatetime"),
    (["-----T07:15"], "incompleteDatetime"),
    (["2024-03/2024-05"], "intervalDatetime"),
    (["P48W", "P1Y2M", "PT12H"], "durationDatetime"),
    (["5 March 2024"], None),
    (["2024-03-05", "P48W"], None),
    (["P"], None),
    (["PT"], None),
    ([], None),
]


@pytest.mark.parametrize(("texts", "datatype"), DATES)
def test_dates_have_the_narrowest_type_that_holds_for_all(texts: list[str], datatype: str | None) -> None:
    assert describe_dates(texts) == (Shape(datatype) if datatype else None)


VARIABLES = [
    ("LBDTC", ["2024-03-05"], 16, Shape("date")),
    ("LBDTC", [], 1, Shape("datetime")),
    ("LBDTC", ["soon"], 16, Shape("text", 16)),
    ("TEDUR", ["P48W"], 4, Shape("durationDatetime")),
    ("LBTESTCD", ["ALT"], 8, Shape("text", 8)),
    ("VISIT", ["2024-03-05"], 12, Shape("text", 12)),
    ("LBNAM", [], 1, Shape("text", 1)),
]


@pytest.mark.parametrize(("name", "texts", "length", "shape"), VARIABLES)
def test_text_variables(name: str, texts: list[str], length: int, shape: Shape) -> None:
    assert describe_texts(name, pd.Series(texts, dtype="str"), length) == shape


NUMBERS = [
    ([1.0, 45.0, float("nan"), 101.0], Shape("integer", 3)),
    ([-14.0, 1.0], Shape("integer", 3)),
    ([3.1, 2.0], Shape("float", 3, 1)),
    ([79.56, 100.0, -0.5], Shape("float", 5, 2)),
    ([0.00001], Shape("float", 7, 5)),
    ([1e20], Shape("integer", 21)),
    ([float("nan")], Shape("integer", 8)),
]


@pytest.mark.parametrize(("values", "shape"), NUMBERS)
def test_numbers(values: list[float], shape: Shape) -> None:
    assert describe_numbers(pd.Series(values, dtype="float64")) == shape


@given(st.floats(min_value=-1e70, max_value=1e70, allow_subnormal=False))
def test_a_written_number_is_the_double_and_has_no_needless_digits(value: float) -> None:
    text = write_number(value)
    assert float(text) == value
    assert "e" not in text.lower()
    assert "." not in text or text[-1] not in "0."
    assert Decimal(text) == Decimal(repr(value))


RESULTS = [
    (["35.20", "120"], Shape("float", 5, 2)),
    (["1", "120"], Shape("integer", 3)),
    (["<20", "120"], Shape("text", 3)),
    (["007"], Shape("text", 3)),
    (["1.50E-2"], Shape("text", 7)),
    (["溶血"], Shape("text", 6)),
    (["2024-03-05"], Shape("text", 10)),
]


@pytest.mark.parametrize(("texts", "shape"), RESULTS)
def test_results_are_numbers_only_where_all_are(texts: list[str], shape: Shape) -> None:
    assert describe_values(texts) == shape


def test_values_that_may_be_dates() -> None:
    assert describe_values(["2024-03-05"], dates=True) == Shape("date")
    assert describe_values(["48"], dates=True) == Shape("integer", 2)
