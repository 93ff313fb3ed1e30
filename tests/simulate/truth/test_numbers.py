"""Standard-unit numbers by the project's rounding rule."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.simulate.truth.numbers import ends, standardise, write_plain


@pytest.mark.parametrize(
    ("number", "concept", "unit", "standard"),
    [
        ("6.30", "K", "mmol/L", "6.3"),
        ("7.00", "GLU", "mmol/L", "7"),
        ("1.50E-2", "TSH", "mIU/L", "0.015"),
        ("1.2E+03", "HBVRNA", "copies/mL", "1200"),
        ("0.12345678901234567891", "ISG", "", "0.12345678901234567891"),
        ("4.48", "ALB", "g/dL", "44.8"),  # exact: all digits stay
        ("45.2", "HCT", "%", "0.452"),
        ("1.72", "HEIGHT", "m", "172"),
        ("8.25", "CHE", "U/mL", "8250"),
        ("1.00", "CREA", "mg/dL", "88.4"),  # 88.4017…: three digits sent, four kept
        ("0.9", "CREA", "mg/dL", "79.56"),  # two digits sent, still four kept
        ("100", "GLU", "mg/dL", "5.551"),
        ("3.00", "FT3", "ng/L", "4.609"),
        ("98.6", "TEMP", "F", "37"),
        ("98.4", "TEMP", "F", "36.89"),
        ("3.00", "HBVRNA", "log10 copies/mL", "1000"),
        ("2.45", "HBVRNA", "log10 copies/mL", "281.8"),
    ],
)
def test_standardise(number: str, concept: str, unit: str, standard: str) -> None:
    assert standardise(number, concept, unit) == standard


@given(st.decimals(min_value="0.001", max_value="99999", places=3))
def test_same_unit_changes_the_writing_and_not_the_number(number: Decimal) -> None:
    assert Decimal(standardise(str(number), "ALT", "U/L")) == number


@given(st.decimals(min_value="0.01", max_value="999", places=2))
def test_exact_factors_lose_nothing(number: Decimal) -> None:
    assert Fraction(standardise(str(number), "HGB", "g/dL")) == Fraction(number) * 10


@given(st.decimals(min_value="0.01", max_value="999", places=2))
def test_other_factors_round_to_one_digit_more_than_sent(number: Decimal) -> None:
    exact = Fraction(number) * 10000 / Fraction("113.12")
    digits = max(4, len(number.as_tuple().digits) + 1)
    error = abs(Fraction(standardise(str(number), "CREA", "mg/dL")) - exact) / exact
    assert error <= Fraction(1, 2 * 10 ** (digits - 1))


@pytest.mark.parametrize(
    ("text", "plain"), [("0.050", "0.05"), ("1E+3", "1000"), ("120", "120"), ("0.00", "0")]
)
def test_write_plain(text: str, plain: str) -> None:
    assert write_plain(Decimal(text)) == plain


@pytest.mark.parametrize(
    ("number", "is_exact"), [("1/8", True), ("10", True), ("1/3", False), ("10/7", False)]
)
def test_ends(number: str, is_exact: bool) -> None:  # noqa: FBT001  # a case of the table
    assert ends(Fraction(number)) is is_exact
