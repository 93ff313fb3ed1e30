"""IBM System/360 double precision numbers: the only numbers that a SAS transport file knows.

A field is 8 bytes, big-endian: one sign bit, a base-16 exponent in excess 64 (7 bits) and a 56-bit
fraction in [1/16, 1).  An IEEE double has 53 significant bits and normalising to base 16 shifts them by
at most 3 places, so 56 bits hold every double whose exponent fits: from 2**-260 (about 5.4E-79) to just
under 2**252 (about 7.2E75).  Both conversions are integer arithmetic on the bit patterns and exact.

Source: SAS technical note TS-140, numeric data fields and missing values.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from hbv_standards.errors import ExportError

SMALLEST = 2.0**-260
LIMIT = 2.0**252  # the first power of two that no longer fits

_SIGN = np.uint64(0x8000_0000_0000_0000)
_IEEE_FRACTION = np.uint64(0x000F_FFFF_FFFF_FFFF)
_IEEE_HIDDEN_BIT = np.uint64(0x0010_0000_0000_0000)
_IBM_FRACTION = np.uint64(0x00FF_FFFF_FFFF_FFFF)
_MISSING = np.uint64(0x2E00_0000_0000_0000)  # "." then zeros: the ordinary missing value
_MISSING_CODES = np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)


def compute_unrepresentable(values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Mark the numbers that have no IBM double: infinite, too large, or nonzero and too small.

    ``values`` is float64 of shape (n,); the result is bool of shape (n,).  NaN stands for missing and zero
    is exact, so neither is marked.
    """
    magnitude = np.abs(values)
    outside: npt.NDArray[np.bool_] = (magnitude >= LIMIT) | ((magnitude < SMALLEST) & (magnitude > 0))
    return outside


def convert_double_to_ibm(values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Convert float64 of shape (n,) to the bytes of IBM doubles, uint8 of shape (n, 8).

    NaN becomes the SAS missing value ``.`` and both zeros become 8 zero bytes.

    Raises:
        ExportError: a number is outside the range of an IBM double; it is never rounded to fit.
    """
    outside = np.flatnonzero(compute_unrepresentable(values))
    if outside.size:
        at = int(outside[0])
        raise ExportError(f"number {at + 1} of {values.size}, {values[at]!r}, has no IBM double")
    bits = np.ascontiguousarray(values, dtype=np.float64).view(np.uint64)
    # In range every double is normal, so its value is (hidden bit + fraction) * 2**(binary - 52).
    binary = ((bits >> np.uint64(52)) & np.uint64(0x7FF)).astype(np.int64) - 1023
    fraction = (bits & _IEEE_FRACTION | _IEEE_HIDDEN_BIT) << (binary & 3).astype(np.uint64)
    exponent = ((binary >> 2) + 65).astype(np.uint64) << np.uint64(56)
    fields = (bits & _SIGN) | exponent | fraction
    fields[values == 0] = 0
    fields[np.isnan(values)] = _MISSING
    encoded: npt.NDArray[np.uint8] = fields.astype(">u8").view(np.uint8).reshape(-1, 8)
    return encoded


def convert_ibm_to_double(fields: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    """Convert the bytes of IBM doubles, uint8 of shape (n, 8), to float64 of shape (n,).

    All 28 SAS missing values (``.``, ``._``, ``.A`` to ``.Z``) become NaN.  Fields written by
    :func:`convert_double_to_ibm` come back exactly; a foreign field with more than 53 significant bits is
    rounded to the nearest double.
    """
    bits = np.ascontiguousarray(fields, dtype=np.uint8).reshape(-1, 8).view(">u8").ravel().astype(np.uint64)
    fraction = bits & _IBM_FRACTION
    exponent = ((bits >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int64)
    magnitude = np.ldexp(fraction.astype(np.float64), 4 * (exponent - 64) - 56)
    values = np.where(bits & _SIGN, -magnitude, magnitude)
    first_byte = (bits >> np.uint64(56)).astype(np.uint8)
    values[fraction == 0] = 0.0
    values[(fraction == 0) & np.isin(first_byte, _MISSING_CODES)] = np.nan
    return values
