"""Chapters of the report about traffic: what came in, by hospital and type, and what came out."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.export.guide.content import Table, write_count
from hbv_standards.export.guide.run import FATES
from hbv_standards.export.report.bars import Bar, Series, draw_bars
from hbv_standards.export.report.page import Chapter, render_heading, render_paragraph, render_rows
from hbv_standards.issues import KINDS
from hbv_standards.sdtm.dataset import Dataset

FATE_SERIES = (
    Series("converted", "#2b6ca3"),
    Series("out of scope", "#c3ced9", "#1d2733"),
    Series("superseded", "#8aa1b6", "#1d2733"),
    Series("rejected", "#b5452c"),
)
"""Colours of what became of a resource, in the order of FATES."""

ROWS = (Series("records", "#2b6ca3"),)


def build_inputs(outcomes: pd.DataFrame, sources: pd.DataFrame, names: Mapping[str, str]) -> Chapter:
    """What came in: resources by hospital, then by type, then why some did not become records.

    ``names`` is site → name to show.
    """
    parts = [
        render_paragraph(
            "Every resource that was read has one outcome: it stands behind a record of the result, or it was out of "
            "scope, superseded by another version, or rejected."
        ),
        _draw_outcomes("Resources by hospital", outcomes.assign(site=outcomes["site"].map(names)), "site"),
    ]
    for site, name in names.items():
        own = outcomes[outcomes["site"] == site]
        parts += [render_heading(name), _draw_outcomes(f"{name}: resources by type", own, "resource_type")]
    reasons = _list_reasons(sources, names)
    if reasons:
        header = ("Hospital", "Outcome", "Reason", "Types", "Resources")
        parts += [
            render_heading("Why resources are not in the result"),
            render_rows(Table("", header, reasons)),
        ]
    return Chapter("inputs", "What came in", tuple(parts))


def _draw_outcomes(title: str, outcomes: pd.DataFrame, by: str) -> str:
    counted = outcomes.groupby(by, sort=True)[list(FATES)].sum()
    counted = counted.iloc[counted.sum(axis=1).to_numpy().argsort(kind="stable")[::-1]]
    bars = [
        Bar(str(label), tuple(int(n) for n in row))
        for label, row in zip(counted.index, counted.to_numpy(), strict=True)
    ]
    return draw_bars(title, FATE_SERIES, bars)


def _list_reasons(sources: pd.DataFrame, names: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """By hospital and reason: the types concerned with their number, and the number of all."""
    left = sources[sources["disposition"] != "converted"]
    counted = left.groupby(["site", "disposition", "reason", "resource_type"], sort=True).size()
    typed = counted.reset_index(name="n").sort_values("n", ascending=False, kind="stable")
    typed["told"] = typed["resource_type"].str.cat(typed["n"].map(write_count), sep=" ")
    grouped = typed.groupby(["site", "disposition", "reason"], sort=True)
    reasons = grouped.agg(told=("told", ", ".join), n=("n", "sum")).reset_index()
    return tuple(
        (names[site], fate, _phrase(reason), told, write_count(n))
        for site, fate, reason, told, n in reasons.to_numpy().tolist()
    )


def _phrase(reason: str) -> str:
    return f"{reason} {KINDS[reason].title}" if reason in KINDS else reason


def build_results(datasets: Mapping[str, Dataset]) -> Chapter:
    """What came out: records by dataset, and those that have none."""
    filled = sorted(
        (d for d in datasets.values() if len(d.frame)), key=lambda d: (-len(d.frame), d.spec.name)
    )
    bars = [Bar(f"{d.spec.name}  {d.spec.label}"[:42], (len(d.frame),)) for d in filled]
    empty = sorted(name for name, dataset in datasets.items() if dataset.frame.empty)
    parts = [draw_bars("Records by dataset", ROWS, bars, legend=False)]
    if empty:
        parts.append(render_paragraph(f"Datasets without records, not written: {', '.join(empty)}."))
    return Chapter("results", "What came out", tuple(parts))
