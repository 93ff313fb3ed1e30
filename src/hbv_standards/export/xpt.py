"""SAS transport files, version 5 (XPT): the carrier that FDA asks for and NMPA accepts.

The layout is that of SAS technical note TS-140: records of 80 bytes, a header
(:mod:`~hbv_standards.export.xpt_header`), then the observations packed without gaps, numbers as IBM doubles
and text padded with blanks.  The file holds neither its number of observations nor its text encoding.

The bytes depend on the arguments alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.errors import ExportError
from hbv_standards.export.ibm_float import convert_double_to_ibm
from hbv_standards.export.xpt_columns import (
    EncodedText,
    convert_numbers,
    encode_text,
    read_encoding,
    refuse_unwritable_text,
)
from hbv_standards.export.xpt_header import (
    RECORD_BYTES,
    XptMember,
    XptVariable,
    build_header,
    refuse_wrong_member,
)

__all__ = ["XptFile", "XptMember", "XptVariable", "compute_char_length", "write_xpt"]

_BLANK = 0x20


@dataclass(frozen=True, slots=True)
class XptFile:
    """A written transport file: dataset name, rows, size in bytes, SHA-256 in hexadecimal."""

    name: str
    rows: int
    bytes: int
    sha256: str


Column: TypeAlias = EncodedText | npt.NDArray[np.float64]


def write_xpt(
    path: Path,
    member: XptMember,
    frame: pd.DataFrame,
    *,
    created: datetime,
    encoding: str = "ascii",
    rows_per_chunk: int = 16_384,
) -> XptFile:
    """Write ``frame`` as the transport file ``path``, whole or not at all.

    Args:
        path: the file, named like the dataset in lower case (``lb.xpt``).
        member: names, labels, types and lengths; its variables are the frame's columns in their order.
        frame: Char variables as ``str`` or object columns, missing values (None, NaN) written as blanks;
            Num variables as float64 or object columns of Decimal, missing values written as ``.``.
        created: both timestamps of the file, the clock time as it stands (the format has no time zone).
        encoding: ``ascii`` (printable characters only), ``utf-8`` or ``gb18030``; every length is in bytes
            of it.
        rows_per_chunk: observations held in memory as bytes at a time.

    Raises:
        ExportError: the member breaks a rule of the format, the frame is empty (SDTMIG 3.2: no empty
            datasets) or does not match the member, or a value could not be read back as it is.
    """
    if rows_per_chunk < 1:
        raise ExportError(f"rows_per_chunk is {rows_per_chunk}; at least one row is written at a time")
    encoding = read_encoding(encoding)
    refuse_wrong_member(member)
    if path.name != f"{member.name.lower()}.xpt":
        raise ExportError(f"{path.name} must be named after its dataset: {member.name.lower()}.xpt (CG0017)")
    _refuse_wrong_frame(member, frame)
    header = build_header(member, created, encoding)
    columns = [_encode_column(member, each, frame[each.name], encoding) for each in member.variables]
    digest = hashlib.sha256()
    size = 0
    with _replace_file(path) as file:
        for part in chain([header], _build_observations(member, columns, len(frame), rows_per_chunk)):
            file.write(part)
            digest.update(part)
            size += len(part)
    return XptFile(member.name, len(frame), size, digest.hexdigest())


def compute_char_length(
    values: pd.Series[Any] | npt.NDArray[Any] | Sequence[str | None], encoding: str
) -> int:
    """Return the bytes of the longest text in ``encoding``, at least 1: the length to declare (SDTMIG 4.2.9).

    Raises:
        ExportError: a value is not text or has a character that ``encoding`` cannot carry.
    """
    column = values if isinstance(values, pd.Series) else pd.Series(np.asarray(values, dtype=object))
    lengths = encode_text(column, read_encoding(encoding), str(column.name or "values")).lengths
    return max(1, int(lengths.max(initial=0)))


def _refuse_wrong_frame(member: XptMember, frame: pd.DataFrame) -> None:
    if len(frame) == 0:
        raise ExportError(f"{member.name}: empty dataset: do not submit, do not describe it (SDTMIG 3.2)")
    expected = [variable.name for variable in member.variables]
    found = [str(name) for name in frame.columns]
    if found == expected:
        return
    missing = [name for name in expected if name not in found]
    surplus = [name for name in found if name not in expected]
    if missing or surplus:
        problem = f"the frame lacks {missing} and has {surplus} beyond the specification"
    else:
        problem = f"the frame's columns are {found}, the specification says {expected}"
    raise ExportError(f"{member.name}: {problem}; conform the frame to the specification")


def _encode_column(member: XptMember, variable: XptVariable, values: pd.Series[Any], encoding: str) -> Column:
    place = f"{member.name}.{variable.name}"
    if variable.type == "Num":
        return convert_numbers(values, place)
    encoded = encode_text(values, encoding, place)
    refuse_unwritable_text(encoded, values, length=variable.length, encoding=encoding, place=place)
    return encoded


def _build_observations(
    member: XptMember, columns: list[Column], rows: int, rows_per_chunk: int
) -> Iterator[bytes]:
    for first in range(0, rows, rows_per_chunk):
        block = _build_block(member, columns, first, min(first + rows_per_chunk, rows))
        if first + len(block) == rows:
            _refuse_blank_end(member, block[-1], rows)
        yield block.tobytes()
    yield b" " * (-rows * sum(variable.length for variable in member.variables) % RECORD_BYTES)


def _build_block(member: XptMember, columns: list[Column], first: int, last: int) -> npt.NDArray[np.uint8]:
    """Build the bytes of observations ``first`` up to ``last``: shape (last - first, observation bytes)."""
    ends = np.cumsum([variable.length for variable in member.variables])
    block = np.full((last - first, ends[-1]), _BLANK, dtype=np.uint8)
    for variable, end, column in zip(member.variables, ends, columns, strict=True):
        field = block[:, end - variable.length : end]
        if isinstance(column, EncodedText):
            column.write_into(field, first)
        else:
            field[:] = convert_double_to_ibm(column[first:last])
    return block


def _refuse_blank_end(member: XptMember, observation: npt.NDArray[np.uint8], row: int) -> None:
    # Where observations are under 80 bytes it cannot be told from padding, and readers built on ReadStat drop
    # it at any length.  A missing number is not blank, yet one number is: eight 0x20 are about 3.7E-40.
    if (observation == _BLANK).all():
        raise ExportError(
            f"{member.name} row {row}: the last observation is all blank and would be read as padding; "
            "remove it or fill its keys"
        )


@contextmanager
def _replace_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file beside ``path`` that takes its place at the end, so that no reader meets half a file."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
