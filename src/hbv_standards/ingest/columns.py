"""Rows of a chunk → Arrow columns: plain data that a worker can hand over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from hbv_standards.ingest.resources.kinds import BOOLEANS, COLUMNS
from hbv_standards.ingest.rows import Cell, Row
from hbv_standards.mapping.site import ENROLMENT_FIELDS

PLACE: Final = ("source", "anchor", "path")
SOURCE_FIELDS: Final = (
    "position", "resource_type", "resource_id", "version_id", "last_updated", "full_url", "sha256",
    "scope",  # the Bundle that holds the resource
    "order",  # newness by place in a history Bundle
    "reason",  # issue code, when the gate rejects it or the hospital withdrew it
    "cue", "hint",  # FHIR version that the resource shows, or says of its server
    "origin",  # sites whose identifier systems it names, where the site is unknown
    "faulted", "deleted",
    "unread",  # paths of elements that nothing reads, joined by GS
)  # fmt: skip
ENROLMENT_TYPE: Final = "EnrolmentRow"  # what a row of an enrolment table is called where FHIR has no name
_TYPES: Final[dict[str, pa.DataType]] = {
    "source": pa.int64(), "order": pa.int64(), "faulted": pa.bool_(), "deleted": pa.bool_(),
    **dict.fromkeys(sorted(BOOLEANS), pa.bool_()),
}  # fmt: skip


def build_columns(rows: Sequence[Row], names: Sequence[str]) -> pa.Table:
    """Rows of a chunk as Arrow columns: text, except for the few that are numbers or booleans."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pa.table({name: _build_array(name, values) for name, values in zip(names, columns, strict=True)})


def _build_array(name: str, values: tuple[Cell, ...]) -> pa.Array:
    """Half of the columns say the same in every row of a chunk, which is told and built at once."""
    kind = _TYPES.get(name, pa.large_string())
    if values and values[0] == values[-1] and values.count(values[0]) == len(values):
        return pa.repeat(pa.scalar(values[0], kind), len(values))
    return pa.array(values, type=kind)


def build_table_columns(table: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of one table, their place included."""
    return build_columns(rows, (*PLACE, *(ENROLMENT_FIELDS if table == "enrolment" else COLUMNS[table])))
