"""Dataset-JSON 1.1: the datasets as UTF-8 text that any program reads, without the limits of XPT.

Every dataset is written twice: as one JSON document and as NDJSON, of which the first line describes
the dataset and every further line is a row. Identifiers and data types are those of the define.xml.
Numbers are JSON numbers, whole ones without a point; a date is a ``date`` or ``datetime`` only where
all values of its variable are complete, else a ``string``. Missing is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd

from hbv_standards import __version__
from hbv_standards.export.define.model import Define, Item, ItemGroup
from hbv_standards.sdtm.dataset import Dataset

DATASET_JSON_VERSION = "1.1.0"
SOURCE_SYSTEM = "hbv_standards"

DATA_TYPES = {"integer": "integer", "float": "float", "date": "date", "datetime": "datetime"}
"""Data types of Define-XML that Dataset-JSON has; all others are strings."""

_ROWS_PER_PART = 20_000


def write_dataset_json(
    folder: Path,
    datasets: Mapping[str, Dataset],
    define: Define,
    *,
    created: datetime,
    define_ref: str = "../sdtm/define.xml",
) -> list[Path]:
    """Write ``<dataset>.json`` and ``<dataset>.ndjson`` for every dataset that ``define`` describes.

    Args:
        folder: where to; made when missing.
        datasets: by name.
        define: the define.xml that goes with them.
        created: time stamped into the files.
        define_ref: place of the define.xml relative to the files.

    Returns:
        The files, by dataset. Their bytes depend on the arguments alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    items = define.items_by_oid()
    written = []
    for group in define.groups:
        frame = datasets[group.name].frame
        header = describe_dataset(group, items, define, len(frame), created, define_ref)
        kinds = [column["dataType"] for column in header["columns"]]
        path = folder / f"{group.name.lower()}.json"
        _write_rows(path, header, frame, kinds)
        written += [path, path.with_suffix(".ndjson")]
    return written


def describe_dataset(
    group: ItemGroup,
    items: Mapping[str, Item],
    define: Define,
    records: int,
    created: datetime,
    define_ref: str,
) -> dict[str, Any]:
    """What is said of a dataset before its rows, in the order that the specification asks for."""
    moment = created.isoformat(timespec="seconds")
    return {
        "datasetJSONCreationDateTime": moment,
        "datasetJSONVersion": DATASET_JSON_VERSION,
        "fileOID": f"{define.file_oid}.{group.name}",
        "dbLastModifiedDateTime": moment,
        "originator": SOURCE_SYSTEM,
        "sourceSystem": {"name": SOURCE_SYSTEM, "version": __version__},
        "studyOID": define.study_oid,
        "metaDataVersionOID": define.version_oid,
        "metaDataRef": define_ref,
        "itemGroupOID": group.oid,
        "records": records,
        "name": group.name,
        "label": group.label,
        "columns": [_describe_column(items[ref.item], ref.key) for ref in group.refs],
    }


def _describe_column(item: Item, key: int | None) -> dict[str, Any]:
    kind = DATA_TYPES.get(item.shape.datatype, "string")
    column: dict[str, Any] = {"itemOID": item.oid, "name": item.name, "label": item.label, "dataType": kind}
    if kind == "string" and item.shape.length is not None:
        column["length"] = item.shape.length
    if key is not None:
        column["keySequence"] = key
    return column


def _write_rows(path: Path, header: Mapping[str, Any], frame: pd.DataFrame, kinds: list[str]) -> None:
    """Both forms at once: the object with every row on a line of its own, and the lines."""
    start = msgspec.json.encode(header)
    with path.open("wb") as whole, path.with_suffix(".ndjson").open("wb") as lines:
        whole.write(start[:-1] + b',"rows":[')
        lines.write(start + b"\n")
        for number, rows in enumerate(_encode_rows(frame, kinds)):
            whole.write((b"\n" if number == 0 else b",\n") + b",\n".join(rows))
            lines.write(b"\n".join(rows) + b"\n")
        whole.write(b"\n]}\n")


def _encode_rows(frame: pd.DataFrame, kinds: list[str]) -> Iterator[list[bytes]]:
    """Rows as JSON arrays, some thousands at a time."""
    encode = msgspec.json.Encoder().encode
    for first in range(0, len(frame), _ROWS_PER_PART):
        part = frame.iloc[first : first + _ROWS_PER_PART]
        columns = [
            _list_values(part[str(name)], kind) for name, kind in zip(part.columns, kinds, strict=True)
        ]
        yield [encode(row) for row in zip(*columns, strict=True)]


def _list_values(values: pd.Series[Any], kind: str) -> list[Any]:
    """A column as JSON values; whole numbers of an ``integer`` without a point."""
    cells = values.to_numpy(dtype=object, na_value=None)  # type: ignore[call-overload]  # stubs without None
    found: list[Any] = cells.tolist()
    if kind == "integer":
        return [None if value is None else int(value) for value in found]
    return found
