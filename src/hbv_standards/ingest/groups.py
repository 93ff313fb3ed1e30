"""Which rows are about one thing: groups of rows that are joined by links or by equal cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

Pair = tuple[int, int]


def find_groups(count: int, pairs: Iterable[Pair]) -> npt.NDArray[np.int64]:
    """Group of each of ``count`` rows, joined by ``pairs`` of positions: the position of its first row."""
    group = list(range(count))

    def find_first(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    for one, other in pairs:
        first, last = sorted((find_first(one), find_first(other)))
        group[last] = first
    return np.array([find_first(at) for at in range(count)], dtype=np.int64)


def pair_equal(cells: pd.Series) -> Iterator[Pair]:
    """Each row with the first one that holds the same cell; missing cells are equal to nothing."""
    codes, _ = pd.factorize(cells)
    first: dict[int, int] = {}
    for at, code in enumerate(codes.tolist()):
        if code >= 0:
            yield first.setdefault(code, at), at
