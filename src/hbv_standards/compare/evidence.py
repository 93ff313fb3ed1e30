"""The resources behind records and values of a cut, from its trace (:mod:`hbv_standards.export.trace_files`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow.parquet as pq

from hbv_standards.errors import ConfigurationError

_READ = ("site", "resource_type", "resource_id", "version_id", "sha256", "disposition", "reason")
_SHOWN_SOURCES = 3
_SHOWN_DIGITS = 12  # of a sha256, where the hospital gives no version


@dataclass(frozen=True)
class Sources:
    """All resources that a cut read, one entry of each tuple for each; a place in them is a source's number.

    ``identity`` is the same for all versions of a resource. One without id (a Patient's is never written)
    is itself only while its content is.
    """

    identity: tuple[str, ...]
    sha256: tuple[str, ...]
    shown: tuple[str, ...]
    outcome: tuple[str, ...]
    superseded: tuple[bool, ...]
    numbers: pd.Index  # source_id of the trace, by place

    @cached_property
    def places(self) -> dict[str, int]:
        """Identity → the version that counts: the last one that no other supersedes."""
        order = sorted(range(len(self.identity)), key=lambda at: (not self.superseded[at], at))
        return {self.identity[at]: at for at in order}


@dataclass(frozen=True)
class Evidence:
    """The trace of a dataset: row, variable ("" for the whole record), source (its place), mapping_row."""

    trace: pd.DataFrame

    @cached_property
    def records(self) -> pd.DataFrame:
        """Row and source of what stands behind whole records, each pair once."""
        whole = self.trace.loc[(self.trace["variable"] == "").to_numpy(), ["row", "source"]]
        return whole.drop_duplicates(ignore_index=True)


def read_sources(folder: Path) -> Sources | None:
    """The table of resources of a trace folder; None where there is none."""
    path = folder / "sources.parquet"
    if not path.is_file():
        return None
    table = _read_table(path, ["source_id", *_READ])
    columns = [table[name].fillna("").astype(object).tolist() for name in _READ]
    identity, shown, outcome = [], [], []
    for site, kind, named, version, sha256, disposition, reason in zip(*columns, strict=True):
        identity.append(f"{site} {kind}/{named or sha256}")
        known = f"version {version}" if version else f"(sha256 {sha256[:_SHOWN_DIGITS]})"
        shown.append(f"{site} {kind}/{named} {known}" if named else f"{site} {kind} {known}")
        told = f"{disposition} ({reason})" if reason else disposition
        outcome.append("" if disposition == "converted" else told)
    return Sources(
        identity=tuple(identity),
        sha256=tuple(columns[_READ.index("sha256")]),
        shown=tuple(shown),
        outcome=tuple(outcome),
        superseded=tuple(each == "superseded" for each in columns[_READ.index("disposition")]),
        numbers=pd.Index(table["source_id"]),
    )


def _read_table(path: Path, columns: list[str], *, repeated: Sequence[str] = ()) -> pd.DataFrame:
    """Columns of a parquet file; those ``repeated`` as categories."""
    try:
        table: pd.DataFrame = pq.read_table(path, columns=columns, read_dictionary=list(repeated)).to_pandas()
        return table[columns]
    except (ValueError, KeyError) as error:  # what pyarrow raises for another format, or other columns
        raise ConfigurationError(
            "is no trace that convert wrote; convert again, or take the folder trace away", file=str(path)
        ) from error


def read_evidence(places: Sequence[tuple[Path, int, int]], sources: Sources | None) -> Evidence | None:
    """The trace of a dataset of which each part has a file, the row that it starts at, and its rows.

    None where there is no trace of it. Raises :class:`ConfigurationError` for a trace of rows that the
    dataset has not.
    """
    if sources is None or not any(path.is_file() for path, _, _ in places):
        return None
    parts = [_read_part(*place) for place in places if place[0].is_file()]
    trace = pd.concat(parts, ignore_index=True)
    known = sources.numbers.get_indexer(pd.Index(trace["source_id"]))
    if (known < 0).any():
        raise ConfigurationError(
            "names sources that sources.parquet has not; convert again", file=str(places[0][0])
        )
    return Evidence(trace.assign(source=known).drop(columns="source_id"))


def _read_part(path: Path, start: int, rows: int) -> pd.DataFrame:
    columns = ["row", "variable", "source_id", "mapping_row"]
    trace = _read_table(path, columns, repeated=["variable", "mapping_row"])
    if len(trace) and int(trace["row"].max()) >= rows:
        raise ConfigurationError(
            f"is the trace of more than {rows} records, so not of the dataset beside it; convert again, or "
            "compare the folders of the XPT files alone",
            file=str(path),
        )
    placed: pd.DataFrame = trace.assign(row=trace["row"] + start)
    return placed


class Behind(NamedTuple):
    """What stands behind a value: places of its sources, and the mapping tables that the trace names.

    ``own`` says that the trace knows the value itself; otherwise the sources are those of its record.
    """

    sources: tuple[int, ...] = ()
    tables: frozenset[str] = frozenset()
    own: bool = False


_Cell = tuple[int, str]


def find_behind(evidence: Evidence | None, rows: Sequence[int], variables: Sequence[str]) -> list[Behind]:
    """What stands behind the value of each row and variable; of a variable "" behind the record."""
    if evidence is None:
        return [Behind()] * len(rows)
    sources, tables = _gather(evidence.trace[_mark_wanted(evidence.trace, rows, variables)])
    none: frozenset[str] = frozenset()
    behind = []
    for row, variable in zip(rows, variables, strict=True):
        cell, record = (row, variable), (row, "")
        named = tables.get(record, none)
        if variable:
            named = named | tables.get(cell, none)
        found = sources.get(cell)
        behind.append(Behind(found or sources.get(record, ()), named, found is not None))
    return behind


def _gather(trace: pd.DataFrame) -> tuple[dict[_Cell, tuple[int, ...]], dict[_Cell, frozenset[str]]]:
    """Row and variable → its sources in ascending order, and the mapping tables named."""
    columns = (trace[name].astype(object).tolist() for name in ("row", "variable", "source", "mapping_row"))
    sources: dict[_Cell, tuple[int, ...]] = {}
    tables: dict[_Cell, frozenset[str]] = {}
    files: dict[str, frozenset[str]] = {}
    for row, variable, source, mapping in zip(*columns, strict=True):
        cell = (row, variable)
        known = sources.get(cell, ())
        if source not in known:
            sources[cell] = tuple(sorted((*known, source))) if known else (source,)
        if isinstance(mapping, str) and mapping:
            named = files.setdefault(mapping, frozenset((mapping.rpartition(":")[0],)))
            tables[cell] = tables[cell] | named if cell in tables else named
    return sources, tables


def _mark_wanted(trace: pd.DataFrame, rows: Sequence[int], variables: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Entries of the trace that are of the records, or of the values."""
    of_rows = np.zeros(int(trace["row"].max()) + 2 if len(trace) else 1, dtype=bool)
    asked = np.asarray(rows, dtype=np.int64)
    of_rows[asked[(asked >= 0) & (asked < len(of_rows))]] = True
    named = trace["variable"].isin({"", *variables}).to_numpy(dtype=bool)
    wanted: npt.NDArray[np.bool_] = of_rows[trace["row"].to_numpy()] & named
    return wanted


def phrase_sources(
    sources: Sources, places: Iterable[int], differing: frozenset[str], restated: frozenset[str]
) -> str:
    """Resources for a reader, no more than three and how many more.

    The identities ``differing`` come first; those ``restated`` have other content under an unchanged
    version, so that their hash is told.
    """
    ordered = list(places)
    if len(ordered) > 1:
        ordered.sort(key=lambda at: (sources.identity[at] not in differing, sources.shown[at]))
    shown = "; ".join(
        _phrase_source(sources, at, hashed=sources.identity[at] in restated)
        for at in ordered[:_SHOWN_SOURCES]
    )
    more = len(ordered) - _SHOWN_SOURCES
    return f"{shown}; and {more} more" if more > 0 else shown


def _phrase_source(sources: Sources, at: int, *, hashed: bool) -> str:
    sha256 = f" (sha256 {sources.sha256[at][:_SHOWN_DIGITS]})" if hashed else ""
    outcome = f": {sources.outcome[at]}" if sources.outcome[at] else ""
    return f"{sources.shown[at]}{sha256}{outcome}"
