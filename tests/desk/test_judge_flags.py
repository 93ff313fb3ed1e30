"""What a laboratory's flag is, by the results that it stands beside."""

from __future__ import annotations

import pandas as pd
import pytest

from hbv_standards.desk.judge_flags import Flag, judge_flags


def build(values: list[tuple[str, str | None, str | None]], comparator: str | None = None) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["value_text", "range_low", "range_high"], dtype="str")
    return frame.assign(
        site="new", interpretation_concept="X", value_kind="quantity",
        comparator=pd.Series([comparator] * len(frame), dtype="str"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "term"),
    [
        ([("9", "1", "5")] * 5, "HIGH"),
        ([("9", None, "5")] * 6, "HIGH"),
        ([("0.5", "1", "5")] * 5, "LOW"),
        ([("3", "1", "5")] * 5, "NORMAL"),
        ([("9", "1", "5")] * 4, None),  # too few to believe
        ([("9", "1", "5")] * 9 + [("3", "1", "5")], None),
    ],
)
def test_a_flag(values: list[tuple[str, str | None, str | None]], term: str | None) -> None:
    assert judge_flags(build(values)) == {("new", "X"): Flag(len(values), term)}


def test_results_without_range_or_with_comparator_tell_nothing() -> None:
    assert judge_flags(build([("9", None, None)] * 9)) == {}
    assert judge_flags(build([("9", "1", "5")] * 9, "<")) == {}
