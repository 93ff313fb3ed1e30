"""Which record is which: always one to one, alike from both sides, and never worse than by content."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.compare.pairing import MOST_SHARED, Records, pair_records

Row = tuple[int, int, int, tuple[int, ...]]
"""Key, value and topic of a record, and the resources behind it."""


def build(rows: list[Row], *, traced: bool = True) -> Records:
    key, value, topic = (np.array([row[at] for row in rows], dtype=np.int64) for at in range(3))
    links = pd.DataFrame(
        [(at, source) for at, row in enumerate(rows) for source in set(row[3])],
        columns=["row", "source"],
        dtype="int64",
    )
    cells = np.column_stack([key, value])
    return Records(key, key * 1000 + value, topic, True, cells, links if traced else None)


def pair(old: list[Row], new: list[Row], *, traced: bool = True) -> list[tuple[int, int]]:
    at_old, at_new = pair_records(build(old, traced=traced), build(new, traced=traced))
    return list(zip(at_old.tolist(), at_new.tolist(), strict=True))


# what decides; old; new; pairs
CASES = {
    "the key": ([(1, 1, 1, ()), (2, 2, 2, ())], [(2, 5, 2, ()), (1, 6, 1, ())], [(0, 1), (1, 0)]),
    "the resource, within a key": ([(1, 1, 1, (7,)), (1, 2, 1, (8,))], [(1, 3, 1, (8,)), (1, 4, 1, (7,))], [(0, 1), (1, 0)]),
    "the content, within a key": ([(1, 1, 1, ()), (1, 2, 1, ())], [(1, 2, 1, ()), (1, 9, 1, ())], [(0, 1), (1, 0)]),
    "the resource, over a key": ([(1, 1, 1, (7,))], [(2, 1, 1, (7,))], [(0, 0)]),
    "the resource before the key": ([(1, 1, 1, (7,)), (2, 1, 2, (8,))], [(2, 1, 2, (7,))], [(0, 0)]),
    "the topic, where a resource made several": ([(1, 1, 1, (7,)), (2, 1, 2, (7,))], [(3, 1, 2, (7,)), (4, 1, 1, (7,))], [(0, 1), (1, 0)]),
    "nothing, where a resource made several of other topics": ([(1, 1, 1, (7,)), (2, 1, 2, (7,))], [(3, 1, 3, (7,)), (4, 1, 4, (7,))], []),
    "most resources in common": ([(1, 1, 1, (7, 8, 9))], [(2, 1, 1, (7,)), (3, 1, 1, (8, 9))], [(0, 1)]),
    "equal values, with as many resources": ([(1, 5, 1, (7,))], [(2, 6, 1, (7,)), (3, 5, 1, (7,))], [(0, 1)]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pairs"), CASES.values(), ids=CASES.keys())
def test_what_decides(old: list[Row], new: list[Row], pairs: list[tuple[int, int]]) -> None:
    assert pair(old, new) == pairs


def test_a_resource_behind_very_many_records_decides_nothing() -> None:
    old = [(at, 0, 1, (7,)) for at in range(MOST_SHARED + 1)]
    new = [(at + 1000, 0, 1, (7,)) for at in range(MOST_SHARED + 1)]
    assert pair(old, new) == []
    assert len(pair(old[1:], new)) == MOST_SHARED


ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 2),
        st.integers(0, 1),
        st.lists(st.integers(0, 4), max_size=2).map(tuple),
    ),
    max_size=8,
)


@settings(max_examples=60)
@given(ROWS, ROWS, st.booleans())
def test_always(old: list[Row], new: list[Row], traced: bool) -> None:  # noqa: FBT001  hypothesis fills it
    pairs = pair(old, new, traced=traced)
    assert len({one for one, _ in pairs}) == len({other for _, other in pairs}) == len(pairs)
    assert sorted((other, one) for one, other in pairs) == sorted(pair(new, old, traced=traced))
    keys = Counter(row[0] for row in old) & Counter(row[0] for row in new)
    if not traced:
        contents = Counter(row[:2] for row in old) & Counter(row[:2] for row in new)
        assert len(pairs) == keys.total()
        assert sum(old[one][:2] == new[other][:2] for one, other in pairs) == contents.total()


@settings(max_examples=30)
@given(ROWS)
def test_nothing_differs_from_itself(rows: list[Row]) -> None:
    pairs = pair(rows, rows)
    assert len(pairs) == len(rows)
    assert all(rows[one][:2] == rows[other][:2] for one, other in pairs)
