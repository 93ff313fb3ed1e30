"""What differs between the paired records of a dataset, as a table with one row for each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.compare.columns import Codes, compare_columns, show_column
from hbv_standards.compare.data_cut import CutDataset
from hbv_standards.compare.keys import RecordKey, phrase_keys
from hbv_standards.compare.references import Pointed

CHANGE_COLUMNS = ("dataset", "usubjid", "key", "change", "variable", "old", "new", "old_seq", "new_seq",
                  "why", "old_source", "new_source")  # fmt: skip
"""Columns of the table of changes; ``key`` is the natural key, in the new cut where it has the record."""

ADDED, REMOVED = "record added", "record removed"
CHANGED, RENUMBERED = "value changed", "record renumbered"


@dataclass(frozen=True)
class Compared:
    """A dataset that at least one cut has, its records paired.

    ``old`` and ``new`` are as read, without rows in the cut that has no such dataset; ``resolved`` are the
    frames to compare, in which names of records stand for their numbers; ``pointed`` is what those are.
    """

    name: str
    old: CutDataset
    new: CutDataset
    resolved: tuple[pd.DataFrame, pd.DataFrame]
    pointed: tuple[Pointed | None, Pointed | None]
    key: RecordKey
    at_old: Codes
    at_new: Codes

    @property
    def added(self) -> Codes:
        """Rows of the new cut that the old one has not."""
        return np.setdiff1d(np.arange(len(self.new.frame)), self.at_new)

    @property
    def removed(self) -> Codes:
        """Rows of the old cut that the new one has not."""
        return np.setdiff1d(np.arange(len(self.old.frame)), self.at_old)


@dataclass(frozen=True)
class Differences:
    """Changes with the rows they are of (-1: none in that cut), and for each pair whether it only moved."""

    changes: pd.DataFrame  # old_row, new_row, change, variable, old, new
    changed: npt.NDArray[np.bool_]
    renumbered: npt.NDArray[np.bool_]


def compare_records(compared: Compared) -> Differences:
    """Records added and removed, values changed, records renumbered."""
    parts = [
        _list_records(compared.removed, REMOVED),
        _list_records(compared.added, ADDED),
    ]
    pairs = len(compared.at_old)
    changed, moved = np.zeros(pairs, dtype=bool), np.zeros(pairs, dtype=bool)
    for name in dict.fromkeys(str(each) for frame in compared.resolved[::-1] for each in frame):
        differs = compare_columns(*_take_columns(compared.resolved, name), compared.at_old, compared.at_new)
        if name in compared.key.numbers:
            moved |= differs
            continue
        if name in compared.key.groups:
            differs &= ~find_renamed(compared, name, differs)
        if name in compared.key.groups or name == "IDVARVAL":
            moved |= _find_written(compared, name) & ~differs
        changed |= differs
        if differs.any():
            parts.append(_list_cells(compared, name, np.flatnonzero(differs)))
    return Differences(pd.concat(parts, ignore_index=True), changed, moved & ~changed)


def _take_columns(frames: tuple[pd.DataFrame, pd.DataFrame], name: str) -> tuple[pd.Series, pd.Series]:
    """A variable of both cuts; missing in every record of the one that has it not."""
    old, new = (frame.get(name) for frame in frames)
    if old is None and new is not None:
        return _build_blank(new, len(frames[0])), new
    if new is None and old is not None:
        return old, _build_blank(old, len(frames[1]))
    return frames[0][name], frames[1][name]


def _build_blank(like: pd.Series, rows: int) -> pd.Series:
    return pd.Series([np.nan if pd.api.types.is_float_dtype(like) else ""] * rows, dtype=like.dtype)


def _find_written(compared: Compared, name: str) -> npt.NDArray[np.bool_]:
    """Whether the text of the files differs, whatever it points to or groups."""
    return compare_columns(
        compared.old.frame[name], compared.new.frame[name], compared.at_old, compared.at_new
    )


def find_renamed(compared: Compared, name: str, differs: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Whether a group (--GRPID, RELID) of a subject has the same paired records under another name."""
    if not differs.any():
        return differs
    old, new = compared.resolved
    subject = compared.key.subject
    table = pd.DataFrame(
        {
            "subject": old[subject].to_numpy()[compared.at_old] if subject else "",
            "old": show_column(old[name])[compared.at_old],
            "new": show_column(new[name])[compared.at_new],
        }
    )
    names = table.drop_duplicates()
    alone = ~names.duplicated(["subject", "old"], keep=False) & ~names.duplicated(
        ["subject", "new"], keep=False
    )
    renamed = names[alone & (names["old"] != "") & (names["new"] != "")]
    index = pd.MultiIndex.from_frame(table)
    same: npt.NDArray[np.bool_] = index.isin(pd.MultiIndex.from_frame(renamed))
    return same


def _list_records(rows: Codes, change: str) -> pd.DataFrame:
    gone = np.full(len(rows), -1, dtype=np.int64)
    old, new = (rows, gone) if change == REMOVED else (gone, rows)
    return _build_changes(old, new, change, "", [""] * len(rows), [""] * len(rows))


def _list_cells(compared: Compared, name: str, pairs: Codes) -> pd.DataFrame:
    rows = compared.at_old[pairs], compared.at_new[pairs]
    columns = _take_columns((compared.old.frame, compared.new.frame), name)
    texts = [
        pointed.show(at) if pointed and name == "IDVARVAL" else show_column(column.iloc[at]).tolist()
        for column, pointed, at in zip(columns, compared.pointed, rows, strict=True)
    ]
    return _build_changes(*rows, CHANGED, name, *texts)


def _build_changes(
    old_row: Codes, new_row: Codes, change: str, variable: str, old: Sequence[str], new: Sequence[str]
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "old_row": np.asarray(old_row, dtype=np.int64),
            "new_row": np.asarray(new_row, dtype=np.int64),
            "change": pd.Series([change] * len(old), dtype=object),
            "variable": pd.Series([variable] * len(old), dtype=object),
            "old": pd.Series(list(old), dtype=object),
            "new": pd.Series(list(new), dtype=object),
        }
    )


def list_renumbered(compared: Compared, differences: Differences) -> pd.DataFrame:
    """A change for each record of which nothing but numbers differs; they are in old_seq and new_seq."""
    pairs = np.flatnonzero(differences.renumbered)
    blank = [""] * len(pairs)
    return _build_changes(compared.at_old[pairs], compared.at_new[pairs], RENUMBERED, "", blank, blank)


def describe_rows(compared: Compared, changes: pd.DataFrame) -> pd.DataFrame:
    """The changes with subject, key and --SEQ of their records as text, empty where there is none."""
    rows = changes["old_row"].to_numpy(), changes["new_row"].to_numpy()
    frames = compared.old.frame, compared.new.frame
    old, new = (
        _describe_side(frame, pointed, at, compared.key)
        for frame, pointed, at in zip(frames, compared.pointed, rows, strict=True)
    )
    in_new = rows[1] >= 0
    return changes.assign(
        dataset=compared.name,
        usubjid=np.where(in_new, new[0], old[0]),
        key=np.where(in_new, new[1], old[1]),
        old_seq=old[2],
        new_seq=new[2],
    )


def _describe_side(
    frame: pd.DataFrame, pointed: Pointed | None, rows: Codes, key: RecordKey
) -> npt.NDArray[np.object_]:
    """Subject, key and --SEQ of rows, shape (3, rows), empty where the row is -1."""
    told = np.full((3, len(rows)), "", dtype=object)
    found = np.flatnonzero(rows >= 0)
    at = rows[found]
    part = frame.iloc[at]
    if pointed is not None:
        part = part.assign(IDVARVAL=np.array(pointed.show(at), dtype=object))
    if key.subject:
        told[0, found] = show_column(part[key.subject])
    told[1, found] = phrase_keys(part, range(len(at)), key)
    if key.numbers:
        told[2, found] = show_column(part[key.numbers[0]])
    return told
