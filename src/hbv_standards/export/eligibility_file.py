"""``eligibility.csv``: every subject and criterion, the record that decides and the resource behind it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from hbv_standards.sdtm.eligibility_table import BETWEEN

FILE_COLUMNS = (
    "USUBJID", "SITEID", "IETESTCD", "IETEST", "IECAT", "result", "value", "unit", "dtc", "dataset", "seq", "resource",
    "file", "source_ids", "reason",
)  # fmt: skip
"""Columns of the file; several records, resources or files of one cell have ";" between them."""


class TableFile(NamedTuple):
    """A table as it was written."""

    name: str
    rows: int
    bytes: int
    sha256: str


def write_eligibility(path: Path, eligibility: pd.DataFrame, sources: pd.DataFrame) -> TableFile:
    """Write the table of :func:`hbv_standards.sdtm.eligibility_table.build_eligibility`, with what was sent.

    ``sources`` is the source table, which ``source_ids`` refer to. UTF-8 with a byte order mark, so that a
    spreadsheet shows Chinese text; without criteria or subjects the file has its header alone.
    """
    named = name_sources(eligibility["source_ids"], sources)
    content = (
        eligibility.assign(**named)[list(FILE_COLUMNS)]
        .to_csv(index=False, lineterminator="\n")
        .encode("utf-8-sig")
    )
    path.write_bytes(content)
    return TableFile(path.name, len(eligibility), len(content), hashlib.sha256(content).hexdigest())


def name_sources(source_ids: pd.Series, sources: pd.DataFrame) -> dict[str, pd.Series]:
    """``resource`` ("Observation/123", or its type and place in the file) and ``file`` of each list of sources."""
    ids = source_ids.dropna().str.split(BETWEEN).explode().astype("int64")
    known = sources.set_index("source_id").reindex(ids.unique())
    # The id of a Patient may be an identity of the person; file and position lead to the resource.
    place = known["resource_id"].fillna("").mask(known["resource_type"].eq("Patient"), "")
    place = place.mask(place.eq(""), known["position"].fillna(""))
    names = {"resource": known["resource_type"].fillna("").str.cat(place, sep="/"), "file": known["file"]}
    return {
        name: ids.map(column).fillna("").groupby(level=0).agg(_join_once).reindex(source_ids.index)
        for name, column in names.items()
    }


def _join_once(values: pd.Series) -> str:
    return BETWEEN.join(values.unique())
