"""Chapters of the report about subjects: arms and status, visits kept and missed, results by visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from hbv_standards.export.guide.content import Table, phrase_count
from hbv_standards.export.report.bars import Bar, Series, draw_bars
from hbv_standards.export.report.page import Chapter, render_heading, render_paragraph, render_rows
from hbv_standards.export.report.shades import draw_shades
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study import StudyConfig

NO_END = "NO END RECORDED"
"""Status of a subject whose participation has no disposition event."""

PALETTE = (
    ("#2b6ca3", "#fff"), ("#c98a2b", "#1d2733"), ("#5c8f5a", "#fff"), ("#b5452c", "#fff"), ("#7a6aa6", "#fff"),
    ("#4f9aa5", "#fff"), ("#a0628a", "#fff"), ("#8aa1b6", "#1d2733"),
)  # fmt: skip

KEPT, MISSED, OPEN = (
    Series("kept", "#2b6ca3"),
    Series("missed", "#b5452c"),
    Series("not due", "#c3ced9", "#1d2733"),
)


def build_subjects(datasets: Mapping[str, Dataset], study: StudyConfig) -> Chapter:
    """Subjects by planned arm and how their participation ended, and by hospital."""
    placed = place_subjects(datasets)
    if placed.empty:
        return Chapter("subjects", "Subjects", (render_paragraph("No subject."),))
    arms = [arm.armcd for arm in study.arms]
    groups = arms + sorted(set(placed["group"]) - set(arms))
    names = {arm.armcd: arm.arm for arm in study.arms}
    listed = Table("", ("Code", "Arm"), tuple(names.items()))
    sites = {site.siteid: site.name for site in study.sites.values()}
    hospitals = placed["SITEID"].map(lambda number: sites.get(number, number))
    return Chapter(
        "subjects",
        "Subjects",
        (
            render_heading("By planned arm and end of participation"),
            _draw_crossed("Subjects by arm and status", placed["group"], placed["status"], groups),
            render_rows(listed),
            render_heading("By hospital and planned arm"),
            _draw_crossed(
                "Subjects by hospital and arm", hospitals, placed["group"], sorted(hospitals.unique())
            ),
        ),
    )


def place_subjects(datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """One row per subject of DM: USUBJID, SUBJID, SITEID, ``group`` (arm, or why there is none), ``status``."""
    dm = datasets["DM"].frame if "DM" in datasets else pd.DataFrame()
    columns = ["USUBJID", "SUBJID", "SITEID", "group", "status"]
    if dm.empty:
        return pd.DataFrame(columns=columns)
    reasons = dm["ARMNRS"] if "ARMNRS" in dm else pd.Series(pd.NA, index=dm.index, dtype="str")
    group = dm["ARMCD"].fillna(reasons).fillna("NO ARM")
    ds = datasets["DS"].frame if "DS" in datasets else pd.DataFrame()
    ended: dict[str, str] = {}
    if not ds.empty and "DSSCAT" in ds:
        ends = ds[ds["DSSCAT"] == "STUDY PARTICIPATION"]
        ended = dict(zip(ends["USUBJID"], ends["DSDECOD"], strict=True))
    placed = dm.assign(group=group, status=dm["USUBJID"].map(lambda subject: ended.get(subject, NO_END)))
    return placed[columns]


def _draw_crossed(title: str, rows: pd.Series, columns: pd.Series, order: list[str]) -> str:
    crossed = pd.crosstab(rows.to_numpy(), columns.to_numpy()).reindex(order, fill_value=0)
    largest = crossed.sum().sort_index().sort_values(ascending=False, kind="stable").index
    crossed = crossed[largest]
    series = [Series(str(name), *PALETTE[place % len(PALETTE)]) for place, name in enumerate(crossed.columns)]
    bars = [Bar(str(name), tuple(int(n) for n in crossed.loc[name])) for name in crossed.index]
    return draw_bars(title, series, bars)


def build_visits(datasets: Mapping[str, Dataset], study: StudyConfig, planned_tests: Sequence[str] = ()) -> Chapter:
    """Planned visits kept and missed by arm, subjects with missed visits, and results by visit.

    ``planned_tests``: rendered parts about what the protocol plans.
    """
    sv = datasets["SV"].frame if "SV" in datasets else pd.DataFrame()
    placed = place_subjects(datasets)
    arms = [arm.armcd for arm in study.arms]
    assigned = placed[placed["group"].isin(arms)]
    if sv.empty or assigned.empty or "SVOCCUR" not in sv:
        return Chapter("visits", "Visits", (render_paragraph("No visit of a subject with an arm."),))
    group = dict(zip(assigned["USUBJID"], assigned["group"], strict=True))
    planned = sv[sv["SVOCCUR"].notna()].assign(arm=sv["USUBJID"].map(group))
    parts = [
        render_paragraph(
            "Planned visits of subjects with an arm. A visit is not due while its window is open, or when "
            "participation ended before it."
        )
    ]
    for armcd in arms:
        subjects = int((assigned["group"] == armcd).sum())
        if subjects:
            parts.append(render_heading(f"{armcd}: visits of {phrase_count(subjects, 'subject')}"))
            parts.append(_draw_visits(planned[planned["arm"] == armcd], study, subjects, armcd))
    missed = _list_missed(planned, assigned)
    if missed:
        header = ("Subject", "Arm", "Missed visits")
        parts += [render_heading("Subjects who missed a visit"), render_rows(Table("", header, missed))]
    parts += [
        render_heading("Subjects with a result, of those at the visit"),
        draw_shades(datasets, study, set(group)),
        *planned_tests,
    ]
    return Chapter("visits", "Visits", tuple(parts))


def _draw_visits(planned: pd.DataFrame, study: StudyConfig, subjects: int, armcd: str) -> str:
    bars = []
    for visit in study.visits:
        there = planned.loc[planned["VISIT"] == visit.visit, "SVOCCUR"]
        kept, missed = int((there == "Y").sum()), int((there == "N").sum())
        bars.append(Bar(visit.visit, (kept, missed, max(subjects - kept - missed, 0))))
    return draw_bars(f"Visits kept and missed, {armcd}", (KEPT, MISSED, OPEN), bars)


def _list_missed(planned: pd.DataFrame, assigned: pd.DataFrame) -> tuple[tuple[str, ...], ...]:
    number = dict(zip(assigned["USUBJID"], assigned["SUBJID"], strict=True))
    missed = planned[(planned["SVOCCUR"] == "N") & planned["arm"].notna()]
    visits = missed.sort_values(["USUBJID", "VISITNUM"]).groupby(["USUBJID", "arm"])["VISIT"].agg(", ".join)
    return tuple(
        (number[subject], arm, told) for subject, arm, told in visits.reset_index().to_numpy().tolist()
    )
