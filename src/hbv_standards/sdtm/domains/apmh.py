"""APMH: diseases of the subjects' relatives (SDTM 2.0 section 4)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.events import map_decoded, map_events, map_occurrence, select_events
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows

CONTENT = ("relationship", "term", "code", "occurred", "start_dtc", "end_dtc")
"""What relatives of one subject are put in order by."""


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    events = select_events(view, "family history")
    if events.empty:
        return None
    frame = (
        events.pipe(map_events, "MH", "APMH", view)
        .pipe(map_occurrence, "MH")
        .pipe(derive_persons, view.study.studyid)
        .pipe(map_relationship, view)
    )
    frame = frame.assign(MHDECOD=map_decoded(frame), MHDTC=frame["recorded_dtc"])
    return view.conform("APMH", frame, trace_rows(frame))


def derive_persons(frame: pd.DataFrame, studyid: str) -> pd.DataFrame:
    """Add RSUBJID, and APID: the subject's identifier, AP and a number.

    What one resource tells of one relationship is one person: a FamilyMemberHistory is about one relative, a
    questionnaire asks for several. Numbers follow the relationship and what is told of the person, never the
    order of the input; the identifier holds nothing of who the person is.
    """
    told = frame[list(CONTENT)].fillna("").agg("\n".join, axis=1)
    whose = ["subject_id", "source_id", "relative"]
    named = frame.assign(told=told, relative=frame["relationship"].fillna(""))
    joined = named.sort_values([*whose, "told"], kind="stable").groupby(whose)["told"].agg("\n".join)
    persons = joined.reset_index().sort_values(["subject_id", "told", "source_id"], kind="stable")
    persons["number"] = (persons.groupby("subject_id").cumcount() + 1).astype("str")
    number = named[whose].merge(persons, on=whose, how="left")
    subject = studyid + "-" + frame["subject_id"].astype("str")
    return frame.assign(RSUBJID=subject, APID=subject + "-AP" + number["number"].set_axis(frame.index))


def map_relationship(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add SREL; where it was not sent, what the spec assigns, which is reported."""
    unknown = view.specs["APMH"].assigned.get("SREL", {}).get("UNKNOWN")
    lost = frame[frame["relationship"].isna()]
    told = f"relationship was not sent or is not mapped; SREL is {unknown or 'missing'}"
    report_rows(
        view.log, "HBV-SDTM-012", lost, dataset="APMH", variable="SREL", value=lost["term"], message=told
    )
    relation = frame["relationship"].astype("str")
    return frame.assign(SREL=relation.fillna(unknown) if unknown else relation)
