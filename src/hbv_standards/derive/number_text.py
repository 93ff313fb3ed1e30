"""Numbers as text: read exactly, rounded by rule, written one way only.

FHIR and laboratories send 6.30, 1.50E-2 or +5; a standardized result has one spelling
(--STRESC, SDTMIG 4.5.1; the numeric form that FB3101-FB3103 test). Binary floats are not used.
"""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

Scale = Literal["linear", "log10"]

_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<digits>[0-9]*\.?[0-9]+)(?:[eE](?P<exponent>[+-]?[0-9]{1,4}))?")
_BYTES = 200  # a character value of a transport file (SDTMIG 4.5.3.2)
_LARGEST, _SMALLEST = 75, -78  # powers of ten that a number of a transport file can hold (IBM double)
_CONTEXT = Context(prec=60)


@lru_cache(maxsize=2**16)  # limits and results repeat
def read_number(text: str) -> Fraction | None:
    """The exact value of a number text; None for anything else, and for numbers no dataset can hold.

    A dataset holds numbers of at most 200 characters and of a size between 1E-78 and 1E75.
    """
    parts = _split_number(text)
    if parts is None:
        return None
    sign, digits, exponent = parts
    size = Fraction(int(digits or "0")) * Fraction(10) ** exponent
    return -size if sign else size


def _split_number(text: str) -> tuple[str, str, int] | None:
    """Sign ("-" or ""), digits without leading zeros, and the power of ten that multiplies them."""
    match = _NUMBER.fullmatch(text)
    if match is None or len(text) > _BYTES:
        return None
    whole, _, fraction = match["digits"].partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return "", "", 0
    exponent = int(match["exponent"] or 0) - len(fraction)
    if not _SMALLEST <= len(digits) - 1 + exponent <= _LARGEST:
        return None
    return match["sign"].replace("+", ""), digits, exponent


def write_canonical(text: str) -> str | None:
    """A number text in its one spelling: 6.30 → 6.3, 1.50E-2 → 0.015, -0.0 → 0.

    No exponent, no needless zeros, no plus; all other digits as sent. None as :func:`read_number`.
    """
    parts = _split_number(text)
    return None if parts is None else _write_digits(*parts)


def _write_digits(sign: str, digits: str, exponent: int) -> str:
    if exponent >= 0:
        return f"{sign}{digits or '0'}{'0' * exponent if digits else ''}"
    digits = digits.zfill(1 - exponent)
    decimals = digits[exponent:].rstrip("0")
    return f"{sign}{digits[:exponent]}{'.' if decimals else ''}{decimals}"


def count_digits(text: str) -> int:
    """Significant digits as sent: 6.30 has three, 0.015 two, 0.00 one, 1500 four."""
    digits = re.split("[eE]", text)[0].replace(".", "").lstrip("+-")
    return len(digits.lstrip("0")) or 1


def is_terminating(number: Fraction) -> bool:
    """Whether the number has a decimal text that ends."""
    return _compute_places(number.denominator) is not None


@lru_cache(maxsize=2**12)
def _compute_places(denominator: int) -> int | None:
    """Decimal places that a fraction with this denominator needs; None when it never ends."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    return max(counts) if denominator == 1 else None


def compute_exponent(number: Fraction) -> int | None:
    """n where the number is 10 to the n, else None."""
    if number <= 0:
        return None
    larger, smaller = max(number.numerator, number.denominator), min(number.numerator, number.denominator)
    places = len(str(larger)) - 1
    if smaller != 1 or larger != 10**places:
        return None
    return places if number.numerator == larger else -places


def round_digits(number: Fraction, digits: int) -> Fraction:
    """Round to that many significant digits, half to even."""
    if number == 0:
        return number
    unit = Fraction(10) ** (_compute_magnitude(number) - digits + 1)
    return round(number / unit) * unit


def _compute_magnitude(number: Fraction) -> int:
    """n where 10**n <= abs(number) < 10**(n + 1)."""
    size = abs(number)
    guess = len(str(size.numerator)) - len(str(size.denominator))
    return guess if size >= Fraction(10) ** guess else guess - 1


def convert_scale(number: Fraction, from_scale: Scale, to_scale: Scale) -> Fraction | None:
    """Between a number and its common logarithm, to 60 digits (exact for powers of ten).

    None for the logarithm of 0 or less and for powers that no dataset can hold.
    """
    if from_scale == to_scale:
        return number
    if to_scale == "log10":
        return _compute_log(number)
    if not _SMALLEST <= number <= _LARGEST:
        return None
    if number.denominator == 1:
        return Fraction(10) ** number.numerator
    return Fraction(_CONTEXT.power(Decimal(10), _divide(number)))


def _compute_log(number: Fraction) -> Fraction | None:
    if number <= 0:
        return None
    exponent = compute_exponent(number)
    return Fraction(exponent) if exponent is not None else Fraction(_CONTEXT.log10(_divide(number)))


def _divide(number: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))


def write_number(number: Fraction) -> str | None:
    """The one decimal text of a number: no exponent, no needless zeros, never ``-0``.

    None for a number whose decimals do not end or that no dataset can hold.
    """
    places = _compute_places(number.denominator)
    if places is None or not _is_holdable(number):
        return None
    digits = abs(number.numerator) * 10**places // number.denominator
    text = _write_digits("-" if number < 0 else "", str(digits), -places)
    return text if len(text) <= _BYTES else None


def _is_holdable(number: Fraction) -> bool:
    return number == 0 or _SMALLEST <= _compute_magnitude(number) <= _LARGEST
