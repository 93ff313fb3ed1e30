"""SDTM datasets → XPT files, each read back by an independent reader before it counts as written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from hbv_standards.export.split import Part
from hbv_standards.export.xpt import XptFile, XptMember, XptVariable, compute_char_length, write_xpt
from hbv_standards.export.xpt_witness import check_xpt
from hbv_standards.sdtm.dataset import Dataset

ENCODINGS = {"fda": "ascii", "nmpa": "utf-8"}


def build_member(dataset: Dataset, encoding: str) -> XptMember:
    """Header of a dataset's XPT: lengths are the spec's, else the longest value's (SDTMIG 4.5.3.2)."""
    variables = []
    for variable in dataset.spec.variables:
        if variable.name not in dataset.frame:
            continue
        length = 8
        if variable.type == "Char":
            length = variable.length or compute_char_length(dataset.frame[variable.name], encoding)
        variables.append(XptVariable(variable.name, variable.label, variable.type, length))
    return XptMember(dataset.spec.name, dataset.spec.label, tuple(variables))


def write_sdtm(
    folder: Path,
    parts: Mapping[str, Part],
    *,
    created: datetime,
    agency: str = "fda",
    progress: Callable[[str], None] | None = None,
) -> dict[str, XptFile]:
    """Write ``<dataset>.xpt`` for every dataset, or part of one, with the header that goes with it.

    Raises :class:`hbv_standards.errors.WitnessError` when pyreadstat reads something else than
    was meant.
    """
    encoding = ENCODINGS[agency]
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, part in sorted(parts.items()):
        if progress:
            progress(f"writing {path_name(name)}")
        path, frame = folder / path_name(name), part.dataset.frame
        files[name] = write_xpt(path, part.member, frame, created=created, encoding=encoding)
        check_xpt(path, part.member, frame, encoding=encoding)
    return files


def path_name(dataset: str) -> str:
    """File name of a dataset: its name in lower case (CG0017)."""
    return f"{dataset.lower()}.xpt"
