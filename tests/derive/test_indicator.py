"""LOW, NORMAL, HIGH: exact at the limits, silent where a comparator leaves it open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.indicator import Comparison, compute_indicator, place_bound, place_number
from hbv_standards.derive.units import Conversion

SAME = Comparison(Conversion(), "linear")
LOGARITHM = Comparison(Conversion(), "log10")
TENFOLD = Comparison(Conversion(Fraction(10)), "linear")
UNKNOWN = Comparison(None, "linear")

Row: TypeAlias = tuple[str | None, str | None, str | None, str | None, Comparison, str | None]

# comparator, number, low, high, comparison, indicator
ROWS: list[Row] = [
    (None, "39.9", "40", "55", SAME, "LOW"),
    (None, "40", "40.0", "55", SAME, "NORMAL"),
    (None, "55.0", "40", "55", SAME, "NORMAL"),
    (None, "55.1", "40", "55", SAME, "HIGH"),
    (None, "5.5E1", "40", "55", SAME, "NORMAL"),
    (None, "0.30000000000000000001", "0.1", "0.3", SAME, "HIGH"),  # equal as floats
    (None, "0.3", "0.1", "0.30000000000000000001", SAME, "NORMAL"),
    (None, "7", None, "7.0", SAME, "NORMAL"),
    (None, "7.1", None, "7.0", SAME, "HIGH"),
    (None, "-3", None, "7.0", SAME, "NORMAL"),
    (None, "1000", "90", None, SAME, "NORMAL"),
    (None, "89", "90", None, SAME, "LOW"),
    (None, "5", "5", "5", SAME, "NORMAL"),
    (None, "50", "60", "40", SAME, None),  # impossible range
    (None, "50", None, None, SAME, None),
    (None, None, "40", "55", SAME, None),
    (None, "4.5", "40", "55", TENFOLD, "NORMAL"),
    (None, "5.51", "40", "55", TENFOLD, "HIGH"),
    (None, "45", "40", "55", UNKNOWN, None),
    (None, "45", "40", "1E99", SAME, "NORMAL"),
    (None, "1E99", "40", "55", SAME, "HIGH"),
    ("<", "40", "40", "55", SAME, "LOW"),
    ("<=", "40", "40", "55", SAME, None),
    ("<=", "39", "40", "55", SAME, "LOW"),
    ("<", "41", "40", "55", SAME, None),
    ("<", "5", "0", "40", SAME, "NORMAL"),  # nothing lies below 0 on a linear scale
    ("<", "5", "0", "40", LOGARITHM, None),
    ("<", "40", None, "40", SAME, "NORMAL"),
    ("<=", "40", None, "40", SAME, "NORMAL"),
    ("<", "41", None, "40", SAME, None),
    ("<", "4", "40", "55", TENFOLD, "LOW"),
    (">", "55", "40", "55", SAME, "HIGH"),
    (">=", "55", "40", "55", SAME, None),
    (">=", "56", "40", "55", SAME, "HIGH"),
    (">", "54", "40", "55", SAME, None),
    (">", "90", "90", None, SAME, "NORMAL"),
    (">", "60", "90", None, SAME, None),
    (">", "60", None, "90", SAME, None),
]


def compute(
    rows: list[Row],
) -> list[str | None]:
    comparisons = [SAME, LOGARITHM, TENFOLD, UNKNOWN]
    columns = pd.DataFrame([row[:4] for row in rows], columns=["comparator", "number", "low", "high"]).astype(
        "str"
    )
    kind = np.array([comparisons.index(row[4]) for row in rows], dtype="int64")
    made = compute_indicator(
        columns["number"], columns["comparator"], columns["low"], columns["high"], kind, comparisons
    )
    assert str(made.dtype) == "str"
    return [None if pd.isna(value) else value for value in made]


@pytest.mark.parametrize("row", ROWS)
def test_indicator(
    row: Row,
) -> None:
    assert compute([row]) == [row[5]]


def test_rows_do_not_disturb_each_other() -> None:
    assert compute(ROWS) == [row[5] for row in ROWS]
    assert compute([]) == []


decimals = st.decimals(min_value=-100, max_value=100, places=2)
limits = st.one_of(st.none(), decimals)


@given(st.lists(st.tuples(decimals, limits, limits), min_size=1, max_size=10))
def test_columns_agree_with_exact_arithmetic(
    rows: list[tuple[Decimal, Decimal | None, Decimal | None]],
) -> None:
    sent: list[Row] = []
    for n, low, high in rows:
        impossible = low is not None and high is not None and low > high
        least, most = (None if v is None else Fraction(v) for v in (low, high))
        undecided = impossible or (low is None and high is None)
        expected = None if undecided else place_number(Fraction(n), least, most)
        sent.append(
            (
                None,
                str(n),
                None if low is None else str(low),
                None if high is None else str(high),
                SAME,
                expected,
            )
        )
    assert compute(sent) == [row[5] for row in sent]


@given(
    st.sampled_from(["<", "<=", ">", ">="]),
    st.fractions(0, 10, max_denominator=4),
    st.one_of(st.none(), st.fractions(0, 10, max_denominator=4)),
    st.one_of(st.none(), st.fractions(0, 10, max_denominator=4)),
    st.lists(st.fractions(0, 20, max_denominator=8), min_size=1),
)
def test_a_decided_bound_holds_for_every_value_that_it_allows(
    comparator: str, bound: Fraction, low: Fraction | None, high: Fraction | None, values: list[Fraction]
) -> None:
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        return
    decided = place_bound(comparator, bound, low, high, "linear")
    allows = {"<": bound.__gt__, "<=": bound.__ge__, ">": bound.__lt__, ">=": bound.__le__}[comparator]
    for value in filter(allows, values):
        assert decided in (None, place_number(value, low, high))
