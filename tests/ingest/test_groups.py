"""Rows that are about one thing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.groups import find_groups, pair_equal

PAIRS = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.just(count), st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=15)
    )
)


@pytest.mark.parametrize(
    ("count", "pairs", "expected"),
    [
        (0, [], []),
        (3, [], [0, 1, 2]),
        (4, [(3, 2), (2, 1)], [0, 1, 1, 1]),
        (5, [(4, 0), (1, 2)], [0, 1, 1, 3, 0]),
    ],
)
def test_groups(count: int, pairs: list[tuple[int, int]], expected: list[int]) -> None:
    assert find_groups(count, pairs).tolist() == expected


@given(PAIRS, st.randoms(use_true_random=False))
def test_groups_are_the_connected_rows_in_whatever_order(given_pairs: tuple[int, list[tuple[int, int]]], rng: object) -> None:
    count, pairs = given_pairs
    group = find_groups(count, pairs).tolist()
    assert all(group[one] == group[other] for one, other in pairs)
    assert all(group[first] == first <= at for at, first in enumerate(group))
    reach = {at: {at} for at in range(count)}
    for _ in range(count):
        for one, other in pairs:
            reach[one] = reach[other] = reach[one] | reach[other]
    assert all(group[at] == min(reach[at]) for at in range(count))
    shuffled = list(pairs)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]  # random.Random, which the strategy does not name
    assert find_groups(count, shuffled).tolist() == group


def test_missing_cells_join_nothing() -> None:
    assert list(pair_equal(pd.Series(["a", None, "b", "a", None]))) == [(0, 0), (2, 2), (0, 3)]
