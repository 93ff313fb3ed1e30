"""Values of a transport file: text as distinct byte strings, numbers from IBM doubles."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.validate.columns import Codes, Numbers, TextColumn

Bytes = npt.NDArray[np.uint8]

_FRACTION = np.uint64(0x00FF_FFFF_FFFF_FFFF)
_SIGN = np.uint64(0x8000_0000_0000_0000)
_MISSING = np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)


def convert_ibm_numbers(fields: Bytes) -> Numbers:
    """Bytes of IBM/360 numbers, uint8 of shape (n, 2 to 8), as float64 of shape (n,); missing is NaN.

    A field shorter than 8 bytes is one whose last bytes are zero (TS-140).
    """
    whole = np.zeros((len(fields), 8), dtype=np.uint8)
    whole[:, : fields.shape[1]] = fields
    bits = whole.view(">u8").ravel().astype(np.uint64)
    fraction = bits & _FRACTION
    power = ((bits >> np.uint64(56)) & np.uint64(0x7F)).astype(np.int64) * 4 - 312  # 4*(e-64) - 56
    numbers: Numbers = np.ldexp(fraction.astype(np.float64), power)
    numbers[(bits & _SIGN) != 0] *= -1
    numbers[(fraction == 0) & np.isin(whole[:, 0], _MISSING)] = np.nan
    return numbers


def factorize_bytes(field: Bytes) -> tuple[Codes, Codes]:
    """Number the distinct rows of uint8 (n, width).

    Returns the number of every row, and for every number the first row that has it.
    """
    rows, width = field.shape
    padded = np.zeros((rows, -(-width // 8) * 8), dtype=np.uint8)
    padded[:, :width] = field
    words = padded.view(np.uint64)
    key = words[:, 0].copy()
    for column in range(1, words.shape[1]):
        key = (key ^ (key >> np.uint64(29))) * _MIX + words[:, column]
    codes = pd.factorize(key)[0].astype(np.int64)
    first = _find_first(codes)
    if words.shape[1] > 1 and (words[first[codes]] != words).any():  # two texts have one key
        _, codes = np.unique(words, axis=0, return_inverse=True)
        codes = codes.reshape(-1).astype(np.int64)
        first = _find_first(codes)
    return codes, first


def _find_first(codes: Codes) -> Codes:
    first = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes), dtype=np.int64)[::-1]
    return first


class ColumnReader:
    """Gathers one variable from the chunks of a file."""

    def __init__(self, numeric: bool, rows: int) -> None:  # noqa: FBT001 - the type of the variable, told once
        self._numeric = numeric
        self._numbers: Numbers = np.zeros(rows if numeric else 0, dtype=np.float64)
        self._codes: Codes = np.zeros(0 if numeric else rows, dtype=np.int64)
        self._distinct: dict[bytes, int] = {b"": 0}

    @property
    def raw(self) -> Iterable[bytes]:
        """Distinct values as bytes, without padding."""
        return self._distinct

    def read(self, field: Bytes, first: int) -> None:
        """Take the values of the rows from ``first`` on."""
        if self._numeric:
            self._numbers[first : first + len(field)] = convert_ibm_numbers(field)
            return
        codes, rows = factorize_bytes(field)
        texts = (text.tobytes().rstrip(b" ") for text in field[rows])
        place = [self._distinct.setdefault(text, len(self._distinct)) for text in texts]
        self._codes[first : first + len(field)] = np.array(place, dtype=np.int64)[codes]

    def build(self, encoding: str | None) -> TextColumn | Numbers:
        """The whole variable, once all chunks are read."""
        if self._numeric:
            return self._numbers
        raw = tuple(self._distinct)
        return TextColumn(self._codes, tuple(decode_text(text, encoding) for text in raw), raw)


def choose_encoding(texts: Iterable[bytes]) -> str | None:
    """The encoding that carries all texts of a file: ascii, utf-8 or gb18030; None when none of them does."""
    special = b"\n".join(text for text in texts if not text.isascii())
    if not special:
        return "ascii"
    for encoding in ("utf-8", "gb18030"):
        try:
            special.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def decode_text(raw: bytes, encoding: str | None) -> str:
    """Text of stored bytes without padding; bytes that no encoding explains are shown as ``\\xNN``."""
    kept = raw.rstrip(b" \0") or raw.rstrip(b" ").replace(b"\0", b"\\x00")
    return kept.decode(encoding or "ascii", "backslashreplace")
