"""What a comparison found: lines for a terminal, and the CSV file of all changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from hbv_standards.compare.cuts import CutDifference

_MOST = 10  # entries of a list before "and N more"
_RECORDS = ("record added", "record removed", "value changed", "record renumbered")


def describe_difference(found: CutDifference) -> Iterator[str]:
    """Lines: how the cuts were made, records by dataset, what changed most, subjects, issues."""
    yield from _describe_settings(found.settings)
    yield from _describe_datasets(found.datasets)
    yield from _describe_headers(found.changes)
    yield from _describe_variables(found.changes)
    yield from _describe_subjects(found.subjects)
    yield from _describe_issues(found.issues)
    if not found.differs:
        yield "no difference in any record, value or variable"


def _describe_settings(settings: pd.DataFrame) -> Iterator[str]:
    """What was not the same when the cuts were made, files and tables by their number."""
    for what in settings["what"].drop_duplicates().tolist():
        named = settings[settings["what"] == what]
        if what in ("input", "mapping table"):
            added, gone = (named["old"] == "").sum(), (named["new"] == "").sum()
            counts = f"{added} new, {gone} gone, {len(named) - added - gone} changed"
            yield f"{what}s: {counts}: {_phrase_some(named['name'].tolist())}"
            continue
        for name, old, new in zip(named["name"], named["old"], named["new"], strict=True):
            yield f"{what} {name}".rstrip() + f": {old or 'none'} -> {new or 'none'}"


def _describe_datasets(datasets: pd.DataFrame) -> Iterator[str]:
    columns = list(datasets.columns)
    total = ["total", *(str(datasets[name].sum()) for name in columns[1:])]
    rows = [[str(value) for value in row] for row in datasets.itertuples(index=False)]
    yield from _lay_out([columns, *rows, total])


def _lay_out(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other: the first to the left, the others, numbers, to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        yield "  ".join(cells)


def _describe_headers(changes: pd.DataFrame) -> Iterator[str]:
    headers = changes[~changes["change"].isin(_RECORDS)]
    for name, named in headers.groupby("change", sort=True):
        things = (named["dataset"] + "." + named["variable"]).str.rstrip(".")
        yield f"{name}: {_phrase_some(things.tolist())}"


def _describe_variables(changes: pd.DataFrame) -> Iterator[str]:
    """The variables with most changed values, and what the traces say of why."""
    values = changes[changes["change"] == "value changed"]
    if values.empty:
        return
    counts = values.groupby(["dataset", "variable"]).size().reset_index(name="values")
    ranked = counts.sort_values(["values", "dataset", "variable"], ascending=[False, True, True])
    yield f"values changed: {len(values)}"
    for dataset, variable, count in ranked.head(_MOST).itertuples(index=False):
        own = values[(values["dataset"] == dataset) & (values["variable"] == variable)]
        yield f"  {dataset}.{variable}: {count}{_phrase_reasons(own['why'])}"
    if len(ranked) > _MOST:
        yield f"  and {len(ranked) - _MOST} more variables"


def _phrase_reasons(reasons: pd.Series) -> str:
    counts = reasons[reasons != ""].value_counts().sort_index()
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f" ({told})" if told else ""


def _describe_subjects(subjects: pd.DataFrame) -> Iterator[str]:
    for change, named in subjects.groupby("change", sort=True):
        people = named["usubjid"].drop_duplicates().tolist()
        yield f"{change}: {len(people)}: {_phrase_some(people)}"


def _describe_issues(issues: pd.DataFrame) -> Iterator[str]:
    if not issues.empty:
        yield "issues:"
    for code, old, new, appeared, gone in issues.itertuples(index=False):
        yield f"  {code}: {old} -> {new} ({appeared} new, {gone} gone)"


def _phrase_some(names: Sequence[str]) -> str:
    more = len(names) - _MOST
    return ", ".join(names[:_MOST]) + (f" and {more} more" if more > 0 else "")


def write_changes(path: Path, changes: pd.DataFrame) -> None:
    """Write every change as a row: UTF-8 with a byte order mark, so that a spreadsheet shows Chinese text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    changes.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
