"""Interventions domains: from constant-dosing intervals to rows, shared by EX and CM."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.ascii_text import convert_encodable
from hbv_standards.derive.dates import derive_dy
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows
from hbv_standards.sdtm.treatments import Intervals, Treatments
from hbv_standards.standards import read_codelist


def map_name(frame: pd.DataFrame, prefix: str, view: StudyView, *, reported: bool = False) -> pd.DataFrame:
    """Add --TRT: the English generic name; in the build with Chinese texts the trial's Chinese name of it.

    With ``reported`` it is the name that the hospital gave where the build's language has it so (CMTRT, SDTMIG 6.1.2).
    That build is ordered by the same names as the other.
    """
    name, generic = f"{prefix}TRT", frame["treatment_id"].astype("str")
    unsaid = pd.Series(None, index=frame.index, dtype="str")
    said = frame["treatment_text"].astype("str") if reported else unsaid
    words = said.map(lambda text: convert_encodable(text, "fda"), na_action="ignore").astype("str")
    english = words.fillna(generic)
    if view.agency == "fda":
        return frame.assign(**{name: english})
    chinese = generic.map(list_chinese_names(view)).astype("str").fillna(english)
    return frame.assign(**{name: said.where(words.isna()).fillna(chinese), f"order_{name}": english})


def list_chinese_names(view: StudyView) -> dict[str, str]:
    """Treatment → the first of its names in treatments.csv that is Chinese."""
    named = {
        d: [name for name in row.names if not name.isascii()] for d, row in view.catalog.treatments.items()
    }
    return {treatment: names[0] for treatment, names in named.items() if names}


def map_dosing(frame: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Add --DOSE, --DOSTXT, --DOSU, --DOSFRM, --DOSFRQ and --ROUTE.

    --DOSTXT is what was noted of the dose where there is no number: one of the two is null (CG0110).
    """
    dose = frame["dose_number"]
    return frame.assign(
        **{
            f"{prefix}DOSE": dose,
            f"{prefix}DOSTXT": frame["note"].where(dose.isna()),
            f"{prefix}DOSU": frame["dose_unit"],
            f"{prefix}DOSFRM": frame["dose_form"],
            f"{prefix}DOSFRQ": frame["frequency"],
            f"{prefix}ROUTE": frame["route"],
        }
    )


def is_counted(units: pd.Series) -> pd.Series:
    """Mask of doses in pieces, such as TABLET: units that are dose forms too (FRM C66726)."""
    forms = read_codelist("FRM")
    counted = [unit for unit in units.dropna().unique() if forms.term(unit) is not None]
    return units.isin(counted)


def is_collected_apart(treatments: Treatments) -> bool:
    """Whether EC says more than EX: doses that were not given, or counted in pieces (IG EC 1a)."""
    return not treatments.missed.empty or bool(is_counted(treatments.study.rows["dose_unit"]).any())


def map_link(frame: pd.DataFrame, prefix: str, treatments: Treatments) -> pd.DataFrame:
    """Add --LNKID where there is an EC: number of the interval within the subject, equal in EX and EC.

    RELREC relates the two datasets by it (IG EC 5).
    """
    if not is_collected_apart(treatments):
        return frame
    return frame.assign(**{f"{prefix}LNKID": (frame.groupby("subject_id").cumcount() + 1).astype("str")})


def derive_timing(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --STDTC, --ENDTC, their study days, and EPOCH by the start (SDTMIG 4.1.3.1)."""
    timed = frame.assign(
        **{f"{prefix}STDTC": frame["start_dtc"], f"{prefix}ENDTC": frame["end_dtc"]},
        rfstdtc=view.map_subject(frame, "RFSTDTC"),
    )
    timed = derive_epoch(timed, timed[f"{prefix}STDTC"], view.elements)
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
