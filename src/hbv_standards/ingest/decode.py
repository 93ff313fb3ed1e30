"""Chunks of raw entries → columns: the unit of work, in this process or another.

:func:`decode_chunk` is pure: the same chunk gives the same columns wherever it is decoded.
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

from hbv_standards.ingest.columns import SOURCE_FIELDS, build_columns, build_table_columns
from hbv_standards.ingest.gate import Gate, GateConfig
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.issues import IssueRow

__all__ = ["Chunk", "DecodedChunk", "GateConfig", "decode_chunk"]


class Chunk(NamedTuple):
    """Entries of one file, in order. ``site`` is empty while nobody knows whose they are."""

    file: int
    site: str
    entries: list[RawEntry]


class DecodedChunk(NamedTuple):
    """Columns of a chunk. ``source`` cells and issues count entries of the chunk from 0."""

    file: int
    sources: pa.Table  # columns SOURCE_FIELDS
    tables: dict[str, pa.Table]
    issues: list[IssueRow]


def decode_chunk(chunk: Chunk, config: GateConfig) -> DecodedChunk:
    """Decode the entries of a chunk. Nothing raises on data; every entry becomes a source."""
    gate = Gate(chunk.site, config)
    sources = [gate.read_entry(entry, number) for number, entry in enumerate(chunk.entries)]
    tables = {name: build_table_columns(name, rows) for name, rows in gate.rows.items() if rows}
    return DecodedChunk(chunk.file, build_columns(sources, SOURCE_FIELDS), tables, gate.issues)
