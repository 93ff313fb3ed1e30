"""SU: Substance Use: smoking and drinking (SDTMIG 6.1.6)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import derive_timing
from hbv_standards.sdtm.single_records import map_class, map_occurrence, merge_equal, select_single
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    records = select_single(view, "use")
    if records.empty:
        return None
    frame = (
        records.pipe(map_use, view)
        .pipe(map_occurrence, "SU", view)
        .pipe(derive_timing, "SU", view)
        .pipe(derive_time_points, view)
    )
    rows, row_of = merge_equal(frame, "SU")
    return view.conform("SU", rows, trace_rows(frame.assign(row=row_of), row="row"))


def map_use(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add SUTRT, SUCAT by class, and what was consumed; a unit only beside a number (CG0114)."""
    return frame.assign(
        SUTRT=frame["treatment_id"],
        SUCAT=map_class(frame, "SUCAT", view),
        SUDOSE=frame["dose_number"],
        SUDOSU=frame["dose_unit"].where(frame["dose_number"].notna()),
        SUDOSFRQ=frame["frequency"].where(frame["occurred"]),
    )


def derive_time_points(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add SUENRTPT, SUENTPT, SUSTRTPT and SUSTTPT (SDTMIG 4.4.7) by the day of the visit at which it was asked.

    Use goes on (ONGOING) or was over (BEFORE) that day, and began BEFORE it where no start was told. Without a
    visit that is the day of informed consent, for lifestyle is asked at screening.
    """
    visits = view.data.visits.drop_duplicates("visit_key").set_index("visit_key")
    asked = frame["visit_key"].map(visits["start_dtc"]).astype("str")
    asked = asked.fillna(view.map_subject(frame, "RFICDTC")).str.slice(0, 10)
    used = frame["occurred"] & asked.notna()
    open_end = used & frame["end_dtc"].isna()
    goes_on, over = open_end & frame["ongoing"], open_end & frame["ceased"] & ~frame["ongoing"]
    begun = used & frame["start_dtc"].isna()
    relation = pd.Series("ONGOING", index=frame.index).where(goes_on).mask(over, "BEFORE")
    return frame.assign(
        SUENRTPT=relation.astype("str"),
        SUENTPT=asked.where(goes_on | over).astype("str"),
        SUSTRTPT=pd.Series("BEFORE", index=frame.index).where(begun).astype("str"),
        SUSTTPT=asked.where(begun).astype("str"),
    )
