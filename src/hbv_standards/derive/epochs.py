"""EPOCH: the period of the trial in which something happened, from the subject's elements (SE)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import parse_dtc

_MOMENT = pd.Timedelta(microseconds=1)


def derive_epoch(
    frame: pd.DataFrame,
    dtc: pd.Series,
    elements: pd.DataFrame,
    *,
    by: str = "subject_id",
    out: str = "EPOCH",
) -> pd.DataFrame:
    """Add ``out`` (text): epoch of the element that holds the ISO text in ``dtc`` (SDTMIG 4.1.3.1).

    Args:
        frame: any records with the column ``by``.
        dtc: ISO 8601 texts of ``frame``'s index, missing or partial where the date is.
        elements: one row per element of a subject, in order, with ``by``, ``SESTDTC``, ``SEENDTC`` (ISO
            text) and ``EPOCH``; the end counts for the last element only and is missing while it goes on.

    Times are compared where record and element both have them: what happened at 09:25 of the day of a first dose
    at 10:18 is of the epoch before it. Where the texts do not tell the order, the day on which an element starts
    belongs to that element. Missing before the first element, after the end of the last, and where the date is
    incomplete.
    """
    read = parse_dtc(dtc)
    known = read["date"].notna().to_numpy()
    moments = pd.DataFrame(
        {
            by: frame[by].to_numpy(),
            "earliest": read["earliest"].where(known).to_numpy(),
            "last": (read["end"] - _MOMENT).where(known).to_numpy(),
        }
    )
    distinct = (
        moments.dropna()
        .drop_duplicates()
        .sort_values(["last", "earliest", by], kind="stable", ignore_index=True)
    )
    joined = moments.merge(_find_elements(distinct, elements, by), on=[by, "earliest", "last"], how="left")
    return frame.assign(**{out: joined["EPOCH"].set_axis(frame.index).astype("str")})


def _find_elements(moments: pd.DataFrame, elements: pd.DataFrame, by: str) -> pd.DataFrame:
    """The element that each moment falls into: the last one that does not start surely after it."""
    start, end = parse_dtc(elements["SESTDTC"]), parse_dtc(elements["SEENDTC"])
    spans = elements[[by, "EPOCH"]].assign(
        begun=start["earliest"].where(start["date"].notna()), closed=end["end"].where(end["date"].notna())
    )
    spans = spans[spans["begun"].notna()].sort_values("begun", kind="stable", ignore_index=True)
    if spans.empty or moments.empty:
        return moments.assign(EPOCH=pd.array([None] * len(moments), dtype="str"))
    spans["closed"] = spans["closed"].where(~spans.duplicated(by, keep="last"))
    found = pd.merge_asof(moments, spans, left_on="last", right_on="begun", by=by)
    found["EPOCH"] = found["EPOCH"].where(~(found["earliest"] >= found["closed"]))
    return found[[by, "earliest", "last", "EPOCH"]]
