"""Columns of two cuts in one numbering, so that records are compared as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.validate.submission import show_number

Codes = npt.NDArray[np.int64]
Values = npt.NDArray[np.object_] | npt.NDArray[np.float64]


def align_columns(old: pd.Series, new: pd.Series) -> tuple[Values, Values]:
    """Values of both as one type: as text where one cut has the variable as Char and the other as Num."""
    if pd.api.types.is_float_dtype(old) and pd.api.types.is_float_dtype(new):
        return old.to_numpy(dtype=np.float64), new.to_numpy(dtype=np.float64)
    return show_column(old), show_column(new)


def show_column(values: pd.Series) -> npt.NDArray[np.object_]:
    """Values as text, empty where missing."""
    if not pd.api.types.is_float_dtype(values):
        return values.to_numpy(dtype=object)
    codes, found = pd.factorize(values.to_numpy())
    return np.array([*(show_number(float(number)) for number in found), ""], dtype=object)[codes]


def number_rows(old: pd.DataFrame, new: pd.DataFrame, names: Iterable[str]) -> tuple[Codes, Codes]:
    """For each row of both frames the number of its values in ``names``: equal rows, equal numbers."""
    codes = np.zeros(len(old) + len(new), dtype=np.int64)
    for name in names:
        if old[name].dtype == new[name].dtype:
            own, found = pd.factorize(pd.concat([old[name], new[name]]), use_na_sentinel=False)
        else:
            own, found = pd.factorize(np.concatenate(align_columns(old[name], new[name])))
        codes = join_codes(codes, own.astype(np.int64), len(found))
    return codes[: len(old)], codes[len(old) :]


def join_codes(codes: Codes, other: Codes, kinds: int) -> Codes:
    """Number of each pair of numbers; ``other`` is below ``kinds``."""
    return pd.factorize(codes * max(kinds, 1) + other)[0].astype(np.int64)


def compare_columns(old: pd.Series, new: pd.Series, at_old: Codes, at_new: Codes) -> npt.NDArray[np.bool_]:
    """Whether the values of paired rows differ; missing equals missing."""
    before, after = align_columns(old, new)
    one, other = before[at_old], after[at_new]
    differ: npt.NDArray[np.bool_] = np.asarray(one != other, dtype=bool)
    if one.dtype == np.float64:
        differ &= ~(np.isnan(one) & np.isnan(other))
    return differ


def choose_present(names: Sequence[str], *frames: pd.DataFrame) -> list[str]:
    """Those names that are variables of all frames, each once."""
    return [name for name in dict.fromkeys(names) if all(name in frame for frame in frames)]
