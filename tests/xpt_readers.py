"""Programs other than ours that read XPT files: pyreadstat, pandas and, where R is installed, haven.

``tests/export/test_xpt_readers.py`` tells how they differ.
"""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from hbv_standards.export.ibm_float import SMALLEST


@dataclass(frozen=True)
class Reading:
    """What a reader saw: labels, and for each variable in order its type and values."""

    name: str
    label: str
    labels: dict[str, str]
    types: dict[str, str]
    values: dict[str, list[Any]]


def _read_with_pyreadstat(path: Path, encoding: str) -> Reading:
    data, metadata = pyreadstat.read_xport(str(path), encoding=encoding.upper(), output_format="dict")
    labels = [label or "" for label in metadata.column_labels]
    kinds = {"string": "Char", "double": "Num"}
    return Reading(
        metadata.table_name,
        metadata.file_label or "",
        dict(zip(metadata.column_names, labels, strict=True)),
        {name: kinds[kind] for name, kind in metadata.readstat_variable_types.items()},
        {name: list(values) for name, values in data.items()},
    )


def _read_with_pandas(path: Path, encoding: str) -> Reading:
    with pd.read_sas(path, format="xport", encoding=encoding, iterator=True) as reader:
        fields, member = reader.fields, reader.member_info
        frame = reader.read().replace(SMALLEST, 0.0)
    kinds = {"char": "Char", "numeric": "Num"}
    names = [field["name"].decode() for field in fields]
    return Reading(
        member["set_name"],
        member["label"],
        {name: field["label"].decode(encoding) for name, field in zip(names, fields, strict=True)},
        {name: kinds[field["ntype"]] for name, field in zip(names, fields, strict=True)},
        {name: frame[name].tolist() for name in frame.columns},
    )


# One line per variable, tab separated.  Text travels as hexadecimal bytes behind an "x" and numbers as C99
# hexadecimal floats, so that nothing is rounded, quoted or recoded on the way.
_HAVEN = """
hex <- function(text) {
  if (is.null(text)) return("x")
  paste0("x", paste(as.character(charToRaw(enc2utf8(text))), collapse = ""))
}
data <- haven::read_xpt(commandArgs(trailingOnly = TRUE)[1])
cat(hex(attr(data, "label")), "\\n", sep = "")
for (name in names(data)) {
  column <- data[[name]]
  values <- if (is.character(column)) vapply(column, hex, "") else sprintf("%a", as.vector(column))
  values[is.na(column)] <- "NA"
  cat(name, class(column)[1], hex(attr(column, "label")), values, sep = "\\t")
  cat("\\n")
}
"""


def _decode_cell(cell: str) -> Any:
    if cell == "NA":
        return math.nan
    return bytes.fromhex(cell[1:]).decode() if cell.startswith("x") else float.fromhex(cell)


def _read_with_haven(path: Path, encoding: str) -> Reading:
    assert encoding in ("ascii", "utf-8"), "haven::read_xpt has no argument for an encoding"
    command = ["Rscript", "--vanilla", "-e", _HAVEN, str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    first, *lines = output.splitlines()
    cells = {name: rest for name, *rest in (line.split("\t") for line in lines)}
    kinds = {"character": "Char", "numeric": "Num"}
    return Reading(
        "",  # haven does not tell the name of the dataset
        _decode_cell(first),
        {name: _decode_cell(label) for name, (_, label, *_) in cells.items()},
        {name: kinds[kind] for name, (kind, *_) in cells.items()},
        {name: [_decode_cell(cell) for cell in values] for name, (_, _, *values) in cells.items()},
    )


def _has_haven() -> bool:
    if shutil.which("Rscript") is None:
        return False
    ask = ["Rscript", "--vanilla", "-e", 'cat(nzchar(system.file(package = "haven")))']
    return subprocess.run(ask, capture_output=True, text=True, check=False, timeout=60).stdout == "TRUE"


Reader = Callable[[Path, str], Reading]
READERS: dict[str, Reader] = {"pyreadstat": _read_with_pyreadstat, "pandas": _read_with_pandas}
if _has_haven():
    READERS["haven"] = _read_with_haven
