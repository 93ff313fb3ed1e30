"""The records of each dataset of two cuts, paired: those that others point to before those that point."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hbv_standards.compare.cells import Compared
from hbv_standards.compare.columns import Codes, choose_present, join_codes, number_rows
from hbv_standards.compare.data_cut import CutDataset, DataCut
from hbv_standards.compare.keys import RecordKey, find_key, read_stated_keys
from hbv_standards.compare.pairing import Pairs, Records, pair_records
from hbv_standards.compare.references import Pointed, PointedDataset, name_pairs, refers, resolve_references


@dataclass(frozen=True)
class TwoCuts:
    """The cuts to compare."""

    old: DataCut
    new: DataCut

    @cached_property
    def names(self) -> list[str]:
        """Datasets of either cut, in alphabetical order."""
        return sorted({*self.old.datasets, *self.new.datasets})

    def find_sides(self, name: str) -> tuple[CutDataset, CutDataset]:
        """A dataset in both cuts; without records in the one that has it not."""
        old, new = self.old.datasets.get(name), self.new.datasets.get(name)
        if old is None:
            return _empty(self.new.datasets[name]), self.new.datasets[name]
        return old, new if new is not None else _empty(old)

    @cached_property
    def stated_keys(self) -> Mapping[str, Sequence[str]]:
        """Keys of the specs, where a cut has datasets of which no define.xml tells the key."""
        datasets = (*self.old.datasets.values(), *self.new.datasets.values())
        return read_stated_keys() if any(not dataset.keys for dataset in datasets) else {}

    @cached_property
    def source_numbers(self) -> Pairs | None:
        """Number of each resource of either cut, equal for the versions of one; None without both traces."""
        if self.old.sources is None or self.new.sources is None:
            return None
        names = np.array([*self.old.sources.identity, *self.new.sources.identity], dtype=object)
        codes = pd.factorize(names)[0].astype(np.int64)
        return codes[: len(self.old.sources.identity)], codes[len(self.old.sources.identity) :]


def _empty(other: CutDataset) -> CutDataset:
    return replace(other, frame=other.frame.iloc[:0], evidence=None)


def pair_datasets(cuts: TwoCuts, wanted: Collection[str]) -> Iterator[Compared]:
    """Each wanted dataset with its records paired; a dataset that points to others after those."""
    sides = {name: cuts.find_sides(name) for name in cuts.names}
    referring = [name for name, (old, new) in sides.items() if refers(old.frame) and refers(new.frame)]
    pointing = [name for name in referring if name in wanted]
    records: tuple[dict[str, PointedDataset], dict[str, PointedDataset]] = ({}, {})
    for name in (name for name in sides if name not in referring and (pointing or name in wanted)):
        compared = _pair(*sides[name], cuts)
        frames = compared.old.frame, compared.new.frame
        names = (
            name_pairs(len(frames[0]), len(frames[1]), compared.at_old, compared.at_new) if pointing else ()
        )
        for side, frame, own in zip(records, frames, names, strict=False):
            side[name] = PointedDataset(frame, compared.key, own)
        if name in wanted:
            yield compared
    for name in pointing:
        old, new = (
            resolve_references(side.frame, known) for side, known in zip(sides[name], records, strict=True)
        )
        yield _pair(*sides[name], cuts, (old[0], new[0]), (old[1], new[1]))


def _pair(
    old: CutDataset,
    new: CutDataset,
    cuts: TwoCuts,
    resolved: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    pointed: tuple[Pointed | None, Pointed | None] = (None, None),
) -> Compared:
    frames = resolved or (old.frame, new.frame)
    key = find_key(old, new, cuts.stated_keys)
    if frames[0].equals(frames[1]):  # nothing to look for; most datasets of two near cuts
        same = np.arange(len(new.frame))
        return Compared(new.name, old, new, frames, pointed, key, same, same)
    links = _number_links(old, new, cuts)
    records = [
        replace(each, links=own) for each, own in zip(_number_records(*frames, key), links, strict=True)
    ]
    return Compared(new.name, old, new, frames, pointed, key, *pair_records(*records))


def _number_records(old: pd.DataFrame, new: pd.DataFrame, key: RecordKey) -> tuple[Records, Records]:
    """Key, content, topic and values of the records as numbers; without any key the content is the key."""
    names = [
        name
        for name in choose_present([*key.key, *map(str, new)], old, new)
        if name not in key.numbers and (name not in key.groups or name == "RELID")
    ]
    columns = [number_rows(old, new, [name]) for name in names]
    content = _join(columns, len(old), len(new))
    natural = _join(columns[: len(key.key)], len(old), len(new)) if key.key else content
    within = [number_rows(old, new, [key.subject] if key.subject else []), number_rows(old, new, key.topic)]
    topic = _join(within, len(old), len(new))
    one, other = (
        Records(natural[at], content[at], topic[at], bool(key.topic), _stack(columns, at, len(frame)), None)
        for at, frame in enumerate((old, new))
    )
    return one, other


def _join(columns: Sequence[Pairs], old: int, new: int) -> Pairs:
    """One number for the numbers of several columns."""
    codes: Codes = np.zeros(old + new, dtype=np.int64)
    for column in columns:
        own = np.concatenate(column)
        codes = join_codes(codes, own, int(own.max(initial=0)) + 1)
    return codes[:old], codes[old:]


def _stack(columns: Sequence[Pairs], at: int, rows: int) -> Codes:
    return (
        np.column_stack([column[at] for column in columns])
        if columns
        else np.zeros((rows, 0), dtype=np.int64)
    )


def _number_links(
    old: CutDataset, new: CutDataset, cuts: TwoCuts
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Row and number of the resources behind the records of both cuts; None without both traces."""
    if cuts.source_numbers is None or old.evidence is None or new.evidence is None:
        return None, None
    one, other = (
        evidence.records.assign(source=numbers[evidence.records["source"].to_numpy()]).drop_duplicates()
        for evidence, numbers in zip((old.evidence, new.evidence), cuts.source_numbers, strict=True)
    )
    return one, other
