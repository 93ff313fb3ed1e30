"""EC: Exposure as Collected: doses counted as units and doses not given, beside EX (SDTMIG 6.1.3)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import (
    derive_timing,
    is_collected_apart,
    map_dosing,
    map_link,
    map_name,
    trace_intervals,
)
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows


def build(view: StudyView) -> Dataset | None:
    """All study dosing as collected; None where that says no more than EX does (IG EC 1a)."""
    given, missed = view.treatments.study, view.treatments.missed
    if not is_collected_apart(view.treatments):
        return None
    rows = given.rows.pipe(map_dosing, "EC").pipe(map_given).pipe(map_link, "EC", view.treatments)
    frame = pd.concat([rows, map_missed(missed)], ignore_index=True)
    frame = frame.pipe(map_name, "EC", view).pipe(derive_timing, "EC", view)
    placed = missed.assign(row=range(len(rows), len(frame)))
    return view.conform(
        "EC", frame, join_traces([trace_intervals(given, "EC"), trace_rows(placed, row="row")])
    )


def map_given(frame: pd.DataFrame) -> pd.DataFrame:
    """Add ECPRESP, ECOCCUR and the place and change of dose of what was given."""
    return frame.assign(
        ECPRESP="Y",
        ECOCCUR="Y",
        ECADJ=frame["adjustment_reason"],
        ECLOC=frame["location"],
        ECLAT=frame["laterality"],
    )


def map_missed(missed: pd.DataFrame) -> pd.DataFrame:
    """Doses that were not given: ECOCCUR N with its reason, and no dose (CG0101)."""
    end = missed["end_dtc"].fillna(missed["start_dtc"].where(missed["kind"] == "administration"))
    return pd.DataFrame(
        {
            "subject_id": missed["subject_id"],
            "treatment_id": missed["treatment_id"],
            "treatment_text": missed["treatment_text"],
            "ECPRESP": "Y",
            "ECOCCUR": "N",
            "ECREASOC": missed["reason_not_done"],
            "ECDOSFRM": missed["dose_form"],
            "ECROUTE": missed["route"],
            "start_dtc": missed["start_dtc"],
            "end_dtc": end,
        }
    )
