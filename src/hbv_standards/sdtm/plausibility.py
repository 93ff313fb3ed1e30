"""Results that are a question to the hospital: outside what a test gives, or far from the subject's others.

Limits are those of ``concepts/plausibility.csv``. Nothing is changed: the result stays as sent.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.derive.plausibility import compute_jumps, compute_outside
from hbv_standards.mapping.rows import PlausibilityRow
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView

SUBJECT_TEST = ["subject_id", "concept_id"]


def report_implausible(frame: pd.DataFrame, prefix: str, view: StudyView) -> None:
    """HBV-SDTM-014 for results outside the limits of their test, HBV-SDTM-015 for those that jump.

    ``frame`` has the canonical columns and --STRESN; each result is reported once.
    """
    limits = {row.concept_id: row for row in view.catalog.plausibility}
    number, unit = f"{prefix}STRESN", f"{prefix}STRESU"
    rows = frame[frame["concept_id"].isin(limits) & frame[number].notna()]
    if rows.empty:
        return
    rows = map_limits(rows, limits).sort_values([*SUBJECT_TEST, "collected_dtc"], kind="stable")
    outside = compute_outside(rows[number].to_numpy(), rows["low"].to_numpy(), rows["high"].to_numpy())
    jumps = compute_jumps(rows.assign(number=rows[number].mask(outside)), SUBJECT_TEST, "number", "jump")
    shown = rows[number].map("{:.12g}".format).str.cat(rows[unit].fillna(""), sep=" ").str.strip()
    bounds = rows["low_text"] + " to " + rows["high_text"] + " " + rows[unit].fillna("")
    asked = ": ask the hospital, and look at the unit first; nothing was changed"
    far = rows["concept_id"] + " is " + shown + ", limits are " + bounds.str.strip() + asked
    jumped = rows["concept_id"] + " is " + shown + ", more than " + rows["jump"].map("{:g}".format)
    jumped = jumped + " times away from the subject's other results" + asked
    for code, mask, told in (("HBV-SDTM-014", outside, far), ("HBV-SDTM-015", jumps, jumped)):
        found = rows[mask]
        sent = found[f"{prefix}ORRES"]
        report_rows(view.log, code, found, dataset=prefix, variable=f"{prefix}ORRES", value=sent, message=told[mask])


def map_limits(rows: pd.DataFrame, limits: Mapping[str, PlausibilityRow]) -> pd.DataFrame:
    """Add ``low, high, jump`` (float64, missing where there is none) and ``low_text, high_text``."""
    made: dict[str, pd.Series] = {}
    for name in ("low", "high", "jump"):
        values = {test: getattr(row, name) for test, row in limits.items()}
        known = {test: float(value) for test, value in values.items() if value is not None}
        made[name] = rows["concept_id"].map(known).astype("float64")
        texts = {test: f"{value:g}" for test, value in known.items()}
        made[f"{name}_text"] = rows["concept_id"].map(texts).astype("str").fillna("any")
    return rows.assign(**made)
