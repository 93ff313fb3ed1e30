"""EPOCH by the elements of a subject."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.epochs import derive_epoch


def list_elements(*rows: tuple[str, str | None, str | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["subject_id", "SESTDTC", "SEENDTC", "EPOCH"], dtype="str")


ELEMENTS = list_elements(
    ("1", "2023-03-01", "2023-03-15", "SCREENING"),
    ("1", "2023-03-15", "2024-02-14", "TREATMENT"),
    ("2", "2023-04-01", None, "SCREENING"),
    ("3", None, None, "SCREENING"),
    ("5", "2023-03", None, "SCREENING"),
    ("6", "2023-03-01", "2023-03-15T10:18:00+08:00", "SCREENING"),
    ("6", "2023-03-15T10:18:00+08:00", "2024-02-14T16:00", "TREATMENT"),
)


def find_epoch(subject: str, date: str | None) -> str | None:
    frame = pd.DataFrame({"subject_id": [subject], "kept": [1]}, index=[7])
    made = derive_epoch(frame, pd.Series([date], index=[7], dtype="str"), ELEMENTS)
    assert made["kept"].tolist() == [1]
    epoch = made["EPOCH"].iloc[0]
    return None if pd.isna(epoch) else str(epoch)


@pytest.mark.parametrize(
    ("subject", "date", "epoch"),
    [
        ("1", "2023-02-28", None),
        ("1", "2023-03-01", "SCREENING"),
        ("1", "2023-03-14", "SCREENING"),
        ("1", "2023-03-14T23:59", "SCREENING"),
        ("1", "2023-03-15", "TREATMENT"),  # the day of first dose
        ("1", "2023-03-15T00:10", "TREATMENT"),  # the first dose has no time: the day decides
        ("1", "2024-02-14", "TREATMENT"),  # the last day of participation
        ("1", "2024-02-15", None),
        ("1", None, None),
        ("1", "2023-04", None),
        ("2", "2099-01-01", "SCREENING"),  # still going on
        ("3", "2023-03-02", None),  # start not known
        ("4", "2023-03-02", None),  # no element
        ("5", "2023-04-02", None),  # start not known to the day
        ("6", "2023-03-15T09:25:00+08:00", "SCREENING"),  # before the dose of 10:18
        ("6", "2023-03-15T10:17", "SCREENING"),
        ("6", "2023-03-15T10:18", "TREATMENT"),  # the minute of the dose
        ("6", "2023-03-15T10", "TREATMENT"),  # the hour does not tell the order: the day decides
        ("6", "2023-03-15T10:18:00+08:00", "TREATMENT"),  # the dose itself
        ("6", "2023-03-15", "TREATMENT"),
        ("6", "2023-03-14", "SCREENING"),
        ("6", "2024-02-14", "TREATMENT"),
        ("6", "2024-02-14T16:00:30", "TREATMENT"),
        ("6", "2024-02-14T16:01", None),
    ],
)
def test_epoch(subject: str, date: str | None, epoch: str | None) -> None:
    assert find_epoch(subject, date) == epoch


def test_elements_that_start_on_one_day_give_the_later_one() -> None:
    same = list_elements(("1", "2023-03-15", None, "SCREENING"), ("1", "2023-03-15", None, "TREATMENT"))
    made = derive_epoch(pd.DataFrame({"subject_id": ["1"]}), pd.Series(["2023-03-15"]), same)
    assert made["EPOCH"].tolist() == ["TREATMENT"]


def test_order_of_rows_is_kept() -> None:
    dates = pd.Series(["2023-03-15", "2023-03-01", "2023-03-15"])
    made = derive_epoch(pd.DataFrame({"subject_id": ["1", "1", "2"]}), dates, ELEMENTS)
    assert made["EPOCH"].fillna("").tolist() == ["TREATMENT", "SCREENING", ""]


@given(st.times(), st.times())
def test_times_of_one_day_decide_where_both_are_known(sampled: object, dosed: object) -> None:
    elements = list_elements(
        ("1", "2023-03-01", None, "SCREENING"), ("1", f"2023-03-15T{str(dosed)[:8]}", None, "TREATMENT")
    )
    moments = pd.Series([f"2023-03-15T{str(sampled)[:8]}", f"2023-03-15T{str(sampled)[:5]}", "2023-03-15"])
    made = derive_epoch(pd.DataFrame({"subject_id": ["1"] * 3}), moments, elements)["EPOCH"].tolist()
    seconds = "SCREENING" if str(sampled)[:8] < str(dosed)[:8] else "TREATMENT"
    minutes = "SCREENING" if str(sampled)[:5] < str(dosed)[:5] else "TREATMENT"
    assert made == [seconds, minutes, "TREATMENT"]
