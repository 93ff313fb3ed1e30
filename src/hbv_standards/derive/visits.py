"""Visits: which planned or unscheduled visit a day of a subject belongs to (docs/rules/visits.md).

Everything is decided per day and subject, so that all records of one day share one VISITNUM and SV
agrees with the findings row for row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.errors import ConfigurationError
from hbv_standards.study import PlannedVisit

Floats = npt.NDArray[np.float64]


def check_visit_numbers(planned: Sequence[PlannedVisit]) -> None:
    """Decimals are kept for unscheduled visits: raises :class:`ConfigurationError` for a planned one."""
    for visit in planned:
        if visit.visitnum != int(visit.visitnum):
            raise ConfigurationError(
                f"visitnum {visit.visitnum:g} of {visit.visit} has decimals, as unscheduled visits have; "
                "give planned visits whole numbers",
                file="study.yaml",
                value=f"{visit.visitnum:g}",
            )


def derive_visit_days(
    contacts: pd.DataFrame, anchors: pd.DataFrame, planned: Sequence[PlannedVisit], span_days: int
) -> pd.DataFrame:
    """The visit of every day on which a subject was seen.

    Args:
        contacts: ``subject_id``, ``date`` (datetime64, complete days) and ``stated`` (float64: number
            of the planned visit where the hospital says it, else NaN); any number of rows a day.
        anchors: one row per subject with ``subject_id``, ``anchor`` (datetime64: day 1, or the day of
            consent), ``by_consent`` (bool: the anchor is the consent of a subject who was neither
            treated nor randomised) and ``consent`` (datetime64).
        planned: the visits of the study.
        span_days: days after the day of a visit that still belong to it.

    Returns:
        One row per subject and day: ``subject_id``, ``date``, ``VISITNUM`` (float64). VISITNUM is
        missing on days before consent, which are no visit of the trial unless a hospital says so.
    """
    days = _collect_days(contacts, anchors, planned)
    stated = contacts[contacts["stated"].notna()].rename(columns={"stated": "VISITNUM"})
    stated = stated[["subject_id", "date", "VISITNUM"]].drop_duplicates()
    chosen = pd.concat([stated, _choose_days(days, stated)])
    days = _spread_visits(days, chosen, span_days)
    return _number_unscheduled(days)[["subject_id", "date", "VISITNUM"]]


def _collect_days(
    contacts: pd.DataFrame, anchors: pd.DataFrame, planned: Sequence[PlannedVisit]
) -> pd.DataFrame:
    """One row per subject and day: the stated visit, the window (position in ``planned``, -1: none)."""
    windows = sorted(planned, key=lambda v: v.window)
    rows = (
        contacts[["subject_id", "date", "stated"]]
        .drop_duplicates()
        .merge(anchors, on="subject_id", how="left")
    )
    rows["elapsed"] = (rows["date"] - rows["anchor"]).dt.days
    rows["window"] = _find_windows(rows["elapsed"].to_numpy("float64"), rows["by_consent"].eq(True), windows)
    numbers = np.array([v.visitnum for v in windows] + [np.nan])
    rows["in_window"] = numbers[rows["window"]]
    rows["nearest"] = _measure_distance(rows, windows)
    # Two visits stated on one day: the one in whose window the day lies, else the lower number.
    rows["rank"] = np.select([rows["stated"].isna(), rows["stated"] == rows["in_window"]], [2, 0], 1)
    rows = rows.sort_values(["subject_id", "date", "rank", "stated"], kind="stable")
    return rows.drop_duplicates(["subject_id", "date"], ignore_index=True)


def _find_windows(
    elapsed: Floats, by_consent: pd.Series, windows: Sequence[PlannedVisit]
) -> npt.NDArray[np.intp]:
    """Position of the window that holds each day; days counted from consent fill the first window."""
    lows = np.array([_elapse(v.window[0]) for v in windows])
    highs = np.array([_elapse(v.window[1]) for v in windows])
    known = np.nan_to_num(elapsed, nan=-(10.0**9))
    shifted = np.where(by_consent & (known >= 0), known + lows[0], known)
    at = np.searchsorted(lows, shifted, side="right") - 1
    inside = (at >= 0) & (shifted <= highs[at]) & (~by_consent | (at == 0) & (known >= 0))
    return np.where(inside, at, -1)


def _elapse(study_day: int) -> float:
    """Days since day 1; there is no day 0 (SDTMIG 4.4.4)."""
    return float(study_day - 1 if study_day > 0 else study_day)


def _measure_distance(rows: pd.DataFrame, windows: Sequence[PlannedVisit]) -> pd.Series:
    """Days between a day and the planned day of its window."""
    planned_days = np.array([_elapse(v.visitdy) for v in windows] + [np.nan])
    distance: pd.Series = (rows["elapsed"] - planned_days[rows["window"]]).abs()
    return distance


def _choose_days(days: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Days that make a visit which is not stated: in each window the one nearest to the planned day.

    Every day of a subject known by consent alone makes the screening visit.
    """
    taken = pd.MultiIndex.from_frame(stated[["subject_id", "VISITNUM"]])
    free = days[days["stated"].isna() & days["in_window"].notna() & ~_before_consent(days)]
    free = free.assign(VISITNUM=free["in_window"])
    free = free[~pd.MultiIndex.from_frame(free[["subject_id", "VISITNUM"]]).isin(taken)]
    by_consent = free["by_consent"].eq(True)
    nearest = free[~by_consent].sort_values(["subject_id", "VISITNUM", "nearest", "date"], kind="stable")
    nearest = nearest.drop_duplicates(["subject_id", "VISITNUM"])
    return pd.concat([nearest, free[by_consent]])[["subject_id", "date", "VISITNUM"]]


def _before_consent(days: pd.DataFrame) -> pd.Series:
    return days["date"] < days["consent"]


def _spread_visits(days: pd.DataFrame, chosen: pd.DataFrame, span_days: int) -> pd.DataFrame:
    """Give VISITNUM to the chosen days and to the days of the same window shortly after them."""
    unstated = pd.MultiIndex.from_frame(chosen[["subject_id", "date"]]).isin(
        pd.MultiIndex.from_frame(days.loc[days["stated"].isna(), ["subject_id", "date"]])
    )
    own = days.merge(chosen[unstated], on=["subject_id", "date"], how="left")
    own["VISITNUM"] = own["VISITNUM"].fillna(own["stated"])
    free = own[own["VISITNUM"].isna() & own["in_window"].notna() & ~_before_consent(own)].reset_index()
    # Searched by the visit of the window, so a chosen day of another visit never captures a day.
    starts = chosen.assign(start=chosen["date"]).sort_values("date", kind="stable")
    near = pd.merge_asof(
        free.sort_values("date", kind="stable")[["index", "subject_id", "date", "in_window"]],
        starts.rename(columns={"VISITNUM": "in_window"}),
        on="date",
        by=["subject_id", "in_window"],
        tolerance=pd.Timedelta(days=span_days),
    )
    near = near[near["start"].notna()]
    own.loc[near["index"], "VISITNUM"] = near["in_window"].to_numpy()
    return own


def _number_unscheduled(days: pd.DataFrame) -> pd.DataFrame:
    """Remaining days: the planned visit before them plus 0.1, 0.2 ... 0.9, 0.91 ... in order of date."""
    days = days.sort_values(["subject_id", "date"], kind="stable", ignore_index=True)
    free = days["VISITNUM"].isna() & ~_before_consent(days)
    base = days.groupby("subject_id")["VISITNUM"].ffill().fillna(0.0)
    count = days[free].assign(base=base[free]).groupby(["subject_id", "base"]).cumcount() + 1
    pairs = list(zip(base[free], count, strict=True))
    numbers = {pair: compute_unscheduled(*pair) for pair in set(pairs)}
    days.loc[free, "VISITNUM"] = [numbers[pair] for pair in pairs]
    return days


def compute_unscheduled(visitnum: float, count: int) -> float:
    """VISITNUM of the ``count``-th unscheduled day after a planned visit: 3.1 … 3.9, 3.91 … 3.99, 3.991."""
    nines, digit = divmod(count - 1, 9)
    return float(f"{visitnum:g}.{'9' * nines}{digit + 1}")


def derive_visit_names(
    frame: pd.DataFrame, planned: Sequence[PlannedVisit], number: str = "VISITNUM"
) -> pd.DataFrame:
    """Add VISIT (text) and VISITDY (float64; missing for unscheduled visits, CG0225) to column ``number``."""
    names = {v.visitnum: v.visit for v in planned}
    days = {v.visitnum: float(v.visitdy) for v in planned}
    for value in frame[number].dropna().unique():
        names.setdefault(float(value), f"UNSCHEDULED {value:.12g}")
    return frame.assign(
        VISIT=frame[number].map(names).astype("str"), VISITDY=frame[number].map(days).astype("float64")
    )


def derive_missed_visits(
    seen: pd.DataFrame, anchors: pd.DataFrame, planned: Sequence[PlannedVisit]
) -> pd.DataFrame:
    """Planned visits that were due and had no contact: ``subject_id``, ``VISITNUM``.

    Args:
        seen: ``subject_id``, ``VISITNUM`` of the visits that took place.
        anchors: as for :func:`derive_visit_days`, with ``observed_until`` (datetime64: end of
            participation, else data cut, else last contact).

    A visit was due when its window closed before ``observed_until``. Subjects who were neither
    treated nor randomised have no day 1 and no visit that was due.
    """
    counted = anchors[anchors["anchor"].notna() & ~anchors["by_consent"] & anchors["observed_until"].notna()]
    closing = pd.DataFrame(
        {"VISITNUM": [v.visitnum for v in planned], "close": [_elapse(v.window[1]) for v in planned]}
    )
    due = counted[["subject_id", "anchor", "observed_until"]].merge(closing, how="cross")
    due = due[(due["observed_until"] - due["anchor"]).dt.days > due["close"]]
    pairs = pd.MultiIndex.from_frame(due[["subject_id", "VISITNUM"]])
    missed = due[~pairs.isin(pd.MultiIndex.from_frame(seen[["subject_id", "VISITNUM"]]))]
    return missed[["subject_id", "VISITNUM"]].reset_index(drop=True)
