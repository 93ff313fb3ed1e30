"""EPOCH: the period of the trial in which something happened, from the subject's elements (SE)."""

from __future__ import annotations

import pandas as pd


def derive_epoch(
    frame: pd.DataFrame,
    date: pd.Series,
    elements: pd.DataFrame,
    *,
    by: str = "subject_id",
    out: str = "EPOCH",
) -> pd.DataFrame:
    """Add ``out`` (text): epoch of the element that holds ``date`` (SDTMIG 4.1.3.1).

    Args:
        frame: any records with the column ``by``.
        date: datetime64 of ``frame``'s index: complete dates, NaT where incomplete.
        elements: one row per element of a subject, in order, with ``by``, ``start`` and ``end``
            (datetime64, days) and ``EPOCH``; ``end`` counts for the last element only and is NaT
            while it goes on.

    Days are compared, not times: the day on which an element starts belongs to that element, so the
    day of first dose is TREATMENT. Missing before the first element, after the end of the last, and
    where the date is incomplete.
    """
    days = pd.DataFrame({by: frame[by].to_numpy(), "day": date.to_numpy().astype("datetime64[s]")})
    distinct = days.dropna().drop_duplicates().sort_values(["day", by], kind="stable", ignore_index=True)
    found = _find_elements(distinct, elements, by)
    joined = days.merge(found, on=[by, "day"], how="left")
    return frame.assign(**{out: joined["EPOCH"].set_axis(frame.index).astype("str")})


def _find_elements(days: pd.DataFrame, elements: pd.DataFrame, by: str) -> pd.DataFrame:
    """The element that each day falls into: the last one that started on or before it."""
    spans = elements[[by, "start", "end", "EPOCH"]].astype({"start": "datetime64[s]", "end": "datetime64[s]"})
    spans = spans[spans["start"].notna()].sort_values("start", kind="stable", ignore_index=True)
    if spans.empty or days.empty:
        return days.assign(EPOCH=pd.array([None] * len(days), dtype="str"))
    last = ~spans.duplicated(by, keep="last")
    spans["closed"] = spans["end"].where(last)
    found = pd.merge_asof(days, spans, left_on="day", right_on="start", by=by)
    found["EPOCH"] = found["EPOCH"].where(~(found["day"] > found["closed"]))
    return found[[by, "day", "EPOCH"]]
