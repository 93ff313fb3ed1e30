"""Where a value came from: from a submission folder alone, without the study's tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat

from hbv_standards.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class TracedRow:
    """One row of a dataset with everything that stands behind it.

    ``values`` is variable → value as text; ``origins`` has a row per source: variable ("" for the
    whole row), origin, method, file, position, resource_type, resource_id, version_id, path,
    mapping_row.
    """

    dataset: str
    row: int  # 0-based record of the dataset
    values: dict[str, str]
    origins: pd.DataFrame


def trace_row(folder: Path, dataset: str, key: str) -> TracedRow:
    """Find a row by "USUBJID:SEQ" or by its record number ("#12", 1-based) and what stands behind it.

    Raises :class:`ConfigurationError` when the folder, dataset or row does not exist.
    """
    name = dataset.upper()
    path = folder / "sdtm" / f"{name.lower()}.xpt"
    if not path.is_file():
        known = ", ".join(sorted(p.stem.upper() for p in path.parent.glob("*.xpt"))) or "none"
        raise ConfigurationError(f"{folder} has no dataset {name}; it has {known}", value=name)
    frame, _ = pyreadstat.read_xport(str(path))
    row = find_row(frame, name, key)
    values = {variable: _show(frame.iloc[row][variable]) for variable in frame.columns}
    return TracedRow(name, row, values, _read_origins(folder, name, row))


def find_row(frame: pd.DataFrame, dataset: str, key: str) -> int:
    """Record number (0-based) of a row key. Raises :class:`ConfigurationError` with the form of a key."""
    if key.startswith("#") and key[1:].isdigit() and 1 <= int(key[1:]) <= len(frame):
        return int(key[1:]) - 1
    subject, _, number = key.rpartition(":")
    seq = f"{dataset}SEQ"
    if seq in frame and subject and number.isdigit():
        found = frame.index[(frame["USUBJID"] == subject) & (frame[seq] == float(number))]
    elif "USUBJID" in frame:
        found = frame.index[frame["USUBJID"] == key]
    else:
        found = frame.index[:0]
    if len(found) == 0:
        form = f"USUBJID:{seq}" if seq in frame else "USUBJID"
        raise ConfigurationError(f"{dataset} has no row {key!r}; write {form}, or #N for the N-th record", value=key)
    return int(found[0])


def _read_origins(folder: Path, name: str, row: int) -> pd.DataFrame:
    columns = ["variable", "origin", "method", "site", "file", "position", "resource_type", "resource_id",
               "version_id", "path", "mapping_row"]  # fmt: skip
    path = folder / "trace" / f"{name.lower()}.parquet"
    if not path.is_file():
        return pd.DataFrame(columns=columns)
    trace = pd.read_parquet(path)
    sources = pd.read_parquet(folder / "trace" / "sources.parquet")
    return trace[trace["row"] == row].merge(sources, on="source_id", how="left")[columns].reset_index(drop=True)


def _show(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.15g}"
    return str(value)


def describe_row(traced: TracedRow, variable: str | None = None) -> Iterator[str]:
    """Lines for a terminal: the values, then what each of them rests on."""
    wanted = variable.upper() if variable else None
    if wanted and wanted not in traced.values:
        raise ConfigurationError(
            f"{traced.dataset} has no variable {wanted}; it has {', '.join(traced.values)}", value=wanted
        )
    yield f"{traced.dataset} record {traced.row + 1}"
    for name, value in traced.values.items():
        if value and wanted in (None, name):
            yield f"  {name} = {value}"
    origins = traced.origins
    if wanted:
        own = origins[origins["variable"] == wanted]
        origins = pd.concat([own, origins[origins["variable"] == ""]])
    for item in origins.fillna("").to_dict("records"):
        place = " ".join(p for p in (item["site"], item["file"], item["position"]) if p)
        resource = f"{item['resource_type']}/{item['resource_id']}".rstrip("/")
        version = f" version {item['version_id']}" if item["version_id"] else ""
        yield f"from {resource}{version}, {item['path']} ({place})" + (
            f" for {item['variable']}" if item["variable"] else ""
        )
        if item["mapping_row"]:
            yield f"  by mappings/{item['mapping_row']}"
        if item["method"]:
            yield f"  method {item['method']} ({item['origin']})"
