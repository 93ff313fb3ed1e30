"""EX: Exposure: constant-dosing intervals of the study treatment really given (SDTMIG 6.1.3)."""

from __future__ import annotations

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import (
    derive_timing,
    map_dosing,
    map_link,
    map_name,
    report_missing_doses,
    trace_intervals,
)
from hbv_standards.sdtm.strengths import convert_counted, report_uncounted, trace_strengths
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    intervals = view.treatments.study
    if intervals.rows.empty:
        return None
    report_missing_doses(intervals, "EX", view.log)
    rows = convert_counted(intervals.rows, view)
    report_uncounted(intervals, rows, view)
    frame = (
        rows.pipe(map_name, "EX", view)
        .pipe(map_dosing, "EX")
        .pipe(map_link, "EX", view.treatments)
        .pipe(derive_timing, "EX", view)
    )
    frame = frame.assign(EXADJ=frame["adjustment_reason"], EXLOC=frame["location"], EXLAT=frame["laterality"])
    trace = join_traces([trace_intervals(intervals, "EX"), trace_strengths(intervals, rows)])
    return view.conform("EX", frame, trace)
