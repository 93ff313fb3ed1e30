"""Transport files as they are: every byte of an XPT v5 file read, whatever is wrong with it.

This reader shares no code with the writer and refuses nothing that it can still read: problems are told
beside what was read.  Layout of SAS technical note TS-140: records of 80 bytes; library, member, NAMESTR
(one entry of 140 bytes a variable) and observation headers; observations packed without gaps.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from hbv_standards.validate.columns import Numbers, TextColumn
from hbv_standards.validate.xpt_values import ColumnReader, choose_encoding, decode_text

RECORD = 80
_HEADER = b"HEADER RECORD*******"
_LIBRARY = _HEADER + b"LIBRARY HEADER RECORD!!!!!!!"
_MEMBER = _HEADER + b"MEMBER  HEADER RECORD!!!!!!!"
_NAMESTRS = _HEADER + b"NAMESTR HEADER RECORD!!!!!!!"
_OBSERVATIONS = _HEADER + b"OBS     HEADER RECORD!!!!!!!"
_VERSION_8 = _HEADER + b"LIBV8   HEADER RECORD!!!!!!!"
# Type, hash, length, number; name, label; format with length, decimals, justification, fill; informat with
# length and decimals; position in the observation.
_NAMESTR = struct.Struct(">4h8s40s8s3h2s8s2hi")
_NAMESTR_SIZES = (140, 136)
_CHUNK = 64 * 2**20  # bytes of observations looked at in one pass

Problem = Literal["unreadable", "cut", "members", "position"]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable as the file or the specification states it; ``length`` in bytes."""

    name: str
    label: str
    type: Literal["Char", "Num"]
    length: int


@dataclass(slots=True)
class XptContent:
    """What could be read of one file; ``problems`` pairs a kind with what was seen."""

    name: str = ""
    label: str = ""
    variables: tuple[Variable, ...] = ()
    rows: int = 0
    columns: dict[str, TextColumn | Numbers] = field(default_factory=dict)
    encoding: str | None = "ascii"
    size: int = 0
    problems: list[tuple[Problem, str]] = field(default_factory=list)


class _Field(NamedTuple):
    name: bytes
    label: bytes
    numeric: bool
    length: int
    position: int


class _Layout(NamedTuple):
    name: bytes
    label: bytes
    fields: tuple[_Field, ...]
    start: int  # of the observations


class _BrokenHeaderError(Exception):
    """The header cannot be followed; the text says where."""


def read_xpt_bytes(path: Path) -> XptContent:
    """Read a transport file; what is wrong with it is listed in ``problems`` and never raised.

    Of a file with several datasets the first is read.  The number of rows is not in the file: blank rows
    in the last 80 bytes count as padding.
    """
    content = XptContent()
    try:
        content.size = path.stat().st_size
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # ValueError: an empty file cannot be mapped
        content.problems.append(("unreadable", f"the file cannot be opened: {error}"))
        return content
    try:
        layout = _read_layout(data)
    except _BrokenHeaderError as error:
        content.problems.append(("unreadable", str(error)))
        return content
    _read_observations(content, data, layout)
    return content


def _read_layout(data: mmap.mmap) -> _Layout:
    if data[:48] == _VERSION_8:
        raise _BrokenHeaderError("this is version 8 of the transport format; only version 5 is accepted")
    if data[:48] != _LIBRARY:
        raise _BrokenHeaderError("the first record is not the library header of a transport file")
    member = _find_record(data, _MEMBER, RECORD)
    size = _read_count(data[member + 74 : member + 78], "the size of a variable's entry")
    if size not in _NAMESTR_SIZES:
        raise _BrokenHeaderError(f"a variable's entry is said to have {size} bytes, it must be 140")
    described = member + 2 * RECORD
    namestrs = _find_record(data, _NAMESTRS, described)
    count = _read_count(data[namestrs + 54 : namestrs + 58], "the number of variables")
    start = namestrs + RECORD
    last = start + -(-count * size // RECORD) * RECORD
    if data[last : last + 48] != _OBSERVATIONS or last + RECORD > len(data):
        raise _BrokenHeaderError("the observations' header does not follow the variables")
    fields = tuple(_read_field(data, start + number * size) for number in range(count))
    if not fields:
        raise _BrokenHeaderError("the file describes no variable")
    return _Layout(data[described + 8 : described + 16], _read_label(data, described), fields, last + RECORD)


def _find_record(data: mmap.mmap, header: bytes, start: int) -> int:
    place = data.find(header, start, start + 10 * RECORD)
    if place < 0:
        name = header[20:28].decode("ascii").strip()
        raise _BrokenHeaderError(f"the {name} header is missing")
    return place


def _read_count(digits: bytes, what: str) -> int:
    if not re.fullmatch(rb" *[0-9]+ *", digits):
        raise _BrokenHeaderError(f"{what} cannot be read")
    return int(digits)


def _read_label(data: mmap.mmap, described: int) -> bytes:
    return data[described + RECORD + 32 : described + RECORD + 72]


def _read_field(data: mmap.mmap, start: int) -> _Field:
    kind, _, length, _, name, label, *_, position = _NAMESTR.unpack_from(data, start)
    if kind not in (1, 2) or length < 1 or (kind == 1 and not 2 <= length <= 8):
        shown = decode_text(name, None)
        raise _BrokenHeaderError(f"variable {shown!r} has the impossible type {kind} or length {length}")
    return _Field(name, label, kind == 1, length, position)


def _place_fields(content: XptContent, fields: tuple[_Field, ...]) -> list[int]:
    """Where each variable starts in an observation; packed in file order unless all positions are sound."""
    ends = np.cumsum([each.length for each in fields])
    packed = [int(end) - each.length for end, each in zip(ends, fields, strict=True)]
    if [each.position for each in fields] != packed:
        seen = "the stated positions of the variables do not follow from their lengths"
        content.problems.append(("position", seen))
    return packed


def _read_observations(content: XptContent, data: mmap.mmap, layout: _Layout) -> None:
    positions = _place_fields(content, layout.fields)
    width = sum(each.length for each in layout.fields)
    end = _find_end(content, data, layout.start)
    stored = np.frombuffer(data, dtype=np.uint8, count=end - layout.start, offset=layout.start)
    content.rows = _count_rows(content, stored, width)
    block = stored[: content.rows * width].reshape(content.rows, width)
    readers = [ColumnReader(each.numeric, content.rows) for each in layout.fields]
    step = max(1, _CHUNK // width)
    for first in range(0, content.rows, step):
        part = block[first : first + step]
        for reader, each, place in zip(readers, layout.fields, positions, strict=True):
            reader.read(part[:, place : place + each.length], first)
    _name_columns(content, layout, readers)


def _find_end(content: XptContent, data: mmap.mmap, start: int) -> int:
    """Where the first dataset of the file ends."""
    place = data.find(_MEMBER, start)
    while place >= 0 and (place - start) % RECORD:
        place = data.find(_MEMBER, place + 1)
    if place < 0:
        return len(data)
    content.problems.append(("members", "the file holds more than one dataset; only the first was read"))
    return place


def _count_rows(content: XptContent, stored: npt.NDArray[np.uint8], width: int) -> int:
    rows, rest = divmod(len(stored), width)
    tail = stored[rows * width :]
    if len(stored) % RECORD or rest >= RECORD or (tail != 0x20).any():
        seen = f"after {rows} whole records of {width} bytes there are {rest} more that are no padding"
        content.problems.append(("cut", seen))
        return rows
    padding = RECORD - 1 - rest  # rows that are blank within the last 79 bytes are padding, too
    while rows and padding >= width and (stored[(rows - 1) * width : rows * width] == 0x20).all():
        rows, padding = rows - 1, padding - width
    return rows


def _name_columns(content: XptContent, layout: _Layout, readers: list[ColumnReader]) -> None:
    """Decode names, labels and texts; a name that comes twice keeps its first column."""
    described = [layout.label, *(each.label for each in layout.fields)]
    content.encoding = choose_encoding([*described, *(raw for each in readers for raw in each.raw)])
    content.name = decode_text(layout.name, content.encoding)
    content.label = decode_text(layout.label, content.encoding)
    variables = []
    for each, reader in zip(layout.fields, readers, strict=True):
        name = decode_text(each.name, content.encoding)
        label = decode_text(each.label, content.encoding)
        variables.append(Variable(name, label, "Num" if each.numeric else "Char", each.length))
        content.columns.setdefault(name, reader.build(content.encoding))
    content.variables = tuple(variables)
