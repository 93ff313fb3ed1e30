"""IE: Inclusion/Exclusion Criteria Not Met: exceptions only (SDTMIG 6.3.5)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import derive_dy
from hbv_standards.derive.eligibility import is_unmet
from hbv_standards.derive.epochs import derive_epoch
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows

ANSWERS = {"INCLUSION": "N", "EXCLUSION": "Y"}
"""IEORRES of an unmet criterion (CG0175, CG0176)."""


def build(view: StudyView) -> Dataset | None:
    """One row per unmet criterion of a subject whose eligibility was decided, None without any."""
    made = view.eligibility
    frame = made.rows.pipe(map_criteria, view)
    unmet = is_unmet(frame["IECAT"], frame["result"]) & is_settled(frame, view)
    frame = frame[unmet]
    if frame.empty:
        return None
    evidence = made.evidence[made.evidence["row"].isin(frame.index)]
    places = dict(zip(frame.index, range(len(frame)), strict=True))
    trace = trace_rows(evidence.assign(row=evidence["row"].map(places)), row="row")
    return view.conform("IE", frame.pipe(derive_timing, view), trace)


def map_criteria(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add IETESTCD, IETEST, IECAT, and IEORRES and IESTRESC as they are where it is unmet."""
    criteria = view.study.criteria
    named = frame.assign(
        IETESTCD=frame["criterion"].map(dict(enumerate(c.testcd for c in criteria))).astype("str"),
        IETEST=frame["criterion"].map(dict(enumerate(c.text for c in criteria))).astype("str"),
        IECAT=frame["criterion"].map(dict(enumerate(c.category for c in criteria))).astype("str"),
    )
    answer = named["IECAT"].map(ANSWERS)
    return named.assign(IEORRES=answer, IESTRESC=answer)


def is_settled(frame: pd.DataFrame, view: StudyView) -> pd.Series:
    """Mask of subjects who were taken into the trial or whose participation is over.

    While a subject is screened a criterion that is not met today may be met tomorrow.
    """
    taken = view.map_subject(frame, "randomized_dtc").notna() | view.map_subject(frame, "RFXSTDTC").notna()
    return taken | view.map_subject(frame, "ended").eq(True)


def derive_timing(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add IEDTC (the date of what decides), IEDY and EPOCH."""
    timed = frame.assign(IEDTC=frame["dtc"], rfstdtc=view.map_subject(frame, "RFSTDTC"))
    timed = derive_epoch(timed, timed["IEDTC"], view.elements)
    return derive_dy(timed, "IEDTC", "rfstdtc", "IEDY")
