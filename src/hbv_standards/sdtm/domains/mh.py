"""MH: Medical History: earlier diseases, and the diagnosis that the trial is about (SDTMIG 6.2.6)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.events import (
    derive_days,
    derive_end_points,
    derive_start_points,
    map_decoded,
    map_events,
    map_occurrence,
    select_events,
)
from hbv_standards.sdtm.findings import report_unplaced
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    events = select_events(view, "history")
    if events.empty:
        return None
    frame = (
        events.pipe(map_events, "MH", "MH", view)
        .pipe(map_occurrence, "MH")
        .pipe(map_history, view)
        .pipe(derive_days, "MH", view)
        .pipe(derive_end_points, "MH", view)
        .pipe(derive_start_points, "MH", view)
    )
    report_unplaced(frame, view.specs["MH"], view.log)
    return view.conform("MH", frame, trace_rows(frame))


def map_history(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add MHDECOD, MHDTC, and MHEVDTYP: what MHSTDTC is the date of, by category as the spec assigns it."""
    kinds = view.specs["MH"].assigned.get("MHEVDTYP", {})
    dated = frame["start_dtc"].notna()
    return frame.assign(
        MHDECOD=map_decoded(frame),
        MHDTC=frame["recorded_dtc"],
        MHEVDTYP=frame["category"].map(kinds).astype("str").where(dated),
    )
