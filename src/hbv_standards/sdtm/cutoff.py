"""The data cut, and the records that a build is made of."""

from __future__ import annotations

from dataclasses import fields, replace

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.dates import parse_dtc
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.report import report_rows

_OF_SUBJECTS = {
    "visits": "start_dtc",
    "findings": "collected_dtc",
    "interventions": "start_dtc",
    "events": "start_dtc",
}
"""Records of subjects, and the date by which they are cut."""


def select_data(data: CanonicalData, cutoff: str | None, log: IssueLog) -> CanonicalData:
    """The records of the build: in a fixed order, of known subjects, not after the data cut.

    ``cutoff`` is a complete ISO 8601 date; that day is the last one. A record is cut when all dates
    that its text allows lie later, so one without a date stays. Everything left out is reported
    (HBV-SDTM-010, -011).
    """
    data = replace(data, **{f.name: _order_records(getattr(data, f.name)) for f in fields(data)})
    data = replace(data, subjects=_keep_one_each(data.subjects, log))
    if cutoff is not None:
        data = _cut_records_of_later_subjects(_cut(data, cutoff, log), set(data.subjects["subject_id"]), log)
    return replace(
        data, **{name: _keep_known(getattr(data, name), data.subjects, log) for name in _OF_SUBJECTS}
    )


def _order_records(frame: pd.DataFrame) -> pd.DataFrame:
    """Order by source and element; by content where these are equal. Input order never counts."""
    place = [name for name in ("source_id", "path") if name in frame.columns]
    if "source_id" in place and frame["source_id"].is_monotonic_increasing and frame["source_id"].is_unique:
        return frame.reset_index(drop=True)
    tied = frame.duplicated(place).any()
    order = [*place, *(name for name in frame.columns if name not in place)] if tied else place
    return frame.sort_values(order, kind="stable", ignore_index=True)


def _keep_one_each(subjects: pd.DataFrame, log: IssueLog) -> pd.DataFrame:
    again = subjects.duplicated("subject_id")
    _report(log, "HBV-ENR-002", subjects, again, "subject_id", "DM")
    return _drop(subjects, again)


def _drop(frame: pd.DataFrame, unwanted: pd.Series) -> pd.DataFrame:
    return frame[~unwanted].reset_index(drop=True) if unwanted.any() else frame


def _keep_known(frame: pd.DataFrame, subjects: pd.DataFrame, log: IssueLog) -> pd.DataFrame:
    strange = ~frame["subject_id"].isin(subjects["subject_id"])
    _report(log, "HBV-SDTM-011", frame, strange, "subject_id")
    return _drop(frame, strange)


def _report(
    log: IssueLog, code: str, frame: pd.DataFrame, chosen: pd.Series, value: str, dataset: str = ""
) -> None:
    if chosen.any():
        rows = frame[chosen]
        report_rows(log, code, rows, dataset=dataset, value=rows[value])


def _cut(data: CanonicalData, cutoff: str, log: IssueLog) -> CanonicalData:
    cut = {name: _cut_records(getattr(data, name), name, cutoff, log) for name in _OF_SUBJECTS}
    treatments = cut["interventions"]
    later = is_after(treatments["end_dtc"], cutoff)
    cut["interventions"] = treatments.assign(
        end_dtc=treatments["end_dtc"].where(~later), ongoing=treatments["ongoing"] | later
    )
    events = cut["events"]
    later = is_after(events["end_dtc"], cutoff)
    cut["events"] = events.assign(
        end_dtc=events["end_dtc"].where(~later),
        ongoing=events["ongoing"] | later,
        outcome=events["outcome"].where(~later),
        results_in_death=events["results_in_death"].where(~later),
    )
    for name, column in (("visits", "end_dtc"), ("findings", "collected_end_dtc")):
        cut[name] = cut[name].assign(
            **{column: cut[name][column].where(~is_after(cut[name][column], cutoff))}
        )
    return replace(data, subjects=_cut_subjects(data.subjects, cutoff, log), **cut)


def _cut_records_of_later_subjects(data: CanonicalData, known: set[str], log: IssueLog) -> CanonicalData:
    """History of a subject who consents after the cut comes in with the subject."""
    made = {}
    for name in _OF_SUBJECTS:
        frame = getattr(data, name)
        waiting = frame["subject_id"].isin(known - set(data.subjects["subject_id"]))
        _report(log, "HBV-SDTM-010", frame, waiting, "subject_id")
        made[name] = _drop(frame, waiting)
    return replace(data, **made)


def is_after(values: pd.Series, cutoff: str) -> pd.Series:
    """Mask of ISO texts that surely lie after the day of the data cut."""
    return parse_dtc(values)["earliest"] >= pd.Timestamp(cutoff) + pd.Timedelta(days=1)


def _cut_records(frame: pd.DataFrame, name: str, cutoff: str, log: IssueLog) -> pd.DataFrame:
    column = _OF_SUBJECTS[name]
    later = is_after(frame[column], cutoff)
    _report(log, "HBV-SDTM-010", frame, later, column)
    return _drop(frame, later)


def _cut_subjects(subjects: pd.DataFrame, cutoff: str, log: IssueLog) -> pd.DataFrame:
    """Subjects who consented by the cut, as they were known on that day."""
    later = is_after(subjects["consent_dtc"], cutoff)
    _report(log, "HBV-SDTM-010", subjects, later, "consent_dtc", "DM")
    kept = _drop(subjects, later)
    after = {name: is_after(kept[name], cutoff) for name in ("randomized_dtc", "end_dtc", "death_dtc")}
    died_later = after["death_dtc"] & kept["end_reason"].eq("DEATH")
    ended_later = after["end_dtc"] | died_later
    return kept.assign(
        deceased=kept["deceased"] & ~after["death_dtc"],
        death_dtc=kept["death_dtc"].where(~after["death_dtc"]),
        status=kept["status"].where(~(ended_later | after["randomized_dtc"])),
        **{name: kept[name].where(~after["randomized_dtc"]) for name in ("randomized_dtc", "arm_code")},
        **{name: kept[name].where(~ended_later) for name in ("end_dtc", "end_reason", "end_reason_text")},
    )
