"""Which records decide an eligibility criterion of a subject, and what they decide together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hbv_standards.derive.criteria import MET, NOT_EVALUABLE, NOT_MET, Days, compute_duration_verdicts
from hbv_standards.derive.dates import parse_dtc

_MICROSECOND = np.timedelta64(1, "us")
_LONG_AGO = np.datetime64("1800-01-01")


def derive_precedence(frame: pd.DataFrame, dtc: str, moment: str) -> pd.DataFrame:
    """Add ``tier`` (float64) and ``earliest`` (datetime64[us]) of the ISO text in ``dtc`` against ``moment``.

    Tier 0 lies surely before the moment, or there is no moment; tier 1 may lie before it, as a record of
    the same day without a time; what lies surely after it, and what has no date, has none.
    """
    read, at = parse_dtc(frame[dtc]), parse_dtc(frame[moment])
    before = at["earliest"].isna() | (read["end"] <= at["earliest"])
    after = read["earliest"] >= at["end"]
    tier = np.select([read["earliest"].isna() | after, before], [np.nan, 0.0], 1.0)
    return frame.assign(tier=tier, earliest=read["earliest"])


def select_deciding(rows: pd.DataFrame) -> pd.DataFrame:
    """The records that decide for each subject.

    ``rows``: ``subject_id, tier, earliest`` of :func:`derive_precedence` and ``verdict``. Of the best tier
    the last day; of that day the records with a verdict, if there are any, and of these the latest.
    """
    known = rows[rows["tier"].notna()]
    known = known[known["tier"] == known.groupby("subject_id")["tier"].transform("min")]
    day = known["earliest"].dt.floor("D")
    known = known[day == day.groupby(known["subject_id"]).transform("max")]
    decided = known["verdict"] != NOT_EVALUABLE
    known = known[decided | ~decided.groupby(known["subject_id"]).transform("any")]
    latest = known["earliest"] == known.groupby("subject_id")["earliest"].transform("max")
    deciding: pd.DataFrame = known[latest]
    return deciding


def agree_verdicts(deciding: pd.DataFrame) -> pd.DataFrame:
    """One row per subject (index): ``result`` and ``contradicted`` (bool) of the deciding records."""
    groups = deciding.groupby("subject_id")["verdict"]
    contradicted = groups.nunique() > 1
    return pd.DataFrame(
        {"result": groups.first().mask(contradicted, NOT_EVALUABLE), "contradicted": contradicted}
    )


def derive_treatment_days(spans: pd.DataFrame, milestone: str) -> pd.DataFrame:
    """Add what is known of first and last day of each treatment before a milestone.

    Args:
        spans: of :func:`hbv_standards.derive.exposure.derive_spans`, with ``ongoing`` and the ISO text of
            the milestone in column ``milestone``.

    Adds ``first_from, first_to, last_from, last_to`` (datetime64[s], whole days, both ends included; the
    last day is the milestone where treatment went on to it). Treatment that surely began after the
    milestone is left out; ``last_from`` is missing where it may have.
    """
    at = parse_dtc(spans[milestone])
    low, high = _read_day(at["earliest"]), _read_day(at["end"] - _MICROSECOND)
    first_from, first_to = _read_day(spans["start_from"]), _read_day(spans["start_to"] - _MICROSECOND)
    stop_from, stop_to = _read_day(spans["stop_from"]), _read_day(spans["stop_to"] - _MICROSECOND)
    unknown_start = np.isnat(first_from)
    first_from = np.where(unknown_start, _LONG_AGO.astype("datetime64[D]"), first_from)
    first_to = np.where(unknown_start, np.where(np.isnat(stop_to), high, stop_to), first_to)
    ongoing = spans["ongoing"].to_numpy(dtype=bool) & np.isnat(stop_from)
    last_from = np.where(ongoing, low, np.where(np.isnat(stop_from), first_from, stop_from))
    last_to = np.where(np.isnat(stop_to), high, stop_to)
    surely = first_to <= low
    added = {
        "first_from": first_from,
        "first_to": np.where(surely, first_to, high),
        "last_from": np.where(surely, np.minimum(last_from, low), np.datetime64("NaT")),
        "last_to": np.minimum(last_to, high),
    }
    dated = spans.assign(**{name: days.astype("datetime64[s]") for name, days in added.items()})
    return dated[first_from <= high]


def judge_durations(days: pd.DataFrame, duration: str, *, longer: bool = False) -> pd.DataFrame:
    """One row per subject (index): ``result`` on "treated for at least ``duration``", or ``longer`` than it.

    ``days``: of :func:`derive_treatment_days`, with ``kind``. The time runs from the first day to the last,
    pauses included. That it was too short is believed only where a statement tells the history:
    the first order that a hospital sent is not the begin of treatment.
    """
    grouped = days.groupby("subject_id")
    told = days["kind"].eq("statement").groupby(days["subject_id"]).any()
    found = compute_duration_verdicts(
        first_from=_read_day(grouped["first_from"].min()),
        first_to=_read_day(grouped["first_to"].min()),
        last_from=_read_day(grouped["last_from"].max()),
        last_to=_read_day(grouped["last_to"].max()),
        duration=duration,
        longer=longer,
    )
    result = pd.Series(found, index=told.index).mask((found == NOT_MET) & ~told.to_numpy(), NOT_EVALUABLE)
    return pd.DataFrame({"result": result})


def select_extremes(days: pd.DataFrame) -> pd.DataFrame:
    """Of each subject the record that tells the first day and the one that tells the last, in this order."""
    order = days.sort_values(["subject_id", "first_to", "last_to"], kind="stable")
    first = order.drop_duplicates("subject_id")
    last = days.sort_values(["subject_id", "last_from", "last_to"], na_position="first", kind="stable")
    both = pd.concat([first, last.drop_duplicates("subject_id", keep="last")])
    return both.loc[~both.index.duplicated()]


def is_unmet(category: pd.Series, result: pd.Series) -> pd.Series:
    """Mask of criteria that exclude: inclusion NOT MET, exclusion MET (CG0175, CG0176)."""
    return (category.eq("INCLUSION") & result.eq(NOT_MET)) | (category.eq("EXCLUSION") & result.eq(MET))


def _read_day(times: pd.Series) -> Days:
    return times.to_numpy().astype("datetime64[D]")
