"""The header of a transport file: what is said of the dataset and its variables before the observations.

Layout of SAS technical note TS-140: library, member and descriptor records of 80 bytes, then one 140-byte
NAMESTR per variable.  Both pairs of timestamps are the one moment that is passed in, never the clock.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hbv_standards.errors import ExportError
from hbv_standards.export.xpt_columns import encode_value

RECORD_BYTES = 80
NUM_BYTES = 8
MAX_CHAR_BYTES = 200
MAX_LABEL_BYTES = 40
MAX_VARIABLES = 9999  # the NAMESTR header counts them in four digits

_SAS_VERSION = "9.4"
_SYSTEM = "hbv_std"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Type, hash, length, number; name, label; format with length, decimals, justification, fill; informat with
# length and decimals; position in the observation; unused rest.
_NAMESTR = struct.Struct(">4h8s40s8s3h2s8s2hi52s")
NAMESTR_BYTES = _NAMESTR.size
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
_DATASET_NAME = re.compile(r"[A-Z][A-Z0-9]{0,7}")  # without "_": NMPA allows letters and digits only


@dataclass(frozen=True, slots=True)
class XptVariable:
    """A variable of a transport file: its name, its label, and its type and length in bytes."""

    name: str
    label: str
    type: Literal["Char", "Num"]
    length: int


@dataclass(frozen=True, slots=True)
class XptMember:
    """The one dataset of a transport file, its variables in file order."""

    name: str
    label: str
    variables: tuple[XptVariable, ...]


def refuse_wrong_member(member: XptMember) -> None:
    """Raise ExportError when a name, type or length breaks a rule of the format (labels: when encoded)."""
    if not _DATASET_NAME.fullmatch(member.name):
        raise ExportError(f"dataset name {member.name!r} is not 1 to 8 of A-Z 0-9, starting with a letter")
    if not 1 <= len(member.variables) <= MAX_VARIABLES:
        count = len(member.variables)
        raise ExportError(f"{member.name}: {count} variables; a file holds 1 to {MAX_VARIABLES}")
    for variable in member.variables:
        _refuse_wrong_variable(member, variable)
    names = [variable.name for variable in member.variables]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise ExportError(f"{member.name}: variable {repeated[0]} is listed more than once; keep one")


def _refuse_wrong_variable(member: XptMember, variable: XptVariable) -> None:
    place = f"{member.name}.{variable.name}"
    if not _VARIABLE_NAME.fullmatch(variable.name):
        raise ExportError(f"{place}: a variable name is 1 to 8 of A-Z 0-9 _, starting with a letter (CG0310)")
    if variable.type not in ("Char", "Num"):
        raise ExportError(f"{place}: type {variable.type!r} is neither Char nor Num")
    if variable.type == "Num" and variable.length != NUM_BYTES:
        raise ExportError(f"{place}: a Num variable is {NUM_BYTES} bytes long, not {variable.length}")
    if not 1 <= variable.length <= MAX_CHAR_BYTES:
        raise ExportError(
            f"{place}: length {variable.length} is not 1 to {MAX_CHAR_BYTES} bytes; "
            "carry longer text in supplemental qualifiers (SDTMIG 4.5.3.2)"
        )


def build_header(member: XptMember, created: datetime, encoding: str) -> bytes:
    """Build every record before the observations; raise ExportError for a label that does not fit."""
    stamp = _build_timestamp(created)
    label = _encode_label(member.label, encoding, member.name)
    origin = f"{_SAS_VERSION:<8}{_SYSTEM:<8}{'':24}{stamp}"
    records = (
        _build_record("LIBRARY"),
        f"{'SAS':<8}{'SAS':<8}{'SASLIB':<8}{origin}".encode("ascii"),
        stamp.encode("ascii"),
        _build_record("MEMBER", f"{1600000000140:030d}"),
        _build_record("DSCRPTR"),
        f"{'SAS':<8}{member.name:<8}{'SASDATA':<8}{origin}".encode("ascii"),
        f"{stamp}{'':16}".encode("ascii") + label,
        _build_record("NAMESTR", f"{len(member.variables):010d}{0:020d}"),
        _build_namestrs(member, encoding),
        _build_record("OBS"),
    )
    return b"".join(pad_record(record) for record in records)


def _build_record(name: str, numbers: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{name:<8}HEADER RECORD!!!!!!!{numbers}".encode("ascii")


def _build_timestamp(moment: datetime) -> str:
    # Not strftime("%b"): month names must not follow the locale.
    return f"{moment.day:02d}{_MONTHS[moment.month - 1]}{moment:%y:%H:%M:%S}"


def _build_namestrs(member: XptMember, encoding: str) -> bytes:
    namestrs = []
    position = 0
    for number, variable in enumerate(member.variables, start=1):
        kind = 1 if variable.type == "Num" else 2
        name = variable.name.encode("ascii").ljust(8)
        label = _encode_label(variable.label, encoding, f"{member.name}.{variable.name}")
        fixed = (kind, 0, variable.length, number, name, label)
        no_format = (b" " * 8, 0, 0, 0, b"", b" " * 8, 0, 0)
        namestrs.append(_NAMESTR.pack(*fixed, *no_format, position, b""))
        position += variable.length
    return b"".join(namestrs)


def pad_record(data: bytes) -> bytes:
    """Fill up with blanks to whole records."""
    return data + b" " * (-len(data) % RECORD_BYTES)


def _encode_label(label: str, encoding: str, place: str) -> bytes:
    try:
        encoded = encode_value(label, encoding)
    except UnicodeEncodeError as error:
        problem = f"holds {label[error.start]!r}, which {encoding} cannot carry"
        raise ExportError(f"{place}: label {label!r} {problem}; reword it in the specification") from error
    if len(encoded) > MAX_LABEL_BYTES:
        raise ExportError(
            f"{place}: label {label!r} is {len(encoded)} bytes in {encoding}, "
            f"the limit is {MAX_LABEL_BYTES}; shorten it in the specification"
        )
    if label != label.strip(" ") or any(unicodedata.category(character) == "Cc" for character in label):
        raise ExportError(f"{place}: label {label!r} has an outer blank or a control character; remove it")
    return encoded.ljust(MAX_LABEL_BYTES)
