"""Two data cuts compared: the composition of the package."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hbv_standards.compare.books import compare_issues, compare_settings, compare_subjects
from hbv_standards.compare.cells import (
    CHANGE_COLUMNS,
    RENUMBERED,
    Compared,
    Differences,
    compare_records,
    describe_rows,
    list_renumbered,
)
from hbv_standards.compare.data_cut import read_cut
from hbv_standards.compare.matching import TwoCuts, pair_datasets
from hbv_standards.compare.reasons import explain_changes
from hbv_standards.compare.variables import compare_headers
from hbv_standards.errors import ConfigurationError

DATASET_COLUMNS = ("dataset", "old", "new", "added", "removed", "changed", "renumbered")


@dataclass(frozen=True)
class CutDifference:
    """What differs between two cuts.

    ``datasets`` counts the records of each dataset (``DATASET_COLUMNS``: in the old and the new cut, added,
    removed, changed, and those of which only numbers moved); ``changes`` has a row for each change
    (``CHANGE_COLUMNS``, all text); ``subjects``, ``issues`` and ``settings`` are what the cuts say beside.
    """

    datasets: pd.DataFrame
    changes: pd.DataFrame
    subjects: pd.DataFrame
    issues: pd.DataFrame
    settings: pd.DataFrame

    @property
    def differs(self) -> bool:
        """Whether anything was added, removed or changed; renumbering and settings alone are no difference."""
        changes = (self.changes["change"] != RENUMBERED).any()
        return bool(changes) or not self.issues.empty


def compare_cuts(
    old: Path, new: Path, *, datasets: Collection[str] = (), renumbered: bool = False
) -> CutDifference:
    """Compare two submission folders, of either layout, or two folders of XPT files.

    Args:
        old: the earlier cut.
        new: the later cut.
        datasets: names of those to compare, all when empty; a split one by its domain (LB).
        renumbered: list records of which only numbers differ too; they are counted anyhow.

    Raises:
        ConfigurationError: a folder without transport files, one that cannot be read whole, a dataset that
            neither cut has.
    """
    cuts = TwoCuts(read_cut(old), read_cut(new))
    wanted = _choose_datasets(cuts, datasets)
    counts, changes = [], []
    for compared in pair_datasets(cuts, wanted):
        differences = compare_records(compared)
        counts.append(_count(compared, differences))
        name = compared.name
        changes.append(compare_headers(name, cuts.old.datasets.get(name), cuts.new.datasets.get(name)))
        changes.append(_list_changes(compared, differences, cuts, renumbered=renumbered))
    whole = not datasets
    dm = [cut.datasets.get("DM") if "DM" in wanted else None for cut in (cuts.old, cuts.new)]
    return CutDifference(
        datasets=pd.DataFrame(sorted(counts), columns=list(DATASET_COLUMNS)),
        changes=_order_changes(changes, wanted),
        subjects=compare_subjects(*dm),
        issues=compare_issues(cuts.old.issues, cuts.new.issues) if whole else compare_issues(None, None),
        settings=compare_settings(cuts.old, cuts.new),
    )


def _choose_datasets(cuts: TwoCuts, asked: Collection[str]) -> list[str]:
    known = cuts.names
    names = {name.upper() for name in asked}
    for name in sorted(names):
        if name not in known:
            raise ConfigurationError(
                f"neither cut has a dataset {name}; they have {', '.join(known)}", value=name
            )
    return [name for name in known if not names or name in names]


def _count(compared: Compared, differences: Differences) -> tuple[object, ...]:
    return (
        compared.name,
        len(compared.old.frame),
        len(compared.new.frame),
        len(compared.added),
        len(compared.removed),
        int(differences.changed.sum()),
        int(differences.renumbered.sum()),
    )


def _list_changes(
    compared: Compared, differences: Differences, cuts: TwoCuts, *, renumbered: bool
) -> pd.DataFrame:
    changes = differences.changes
    if renumbered:
        changes = pd.concat([changes, list_renumbered(compared, differences)], ignore_index=True)
    return explain_changes(compared, describe_rows(compared, changes), cuts.old, cuts.new)


def _order_changes(parts: list[pd.DataFrame], wanted: list[str]) -> pd.DataFrame:
    """All changes as text: by dataset, first those of its header, then by subject and key, by variable."""
    changes = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    whole = changes.reindex(columns=list(CHANGE_COLUMNS)).astype(object).fillna("")
    place = whole["dataset"].map({name: at for at, name in enumerate(wanted)})
    header = whole["change"].str.match("record|value")
    order = ["usubjid", "key", "change", "variable", "old", "new", "old_seq", "new_seq"]
    sorted_ = whole.assign(place=place, header=header).sort_values(["place", "header", *order], kind="stable")
    return sorted_[list(CHANGE_COLUMNS)].reset_index(drop=True)
