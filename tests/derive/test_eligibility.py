"""Which records decide, and what they decide together."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hbv_standards.derive.eligibility import (
    agree_verdicts,
    derive_precedence,
    derive_treatment_days,
    is_unmet,
    judge_durations,
    select_deciding,
    select_extremes,
)
from hbv_standards.derive.exposure import derive_spans


@pytest.mark.parametrize(
    ("dtc", "moment", "tier"),
    [
        ("2023-03-14", "2023-03-15", 0.0),
        ("2023-03-15", "2023-03-15", 1.0),
        ("2023-03-15T08:00", "2023-03-15", 1.0),
        ("2023-03-15T08:00", "2023-03-15T09:00", 0.0),
        ("2023-03-15T10:00", "2023-03-15T09:00", None),
        ("2023-03-16", "2023-03-15", None),
        ("2023-03", "2023-03-15", 1.0),
        ("2023", "2024-01-01", 0.0),
        ("2023-04-01", None, 0.0),
        (None, "2023-03-15", None),
        (None, None, None),
    ],
)
def test_precedence(dtc: str | None, moment: str | None, tier: float | None) -> None:
    frame = pd.DataFrame({"dtc": [dtc], "moment": [moment]}, dtype="str")
    found = derive_precedence(frame, "dtc", "moment")["tier"].tolist()
    assert [None if pd.isna(value) else value for value in found] == [tier]


def decide(*records: tuple[str, str], moment: str | None = "2023-03-15") -> dict[str, Any]:
    """Result of one subject's records (dtc, verdict) and the records that decide."""
    frame = pd.DataFrame(records, columns=["dtc", "verdict"], dtype="str").assign(subject_id="1")
    frame["moment"] = pd.Series([moment] * len(frame), dtype="str")
    deciding = select_deciding(derive_precedence(frame, "dtc", "moment"))
    agreed = agree_verdicts(deciding)
    return {"result": agreed["result"].tolist(), "dtc": deciding["dtc"].tolist()}


def test_last_record_before_the_moment_decides() -> None:
    assert decide(("2023-02-01", "MET"), ("2023-03-10", "NOT MET"), ("2023-03-20", "MET")) == {
        "result": ["NOT MET"], "dtc": ["2023-03-10"]
    }  # fmt: skip


def test_record_of_the_same_day_decides_only_without_an_earlier_one() -> None:
    assert decide(("2023-02-01", "MET"), ("2023-03-15", "NOT MET"))["result"] == ["MET"]
    assert decide(("2023-03-15", "NOT MET"), ("2023-03-16", "MET"))["result"] == ["NOT MET"]


def test_of_one_day_what_decides_goes_before_what_does_not() -> None:
    day = [("2023-03-01T08:00", "MET"), ("2023-03-01T08:10", "NOT EVALUABLE")]
    assert decide(*day) == {"result": ["MET"], "dtc": ["2023-03-01T08:00"]}
    assert decide(*day, ("2023-03-02", "NOT EVALUABLE"))["result"] == ["NOT EVALUABLE"]


def test_contradiction() -> None:
    same = [("2023-03-01T08:00", "MET"), ("2023-03-01T08:00", "NOT MET")]
    assert decide(*same) == {"result": ["NOT EVALUABLE"], "dtc": ["2023-03-01T08:00"] * 2}
    assert decide(*same, ("2023-03-01T09:00", "MET"))["result"] == ["MET"]


def test_nothing_before_the_moment() -> None:
    assert decide(("2023-03-20", "MET"))["result"] == []


def judge_span(*spans: tuple[str, str | None, str | None, bool], milestone: str = "2023-03-01") -> list[str]:
    """Verdict on one year of treatment, of spans (kind, start, end, ongoing)."""
    frame = pd.DataFrame(spans, columns=["kind", "start_dtc", "end_dtc", "ongoing"])
    frame = frame.astype({"kind": "str", "start_dtc": "str", "end_dtc": "str"}).assign(subject_id="1", consent=milestone)
    days = derive_treatment_days(derive_spans(frame), "consent")
    return list(judge_durations(days, "P1Y")["result"]) if len(days) else []


@pytest.mark.parametrize(
    ("spans", "verdict"),
    [
        ([("statement", "2019", None, True)], "MET"),
        ([("statement", "2022-03-01", None, True)], "MET"),
        ([("statement", "2022-03-02", None, True)], "NOT MET"),
        ([("statement", "2022-03", None, True)], "NOT EVALUABLE"),
        ([("statement", "2022", None, True)], "NOT EVALUABLE"),
        ([("statement", None, None, True)], "NOT EVALUABLE"),
        ([("statement", "2019-05", "2023-06-01", False)], "MET"),  # went on beyond consent
        ([("statement", "2019-05", "2019-12", False)], "NOT MET"),
        ([("statement", "2019-05", None, False)], "NOT EVALUABLE"),  # nobody says until when
        ([("statement", "2018-01", "2019-03", False), ("statement", "2022-09", None, True)], "MET"),
        ([("request", "2022-12-01", None, False)], "NOT EVALUABLE"),  # the first order is not the begin
        ([("request", "2021-12-01", "2022-02-01", False), ("dispense", "2023-01-10", None, False)], "MET"),
        ([("administration", "2023-02-01", None, False)], "NOT EVALUABLE"),
    ],
)
def test_duration_before_consent(spans: list[tuple[str, str | None, str | None, bool]], verdict: str) -> None:
    assert judge_span(*spans) == [verdict]


def test_treatment_after_the_milestone_does_not_count() -> None:
    assert judge_span(("statement", "2023-03-02", None, True)) == []
    assert judge_span(("statement", "2023-03", None, True)) == ["NOT MET"]  # on its first day at the earliest
    assert judge_span(("statement", "2019", "2022", False), ("statement", "2023", None, True)) == ["MET"]


def test_partial_milestone_counts_with_its_first_and_last_day() -> None:
    assert judge_span(("statement", "2022-03-10", None, True), milestone="2023-03") == ["NOT EVALUABLE"]
    assert judge_span(("statement", "2022-03-01", None, True), milestone="2023-03") == ["MET"]


def test_extremes_are_first_and_last() -> None:
    frame = pd.DataFrame(
        {
            "subject_id": "1", "kind": "statement", "start_dtc": ["2018", "2019", "2021"],
            "end_dtc": ["2019", "2021", None], "ongoing": [False, False, True], "consent": "2023-03-01",
        }
    ).astype({"end_dtc": "str"})  # fmt: skip
    days = derive_treatment_days(derive_spans(frame), "consent")
    assert select_extremes(days)["start_dtc"].tolist() == ["2018", "2021"]
    assert select_extremes(days.iloc[2:])["start_dtc"].tolist() == ["2021"]


def test_unmet() -> None:
    category = pd.Series(["INCLUSION", "INCLUSION", "INCLUSION", "EXCLUSION", "EXCLUSION"])
    result = pd.Series(["MET", "NOT MET", "NOT EVALUABLE", "MET", "NOT MET"])
    assert is_unmet(category, result).tolist() == [False, True, False, True, False]
