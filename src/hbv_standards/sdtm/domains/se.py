"""SE: Subject Elements: the periods of the trial that each subject went through (SDTMIG 5.3)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import derive_dy
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import join_traces, trace_rows


def build(view: StudyView) -> Dataset | None:
    """The dataset of the subjects in ``view``, None without any element."""
    report_consentless(view)
    if view.elements.empty:
        return None
    frame = view.elements.assign(rfstdtc=view.map_subject(view.elements, "RFSTDTC"))
    for dtc, day in (("SESTDTC", "SESTDY"), ("SEENDTC", "SEENDY")):
        frame = derive_dy(frame, dtc, "rfstdtc", day)
    return view.conform("SE", frame, trace_elements(frame, view))


def report_consentless(view: StudyView) -> None:
    """Without a date of consent there is no element before treatment, for SESTDTC is never null."""
    rows = view.subjects[view.subjects["RFICDTC"].isna()]
    report_rows(
        view.log,
        "HBV-SDTM-012",
        rows,
        dataset="SE",
        variable="SESTDTC",
        value=rows["subject_id"],
        message="no date of informed consent: the subject has no screening element",
    )


def trace_elements(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """What gave the start of each element: the source of the consent, or of the first dose."""
    subjects = view.subjects.set_index("subject_id")
    placed = frame.assign(row=range(len(frame)), mapping_row=None)
    placed["source_id"] = placed["subject_id"].map(subjects["source_id"])
    placed["path"] = placed["subject_id"].map(subjects["path"])
    consents = view.data.contributions[view.data.contributions["field"] == "consent_dtc"]
    screening = placed[
        ~placed.duplicated("subject_id") & (placed["SESTDTC"] != view.map_subject(placed, "RFXSTDTC"))
    ]
    by_consent = screening[["subject_id", "row"]].merge(consents, on="subject_id")
    return join_traces([trace_rows(placed, row="row"), trace_rows(by_consent, "SESTDTC", row="row")])
