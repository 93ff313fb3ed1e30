"""Results that hardly any living person has: mostly a unit that is not the one that was written."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


def compute_outside(values: Numbers, low: Numbers, high: Numbers) -> Mask:
    """Mask of values below ``low`` or above ``high``, in one unit; a missing limit or value is none."""
    below: Mask = np.less(values, low, where=~(np.isnan(values) | np.isnan(low)), out=np.zeros(len(values), bool))
    above: Mask = np.greater(values, high, where=~(np.isnan(values) | np.isnan(high)), out=np.zeros(len(values), bool))
    return below | above


def compute_jumps(frame: pd.DataFrame, group: list[str], value: str, jump: str) -> Mask:
    """Mask of values that are more than ``jump`` times their group's median, or less than that part of it.

    ``frame`` is in the order of time. The median of three values or more does not follow one wrong
    value among them. Of two values the later one is marked when they differ so much; a value alone,
    zero or below says nothing.
    """
    numbers = frame[value].where(frame[value] > 0)
    keys = [frame[name] for name in group]
    groups = numbers.groupby(keys, dropna=False)
    count = groups.transform("count")
    place = numbers.notna().groupby(keys, dropna=False).cumsum()
    pair = groups.transform("first").where((count == 2) & (place == 2))
    usual = groups.transform("median").where(count > 2, pair)
    ratio = numbers / usual
    limit = frame[jump]
    return ((ratio > limit) | (ratio < 1 / limit)).fillna(False).to_numpy(dtype=bool)
