"""EPOCH by the elements of a subject."""

from __future__ import annotations

import pandas as pd
import pytest

from hbv_standards.derive.epochs import derive_epoch

ELEMENTS = pd.DataFrame(
    {
        "subject_id": ["1", "1", "2", "3"],
        "start": pd.to_datetime(["2023-03-01", "2023-03-15", "2023-04-01", None]).astype("datetime64[s]"),
        "end": pd.to_datetime(["2023-03-15", "2024-02-14", None, None]).astype("datetime64[s]"),
        "EPOCH": ["SCREENING", "TREATMENT", "SCREENING", "SCREENING"],
    }
)


def find_epoch(subject: str, date: str | None) -> str | None:
    frame = pd.DataFrame({"subject_id": [subject], "kept": [1]}, index=[7])
    dates = pd.Series(pd.to_datetime([date]), index=[7])
    made = derive_epoch(frame, dates, ELEMENTS)
    assert made["kept"].tolist() == [1]
    epoch = made["EPOCH"].iloc[0]
    return None if pd.isna(epoch) else str(epoch)


@pytest.mark.parametrize(
    ("subject", "date", "epoch"),
    [
        ("1", "2023-02-28", None),
        ("1", "2023-03-01", "SCREENING"),
        ("1", "2023-03-14", "SCREENING"),
        ("1", "2023-03-15", "TREATMENT"),  # the day of first dose
        ("1", "2024-02-14", "TREATMENT"),  # the last day of participation
        ("1", "2024-02-15", None),
        ("1", None, None),
        ("2", "2099-01-01", "SCREENING"),  # still going on
        ("3", "2023-03-02", None),  # start not known to the day
        ("4", "2023-03-02", None),  # no element
    ],
)
def test_epoch(subject: str, date: str | None, epoch: str | None) -> None:
    assert find_epoch(subject, date) == epoch


def test_elements_that_start_on_one_day_give_the_later_one() -> None:
    same = ELEMENTS[:2].assign(start=pd.Timestamp("2023-03-15"), end=pd.NaT)
    made = derive_epoch(pd.DataFrame({"subject_id": ["1"]}), pd.Series([pd.Timestamp("2023-03-15")]), same)
    assert made["EPOCH"].tolist() == ["TREATMENT"]


def test_order_of_rows_is_kept() -> None:
    dates = pd.Series(pd.to_datetime(["2023-03-15", "2023-03-01", "2023-03-15"]))
    made = derive_epoch(pd.DataFrame({"subject_id": ["1", "1", "2"]}), dates, ELEMENTS)
    assert made["EPOCH"].fillna("").tolist() == ["TREATMENT", "SCREENING", ""]
