"""The order of records and --SEQ: decided by content alone, never by the order of the input."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

_DIGITS = re.compile(r"([0-9]+)")


def sort_records(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """The frame sorted by ``keys``, in which they stand; index 0..n-1.

    Numbers come in numeric order, also inside text (``S-2`` before ``S-10``); missing comes last.
    Ties are broken by the other SDTM variables (columns with an upper-case name) in order of
    their names; rows that agree in all of them keep their order, which no SDTM value can show.
    Columns in lower case (``source_id``, ``path``) never decide. Raises ``KeyError`` for a key
    that the frame does not have.
    """
    return frame.iloc[compute_order(frame, keys)].reset_index(drop=True)


def compute_order(frame: pd.DataFrame, keys: Sequence[str]) -> npt.NDArray[np.intp]:
    """Positions of the rows in the order that :func:`sort_records` gives them."""
    ranks = [_rank_values(frame[key]) for key in keys]
    order = _sort_ranks(ranks, len(frame))
    tied = _find_ties(ranks, order)
    if not tied.any():
        return order
    content = sorted(str(name) for name in frame.columns if str(name).isupper() and name not in keys)
    rows = order[tied]
    among = _sort_ranks(
        [rank[rows] for rank in ranks] + [_rank_values(frame[name].iloc[rows]) for name in content], len(rows)
    )
    order[tied] = rows[among]
    return order


def derive_seq(frame: pd.DataFrame, out: str, by: Sequence[str] = ("USUBJID",)) -> pd.DataFrame:
    """Add ``out`` (float64): 1, 2, 3 ... within each value of ``by``, in the order of the frame.

    Unique per subject and domain (SDTMIG 4.1.4, CG0028); sort first.
    """
    number = frame.groupby(list(by), dropna=False, sort=False).cumcount() + 1
    return frame.assign(**{out: number.astype("float64")})


def _sort_ranks(ranks: Sequence[npt.NDArray[np.intp]], rows: int) -> npt.NDArray[np.intp]:
    if not ranks:
        return np.arange(rows)
    return np.lexsort([np.arange(rows), *reversed(ranks)])


def _find_ties(ranks: Sequence[npt.NDArray[np.intp]], order: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Which places of ``order`` hold a row that agrees with its neighbour in every rank."""
    same: npt.NDArray[np.bool_] = np.ones(max(len(order) - 1, 0), dtype=bool)
    for rank in ranks:
        same &= rank[order[1:]] == rank[order[:-1]]
    none = np.zeros(1 if len(order) else 0, dtype=bool)
    ties: npt.NDArray[np.bool_] = np.concatenate([none, same]) | np.concatenate([same, none])
    return ties


def _rank_values(values: pd.Series) -> npt.NDArray[np.intp]:
    """Place of each value among the distinct ones; missing last."""
    codes, uniques = pd.factorize(values)
    if pd.api.types.is_string_dtype(values.dtype) or values.dtype == object:
        texts = [str(value) for value in uniques]
        ordered = sorted(range(len(texts)), key=lambda place: _read_natural(texts[place]))
    else:
        ordered = np.argsort(np.asarray(uniques), kind="stable").tolist()
    ranks = np.empty(len(uniques) + 1, dtype=np.intp)
    ranks[ordered] = np.arange(len(uniques))
    ranks[-1] = len(uniques)
    return ranks[codes]


def _read_natural(text: str) -> tuple[list[str | tuple[int, str]], str]:
    """Text and runs of digits in turn; a run compares by its value. Whole text last: 01 is not 1."""
    parts: list[str | tuple[int, str]] = []
    for place, part in enumerate(_DIGITS.split(text)):
        digits = part.lstrip("0")
        parts.append((len(digits), digits) if place % 2 else part)
    return parts, text
