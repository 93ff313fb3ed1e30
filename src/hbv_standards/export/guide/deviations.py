"""Section 5 of the guide: what the data show to be other than planned, counted from the datasets."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.guide.content import Block, Paragraph, Section, Table, write_count
from hbv_standards.export.guide.measurements import build_measurements
from hbv_standards.export.guide.run import Run

Finding = tuple[str, str, pd.Series]  # what, where, USUBJID of every record concerned


def build_deviations(run: Run) -> Section:
    """5: subjects without arm or with another one, unmet criteria, missed visits and doses, missing measurements."""
    found = [
        f for f in (*_find_subject_issues(run), *_find_record_issues(run), *_find_results(run)) if len(f[2])
    ]
    blocks: list[Block] = [
        Paragraph(
            "Computed from the submitted records. Whether a difference from the plan is a protocol deviation is the "
            "sponsor's judgement; none is made here."
        )
    ]
    if not found:
        blocks.append(Paragraph("None was found."))
        return Section("Data Issues and Deviations", tuple(blocks), build_measurements(run))
    rows = tuple((what, where, write_count(len(s)), write_count(s.nunique())) for what, where, s in found)
    blocks.append(Table("Differences from the plan", ("What", "Where", "Records", "Subjects"), rows))
    listed = _list_subjects(run)
    parts: tuple[Section, ...] = ()
    if listed:
        table = Table("Subjects", ("USUBJID", "ARMCD", "ACTARMCD", "ARMNRS", "Criteria not met"), listed)
        parts = (Section("Subjects without Arm, with Another Arm or with an Unmet Criterion", (table,)),)
    return Section("Data Issues and Deviations", tuple(blocks), (*parts, *build_measurements(run)))


def _find_subject_issues(run: Run) -> list[Finding]:
    dm = run.frame("DM")
    if dm.empty:
        return []
    reasons = run.column("DM", "ARMNRS")
    found = [
        (f"Subjects without arm: {reason}", "DM.ARMNRS", dm.loc[reasons == reason, "USUBJID"])
        for reason in sorted(reasons.dropna().unique())
    ]
    planned, actual = run.column("DM", "ARMCD"), run.column("DM", "ACTARMCD")
    other = planned.notna() & actual.notna() & (planned != actual)
    found.append(("Treatment of another arm than assigned", "DM.ACTARMCD", dm.loc[other, "USUBJID"]))
    found.append(("Deaths", "DM.DTHFL", dm.loc[run.column("DM", "DTHFL") == "Y", "USUBJID"]))
    ie = run.frame("IE")
    if not ie.empty:
        assigned = ie["USUBJID"].isin(dm.loc[planned.notna(), "USUBJID"])
        found.append(("Unmet criteria of subjects with an arm", "IE", ie.loc[assigned, "USUBJID"]))
        found.append(("Unmet criteria of subjects without an arm", "IE", ie.loc[~assigned, "USUBJID"]))
    return found


def _find_record_issues(run: Run) -> list[Finding]:
    asked = (
        ("Planned visits that did not take place", "SV", "SVOCCUR", "N"),
        ("Planned doses that were not given", "EC", "ECOCCUR", "N"),
    )
    found = [
        (
            what,
            f"{name}.{variable} = {value}",
            run.frame(name).loc[run.column(name, variable) == value, "USUBJID"],
        )
        for what, name, variable, value in asked
        if not run.frame(name).empty
    ]
    sv = run.frame("SV")
    if not sv.empty:
        unplanned = sv.loc[run.column("SV", "SVPRESP").isna(), "USUBJID"]
        found.append(("Unscheduled visits", "SV.SVPRESP is null", unplanned))
    return found


def _find_results(run: Run) -> list[Finding]:
    """Results not done, and results without a standard one, by dataset."""
    found = []
    for dataset in run.list_submitted():
        name, prefix, frame = dataset.spec.name, dataset.spec.prefix, dataset.frame
        if not {f"{prefix}ORRES", f"{prefix}STRESC", "USUBJID"} <= set(frame.columns):
            continue
        lacking = frame[f"{prefix}ORRES"].notna() & frame[f"{prefix}STRESC"].isna()
        where = f"{name}.{prefix}STRESC is null"
        found.append(("Results without standard result", where, frame.loc[lacking, "USUBJID"]))
        undone = run.column(name, f"{prefix}STAT") == "NOT DONE"
        found.append(("Tests not done", f"{name}.{prefix}STAT", frame.loc[undone, "USUBJID"]))
    return found


def _list_subjects(run: Run) -> tuple[tuple[str, ...], ...]:
    dm, ie = run.frame("DM"), run.frame("IE")
    if dm.empty:
        return ()
    unmet = ie.groupby("USUBJID")["IETESTCD"].agg(", ".join) if not ie.empty else pd.Series(dtype="object")
    columns = {name: run.column("DM", name) for name in ("ARMCD", "ACTARMCD", "ARMNRS")}
    listed = pd.DataFrame({"USUBJID": dm["USUBJID"], **columns, "unmet": dm["USUBJID"].map(unmet)})
    other = listed["ARMCD"].notna() & listed["ACTARMCD"].notna() & (listed["ARMCD"] != listed["ACTARMCD"])
    shown = listed[listed["ARMNRS"].notna() | other | listed["unmet"].notna()].astype("object")
    return tuple(tuple(row) for row in shown.where(shown.notna(), "").to_numpy().tolist())
