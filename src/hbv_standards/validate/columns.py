"""Columns as the rules read them: distinct texts and a code for every row.

A column of a clinical dataset has few distinct values.  Every rule that needs a regular expression, a
codelist or a calendar therefore looks at each distinct value once and spreads the answer over the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.derive.dates import parse_dtc

Mask: TypeAlias = npt.NDArray[np.bool_]
Codes: TypeAlias = npt.NDArray[np.int64]
Numbers: TypeAlias = npt.NDArray[np.float64]
Moments: TypeAlias = npt.NDArray[np.datetime64]

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_LARGEST_KEY = 2**62


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A Char variable: ``values[codes[row]]`` is the text of a row.

    ``codes`` is int64 of shape (rows,).  ``values[0]`` is always the empty text, which stands for missing.
    ``raw`` are the stored bytes of each value without the padding blanks.
    """

    codes: Codes
    values: tuple[str, ...]
    raw: tuple[bytes, ...]

    @property
    def filled(self) -> Mask:
        """Rows that are not missing."""
        filled: Mask = self.codes != 0
        return filled

    def at(self, row: int) -> str:
        """The text of one row."""
        return self.values[int(self.codes[row])]

    def where(self, holds: Callable[[str], bool]) -> Mask:
        """Rows whose text is not missing and for which ``holds`` is true."""
        return np.array([False, *(holds(value) for value in self.values[1:])], dtype=bool)[self.codes]

    def where_raw(self, holds: Callable[[bytes], bool]) -> Mask:
        """Rows for whose stored bytes ``holds`` is true."""
        return np.array([holds(raw) for raw in self.raw], dtype=bool)[self.codes]

    def is_in(self, values: Collection[str]) -> Mask:
        """Rows whose text is one of ``values``; missing is never."""
        return self.where(lambda value: value in values)

    def place(self, value: str) -> int:
        """The code of a value, -2 when the column does not have it."""
        return self.values.index(value) if value in self.values else -2

    def translate(self, numbers: Mapping[str, int]) -> Codes:
        """The number of each row's text, -1 where it has none."""
        return np.array([numbers.get(value, -1) for value in self.values], dtype=np.int64)[self.codes]

    def numbers(self) -> Numbers:
        """Each row's text as a number, NaN where it is not one (``<20`` and ``1:320`` are not)."""
        return np.array([read_number(value) for value in self.values], dtype=np.float64)[self.codes]


def read_number(text: str) -> float:
    """The number that a text is, NaN when it is none."""
    return float(text) if NUMBER.fullmatch(text) else float("nan")


def build_text_column(values: pd.Series) -> TextColumn:
    """The column of a frame's text; None and NaN are missing, blanks at the end do not count."""
    codes, found = pd.factorize(values)
    texts = [str(text).rstrip(" ") for text in found]
    numbers: dict[str, int] = {"": 0}
    place = np.array([numbers.setdefault(text, len(numbers)) for text in texts] + [0], dtype=np.int64)
    distinct = tuple(numbers)
    return TextColumn(place[codes], distinct, tuple(text.encode("utf-8", "replace") for text in distinct))


def build_blank_column(rows: int) -> TextColumn:
    """A column that is missing in every row, for a variable that the dataset does not have."""
    return TextColumn(np.zeros(rows, dtype=np.int64), ("",), (b"",))


@dataclass(frozen=True, slots=True)
class DateColumn:
    """The dates of a --DTC variable, one entry for each row.

    ``valid`` marks ISO 8601 texts; ``day`` is the complete date, NaT when a part is unknown;
    ``earliest`` and ``end`` are the half-open span of time that the text allows.
    """

    valid: Mask
    day: Moments
    earliest: Moments
    end: Moments

    def take(self, rows: Codes) -> DateColumn:
        """The dates of other rows; nothing is known where ``rows`` is negative."""
        if not len(self.valid):
            return _build_unknown_dates(len(rows))
        known = rows >= 0
        nat = np.datetime64("NaT")
        return DateColumn(
            self.valid[rows] & known,
            np.where(known, self.day[rows], nat),
            np.where(known, self.earliest[rows], nat),
            np.where(known, self.end[rows], nat),
        )


def _build_unknown_dates(rows: int) -> DateColumn:
    nothing = np.full(rows, "NaT", dtype="datetime64[us]")
    return DateColumn(np.zeros(rows, dtype=bool), nothing.astype("datetime64[D]"), nothing, nothing)


def read_dates(column: TextColumn) -> DateColumn:
    """Read a --DTC variable, each distinct text once."""
    read = parse_dtc(pd.Series(column.values, dtype="str"))
    return DateColumn(
        read["dtc"].notna().to_numpy()[column.codes] & column.filled,
        read["date"].to_numpy().astype("datetime64[D]")[column.codes],
        read["earliest"].to_numpy().astype("datetime64[us]")[column.codes],
        read["end"].to_numpy().astype("datetime64[us]")[column.codes],
    )


def compute_surely_after(first: DateColumn, second: DateColumn) -> Mask:
    """Rows where ``first`` lies after ``second`` whatever their unknown parts are."""
    after: Mask = first.earliest >= second.end
    return after


def compute_close(first: Numbers, second: Numbers) -> Mask:
    """Rows with the same number: a Num variable holds a double, a text its decimal digits."""
    return np.isclose(first, second, rtol=1e-9, atol=0)


def group_rows(columns: Sequence[TextColumn | Numbers | Codes]) -> Codes:
    """A number for every row that two rows share when they agree in all of ``columns``.

    Numbers count from 0 in the order of first appearance; missing numbers are one value.
    """
    key: Codes | None = None
    for column in columns:
        codes = column.codes if isinstance(column, TextColumn) else pd.factorize(column)[0].astype(np.int64)
        key = codes if key is None else _pair_codes(key, codes)
    if key is None:
        return np.zeros(0, dtype=np.int64)
    return pd.factorize(key)[0].astype(np.int64)


def _pair_codes(first: Codes, second: Codes) -> Codes:
    width = int(second.max(initial=0)) + 2
    if int(first.max(initial=0)) + 2 > _LARGEST_KEY // width:
        first = pd.factorize(first)[0].astype(np.int64)
    return (first + 1) * width + second + 1


def find_repeats(groups: Codes) -> Mask:
    """Rows whose group has been seen in an earlier row."""
    seen = pd.Series(groups).duplicated().to_numpy()
    return seen.astype(bool)


def compute_first_rows(groups: Codes) -> Codes:
    """For every row, the first row of its group."""
    first = np.zeros(int(groups.max(initial=-1)) + 1, dtype=np.int64)
    first[groups[::-1]] = np.arange(len(groups), dtype=np.int64)[::-1]
    return first[groups]


def find_minority(groups: Codes, values: Codes, among: Mask) -> tuple[Mask, Codes]:
    """Rows that disagree with most rows of their group.

    Args:
        groups: group of every row, counted from 0.
        values: what must be one value in each group.
        among: the rows that count.

    Returns:
        The rows that do not have their group's most frequent value (of equally frequent ones the first),
        and for every row the row that shows this value.
    """
    rows = np.flatnonzero(among)
    if _is_one_to_one(groups[rows], values[rows]):
        return np.zeros(len(among), dtype=bool), np.zeros(len(among), dtype=np.int64)
    table = pd.DataFrame({"group": groups[rows], "value": values[rows], "row": rows})
    counted = table.groupby(["group", "value"], sort=False)["row"].agg(["size", "first"]).reset_index()
    counted = counted.sort_values(["group", "size", "first"], ascending=[True, False, True], kind="stable")
    most = counted.drop_duplicates("group")
    shows = np.full(int(groups.max(initial=-1)) + 1, -1, dtype=np.int64)
    shows[most["group"].to_numpy()] = most["first"].to_numpy()
    example = shows[groups]
    differs = among & (example >= 0)
    differs[differs] = values[example[differs]] != values[differs]
    return differs, example


def _is_one_to_one(groups: Codes, values: Codes) -> bool:
    """Whether no group has two values."""
    pairs = pd.factorize(_pair_codes(groups, values))[1]
    return len(pairs) == len(pd.unique(groups))
