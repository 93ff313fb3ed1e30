"""DS: Disposition: protocol milestones, and how participation and treatment ended (SDTMIG 6.2.3)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.ascii_text import convert_encodable
from hbv_standards.derive.criteria import compute_plus, is_duration
from hbv_standards.derive.dates import derive_dy
from hbv_standards.derive.disposition import (
    DISPOSITION,
    MILESTONE,
    PARTICIPATION,
    RANDOMIZED,
    derive_later_deaths,
    derive_milestones,
    derive_participation,
    derive_treatment_end,
)
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows

FED_BY = {
    "consent_dtc": ("DSSTDTC",), "randomized_dtc": ("DSSTDTC",), "end_dtc": ("DSSTDTC",),
    "death_dtc": ("DSSTDTC", "DSDECOD"), "deceased": ("DSDECOD",), "status": ("DSDECOD",),
    "end_reason": ("DSDECOD",), "end_reason_text": ("DSTERM",),
}  # fmt: skip
"""Variables that each field of a canonical subject goes into."""

FIELDS = {
    "consent_dtc": ("consent_dtc",), "randomized_dtc": ("randomized_dtc",), "death_dtc": ("death_dtc", "deceased"),
    "ended_on": ("end_dtc", "death_dtc", "deceased", "status", "end_reason", "end_reason_text"),
    "RFXENDTC": ("status", "end_reason", "end_reason_text"),
}  # fmt: skip
"""Fields of a canonical subject behind each kind of row."""

CATEGORIES = {"milestone": MILESTONE, "disposition": DISPOSITION}
"""DSCAT of an event that a hospital sends as such."""


def build(view: StudyView) -> Dataset | None:
    """The dataset of the subjects in ``view``, None without any record."""
    sent = list_events(view)
    derived = list_derived(view)
    frame = pd.concat([sent, drop_told(derived, sent)], ignore_index=True)
    frame = frame[report_unexplained(frame, view)].reset_index(drop=True)
    if frame.empty:
        return None
    frame = frame.pipe(map_terms, view).pipe(derive_timing, view)
    report_repeated(frame, view)
    return view.conform("DS", frame, trace_rows_of(frame, view))


def list_derived(view: StudyView) -> pd.DataFrame:
    """What the subjects' own dates, status and reasons tell."""
    subjects, exposure = derive_planned_ends(view), view.treatments.study.rows
    participation = derive_participation(subjects)
    gaps = view.study.exposure.gap_days
    rows = pd.concat(
        [
            derive_milestones(subjects),
            participation,
            derive_treatment_end(participation, subjects, exposure, gaps),
            derive_later_deaths(subjects, participation),
        ],
        ignore_index=True,
    )
    known = subjects.set_index("subject_id")
    return rows.assign(
        source_id=rows["subject_id"].map(known["source_id"]), path=rows["subject_id"].map(known["path"]),
        mapping_row=None,
    )  # fmt: skip


def derive_planned_ends(view: StudyView) -> pd.DataFrame:
    """The subjects with ``planned_end``: start of the last element that has a duration, and that duration."""
    lasting = {e.etcd: e.duration for e in view.study.elements if e.duration and is_duration(e.duration)}
    rows = view.elements[view.elements["ETCD"].isin(list(lasting))].drop_duplicates("subject_id", keep="last")
    ends = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[s]")
    for etcd, found in rows.groupby("ETCD"):
        days = compute_plus(found["start"].to_numpy().astype("datetime64[D]"), lasting[str(etcd)])
        ends[found.index] = days.astype("datetime64[s]")
    planned = dict(zip(rows["subject_id"], ends, strict=True))
    return view.subjects.assign(planned_end=view.subjects["subject_id"].map(planned).astype("datetime64[s]"))


def list_events(view: StudyView) -> pd.DataFrame:
    """Milestones and dispositions that hospitals send as events of their own."""
    events = view.data.events[view.data.events["kind"].isin(list(CATEGORIES))]
    category = events["category"].fillna(events["kind"].map(CATEGORIES))
    participation = pd.Series(PARTICIPATION, index=events.index).where(category.eq(DISPOSITION))
    return pd.DataFrame(
        {
            "subject_id": events["subject_id"],
            "DSCAT": category,
            "DSSCAT": events["subcategory"].fillna(participation).astype("str"),
            "DSDECOD": events["term_value"],
            "reason_text": events["term"],
            "DSSTDTC": events["start_dtc"],
            "DSDTC": events["recorded_dtc"],
            "field": "event",
            **{name: events[name] for name in ("source_id", "path", "mapping_row")},
        }
    )


def drop_told(derived: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    """Without what an event of the hospital tells: the milestone, or the end of the same thing."""

    def key(rows: pd.DataFrame) -> pd.MultiIndex:
        matter = rows["DSDECOD"].where(rows["DSCAT"].eq(MILESTONE), rows["DSSCAT"])
        return pd.MultiIndex.from_arrays([rows["subject_id"], rows["DSCAT"], matter])

    return derived[~key(derived).isin(key(sent[sent["DSDECOD"].notna()]))]


def report_unexplained(frame: pd.DataFrame, view: StudyView) -> pd.Series:
    """Mask of records with DSDECOD, which is Required; the others are reported: HBV-SDTM-012."""
    known = frame["DSDECOD"].notna()
    for matter, rows in frame[~known].groupby("DSSCAT", dropna=False):
        what = matter.lower() if isinstance(matter, str) else "event"
        told = f"{what} ended, the reason was not sent or is not mapped: no DS record"
        report_rows(
            view.log, "HBV-SDTM-012", rows, dataset="DS", variable="DSDECOD", value=rows["reason_text"],
            message=told,
        )  # fmt: skip
    undated = frame[known & frame["DSSTDTC"].isna()]
    report_rows(
        view.log, "HBV-SDTM-012", undated, dataset="DS", variable="DSSTDTC", value=undated["DSDECOD"],
        message="no date was sent",
    )  # fmt: skip
    return known


def map_terms(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add DSTERM: the reason in the hospital's words where the build can hold them, else DSDECOD."""
    texts = {text: convert_encodable(text, view.agency) for text in frame["reason_text"].dropna().unique()}
    said = frame["reason_text"].map(texts).astype("str")
    return frame.assign(DSTERM=said.fillna(frame["DSDECOD"]))


def derive_timing(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add EPOCH, DSSTDY and DSDY.

    Randomisation ends the epoch before treatment: on the day of first dose it belongs to that one. A
    disposition without a complete date is of the epoch of the subject's last element.
    """
    dtc, elements = frame["DSSTDTC"], view.elements
    timed = derive_epoch(frame.assign(rfstdtc=view.map_subject(frame, "RFSTDTC")), dtc, elements)
    day_after = (elements["start"] + pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
    later = elements["SESTDTC"].where(~elements.duplicated("subject_id"), day_after).astype("str")
    before = derive_epoch(frame, dtc, elements.assign(SESTDTC=later))["EPOCH"]
    last = elements.drop_duplicates("subject_id", keep="last").set_index("subject_id")["EPOCH"]
    ending = frame["subject_id"].map(last).where(frame["DSCAT"].eq(DISPOSITION)).astype("str")
    epoch = timed["EPOCH"].mask(frame["DSDECOD"].eq(RANDOMIZED), before).fillna(ending)
    timed = derive_dy(timed.assign(EPOCH=epoch), "DSSTDTC", "rfstdtc", "DSSTDY")
    return derive_dy(timed, "DSDTC", "rfstdtc", "DSDY")


def report_repeated(frame: pd.DataFrame, view: StudyView) -> None:
    """Two dispositions of one kind in one epoch (CG0536 to CG0539): HBV-SDTM-007; both stay."""
    ends = frame[frame["DSCAT"].eq(DISPOSITION)]
    twice = ends[ends.duplicated(["subject_id", "DSSCAT", "EPOCH"], keep=False)]
    report_rows(
        view.log, "HBV-SDTM-007", twice, dataset="DS", variable="DSDECOD", value=twice["DSDECOD"],
        message="another disposition of the subject is of the same subcategory and epoch",
    )  # fmt: skip


def trace_rows_of(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """The record that made the subject or the event, and what gave each date, status and reason."""
    placed = frame.assign(row=frame.index)
    fields = placed[["subject_id", "row", "field"]].assign(feeds=placed["field"].map(FIELDS)).explode("feeds")
    given = view.data.contributions.rename(columns={"field": "feeds"}).merge(
        fields[["subject_id", "row", "feeds"]], on=["subject_id", "feeds"]
    )
    fed = given.assign(variable=given["feeds"].map(FED_BY)).explode("variable")
    parts = [trace_rows(rows, str(variable), row="row") for variable, rows in fed.groupby("variable")]
    return join_traces([trace_rows(placed, row="row"), *parts])
