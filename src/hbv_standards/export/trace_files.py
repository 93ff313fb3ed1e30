"""The trace: parquet tables that lead from an SDTM cell back to the resource it came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hbv_standards.provenance import SOURCE_COLUMNS
from hbv_standards.sdtm.dataset import Dataset

_KEYS = ("USUBJID", "VISITNUM", "ETCD", "ARMCD", "TAETORD")


def write_trace(folder: Path, sources: pd.DataFrame, datasets: Mapping[str, Dataset]) -> None:
    """``sources.parquet`` and one ``<dataset>.parquet`` with the origin of each row and variable."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_parquet(folder / "sources.parquet", hide_identities(sources[list(SOURCE_COLUMNS)]))
    for name, dataset in sorted(datasets.items()):
        if not dataset.frame.empty and not dataset.trace.empty:
            _write_parquet(folder / f"{name.lower()}.parquet", build_trace(dataset))


def build_trace(dataset: Dataset) -> pd.DataFrame:
    """Trace of one dataset with the keys that a reader knows a row by (USUBJID, --SEQ)."""
    name = dataset.spec.name
    keys = [k for k in (*_KEYS, f"{name}SEQ") if k in dataset.frame]
    keyed = dataset.trace.merge(
        dataset.frame[keys].reset_index(drop=True), left_on="row", right_index=True, how="left"
    )
    origin = {v.name: v.origin for v in dataset.spec.variables}
    method = {v.name: v.method or "" for v in dataset.spec.variables}
    keyed = keyed.assign(
        origin=keyed["variable"].map(origin).fillna(""), method=keyed["variable"].map(method).fillna("")
    )
    order = ["row", *keys, "variable", "source_id", "path", "mapping_row", "origin", "method"]
    return keyed[order].sort_values(["row", "variable", "source_id", "path"], kind="stable").reset_index(drop=True)


def hide_identities(sources: pd.DataFrame) -> pd.DataFrame:
    """The id of a Patient may be an identity of the person: file and position lead to it instead."""
    patients = sources["resource_type"] == "Patient"
    return sources.assign(
        resource_id=sources["resource_id"].mask(patients, ""),
        full_url=sources["full_url"].mask(patients, ""),
    )


def _write_parquet(path: Path, frame: pd.DataFrame) -> None:
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(table, path, compression="zstd")
