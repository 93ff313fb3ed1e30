"""One computation per distinct combination of cells, for work that numpy cannot do.

Findings repeat themselves: a trial's 200,000 results are some ten thousand distinct ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


def map_combinations(
    frame: pd.DataFrame,
    columns: Sequence[str],
    compute: Callable[..., Sequence[Any]],
    out: Mapping[str, str],
) -> pd.DataFrame:
    """Call ``compute`` once per distinct combination of ``columns`` and spread what it gives.

    ``compute`` takes the cells in the order of ``columns`` (missing is None) and returns one value
    per column of ``out`` (name → pandas dtype). The result has the index of ``frame``. Raises
    ``KeyError`` for a column that ``frame`` does not have.
    """
    codes = _number_combinations(frame, columns)
    _, first = np.unique(codes, return_index=True)
    cells = [_list_cells(frame[name], first) for name in columns]
    made = [compute(*combination) for combination in zip(*cells, strict=True)]
    values: list[Sequence[Any]] = list(zip(*made, strict=True)) if made else [()] * len(out)
    spread = {
        name: pd.Series(list(column), dtype=dtype).take(codes).array
        for (name, dtype), column in zip(out.items(), values, strict=True)
    }
    return pd.DataFrame(spread, index=frame.index)


def _number_combinations(frame: pd.DataFrame, columns: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """A number 0..n-1 for every row, equal where the cells are equal; missing equals missing."""
    codes = np.zeros(len(frame), dtype="int64")
    for name in columns:
        column, uniques = pd.factorize(frame[name], use_na_sentinel=True)
        # Numbered anew after every column, so that the products stay far below 2**63.
        codes = pd.factorize(codes * (len(uniques) + 1) + column + 1)[0]
    return codes


def _list_cells(column: pd.Series, rows: np.ndarray[Any, np.dtype[np.intp]]) -> list[Any]:
    cells = column.iloc[rows]
    return cells.astype(object).where(cells.notna(), None).tolist()
