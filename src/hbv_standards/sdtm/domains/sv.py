"""SV: Subject Visits: one row per visit of a subject, missed ones included (SDTMIG 5.5)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import compute_max_dtc, compute_min_dtc, derive_dy
from hbv_standards.derive.visits import derive_missed_visits, derive_visit_names
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows

KEYS = ["subject_id", "VISITNUM"]


def build(view: StudyView) -> Dataset | None:
    """The dataset of the contacts in ``view``, None without any visit."""
    seen = derive_visit_dates(view.visits.contacts)
    missed = derive_missed_visits(seen, view.visits.anchors, view.study.visits)
    frame = pd.concat([seen, missed], ignore_index=True).astype({"SVSTDTC": "str", "SVENDTC": "str"})
    if frame.empty:
        return None
    frame = frame.pipe(derive_visit_names, view.study.visits).pipe(map_planned, view, missed)
    frame["rfstdtc"] = view.map_subject(frame, "RFSTDTC")
    for dtc, day in (("SVSTDTC", "SVSTDY"), ("SVENDTC", "SVENDY")):
        frame = derive_dy(frame, dtc, "rfstdtc", day)
    return view.conform("SV", frame, trace_visits(frame, view))


def derive_visit_dates(contacts: pd.DataFrame) -> pd.DataFrame:
    """First and last day of each visit; the text as sent where no date of the visit is complete."""
    days = contacts.assign(day=contacts["dtc"].str.slice(0, 10))
    whole = days[days["date"].notna()]
    partial = days[days["date"].isna()]
    dated = whole.groupby(KEYS)["day"].agg(SVSTDTC="min", SVENDTC="max")
    visit = partial.groupby(KEYS).ngroup()
    texts = partial.assign(
        SVSTDTC=visit.map(compute_min_dtc(partial["day"], visit)),
        SVENDTC=visit.map(compute_max_dtc(partial["day"], visit)),
    )
    rough = texts.drop_duplicates(KEYS).set_index(KEYS)[["SVSTDTC", "SVENDTC"]]
    return pd.concat([dated, rough[~rough.index.isin(dated.index)]]).reset_index()


def map_planned(frame: pd.DataFrame, view: StudyView, missed: pd.DataFrame) -> pd.DataFrame:
    """Add SVPRESP and SVOCCUR for planned visits, SVUPDES for others (CG0653 to CG0658)."""
    planned = frame["VISITNUM"].isin([v.visitnum for v in view.study.visits])
    absent = pd.MultiIndex.from_frame(frame[KEYS]).isin(pd.MultiIndex.from_frame(missed[KEYS]))
    occurred = pd.Series("Y", index=frame.index).mask(absent, "N")
    unplanned = view.specs["SV"].assigned.get("SVUPDES", {}).get("UNSCHEDULED")
    return frame.assign(
        SVPRESP=pd.Series("Y", index=frame.index).where(planned).astype("str"),
        SVOCCUR=occurred.where(planned).astype("str"),
        SVUPDES=pd.Series(unplanned, index=frame.index, dtype="str").where(~planned),
    )


def trace_visits(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Every hospital visit behind a row; and what was done on its first and last day."""
    contacts = view.visits.contacts
    rows = frame[[*KEYS, "SVSTDTC", "SVENDTC"]].assign(row=range(len(frame)))
    placed = contacts.assign(day=contacts["dtc"].str.slice(0, 10)).merge(rows, on=KEYS)
    visits = placed[(placed["kind"] == "visit") & placed["opening"]]
    first, last = (
        placed[placed["day"] == placed[name]].drop_duplicates("row") for name in ("SVSTDTC", "SVENDTC")
    )
    return join_traces(
        [
            trace_rows(visits, row="row"),
            trace_rows(first, "SVSTDTC", row="row"),
            trace_rows(last, "SVENDTC", row="row"),
        ]
    )
