"""Where values come from, as Define-XML 2.1 says it (def:Origin)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.define.model import Origin
from hbv_standards.sdtm.spec import VariableSpec

COLLECTED = "Hospital record (FHIR)"

SUPPLEMENTAL_ORIGINS = {
    "ASSIGNED": "Assigned", "COLLECTED": "Collected", "CRF": "Collected", "EDT": "Collected",
    "DERIVED": "Derived", "NOT AVAILABLE": "Not Available", "OTHER": "Other", "PREDECESSOR": "Predecessor",
    "PROTOCOL": "Protocol",
}  # fmt: skip
"""Values of QORIG, of today and of before Define-XML 2.1, and the origin type of each."""

SPONSORED = ("Assigned", "Derived", "Protocol")
"""Origin types of which the sponsor is the source."""


def describe_origin(variable: VariableSpec) -> Origin:
    """Origin of a variable by its spec; what was collected came from the hospitals' records."""
    description = COLLECTED if variable.origin == "Collected" else None
    return Origin(variable.origin, variable.origin_source, description)


def describe_supplemental_origin(variable: VariableSpec, frame: pd.DataFrame, qnam: str) -> Origin:
    """Origin of QVAL for one QNAM: what QORIG says of all its records, else the spec's."""
    stated = frame.loc[frame["QNAM"] == qnam, "QORIG"].dropna().str.upper().unique().tolist()
    kinds = {SUPPLEMENTAL_ORIGINS[text] for text in stated if text in SUPPLEMENTAL_ORIGINS}
    if len(kinds) != 1 or kinds == {variable.origin}:
        return Origin(variable.origin, variable.origin_source)
    kind = kinds.pop()
    return Origin(kind, "Sponsor" if kind in SPONSORED else None)
