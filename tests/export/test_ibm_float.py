"""IBM doubles: published constants, exactness over the whole range, and honest refusal outside it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ExportError
from hbv_standards.export.ibm_float import (
    LIMIT,
    SMALLEST,
    compute_unrepresentable,
    convert_double_to_ibm,
    convert_ibm_to_double,
)

# Worked by hand from the definition: sign, excess-64 exponent of 16, fraction below 1.
KNOWN = [
    (1.0, "4110000000000000"),  # 1/16 * 16**1
    (-1.0, "C110000000000000"),
    (0.5, "4080000000000000"),
    (0.0625, "4010000000000000"),
    (2.0, "4120000000000000"),
    (15.0, "41F0000000000000"),
    (16.0, "4210000000000000"),
    (118.625, "4276A00000000000"),
    (-118.625, "C276A00000000000"),
    (0.1, "401999999999999A"),  # the double nearest to 0.1, not 1/10 cut at 56 bits
    (0.3, "404CCCCCCCCCCCCC"),
    (1e6, "45F4240000000000"),
    (math.pi, "413243F6A8885A30"),
    (0.0, "0000000000000000"),
    (math.nan, "2E00000000000000"),
    (2.0**-260, "0010000000000000"),  # the smallest normalised field
    (math.nextafter(2.0**252, 0.0), "7FFFFFFFFFFFFFF8"),  # the largest double below the limit
]

in_range = st.one_of(
    st.just(0.0),
    st.floats(min_value=SMALLEST, max_value=math.nextafter(LIMIT, 0.0)),
    st.floats(min_value=-math.nextafter(LIMIT, 0.0), max_value=-SMALLEST),
    st.integers(min_value=-(2**53), max_value=2**53).map(float),
)


def _read_field(field: bytes) -> float:
    """The definition in exact integer arithmetic, as a second opinion on the vectorised code."""
    number = int.from_bytes(field, "big")
    sign = -1 if number >> 63 else 1
    exponent = (number >> 56 & 0x7F) - 64
    return sign * math.ldexp(number & (2**56 - 1), 4 * exponent - 56)


@pytest.mark.parametrize(("value", "field"), KNOWN)
def test_known_constants_both_ways(value: float, field: str) -> None:
    encoded = convert_double_to_ibm(np.array([value]))
    assert encoded.tobytes().hex().upper() == field
    np.testing.assert_array_equal(convert_ibm_to_double(encoded), [value])


def test_minus_zero_is_written_as_true_zero() -> None:
    assert convert_double_to_ibm(np.array([-0.0])).tobytes() == bytes(8)


@given(st.lists(st.one_of(in_range, st.just(math.nan)), max_size=40))
def test_every_double_in_range_survives(numbers: list[float]) -> None:
    values = np.array(numbers, dtype=np.float64)
    fields = convert_double_to_ibm(values)
    assert fields.shape == (len(numbers), 8)
    np.testing.assert_array_equal(convert_ibm_to_double(fields), values)


@given(in_range.filter(lambda number: number != 0))
def test_field_means_the_number_and_is_normalised(number: float) -> None:
    field = convert_double_to_ibm(np.array([number])).tobytes()
    assert _read_field(field) == number
    assert field[1] >= 0x10, "the first hexadecimal digit of the fraction must not be zero"


@given(st.lists(in_range, min_size=2, max_size=20))
def test_order_is_kept(numbers: list[float]) -> None:
    """Positive fields compare like their numbers, as SAS relies on when it sorts."""
    values = np.abs(np.array(numbers))
    fields = [row.tobytes() for row in convert_double_to_ibm(values)]
    assert sorted(fields) == [row.tobytes() for row in convert_double_to_ibm(np.sort(values))]


@given(st.floats(allow_nan=False))
def test_refusal_agrees_with_the_range(number: float) -> None:
    fits = number == 0 or SMALLEST <= abs(number) < LIMIT
    assert compute_unrepresentable(np.array([number])).tolist() == [not fits]


@pytest.mark.parametrize(
    "number", [math.inf, -math.inf, 2.0**252, -1e76, 1e-79, -math.nextafter(SMALLEST, 0.0), 5e-324]
)
def test_outside_the_range_is_refused(number: float) -> None:
    with pytest.raises(ExportError, match="number 2 of 3"):
        convert_double_to_ibm(np.array([1.0, number, number]))


@pytest.mark.parametrize("code", [*b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
def test_every_sas_missing_value_reads_as_nan(code: int) -> None:
    field = np.frombuffer(bytes([code, 0, 0, 0, 0, 0, 0, 0]), dtype=np.uint8).reshape(1, 8)
    assert np.isnan(convert_ibm_to_double(field)).all()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("4000000000000000", 0.0),  # zero fraction with an exponent that is no missing code
        ("4101000000000000", 0.0625),  # not normalised
        ("41FFFFFFFFFFFFFF", 16.0),  # 56 significant bits: nearest double
    ],
)
def test_foreign_fields(field: str, value: float) -> None:
    given_field = np.frombuffer(bytes.fromhex(field), dtype=np.uint8).reshape(1, 8)
    assert convert_ibm_to_double(given_field).tolist() == [value]


def test_strided_input() -> None:
    values = np.arange(10.0)[::3]
    np.testing.assert_array_equal(convert_ibm_to_double(convert_double_to_ibm(values)), values)


def test_no_numbers() -> None:
    assert convert_double_to_ibm(np.empty(0)).shape == (0, 8)
    assert convert_ibm_to_double(np.empty((0, 8), dtype=np.uint8)).shape == (0,)
