"""Standard-unit numbers, worked out by themselves with the literal factors of conversions.csv.

The rule: a conversion whose factor ends as a decimal keeps all digits; any other is rounded half
to even to one significant digit more than was sent, and to four at least. A number is written
without exponent and without needless zeros.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from functools import cache

from hbv_standards.simulate.habits import Factor, read_factors, read_tests

_WORKING_DIGITS = 80
_LEAST_DIGITS = 4


@cache
def standardise(number: str, concept_id: str, unit_value: str) -> str:
    """The number in the test's standard unit. ``KeyError`` where conversions.csv lacks the pair."""
    if unit_value in ("", read_tests()[concept_id].std_unit):
        return write_plain(Decimal(number))
    factor = read_factors()[concept_id, unit_value]
    digits = max(_LEAST_DIGITS, len(Decimal(number).as_tuple().digits) + 1)
    if factor.scale == "log10":
        return write_plain(_raise_ten(number, digits))
    return write_plain(_scale(number, factor, digits))


def _raise_ten(number: str, digits: int) -> Decimal:
    with localcontext() as context:
        context.prec = _WORKING_DIGITS
        raised = Decimal(10) ** Decimal(number)
        context.prec, context.rounding = digits, ROUND_HALF_EVEN
        return +raised


def _scale(number: str, factor: Factor, digits: int) -> Decimal:
    multiplier, offset = Fraction(factor.multiplier) / Fraction(factor.divisor), Fraction(factor.offset or 0)
    result = (Fraction(number) + offset) * multiplier
    exact = ends(multiplier) and ends(offset * multiplier)
    with localcontext() as context:
        context.prec, context.rounding = (_WORKING_DIGITS if exact else digits), ROUND_HALF_EVEN
        return Decimal(result.numerator) / Decimal(result.denominator)


def ends(number: Fraction) -> bool:
    """Whether the decimals of a number come to an end."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def write_plain(number: Decimal) -> str:
    """6.30 → 6.3, 1.50E-2 → 0.015, 1.2E+03 → 1200."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
