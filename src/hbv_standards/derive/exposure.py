"""Exposure: from single doses and spans to constant-dosing intervals (docs/rules/exposure.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from hbv_standards.derive.dates import parse_dtc

EVIDENCE = ("administration", "statement", "dispense", "request")
"""Kinds of evidence for a dose, the best first: given, said to be taken, handed out, ordered."""

HISTORY = ("statement", "administration", "dispense", "request")
"""The same for earlier and other treatment, where a statement tells the span and single doses do not."""

DOSING = ("dose_number", "dose_unit", "dose_form", "frequency", "route")
"""What must stay the same for two doses to be one constant-dosing interval."""


def derive_spans(interventions: pd.DataFrame) -> pd.DataFrame:
    """Add what the dates allow: ``start``, ``stop`` (complete days, NaT otherwise) and the bounds
    ``start_from``, ``start_to``, ``stop_from``, ``stop_to`` (datetime64, half-open spans of the texts).

    A single administration stops when it starts; ``stop`` of what goes on is missing.
    """
    starts, stops = parse_dtc(interventions["start_dtc"]), parse_dtc(interventions["end_dtc"])
    single = (interventions["kind"] == "administration") & stops["dtc"].isna() & ~interventions["ongoing"]
    stops = stops.where(~single, starts)
    return interventions.assign(
        start=starts["date"], start_from=starts["earliest"], start_to=starts["end"],
        stop=stops["date"], stop_from=stops["earliest"], stop_to=stops["end"],
    )  # fmt: skip


def derive_relation(spans: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """Add ``relation`` to the start of the trial's treatment period: "before", "across" or "after".

    Args:
        spans: of :func:`derive_spans`.
        bounds: ``subject_id``, ``bound`` (datetime64: day of randomisation, else of consent, else NaT),
            ``randomized`` (bool: the bound is the randomisation) and ``last_day`` (datetime64: end of
            participation, NaT while it lasts), which comes into the result.

    "across" began before randomisation, or may have, and surely went on past it. Without a date that
    can lie on or after the bound a record is "before".
    """
    known = bounds.set_index("subject_id")
    bound = spans["subject_id"].map(known["bound"]).astype("datetime64[s]")
    randomized = spans["subject_id"].map(known["randomized"]).eq(True)
    goes_on = (spans["stop_from"] >= bound) | (spans["ongoing"] & spans["stop_from"].isna())
    surely_after = spans["start_from"] >= bound
    maybe_after = (spans["start_to"] > bound) & ~(spans["stop_to"] <= bound)
    across = randomized & goes_on & ~surely_after & bound.notna()
    relation = np.select([surely_after, across, maybe_after], ["after", "across", "after"], "before")
    last_day = spans["subject_id"].map(known["last_day"]).astype("datetime64[s]")
    return spans.assign(relation=pd.array(relation, dtype="str"), bound=bound, last_day=last_day)


def derive_clipped(spans: pd.DataFrame) -> pd.DataFrame:
    """Keep of study treatment what lies in the trial.

    A record "across" the randomisation starts with its day, which is the first study dose (IG DM 10b).
    A span that goes on beyond the end of participation (``last_day``, datetime64, NaT while it lasts)
    ends there: what is taken afterwards is no study treatment. Single administrations stay as sent.
    """
    across = spans["relation"] == "across"
    first = spans["bound"]
    last = spans["last_day"]
    runs_on = (spans["ongoing"] & spans["stop_from"].isna()) | (spans["stop_from"] > last)
    beyond = runs_on & (spans["kind"] != "administration") & (spans["start_from"] <= last)
    day = {name: spans[name].dt.strftime("%Y-%m-%d").astype("str") for name in ("bound", "last_day")}
    return spans.assign(
        start_dtc=spans["start_dtc"].mask(across, day["bound"]),
        start=spans["start"].mask(across, first.astype("datetime64[s]")),
        start_from=spans["start_from"].mask(across, first.astype("datetime64[us]")),
        end_dtc=spans["end_dtc"].mask(beyond, day["last_day"]),
        stop=spans["stop"].mask(beyond, last.astype("datetime64[s]")),
        stop_from=spans["stop_from"].mask(beyond, last.astype("datetime64[us]")),
        ongoing=spans["ongoing"] & ~beyond,
    )


def derive_evidence(spans: pd.DataFrame, by: Sequence[str], order: Sequence[str] = EVIDENCE) -> pd.DataFrame:
    """Add ``used`` (bool): the records of the best kind within each group of ``by``.

    One dose is never counted twice: an order, a dispensing and an administration of one treatment
    describe the same doses, so only the best kind makes records and the others stand behind them.
    """
    rank = spans["kind"].map({kind: place for place, kind in enumerate(order)}).astype("float64")
    best = rank.groupby([spans[name] for name in by], dropna=False).transform("min")
    return spans.assign(used=rank == best)


def derive_frequency(spans: pd.DataFrame) -> pd.DataFrame:
    """Fill ``frequency`` of records without one from the other records of the subject's treatment.

    An administration says when a dose was given and seldom how often; the order or statement of the
    same treatment does. Only where these all agree.
    """
    by = [spans["subject_id"], spans["treatment_id"]]
    said = spans["frequency"].groupby(by)
    agreed = said.transform("first").where(said.transform("nunique") == 1)
    return spans.assign(frequency=spans["frequency"].fillna(agreed))


def derive_intervals(
    spans: pd.DataFrame,
    gap_days: Mapping[str, int],
    by: Sequence[str] = ("subject_id", "treatment_id"),
    missed: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Add ``interval``: the number of the constant-dosing interval of each record, from 0.

    Records of one group of ``by`` follow each other in time; a new interval begins where the dosing
    (:data:`DOSING`) changes, where more than the allowed days lie between the latest end so far and
    the next start, or where a dose is known to be ``missed`` between them (columns of :func:`derive_spans`):
    EX holds the doses given (IG EX 6a). ``gap_days`` is by frequency, with "default". A record without a complete
    start date is an interval of its own. Rows come back in the order of time.
    """
    spans = spans.assign(dose_number=spans["dose"].astype("float64"))
    group = spans.groupby(list(by), sort=True, dropna=False).ngroup().rename("group")
    dosing = spans.groupby(list(DOSING), sort=True, dropna=False).ngroup().rename("dosing")
    rows = spans.assign(group=group, dosing=dosing)
    rows = rows.sort_values(
        ["group", "start", "start_dtc", "stop", "dosing"], kind="stable", ignore_index=True
    )
    allowed = rows["frequency"].map(dict(gap_days)).astype("float64").fillna(gap_days["default"])
    reached = _find_reached(rows)
    begins = _begins(rows, reached, allowed)
    if missed is not None:
        begins |= _find_missed_between(rows, reached, missed, by)
    rows["interval"] = begins.cumsum() - 1
    return rows.drop(columns=["group", "dosing"])


def _number_runs(rows: pd.DataFrame) -> pd.Series:
    """Number of the run of equal dosing of one group, in rows sorted by group and time."""
    return (rows["group"].diff().ne(0) | rows["dosing"].diff().ne(0)).cumsum()


def _find_reached(rows: pd.DataFrame) -> pd.Series:
    """How far the run had come before each row: the latest end, not the last one."""
    far = pd.Timestamp("9999-12-31")
    reach = rows["stop"].fillna(rows["start"]).mask(rows["ongoing"] & rows["stop"].isna(), far)
    return reach.groupby(_number_runs(rows)).cummax().shift()


def _begins(rows: pd.DataFrame, reached: pd.Series, allowed: pd.Series) -> pd.Series:
    """Where an interval begins, in rows sorted by group and time."""
    gap = (rows["start"] - reached).dt.days
    undated = rows["start"].isna()
    return _number_runs(rows).diff().ne(0) | (gap > allowed) | undated | undated.shift(fill_value=True)


def _find_missed_between(
    rows: pd.DataFrame, reached: pd.Series, missed: pd.DataFrame, by: Sequence[str]
) -> pd.Series:
    """Rows before which a whole day without the dose is known, after what was ``reached``.

    A day on which the dose was given after all parts nothing.
    """
    days = missed.dropna(subset=["start"]).sort_values("start", kind="stable")
    until = days["stop"].fillna(days["start"]).groupby([days[name] for name in by]).cummax()
    dated = rows[rows["start"].notna()].sort_values("start", kind="stable")
    found = pd.merge_asof(
        dated[[*by, "start"]],
        days[[*by, "start"]].assign(until=until),
        on="start",
        by=list(by),
        allow_exact_matches=False,
    )
    last = pd.Series(found["until"].to_numpy(), index=dated.index).reindex(rows.index)
    return (last > reached) & ((rows["start"] - reached).dt.days > 1)


def find_missed_inside(missed: pd.DataFrame, spans: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Mask of ``missed`` days that lie inside one record of ``spans``, which cannot be parted there:
    it does not say when the doses around them were given.
    """
    places = missed[[*by, "start"]].assign(place=np.arange(len(missed)))
    ends = spans["stop"].mask(spans["ongoing"] & spans["stop"].isna(), pd.Timestamp("9999-12-31"))
    pairs = places.merge(spans[[*by, "start"]].assign(end=ends), on=list(by), suffixes=("", "_of_span"))
    inside = pairs[(pairs["start_of_span"] < pairs["start"]) & (pairs["start"] < pairs["end"])]
    return places["place"].isin(inside["place"])


def summarise_intervals(
    members: pd.DataFrame, by: Sequence[str] = ("subject_id", "treatment_id")
) -> pd.DataFrame:
    """One row per interval of :func:`derive_intervals`, index 0..n-1 = ``interval``.

    Start is the text of the first record; the end is the text of the latest end and missing while a
    record goes on or no record tells an end. Location and laterality stay only where all records
    agree. ``adjustment_reason`` is that of the first record, where the dose differs from the interval
    before; a reason that treatment already began with is an indication and no adjustment.
    """
    grouped = members.groupby("interval")
    first = grouped.first()  # first known value of every column
    opening = members.drop_duplicates("interval").set_index("interval")
    rows = first[[*by, "site", *DOSING, "dose", "kind", "relation", "note"]].copy()
    rows["start_dtc"] = opening["start_dtc"]
    rows["start"] = opening["start"]
    rows["ongoing"] = (members["ongoing"] & members["stop_from"].isna()).groupby(members["interval"]).any()
    over = (members["ceased"] & members["stop_from"].isna()).groupby(members["interval"]).any()
    rows["ceased"] = over & ~rows["ongoing"]
    rows["end_dtc"] = _find_ends(members).reindex(rows.index).where(~rows["ongoing"]).astype("str")
    for name in ("location", "laterality"):
        agreed = grouped[name].nunique(dropna=False) == 1
        rows[name] = first[name].where(agreed).astype("str")
    rows["adjustment_reason"] = _find_adjustments(rows.assign(reason=opening["adjustment_reason"]), by)
    return rows


def _find_ends(members: pd.DataFrame) -> pd.Series:
    """Text of the latest end of each interval; a single administration ends when it starts."""
    stop = members["end_dtc"].fillna(members["start_dtc"].where(members["kind"] == "administration"))
    known = members.assign(end=stop)[stop.notna()]
    latest = known.sort_values(["stop_from", "stop_to", "end"], kind="stable").drop_duplicates(
        "interval", keep="last"
    )
    return latest.set_index("interval")["end"]


def _find_adjustments(rows: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    previous = rows.groupby(list(by), dropna=False)[["dose_number", "dose_unit"]].shift()
    has_previous = rows.duplicated(list(by))
    same_dose = rows["dose_number"].eq(previous["dose_number"]) & rows["dose_unit"].eq(previous["dose_unit"])
    opening = rows.drop_duplicates(list(by)).set_index(list(by))["reason"]
    said_before = rows["reason"].eq(rows.join(opening.rename("first_reason"), on=list(by))["first_reason"])
    return rows["reason"].where(has_previous & ~same_dose & ~said_before.fillna(value=False)).astype("str")


def assign_supporting(spans: pd.DataFrame, intervals: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Add ``interval`` to records that were not used: the one running when they start, else the first."""
    starts = intervals.reset_index()[["interval", *by, "start"]].dropna(subset=["start"])
    rows = spans.assign(place=np.arange(len(spans)), day=spans["start"])
    dated = rows[rows["day"].notna()].sort_values(["day", "place"])
    found = pd.merge_asof(
        dated[["place", *by, "day"]],
        starts.rename(columns={"start": "day"}).sort_values(["day", "interval"]),
        on="day",
        by=list(by),
    )
    at = rows["place"].map(found.set_index("place")["interval"])
    first = intervals.reset_index().drop_duplicates(list(by))[[*by, "interval"]]
    otherwise = rows[list(by)].merge(first, on=list(by), how="left")["interval"].to_numpy()
    return spans.assign(interval=at.fillna(pd.Series(otherwise, index=at.index)))
