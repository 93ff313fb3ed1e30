"""The order of records is a matter of their content."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.sequence import derive_seq, sort_records

ORDERED: list[tuple[str, list[Any]]] = [
    ("numbers in text", ["S-1", "S-2", "S-10", "S-10a", "T", None]),
    ("the same number", ["007", "07", "7", "08"]),
    ("longer after shorter", ["A", "A1", "AA", "B"]),
    ("dates", ["2024", "2024-05", "2024-05-03", "2024-05-03T08:30", "2024-05-10", None]),
    ("numbers", [-1.0, 0.0, 2.0, 10.0, None]),
    ("half visits", [3.0, 3.1, 3.12, 4.0]),
    ("many digits", ["1" * 5000, "2" * 5000]),
]


@pytest.mark.parametrize("values", [values for _, values in ORDERED], ids=[name for name, _ in ORDERED])
def test_order(values: list[Any]) -> None:
    frame = pd.DataFrame({"KEY": pd.Series(values[::-1])})
    made = sort_records(frame, ["KEY"])["KEY"]
    assert [None if pd.isna(v) else v for v in made] == values


def test_ties_are_broken_by_other_sdtm_variables_only() -> None:
    frame = pd.DataFrame(
        {
            "source_id": [1, 2, 3, 4],
            "LBTESTCD": ["ALT"] * 4,
            "LBSTRESC": ["5", "10", "5", None],
            "LBDTC": ["b", "b", "a", "a"],
        }
    )
    assert sort_records(frame, ["LBTESTCD"])["source_id"].tolist() == [3, 4, 1, 2]
    assert sort_records(frame, [])["source_id"].tolist() == [3, 4, 1, 2]
    alike = frame.drop(columns=["LBSTRESC", "LBDTC"])
    assert sort_records(alike, ["LBTESTCD"])["source_id"].tolist() == [1, 2, 3, 4]  # stable


def test_keys_go_first_in_their_order() -> None:
    frame = pd.DataFrame({"A": ["x", "y", "x", "y"], "B": [2.0, 1.0, 1.0, None]})
    assert sort_records(frame, ["B", "A"])[["A", "B"]].fillna(0).values.tolist() == [
        ["x", 1],
        ["y", 1],
        ["x", 2],
        ["y", 0],
    ]
    with pytest.raises(KeyError, match="C"):
        sort_records(frame, ["C"])


rows = st.lists(
    st.tuples(
        st.sampled_from(["S-2", "S-10", None]),
        st.sampled_from([1.0, 2.0, np.nan]),
        st.sampled_from(["a", "b", None]),
        st.booleans(),
    ),
    max_size=12,
)


@given(rows, st.randoms(use_true_random=False))
def test_input_order_does_not_matter(content: list[tuple[Any, ...]], random: Any) -> None:
    shuffled = content.copy()
    random.shuffle(shuffled)
    made = [
        derive_seq(
            sort_records(pd.DataFrame(part, columns=["USUBJID", "VISITNUM", "TEXT", "FLAG"]), ["USUBJID"]),
            "SEQ",
        )
        for part in (content, shuffled)
    ]
    pd.testing.assert_frame_equal(made[0], made[1], check_dtype=False)


@given(st.lists(st.sampled_from(["S1", "S2", "S3", None]), max_size=20))
def test_seq_counts_each_subject_from_1(subjects: list[str | None]) -> None:
    frame = pd.DataFrame({"USUBJID": pd.Series(subjects, dtype="str")})
    made = derive_seq(frame, "LBSEQ")
    assert made["LBSEQ"].dtype == "float64"
    for _, part in made.groupby("USUBJID", dropna=False):
        assert part["LBSEQ"].tolist() == list(range(1, len(part) + 1))


def test_seq_by_another_variable() -> None:
    frame = pd.DataFrame({"TSPARMCD": ["AGEMAX", "INDIC", "INDIC"]})
    assert derive_seq(frame, "TSSEQ", ["TSPARMCD"])["TSSEQ"].tolist() == [1, 1, 2]


def test_an_empty_frame_stays_empty() -> None:
    frame = pd.DataFrame({"USUBJID": pd.Series([], dtype="str"), "A": pd.Series([], dtype="float64")})
    assert derive_seq(sort_records(frame, ["USUBJID"]), "LBSEQ").shape == (0, 3)
