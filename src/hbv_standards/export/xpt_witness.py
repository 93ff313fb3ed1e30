"""The independent witness: every transport file is read back by pyreadstat and compared.

pyreadstat shares no code with our writer: ReadStat's C parses the file.  What it cannot show is left to
the writer's own refusals: blanks at the end of a value and rows of blanks at the end of a file are gone
when it reads, and an empty value is the same as a missing one, because the format knows only blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyreadstat

from hbv_standards.errors import WitnessError
from hbv_standards.export.xpt_columns import read_encoding
from hbv_standards.export.xpt_header import XptMember, XptVariable

# The names that iconv knows; a stray byte above 127 is an error in US-ASCII, not a guess.
_ICONV_NAMES = {"ascii": "US-ASCII", "utf-8": "UTF-8", "gb18030": "GB18030"}
_CELLS_PER_PASS = 8_000_000  # as Python objects about half a gigabyte


def check_xpt(path: Path, member: XptMember, frame: pd.DataFrame, *, encoding: str = "ascii") -> None:
    """Read ``path`` back and compare it with what was to be written.

    Compared are the dataset's name and label, the variables' names, order, labels, types, lengths and
    absence of formats, the number of rows, and every value: text exactly (missing as empty), numbers to
    the last bit.

    Raises:
        WitnessError: the file cannot be read, or differs; the message names variable, row and both values.
    """
    encoding = read_encoding(encoding)
    _compare_header(_read(path, encoding, metadataonly=True)[1], member)
    for first, part in _iterate_parts(frame, max(1, _CELLS_PER_PASS // len(member.variables))):
        # One row more than expected shows rows that should not be there at the end of the file.
        ends = first + len(part) == len(frame)
        read, _ = _read(path, encoding, row_offset=first, row_limit=len(part) + ends)
        for variable in member.variables:
            _compare_values(member, variable, part[variable.name], read[variable.name], first)


def _read(path: Path, encoding: str, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    try:
        data, metadata = pyreadstat.read_xport(
            str(path), encoding=_ICONV_NAMES[encoding], output_format="dict", **options
        )
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise WitnessError(f"{path.name}: pyreadstat cannot read it as {encoding}: {error}") from error
    return data, metadata


def _compare_header(metadata: Any, member: XptMember) -> None:
    names = [variable.name for variable in member.variables]
    _compare(f"{member.name}: dataset name", member.name, metadata.table_name)
    _compare(f"{member.name}: dataset label", member.label, metadata.file_label or "")
    _compare(f"{member.name}: variables", names, metadata.column_names)
    for variable, label in zip(member.variables, metadata.column_labels, strict=True):
        place = f"{member.name}.{variable.name}"
        kind = "string" if variable.type == "Char" else "double"
        _compare(f"{place}: label", variable.label, label or "")
        _compare(f"{place}: type", kind, metadata.readstat_variable_types[variable.name])
        _compare(f"{place}: length", variable.length, metadata.variable_storage_width[variable.name])
        _compare(f"{place}: format", None, metadata.original_variable_types[variable.name])


def _compare(what: str, meant: object, read: object) -> None:
    if meant != read:
        raise WitnessError(f"{what}: {meant!r} was to be written, {read!r} was read back")


def _iterate_parts(frame: pd.DataFrame, rows: int) -> Iterator[tuple[int, pd.DataFrame]]:
    for first in range(0, len(frame), rows):
        yield first, frame.iloc[first : first + rows]


def _compare_values(
    member: XptMember, variable: XptVariable, meant: pd.Series[Any], read: list[Any], first: int
) -> None:
    _compare(f"{member.name}: rows from row {first + 1} on", len(meant), len(read))
    written: npt.NDArray[Any]
    found: npt.NDArray[Any]
    if variable.type == "Char":
        written = meant.to_numpy(dtype=object, na_value="")
        found = np.array(read, dtype=object)
        differs = written != found
    else:
        written = meant.to_numpy(dtype=np.float64, na_value=np.nan)
        found = np.array(read, dtype=np.float64)  # pyreadstat's None becomes NaN
        differs = (written != found) & ~(np.isnan(written) & np.isnan(found))
    at = np.flatnonzero(differs)[:1]
    for row, meant_value, read_value in zip(at, written[at].tolist(), found[at].tolist(), strict=True):
        _compare(f"{member.name}.{variable.name} row {first + row + 1}", meant_value, read_value)
