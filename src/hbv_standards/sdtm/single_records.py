"""Interventions that are recorded one by one and not as dosing: use of substances (SU), procedures (PR)."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hbv_standards.sdtm.study_view import StudyView


def select_single(view: StudyView, kind: str) -> pd.DataFrame:
    """Interventions of one kind with ``treatment_class``, ``dose_number`` (of what took place); index 0..n-1."""
    rows = view.data.interventions
    rows = rows[rows["kind"] == kind].reset_index(drop=True)
    classes = {name: row.treatment_class for name, row in view.catalog.treatments.items()}
    return rows.assign(
        treatment_class=rows["treatment_id"].map(classes).astype("str"),
        dose_number=rows["dose"].astype("float64").where(rows["occurred"]),
    )


def map_class(frame: pd.DataFrame, variable: str, view: StudyView) -> pd.Series:
    """What the domain's spec assigns to ``variable`` by class of treatment; missing for other classes."""
    assigned = view.specs[variable[:2]].assigned.get(variable, {})
    return frame["treatment_class"].map(assigned).astype("str")


def map_occurrence(frame: pd.DataFrame, prefix: str, view: StudyView) -> pd.DataFrame:
    """Add --PRESP by class, and --OCCUR, which is for what was asked for or planned (SDTMIG 4.3.7)."""
    asked = map_class(frame, f"{prefix}PRESP", view)
    occurred = pd.Series("Y", index=frame.index).where(frame["occurred"], "N")
    return frame.assign(
        **{f"{prefix}PRESP": asked, f"{prefix}OCCUR": occurred.where(asked.notna()).astype("str")}
    )


def merge_equal(frame: pd.DataFrame, prefix: str, also: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.Series]:
    """One row for records that agree in every variable of the domain; and the row of each record."""
    names = [name for name in frame.columns if name.startswith(prefix) and name.isupper()]
    group = frame.groupby(["subject_id", *names, *also], dropna=False, sort=False).ngroup()
    return frame[~group.duplicated()].reset_index(drop=True), group
