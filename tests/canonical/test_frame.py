"""Columns of the hot path against the pydantic models, which are the law."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.canonical.frame import CanonicalData, build_frame, read_schema
from hbv_standards.canonical.model import RECORDS, Finding

KINDS = sorted(RECORDS)


@pytest.mark.parametrize("record", KINDS)
def test_empty_frame_has_the_models_columns(record: str) -> None:
    frame = build_frame(record, {})
    assert list(frame.columns) == list(RECORDS[record].model_fields)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == read_schema(record)


def test_unknown_column_is_refused() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        build_frame("findings", {"nonsense": [1]})


def read_back(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]


TEXT = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"source_id": st.integers(0, 2**40), "path": st.just("Observation"), "site": st.just("s"),
             "subject_id": st.just("01-001"), "concept_id": st.just("ALT"), "mapping_row": st.just("codes.csv:2")},
            optional={"result": TEXT, "number": st.none() | st.sampled_from(["6.30", "1.50E-2"]),
                      "not_done": st.booleans(), "specimen_source_id": st.none() | st.integers(0, 9)},
        ),
        max_size=6,
    )
)
def test_columns_and_models_agree(records: list[dict[str, Any]]) -> None:
    frame = build_frame("findings", records)
    models = [Finding.model_validate(record).model_dump() for record in records]
    assert read_back(frame) == models


def test_counts() -> None:
    data = CanonicalData()
    data.visits = build_frame(
        "visits", [{"source_id": 1, "path": "p", "site": "s", "subject_id": "1", "visit_key": "k"}]
    )
    assert data.counts()["visits"] == 1
    assert data.counts()["subjects"] == 0
