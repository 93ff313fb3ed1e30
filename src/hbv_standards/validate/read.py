"""From files, or from frames in memory, to a :class:`~hbv_standards.validate.submission.Submission`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from hbv_standards.errors import ConfigurationError
from hbv_standards.validate.columns import Numbers, TextColumn, build_text_column
from hbv_standards.validate.define_document import DefineDocument, read_define
from hbv_standards.validate.submission import Agency, FileProblem, Submission, SubmissionDataset
from hbv_standards.validate.xpt_bytes import Variable, XptContent, read_xpt_bytes


class StatedVariable(Protocol):
    """What is said of a variable: :class:`hbv_standards.export.xpt.XptVariable` is one."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def type(self) -> Literal["Char", "Num"]: ...
    @property
    def length(self) -> int: ...


class StatedDataset(Protocol):
    """What is said of a dataset: :class:`hbv_standards.export.xpt.XptMember` is one."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def variables(self) -> Sequence[StatedVariable]: ...


def find_data_folder(folder: Path) -> Path:
    """Where the transport files are: ``folder/sdtm``, the place of an eCTD, or ``folder`` itself.

    Raises:
        ConfigurationError: there is no such folder, or it holds no transport file.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            "there is no such folder; name the one that holds the XPT files", file=str(folder)
        )
    for place in (folder / "sdtm", *sorted(folder.glob("m5/datasets/*/tabulations/sdtm")), folder):
        if place.is_dir() and _list_files(place):
            return place
    raise ConfigurationError(
        "it holds no *.xpt file; name the folder of the submission's datasets", file=str(folder)
    )


def _list_files(place: Path) -> list[Path]:
    return sorted(path for path in place.iterdir() if path.is_file() and path.suffix.lower() == ".xpt")


def read_folder(folder: Path, *, agency: Agency = "fda", define: Path | None = None) -> Submission:
    """Read all datasets of a submission folder; what cannot be read becomes a problem, not an exception.

    Args:
        folder: holds ``*.xpt``, or a folder ``sdtm`` that does.
        agency: whose rules count where they differ.
        define: the Define-XML; None takes ``define.xml`` beside the datasets when it is there.

    Raises:
        ConfigurationError: no such folder, no transport file in it, or no such Define-XML.
    """
    place = find_data_folder(folder)
    datasets: dict[str, SubmissionDataset] = {}
    problems: list[FileProblem] = []
    for path in _list_files(place):
        content = read_xpt_bytes(path)
        name = content.name or path.stem.upper()
        problems.extend(FileProblem(kind, name, f"{path.name}: {seen}") for kind, seen in content.problems)
        if not content.variables:
            continue
        if name in datasets:
            problems.append(FileProblem("twice", name, f"{datasets[name].file} and {path.name}"))
            continue
        datasets[name] = _build_dataset(name, content, path.name)
    ordered = {name: datasets[name] for name in sorted(datasets)}
    document = _read_define_beside(place, define)
    return Submission(ordered, agency, place, document, tuple(problems))


def _build_dataset(name: str, content: XptContent, file: str) -> SubmissionDataset:
    return SubmissionDataset(
        name=name,
        label=content.label,
        variables=content.variables,
        rows=content.rows,
        columns=content.columns,
        file=file,
        size=content.size,
        encoding=content.encoding,
    )


def _read_define_beside(place: Path, stated: Path | None) -> DefineDocument | None:
    if stated is not None and not stated.is_file():
        raise ConfigurationError("there is no such Define-XML file", file=str(stated))
    beside = place / "define.xml"
    path = stated or (beside if beside.is_file() else None)
    return read_define(path) if path is not None else None


def build_submission(
    datasets: Iterable[tuple[StatedDataset, pd.DataFrame]],
    *,
    agency: Agency = "fda",
    define: Path | None = None,
) -> Submission:
    """Datasets in memory, each as what is said of it and its frame; nothing is copied that need not be.

    Raises:
        ConfigurationError: no such Define-XML.
    """
    built = {stated.name: _conform_frame(stated, frame) for stated, frame in datasets}
    ordered = {name: built[name] for name in sorted(built)}
    document = None if define is None else _read_define_beside(define.parent, define)
    return Submission(ordered, agency, None, document)


def _conform_frame(stated: StatedDataset, frame: pd.DataFrame) -> SubmissionDataset:
    variables = tuple(Variable(v.name, v.label, v.type, v.length) for v in stated.variables)
    columns: Mapping[str, TextColumn | Numbers] = {
        v.name: _read_column(v, frame[v.name]) for v in variables if v.name in frame.columns
    }
    held = tuple(v for v in variables if v.name in columns)
    return SubmissionDataset(stated.name, stated.label, held, len(frame), columns, encoding="utf-8")


def _read_column(variable: Variable, values: pd.Series) -> TextColumn | Numbers:
    if variable.type == "Char":
        return build_text_column(values)
    return pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
