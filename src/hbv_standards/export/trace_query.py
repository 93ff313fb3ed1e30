"""Where a value came from: from a submission folder alone, without the study's tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyreadstat

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.folder import MARK
from hbv_standards.export.layout import find_sdtm_folder


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

    ``dataset`` may be a domain that was split (LB for LBCH and LBHE): all of its parts are searched.
    Raises :class:`ConfigurationError` when the folder, dataset or row does not exist.
    """
    name, frame, row = _find_record(folder, dataset.upper(), key)
    values = {variable: _show(frame.iloc[row][variable]) for variable in frame.columns}
    return TracedRow(name, row, values, _read_origins(folder, name, row))


def _find_record(folder: Path, dataset: str, key: str) -> tuple[str, pd.DataFrame, int]:
    """Name and records of the dataset, or part of it, that has the row, and the record number."""
    place = find_sdtm_folder(folder)
    names = [dataset] if (place / f"{dataset.lower()}.xpt").is_file() else _list_parts(folder, dataset)
    if not names:
        known = ", ".join(sorted(p.stem.upper() for p in place.glob("*.xpt"))) or "none"
        raise ConfigurationError(f"{folder} has no dataset {dataset}; it has {known}", value=dataset)
    if len(names) > 1 and key.startswith("#"):
        raise ConfigurationError(
            f"{dataset} is in parts, each with a record {key}; name one of {', '.join(names)}", value=key
        )
    for name in names:
        frame, _ = pyreadstat.read_xport(str(place / f"{name.lower()}.xpt"))
        if len(rows := match_rows(frame, key)):
            return name, frame, int(rows[0])
    form = _phrase_key(frame)
    raise ConfigurationError(f"{dataset} has no row {key!r}; write {form}, or #N for the N-th record", value=key)


def _list_parts(folder: Path, domain: str) -> list[str]:
    """Datasets that the manifest says to be parts of a domain."""
    manifest = folder / MARK
    datasets = json.loads(manifest.read_text(encoding="utf-8"))["datasets"] if manifest.is_file() else {}
    return [name for name, facts in datasets.items() if facts.get("part_of") == domain]


def match_rows(frame: pd.DataFrame, key: str) -> list[int]:
    """Record numbers (0-based) of a row key, none when no record has it."""
    if key.startswith("#") and key[1:].isdigit():
        return [number] if 0 <= (number := int(key[1:]) - 1) < len(frame) else []
    person, seq = _find_keys(frame)
    if person is None:
        return []
    subject, _, number_text = key.rpartition(":")
    found = frame[person] == key
    if seq is not None and subject and number_text.isdigit():
        found = (frame[person] == subject) & (frame[seq] == float(number_text))
    return [int(row) for row in found.to_numpy().nonzero()[0]]


def _find_keys(frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """The variables of subject (or associated person) and sequence number."""
    person = next((name for name in ("USUBJID", "APID") if name in frame), None)
    return person, next((str(name) for name in frame if str(name).endswith("SEQ")), None)


def _phrase_key(frame: pd.DataFrame) -> str:
    person, seq = _find_keys(frame)
    return f"{person or 'USUBJID'}:{seq}" if seq else person or "USUBJID"


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
