"""Why a value differs: what the traces of both cuts say of the resources behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from hbv_standards.compare.cells import ADDED, REMOVED, Compared
from hbv_standards.compare.data_cut import DataCut
from hbv_standards.compare.evidence import Behind, Sources, find_behind, phrase_sources

NEW, GONE = "new resource", "resource gone"
AMENDED, OTHER = "amended", "other resource"
TABLE, SAME = "mapping table", "same source"


@dataclass(frozen=True)
class _Cuts:
    """Sources of both cuts, and the mapping tables that are not the same in them."""

    old: Sources
    new: Sources
    tables: frozenset[str]


def explain_changes(compared: Compared, changes: pd.DataFrame, old: DataCut, new: DataCut) -> pd.DataFrame:
    """The changes with columns why, old_source and new_source; empty texts where a cut has no trace.

    A record that only one cut has is explained by what the other says of the same resources.
    """
    blank = changes.assign(why="", old_source="", new_source="")
    if old.sources is None or new.sources is None:
        return blank
    cuts = _Cuts(old.sources, new.sources, list_changed_tables(old.manifest, new.manifest))
    variables = changes["variable"].tolist()
    sides = [
        find_behind(side.evidence, changes[rows].tolist(), variables)
        for side, rows in ((compared.old, "old_row"), (compared.new, "new_row"))
    ]
    told = [
        _explain(change, before, after, cuts)
        for change, before, after in zip(changes["change"].tolist(), *sides, strict=True)
    ]
    return blank.assign(
        why=[each[0] for each in told],
        old_source=[each[1] for each in told],
        new_source=[each[2] for each in told],
    )


def list_changed_tables(old: Mapping[str, Any], new: Mapping[str, Any]) -> frozenset[str]:
    """Mapping tables that only one manifest has or that have another hash in it; none without both."""
    before, after = (manifest.get("mapping_tables", {}) for manifest in (old, new))
    if not before or not after:
        return frozenset()
    return frozenset(name for name in {*before, *after} if before.get(name) != after.get(name))


def _explain(change: str, before: Behind, after: Behind, cuts: _Cuts) -> tuple[str, str, str]:
    """Why, and the sources in words; where one side has none of its own, the other's as it knows them."""
    at_old, at_new = before.sources, after.sources
    missing = OTHER
    if change == ADDED or (after.own and not before.own):
        at_old, missing = _find_versions(at_new, cuts.new, cuts.old), NEW
    elif change == REMOVED or (before.own and not after.own):
        at_new, missing = _find_versions(at_old, cuts.old, cuts.new), GONE
    why = _judge(at_old, at_new, before.tables | after.tables, cuts, missing=missing)
    differing, restated = frozenset[str](), frozenset[str]()
    if why not in (SAME, TABLE):
        differing = _list_differing(at_old, at_new, cuts)
        restated = _list_restated(at_old, at_new, cuts) & differing if why == AMENDED else restated
    old = phrase_sources(cuts.old, at_old, differing, restated)
    return why, old, phrase_sources(cuts.new, at_new, differing, restated)


def _find_versions(places: tuple[int, ...], own: Sources, other: Sources) -> tuple[int, ...]:
    """The same resources in the other cut."""
    found = {other.places.get(own.identity[at], -1) for at in places}
    return tuple(sorted(found - {-1}))


def _judge(
    at_old: tuple[int, ...], at_new: tuple[int, ...], tables: frozenset[str], cuts: _Cuts, *, missing: str
) -> str:
    if not at_old and not at_new:
        return ""
    before = {cuts.old.identity[at]: cuts.old.sha256[at] for at in at_old}
    after = {cuts.new.identity[at]: cuts.new.sha256[at] for at in at_new}
    if any(before[name] != after[name] for name in before.keys() & after.keys()):
        return AMENDED
    if before.keys() != after.keys():
        return missing
    return TABLE if tables & cuts.tables else SAME


def _list_differing(at_old: tuple[int, ...], at_new: tuple[int, ...], cuts: _Cuts) -> frozenset[str]:
    """Resources that the two sides have not alike."""
    before = {(cuts.old.identity[at], cuts.old.sha256[at]) for at in at_old}
    after = {(cuts.new.identity[at], cuts.new.sha256[at]) for at in at_new}
    return frozenset(name for name, _ in before ^ after)


def _list_restated(at_old: tuple[int, ...], at_new: tuple[int, ...], cuts: _Cuts) -> frozenset[str]:
    """Resources of which both sides say the same version."""
    before = {cuts.old.identity[at]: cuts.old.shown[at] for at in at_old}
    after = {cuts.new.identity[at]: cuts.new.shown[at] for at in at_new}
    versioned = {name for name in before.keys() & after.keys() if before[name] == after[name]}
    return frozenset(versioned)
