"""Interventions domains: from constant-dosing intervals to rows, shared by EX and CM."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import derive_dy, parse_dtc
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows
from hbv_standards.sdtm.treatments import Intervals


def map_dosing(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Add --TRT, --DOSE, --DOSTXT, --DOSU, --DOSFRM, --DOSFRQ and --ROUTE.

    --DOSTXT is what was noted of the dose where there is no number: one of the two is null (CG0110).
    """
    dose = frame["dose_number"]
    return frame.assign(
        **{
            f"{prefix}TRT": frame["treatment_id"],
            f"{prefix}DOSE": dose,
            f"{prefix}DOSTXT": frame["note"].where(dose.isna()),
            f"{prefix}DOSU": frame["dose_unit"],
            f"{prefix}DOSFRM": frame["dose_form"],
            f"{prefix}DOSFRQ": frame["frequency"],
            f"{prefix}ROUTE": frame["route"],
        }
    )


def derive_timing(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --STDTC, --ENDTC, their study days, and EPOCH by the start (SDTMIG 4.1.3.1)."""
    timed = frame.assign(
        **{f"{prefix}STDTC": frame["start_dtc"], f"{prefix}ENDTC": frame["end_dtc"]},
        rfstdtc=view.map_subject(frame, "RFSTDTC"),
    )
    timed = derive_epoch(timed, parse_dtc(timed[f"{prefix}STDTC"])["date"], view.elements)
    timed = derive_dy(timed, f"{prefix}STDTC", "rfstdtc", f"{prefix}STDY")
    return derive_dy(timed, f"{prefix}ENDTC", "rfstdtc", f"{prefix}ENDY")


def report_missing_doses(intervals: Intervals, dataset: str, log: IssueLog) -> None:
    """Study treatment without a dose: HBV-SDTM-012 for every record behind the row."""
    undosed = intervals.rows.index[intervals.rows["dose_number"].isna()]
    members = intervals.members
    rows = members[members["interval"].isin(undosed) & members["used"]]
    report_rows(
        log, "HBV-SDTM-012", rows, dataset=dataset, variable=f"{dataset}DOSE", message="no dose was sent"
    )


def trace_intervals(intervals: Intervals, prefix: str) -> pd.DataFrame:
    """Records that made an interval for the whole row; those that tell the same for --TRT."""
    members, used = intervals.members, intervals.members["used"]
    return join_traces(
        [
            trace_rows(members[used], row="interval"),
            trace_rows(members[~used], f"{prefix}TRT", row="interval"),
        ]
    )
