"""Columns of a transport file: text as bytes of one encoding, numbers as doubles, and what is refused.

Everything here works on whole columns.  A refusal is an :class:`~hbv_standards.errors.ExportError` that
names the variable, the first row (counted from 1), the value and the cure; nothing is ever cut, replaced
or rounded to make it fit.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from hbv_standards.errors import ExportError
from hbv_standards.export.ibm_float import LIMIT, SMALLEST, compute_unrepresentable

# In each of them the blank is the byte 0x20 and that byte occurs in no other character, which blank
# padding and the readers' trimming rely on (UTF-16 would break both).
ENCODINGS = ("ascii", "utf-8", "gb18030")

# Characters whose gb18030 bytes changed between its editions of 2000, 2005 and 2022: what one program writes
# another reads as something else, or not at all.
_MOVED_IN_GB18030 = re.compile(
    "[\u1e3f\ue7c7\u9fb4-\u9fbb\ufe10-\ufe19\ue78d-\ue796\ue816-\ue818\ue81e\ue826"
    "\ue82b\ue82c\ue831\ue832\ue83b\ue843\ue854\ue855\ue864]"
)

_BLANK, _FULL_STOP, _DELETE = 0x20, 0x2E, 0x7F
_SHOWN = 40
_FIRST_INEXACT_INTEGER = 2**53
_INTEGERS = (int, np.integer)
_NUMBERS = (Decimal, float, np.floating, *_INTEGERS)


def read_encoding(encoding: str) -> str:
    """Return the canonical name of ``encoding``; raise ExportError for one that no build writes."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = ""
    if name not in ENCODINGS:
        raise ExportError(f"encoding {encoding!r} is not one of {', '.join(ENCODINGS)}")
    return name


def refuse_value(place: str, row: int, value: object, problem: str, cure: str) -> NoReturn:
    """Raise the ExportError for row position ``row`` (counted from 0), showing the value shortened."""
    shown = repr(value) if isinstance(value, str) else str(value)
    if len(shown) > _SHOWN:
        shown = shown[: _SHOWN - 1] + "…"
    raise ExportError(f"{place} row {row + 1}: value {shown} {problem}; {cure}")


def encode_value(value: str, encoding: str) -> bytes:
    """Encode one text; UnicodeEncodeError also where the editions of gb18030 disagree on a character."""
    if encoding == "gb18030" and (moved := _MOVED_IN_GB18030.search(value)):
        raise UnicodeEncodeError(encoding, value, moved.start(), moved.end(), "its bytes differ by edition")
    return value.encode(encoding)


@dataclass(frozen=True, slots=True)
class EncodedText:
    """The values of a character variable as bytes: value r is ``data[starts[r]:starts[r + 1]]``.

    ``starts`` is int64 of shape (rows + 1,), ``data`` uint8; a missing value has no bytes.
    """

    starts: npt.NDArray[np.int64]
    data: npt.NDArray[np.uint8]

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Bytes of each value, shape (rows,)."""
        return np.diff(self.starts)

    def find_row(self, position: int) -> int:
        """Return the row that holds byte ``position`` of the data."""
        return int(np.searchsorted(self.starts, position, side="right")) - 1

    def write_into(self, block: npt.NDArray[np.uint8], first: int) -> None:
        """Copy the values from row ``first`` on into a blank block of shape (rows, width)."""
        rows, width = block.shape
        starts = self.starts[first : first + rows + 1]
        held = np.arange(width) < np.diff(starts)[:, None]
        block[held] = self.data[starts[0] : starts[-1]]


def encode_text(values: pd.Series[Any], encoding: str, place: str) -> EncodedText:
    """Encode a column of text; None and NaN become values without bytes.

    Raises:
        ExportError: the column holds something else than text, a control character (no reader can
            show one), or a character that ``encoding`` cannot carry.
    """
    text = _read_text(values, place)
    encoded = _read_buffers(text)
    _refuse_control_characters(encoded, values, place)
    if encoding == "utf-8" or not (encoded.data > _DELETE).any():
        return encoded  # ASCII text has the same bytes in every one of ENCODINGS
    return _recode(text.to_pylist(), encoding, place)


def refuse_unwritable_text(
    encoded: EncodedText, values: pd.Series[Any], *, length: int, encoding: str, place: str
) -> None:
    """Raise ExportError for the first value that the file could not give back as it is.

    Longer than the variable; leading blank (FDA FB1501) or a lone full stop (FB1502, it reads as a
    missing number); trailing blank (indistinguishable from padding).
    """
    lengths = encoded.lengths
    filled = np.flatnonzero(lengths)
    heads = encoded.data[encoded.starts[filled]]
    tails = encoded.data[encoded.starts[filled + 1] - 1]
    too_long = np.flatnonzero(lengths > length)
    lone_stops = filled[(heads == _FULL_STOP) & (lengths[filled] == 1)]
    at_mapping = "remove it where the value is mapped"
    raise_length = "raise the length in the specification, or carry the rest in a supplemental qualifier"
    for rows, problem, cure in (
        (too_long, f"has more bytes in {encoding} than the {length} of the variable", raise_length),
        (filled[heads == _BLANK], "starts with a blank", at_mapping),
        (filled[tails == _BLANK], "ends with a blank, which padding would swallow", at_mapping),
        (lone_stops, "is a lone full stop, which reads as a missing number", "leave the value missing"),
    ):
        if rows.size:
            refuse_value(place, int(rows[0]), values.iloc[int(rows[0])], problem, cure)


def convert_numbers(values: pd.Series[Any], place: str) -> npt.NDArray[np.float64]:
    """Convert a numeric column to float64 of shape (rows,), NaN for missing.

    Float and integer columns, nullable ones included, and object columns of Decimal, int or float; a
    Decimal becomes the nearest double.

    Raises:
        ExportError: another type of column or value, or a number that an IBM double cannot represent.
    """
    if pd.api.types.is_float_dtype(values.dtype) or pd.api.types.is_integer_dtype(values.dtype):
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        if pd.api.types.is_integer_dtype(values.dtype):
            numbers = np.where(np.abs(numbers) >= _FIRST_INEXACT_INTEGER, np.inf, numbers)
    elif values.dtype == object:
        numbers = _convert_objects(values, place)
    else:
        raise ExportError(f"{place}: a Num variable cannot be a column of {values.dtype}; make it float64")
    outside = np.flatnonzero(compute_unrepresentable(numbers))
    if outside.size:
        row = int(outside[0])
        problem = f"cannot be represented in a transport file ({SMALLEST:.1e} to {LIMIT:.1e}, exact integers)"
        refuse_value(place, row, values.iloc[row], problem, "correct it, or make the variable Char")
    return numbers


def _read_text(values: pd.Series[Any], place: str) -> pa.Array:
    """Return the column as an Arrow string array without nulls, sharing memory where possible."""
    values = _read_missing(values, place)
    try:
        text = pa.array(values, type=pa.large_string(), from_pandas=True)
    except UnicodeEncodeError:
        _recode(values, "utf-8", place)  # names the row of the lone surrogate
        raise
    if isinstance(text, pa.ChunkedArray):
        text = text.combine_chunks()
    return text.fill_null("")


def _read_missing(values: pd.Series[Any], place: str) -> pd.Series[Any]:
    """Return the column with nothing but text, None and NaN in it."""
    if isinstance(values.dtype, pd.StringDtype):
        return values
    if values.dtype != object:
        raise ExportError(f"{place}: a Char variable cannot be a column of {values.dtype}; make it str")
    if pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"):
        return values
    present = values.notna().to_numpy()
    for row in np.flatnonzero(present & np.array([not isinstance(value, str) for value in values]))[:1]:
        value = values.iloc[row]
        problem = f"is {type(value).__name__}, not text"
        refuse_value(place, int(row), value, problem, "write it as text where it is mapped")
    return values.where(present, None)


def _read_buffers(text: pa.Array) -> EncodedText:
    _, offsets, data = text.buffers()
    if not len(text) or data is None:
        return EncodedText(np.zeros(len(text) + 1, dtype=np.int64), np.empty(0, dtype=np.uint8))
    starts = np.frombuffer(offsets, dtype=np.int64)[text.offset : text.offset + len(text) + 1]
    # From zero on, so that a slice of a longer column is judged by its own bytes only.
    return EncodedText(starts - starts[0], np.frombuffer(data, dtype=np.uint8)[starts[0] : starts[-1]])


def _refuse_control_characters(encoded: EncodedText, values: pd.Series[Any], place: str) -> None:
    """Look for U+0000-U+001F, U+007F and U+0080-U+009F, the last as their UTF-8 bytes C2 80 to C2 9F."""
    data = encoded.data
    control = (data < _BLANK) | (data == _DELETE)
    control[:-1] |= (data[:-1] == 0xC2) & (data[1:] < 0xA0)
    found = np.flatnonzero(control)
    if found.size:
        row = encoded.find_row(int(found[0]))
        cure = "replace it where the value is mapped"
        refuse_value(place, row, values.iloc[row], "holds a control character", cure)


def _recode(values: Iterable[Any], encoding: str, place: str) -> EncodedText:
    pieces: list[bytes] = []
    for row, value in enumerate(values):
        try:
            pieces.append(encode_value(value, encoding) if isinstance(value, str) else b"")
        except UnicodeEncodeError as error:
            character = value[error.start]
            problem = f"holds {character!r} (U+{ord(character):04X}), which {encoding} cannot carry"
            refuse_value(place, row, value, problem, "map it to other text, or write another encoding")
    starts = np.zeros(len(pieces) + 1, dtype=np.int64)
    np.cumsum([len(piece) for piece in pieces], out=starts[1:])
    return EncodedText(starts, np.frombuffer(b"".join(pieces), dtype=np.uint8))


def _convert_objects(values: pd.Series[Any], place: str) -> npt.NDArray[np.float64]:
    missing = pd.isna(values).to_numpy()
    present = values.to_numpy()[~missing]
    strange = {kind for kind in set(map(type, present)) if kind is bool or not issubclass(kind, _NUMBERS)}
    if strange:
        row = next(row for row in np.flatnonzero(~missing).tolist() if type(values.iloc[row]) in strange)
        value = values.iloc[row]
        problem = f"is {type(value).__name__}, not a number"
        refuse_value(place, row, value, problem, "carry it as Decimal, or make the variable Char")
    numbers = np.full(len(values), np.nan)
    numbers[~missing] = [_convert_number(value) for value in present]
    return numbers


def _convert_number(value: Decimal | float) -> float:
    """Return the nearest double, or infinity (refused later) when the number would not be kept."""
    try:
        number = float(value)
    except OverflowError:
        return math.inf
    lost = number == 0 and value != 0
    lost |= isinstance(value, _INTEGERS) and abs(value) >= _FIRST_INEXACT_INTEGER
    return math.inf if lost else number
