"""Every row gets what its own cells give, and every distinct row is computed once."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.combinations import map_combinations

cells = st.sampled_from([None, "", "a", "b", "a b"])


@given(st.lists(st.tuples(cells, cells, st.booleans(), st.integers(0, 2)), max_size=30))
def test_rows_agree_with_a_plain_loop(rows: list[tuple[str | None, str | None, bool, int]]) -> None:
    calls = []

    def describe(*combination: object) -> tuple[str, float | None]:
        calls.append(combination)
        return repr(combination), None if combination[0] is None else float(len(str(combination[0])))

    frame = pd.DataFrame(rows, columns=["one", "two", "flag", "count"]).astype({"one": "str", "two": "str"})
    made = map_combinations(
        frame, ["one", "two", "flag", "count"], describe, {"text": "str", "size": "float64"}
    )
    assert made["text"].tolist() == [repr(row) for row in rows]
    assert made["size"].isna().tolist() == [row[0] is None for row in rows]
    assert sorted(map(repr, calls)) == sorted({repr(row) for row in rows})


def test_index_and_types() -> None:
    frame = pd.DataFrame({"one": ["x", "y", "x"]}, index=[5, 5, 2])
    made = map_combinations(frame, ["one"], lambda one: (one == "x",), {"is_x": "bool"})
    assert made.index.tolist() == [5, 5, 2]
    assert made["is_x"].dtype == "bool"
    assert made["is_x"].tolist() == [True, False, True]
    empty = map_combinations(frame.iloc[:0], ["one"], lambda one: (one,), {"is_x": "bool", "text": "str"})
    assert [str(t) for t in empty.dtypes] == ["bool", "str"]


def test_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="two"):
        map_combinations(pd.DataFrame({"one": ["x"]}), ["one", "two"], lambda *c: c, {"a": "str", "b": "str"})
