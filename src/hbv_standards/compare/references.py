"""Records that name another record by its number: SUPP--, CO and RELREC (SDTMIG 3.4 sections 5.1, 8).

IDVARVAL holds a --SEQ, and RELID often is made of one. What they point to is the same record in both
cuts or it is not; its number says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.compare.columns import Codes, show_column
from hbv_standards.compare.keys import RecordKey, phrase_keys

REFERRING = ("RDOMAIN", "IDVAR", "IDVARVAL")
_RECORD_NAME = r"^([A-Z]{2}|AP[A-Z]{2})([0-9]+)$"
_PERSONS = ("APID", "USUBJID")

Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class PointedDataset:
    """Records of one cut that others may point to: ``names`` are the same in both cuts for paired ones."""

    frame: pd.DataFrame
    key: RecordKey
    names: Texts


@dataclass(frozen=True)
class Pointed:
    """For each record that points, what it points to: dataset and row; row -1 where that is no record."""

    values: Texts
    domains: Texts
    rows: Codes
    records: Mapping[str, PointedDataset]

    def show(self, at: Codes) -> list[str]:
        """``31 (LB LBTESTCD=ALT LBDTC=2024-05-01)``: IDVARVAL of some records, with what it points to."""
        shown: list[str] = self.values[at].tolist()
        for domain in dict.fromkeys(self.domains[at].tolist()):
            places = np.flatnonzero((self.domains[at] == domain) & (self.rows[at] >= 0))
            if not len(places):
                continue
            pointed = self.records[domain]
            told = phrase_keys(pointed.frame, self.rows[at][places].tolist(), pointed.key)
            for place, text in zip(places.tolist(), told, strict=True):
                shown[place] = f"{shown[place]} ({domain} {text})"
        return shown


def name_pairs(old_rows: int, new_rows: int, at_old: Codes, at_new: Codes) -> tuple[Texts, Texts]:
    """A name for each record of the old and the new cut: pairs have the same, all others their own."""
    old = np.array([f"old {row}" for row in range(old_rows)], dtype=object)
    new = np.array([f"new {row}" for row in range(new_rows)], dtype=object)
    new[at_new] = old[at_old]
    return old, new


def refers(frame: pd.DataFrame) -> bool:
    """Whether the records of a dataset may name records of others."""
    return all(name in frame for name in REFERRING)


def resolve_references(
    frame: pd.DataFrame, records: Mapping[str, PointedDataset]
) -> tuple[pd.DataFrame, Pointed]:
    """The frame with names of records for their numbers, and what IDVARVAL points to.

    IDVARVAL is resolved where IDVAR is a --SEQ, RELID where it is a domain and a number that is a record of
    the subject; everything else stays as it is written.
    """
    domain, variable, value = (show_column(frame[name]) for name in REFERRING)
    person = next((show_column(frame[name]) for name in _PERSONS if name in frame), np.full(len(frame), ""))
    by_number = pd.Series(variable, dtype=object).str.endswith("SEQ").to_numpy(dtype=bool)
    rows = _find_rows(np.where(by_number, domain, ""), person, value, records)
    resolved = frame.assign(IDVARVAL=_name_found(value, domain, rows, records))
    if "RELID" in frame:
        relation = show_column(frame["RELID"])
        parts = pd.Series(relation, dtype=object).str.extract(_RECORD_NAME).fillna("")
        of, number = parts[0].to_numpy(dtype=object), parts[1].to_numpy(dtype=object)
        found = _find_rows(of, person, number, records)
        resolved["RELID"] = _name_found(relation, of, found, records)
    return resolved, Pointed(value, domain, rows, records)


def _find_rows(
    domains: Texts, persons: npt.NDArray[np.generic], numbers: Texts, records: Mapping[str, PointedDataset]
) -> Codes:
    """Row of the record of a domain, person and --SEQ, -1 where there is none."""
    rows = np.full(len(domains), -1, dtype=np.int64)
    for domain, index in _index_records(domains, records):
        places = np.flatnonzero(domains == domain)
        asked = pd.MultiIndex.from_arrays([persons[places], numbers[places]])
        rows[places] = index.get_indexer(asked)
    return rows


def _index_records(
    domains: Texts, records: Mapping[str, PointedDataset]
) -> Iterator[tuple[str, pd.MultiIndex]]:
    """Domains that are pointed to, each with its persons and numbers; none of which numbers repeat."""
    for domain in dict.fromkeys(domains.tolist()):
        pointed = records.get(domain)
        sequence = next(iter(pointed.key.numbers), None) if pointed is not None else None
        if pointed is None or sequence is None:
            continue
        person = next((name for name in _PERSONS if name in pointed.frame), None)
        if person is not None:
            index = pd.MultiIndex.from_arrays(
                [show_column(pointed.frame[person]), show_column(pointed.frame[sequence])]
            )
            if index.is_unique:
                yield domain, index


def _name_found(written: Texts, domains: Texts, rows: Codes, records: Mapping[str, PointedDataset]) -> Texts:
    named = written.copy()
    for domain in dict.fromkeys(domains[rows >= 0].tolist()):
        places = np.flatnonzero((domains == domain) & (rows >= 0))
        named[places] = f"{domain} " + records[domain].names[rows[places]]
    return named
