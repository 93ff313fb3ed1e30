"""One spelling for every number, and no number that was not sent."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.number_text import (
    compute_exponent,
    convert_scale,
    count_digits,
    is_terminating,
    read_number,
    round_digits,
    write_canonical,
    write_number,
)

CANONICAL = [
    ("6.30", "6.3"),
    ("7.00", "7"),
    ("1.50E-2", "0.015"),
    ("1.00E+01", "10"),
    ("1e3", "1000"),
    ("-0.0", "0"),
    ("0", "0"),
    ("0.000", "0"),
    ("0E99", "0"),
    (".5", "0.5"),
    ("+5", "5"),
    ("-12.500", "-12.5"),
    ("00012", "12"),
    ("100", "100"),
    ("12345678901234567890123456789.10", "12345678901234567890123456789.1"),
    ("0.10000000000000000000000000000001", "0.10000000000000000000000000000001"),
]
NO_NUMBERS = [
    "",
    "5.",
    ".",
    "-",
    "1,5",
    "<5",
    "1 2",
    "NaN",
    "inf",
    "1E",
    "０",
    "1E76",
    "1E-79",
    "1E99999",
    "1" * 201,
    "5\n",
]

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40, places=12)


@pytest.mark.parametrize(("sent", "written"), CANONICAL)
def test_one_spelling(sent: str, written: str) -> None:
    assert write_canonical(sent) == written
    assert read_number(sent) == Fraction(Decimal(sent))


@pytest.mark.parametrize("sent", NO_NUMBERS)
def test_no_number(sent: str) -> None:
    assert read_number(sent) is None
    assert write_canonical(sent) is None


@given(numbers)
def test_spelling_keeps_the_value_and_is_its_own(number: Decimal) -> None:
    written = write_canonical(str(number))
    assert written is not None
    assert Decimal(written) == number
    assert write_canonical(written) == written == write_number(Fraction(number))
    assert re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", written)


@pytest.mark.parametrize(
    ("text", "digits"), [("6.30", 3), ("0.015", 2), ("0.00", 1), ("1500", 4), ("-1.20E5", 3), ("+.5", 1)]
)
def test_significant_digits(text: str, digits: int) -> None:
    assert count_digits(text) == digits


@pytest.mark.parametrize(
    ("number", "digits", "rounded"),
    [
        ("37.04", 3, "37"),
        ("0.00123456", 4, "0.001235"),
        ("2.5", 1, "2"),
        ("3.5", 1, "4"),
        ("-2.5", 1, "-2"),
        ("99.96", 3, "100"),
        ("123456", 4, "123500"),
        ("0", 4, "0"),
    ],
)
def test_rounding_half_to_even(number: str, digits: int, rounded: str) -> None:
    assert round_digits(Fraction(number), digits) == Fraction(rounded)


@given(st.fractions(max_denominator=10**9).filter(bool), st.integers(1, 12))
def test_rounding_moves_by_half_a_unit_at_most(number: Fraction, digits: int) -> None:
    rounded = round_digits(number, digits)
    assert abs(rounded - number) <= abs(number) * Fraction(10) ** (1 - digits) / 2
    assert round_digits(rounded, digits) == rounded


@pytest.mark.parametrize(
    ("number", "text"),
    [("1/8", "0.125"), ("-3/2", "-1.5"), ("1/3", None), ("0", "0"), ("1000", "1000"), ("1e76", None)],
)
def test_write_number(number: str, text: str | None) -> None:
    assert write_number(Fraction(number)) == text
    assert is_terminating(Fraction(number)) == (number != "1/3")


@pytest.mark.parametrize(
    ("number", "exponent"),
    [("1000", 3), ("1", 0), ("0.001", -3), ("20", None), ("1/3", None), ("0", None), ("-10", None)],
)
def test_exponent(number: str, exponent: int | None) -> None:
    assert compute_exponent(Fraction(number)) == exponent


def test_logarithms() -> None:
    assert convert_scale(Fraction(1000), "linear", "log10") == 3
    assert convert_scale(Fraction(-3), "log10", "linear") == Fraction(1, 1000)
    assert convert_scale(Fraction(2), "linear", "log10") == Fraction(
        "0.301029995663981195213738894724493026768189881462108541310427"
    )
    assert convert_scale(Fraction(7), "linear", "linear") == 7
    for number in (0, -1):
        assert convert_scale(Fraction(number), "linear", "log10") is None
    assert convert_scale(Fraction(10**9), "log10", "linear") is None
