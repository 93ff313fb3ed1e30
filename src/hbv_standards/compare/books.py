"""What both cuts say beside the datasets: subjects and arms, issues, inputs, tables, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from hbv_standards.compare.columns import choose_present, show_column
from hbv_standards.compare.data_cut import CutDataset, DataCut
from hbv_standards.compare.reasons import list_changed_tables

SUBJECT_COLUMNS = ("usubjid", "change", "variable", "old", "new")
ISSUE_COLUMNS = ("code", "old", "new", "appeared", "gone")
SETTING_COLUMNS = ("what", "name", "old", "new")
_ARMS = ("ARMCD", "ARM", "ACTARMCD", "ACTARM", "ARMNRS")
_ISSUE = ("code", "severity", "site", "resource", "path", "dataset", "variable", "value")
_SECTIONS = (("standard", "standards"), ("option", "command"), ("version", "versions"))  # of the manifest
_SHOWN_DIGITS = 12  # of a hash


def compare_subjects(old: CutDataset | None, new: CutDataset | None) -> pd.DataFrame:
    """Subjects of DM that were added or removed, and those whose arm is another."""
    before, after = _read_arms(old), _read_arms(new)
    rows: list[tuple[str, str, str, str, str]] = []
    for subject in sorted({*before, *after}):
        if subject not in before or subject not in after:
            rows.append((subject, "subject added" if subject in after else "subject removed", "", "", ""))
            continue
        one, other = before[subject], after[subject]
        changed = [name for name in _ARMS if name in one and name in other and one[name] != other[name]]
        rows += [(subject, "arm changed", name, one[name], other[name]) for name in changed]
    return pd.DataFrame(rows, columns=list(SUBJECT_COLUMNS), dtype=object)


def _read_arms(dm: CutDataset | None) -> dict[str, dict[str, str]]:
    if dm is None or "USUBJID" not in dm.frame:
        return {}
    names = choose_present(_ARMS, dm.frame)
    columns = [show_column(dm.frame[name]).tolist() for name in names]
    subjects = show_column(dm.frame["USUBJID"]).tolist()
    values = zip(*columns, strict=True) if columns else ((),) * len(subjects)
    return {
        subject: dict(zip(names, own, strict=True)) for subject, own in zip(subjects, values, strict=True)
    }


def compare_issues(old: pd.DataFrame | None, new: pd.DataFrame | None) -> pd.DataFrame:
    """For each code whose issues differ: how many there are, and how many appeared and went.

    The same issue is one of the same code, resource, path and value, wherever its file lies and whatever
    its message says of other records. Empty unless both cuts have issues.csv.
    """
    if old is None or new is None:
        return pd.DataFrame(columns=list(ISSUE_COLUMNS))
    counts = pd.DataFrame({"old": _count_issues(old), "new": _count_issues(new)}).fillna(0).astype("int64")
    gain = counts["new"] - counts["old"]
    counts = counts.assign(appeared=gain.clip(lower=0), gone=(-gain).clip(lower=0))
    by_code = counts.groupby("code").sum()
    differing = by_code[(by_code["appeared"] > 0) | (by_code["gone"] > 0)].sort_index()
    return differing.reset_index()[list(ISSUE_COLUMNS)]


def _count_issues(issues: pd.DataFrame) -> pd.Series:
    texts = issues.reindex(columns=list(_ISSUE), fill_value="")
    counts = pd.to_numeric(issues["count"], errors="coerce").fillna(1)
    return texts.assign(count=counts).groupby(list(_ISSUE))["count"].sum()


def compare_settings(old: DataCut, new: DataCut) -> pd.DataFrame:
    """How both folders were made: what differs of study, standards, command, versions, tables and inputs.

    Text; empty in a cut that has not the thing, and nothing at all unless both have a manifest.
    """
    rows: list[tuple[str, str, str, str]] = []
    if old.manifest and new.manifest:
        rows = [*_list_settings(old.manifest, new.manifest)]
    return pd.DataFrame(rows, columns=list(SETTING_COLUMNS), dtype=object)


def _list_settings(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    if old.get("study") != new.get("study"):
        yield "study", "", _show(old.get("study")), _show(new.get("study"))
    for what, section in _SECTIONS:
        before, after = (side.get(section, {}) for side in (old, new))
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield what, name, _show(before.get(name)), _show(after.get(name))
    for name in sorted(list_changed_tables(old, new)):
        before, after = (side["mapping_tables"].get(name) for side in (old, new))
        yield "mapping table", name, _shorten(before), _shorten(after)
    files = [
        {str(item.get("file")): item.get("sha256") for item in side.get("inputs", [])} for side in (old, new)
    ]
    for name in sorted({*files[0], *files[1]}):
        if files[0].get(name) != files[1].get(name):
            yield "input", name, _shorten(files[0].get(name)), _shorten(files[1].get(name))


def _show(value: object) -> str:
    return "" if value is None else str(value)


def _shorten(sha256: object) -> str:
    return _show(sha256)[:_SHOWN_DIGITS]
