"""PR: Procedures: imaging and elastography (SDTMIG 6.1.5)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import parse_dtc
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.derive.visits import derive_visit_names
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import derive_timing
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.single_records import map_occurrence, merge_equal, select_single
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    records = select_single(view, "procedure").pipe(map_occurrence, "PR", view)
    frame = records[report_undone(records, view)].reset_index(drop=True)
    if frame.empty:
        return None
    frame = frame.pipe(map_procedure).pipe(derive_visit, view).pipe(derive_timing, "PR", view)
    frame = derive_epoch(frame, find_dates(frame, view), view.elements)
    rows, row_of = merge_equal(frame, "PR", ["VISITNUM"])
    return view.conform("PR", rows, trace_rows(frame.assign(row=row_of), row="row"))


def report_undone(frame: pd.DataFrame, view: StudyView) -> pd.Series:
    """Mask of records that make a row: done, or planned and not done (PROCCUR N); others HBV-SDTM-001."""
    kept = frame["occurred"] | frame["PROCCUR"].notna()
    lost = frame[~kept]
    report_rows(
        view.log, "HBV-SDTM-001", lost, dataset="PR", value=lost["treatment_id"],
        message="not done, and not planned by the protocol: no PR record",
    )  # fmt: skip
    return kept


def map_procedure(frame: pd.DataFrame) -> pd.DataFrame:
    """Add PRTRT, PRINDC, PRREASOC and where it was done."""
    return frame.assign(
        PRTRT=frame["treatment_id"],
        PRINDC=frame["adjustment_reason"],
        PRREASOC=frame["reason_not_done"].where(~frame["occurred"]),
        PRLOC=frame["location"],
        PRLAT=frame["laterality"],
    )


def derive_visit(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add VISITNUM, VISIT and VISITDY: the stated visit, else that of the subject's day (:func:`find_dates`)."""
    contacts = view.visits.contacts
    days = contacts[contacts["date"].notna() & contacts["opening"]]
    by_day = days.drop_duplicates(["subject_id", "date"]).set_index(["subject_id", "date"])["VISITNUM"]
    day = pd.MultiIndex.from_arrays([frame["subject_id"], parse_dtc(find_dates(frame, view))["date"]])
    stated = frame["visit_key"].map(view.visits.stated["number"]).astype("float64")
    found = pd.Series(by_day.reindex(day).to_numpy(dtype="float64"), index=frame.index)
    return derive_visit_names(frame.assign(VISITNUM=stated.fillna(found)), view.study.visits)


def find_dates(frame: pd.DataFrame, view: StudyView) -> pd.Series:
    """When each procedure was done (ISO text); of what has no date, as it was not done, the day of its encounter."""
    encounters = view.data.visits.drop_duplicates("visit_key").set_index("visit_key")["start_dtc"]
    held = frame["visit_key"].map(encounters).astype("str").str.slice(0, 10)
    return frame["start_dtc"].fillna(held)
