"""EX: Exposure: constant-dosing intervals of the study treatment really given (SDTMIG 6.1.3)."""

from __future__ import annotations

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import (
    derive_timing,
    map_dosing,
    report_missing_doses,
    trace_intervals,
)
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    intervals = view.treatments.study
    if intervals.rows.empty:
        return None
    report_missing_doses(intervals, "EX", view.log)
    frame = intervals.rows.pipe(map_dosing, "EX").pipe(derive_timing, "EX", view)
    frame = frame.assign(EXADJ=frame["adjustment_reason"], EXLOC=frame["location"], EXLAT=frame["laterality"])
    return view.conform("EX", frame, trace_intervals(intervals, "EX"))
