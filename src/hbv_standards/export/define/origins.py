"""Where values come from, as Define-XML 2.1 says it (def:Origin)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.define.model import Origin
from hbv_standards.export.define.wording import ENGLISH
from hbv_standards.sdtm.spec import VariableSpec
from hbv_standards.study import StudyConfig

SUPPLEMENTAL_ORIGINS = {
    "ASSIGNED": "Assigned", "COLLECTED": "Collected", "CRF": "Collected", "EDT": "Collected",
    "DERIVED": "Derived", "NOT AVAILABLE": "Not Available", "OTHER": "Other", "PREDECESSOR": "Predecessor",
    "PROTOCOL": "Protocol",
}  # fmt: skip
"""Values of QORIG, of today and of before Define-XML 2.1, and the origin type of each."""

SUMMARY_ORIGINS = {
    "first consent": "Derived", "last contact": "Derived", "subjects": "Derived", "ongoing": "Derived",
    "data cut": "Assigned", "sdtm version": "Assigned", "sdtmig version": "Assigned",
}  # fmt: skip
"""Origin type of computed trial summary values; the study's design, and what is stated, is the protocol's."""

SPONSORED = ("Assigned", "Derived", "Protocol")
"""Origin types of which the sponsor is the source."""


def describe_origin(variable: VariableSpec) -> Origin:
    """Origin of a variable by its spec; what was collected came from the hospitals' records."""
    description = ENGLISH.collected if variable.origin == "Collected" else None
    return Origin(variable.origin, variable.origin_source, description)


def describe_supplemental_origin(variable: VariableSpec, frame: pd.DataFrame, qnam: str) -> Origin:
    """Origin of QVAL for one QNAM: what QORIG says of all its records, else the spec's."""
    stated = frame.loc[frame["QNAM"] == qnam, "QORIG"].dropna().str.upper().unique().tolist()
    kinds = {SUPPLEMENTAL_ORIGINS[text] for text in stated if text in SUPPLEMENTAL_ORIGINS}
    if len(kinds) != 1 or kinds == {variable.origin}:
        return Origin(variable.origin, variable.origin_source)
    kind = kinds.pop()
    return Origin(kind, "Sponsor" if kind in SPONSORED else None)


def describe_summary_origin(variable: VariableSpec, parameter: str, study: StudyConfig) -> Origin:
    """Origin of TSVAL for one parameter: by how the study file computes it, else the spec's."""
    computed = next((e.computed for e in study.trial_summary if e.parameter == parameter), None)
    return Origin(SUMMARY_ORIGINS.get(computed or "", variable.origin), variable.origin_source)
