"""One data cut as its folder has it: whole datasets, the trace beside them, manifest and issues."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hbv_standards.compare.evidence import Evidence, Sources, read_evidence, read_sources
from hbv_standards.errors import ConfigurationError
from hbv_standards.export.folder import MARK
from hbv_standards.validate.read import find_data_folder, read_folder
from hbv_standards.validate.submission import Submission, SubmissionDataset
from hbv_standards.validate.xpt_bytes import Variable

_ECTD_DEPTH = 5  # folders from tabulations/sdtm up to the one that holds the manifest
_SUPPLEMENTAL = ("SUPP", "SQ")


@dataclass(frozen=True)
class CutDataset:
    """A dataset of a cut, whole: the records of all its parts in the order of the parts.

    ``frame`` has text as objects, empty where missing, and numbers as float64; ``keys`` are the natural
    keys that define.xml gives; ``evidence`` is the trace of the records, None where the cut has none.
    """

    name: str
    label: str
    parts: tuple[str, ...]
    variables: Mapping[str, Variable]
    frame: pd.DataFrame
    keys: tuple[str, ...]
    evidence: Evidence | None


@dataclass(frozen=True)
class DataCut:
    """A folder of datasets with what lies beside them; ``issues`` is None where there is no issues.csv."""

    folder: Path
    datasets: Mapping[str, CutDataset]
    sources: Sources | None
    manifest: Mapping[str, Any]
    issues: pd.DataFrame | None


def read_cut(folder: Path) -> DataCut:
    """Read a submission folder of either layout, or a folder of XPT files.

    Raises:
        ConfigurationError: no such folder, no transport file in it, one that cannot be read whole, or a
            trace that is of other datasets.
    """
    submission = read_folder(folder)
    refuse_broken(folder, submission)
    root = find_root(folder)
    sources = read_sources(root / "trace")
    wholes = group_parts(submission)
    datasets = {name: _join_parts(name, parts, submission, root, sources) for name, parts in wholes.items()}
    return DataCut(folder, datasets, sources, _read_manifest(root), _read_issues(root))


def refuse_broken(folder: Path, submission: Submission) -> None:
    """Raise :class:`ConfigurationError` for a file of which only a part can be read: it would look removed."""
    told = next(
        (each for each in submission.problems if each.kind in ("unreadable", "cut", "members", "twice")), None
    )
    if told is not None:
        raise ConfigurationError(
            f"{told.seen}; it cannot be compared: replace the file, or take it out of the folder",
            file=str(folder),
            value=told.dataset,
        )


def find_root(folder: Path) -> Path:
    """The submission folder that has the manifest, also when the folder of its datasets is named."""
    place = find_data_folder(folder)
    above = (folder, *folder.resolve().parents[:_ECTD_DEPTH])
    marked = (each for each in above if (each / MARK).is_file())
    found = next(marked, folder)
    return found if find_data_folder(found).resolve() == place.resolve() else folder


def group_parts(submission: Submission) -> dict[str, list[SubmissionDataset]]:
    """Datasets by the one that they are parts of: LBCH and LBHE are LB, SUPPLBCH is SUPPLB (SDTMIG 4.1.7)."""
    wholes: dict[str, list[SubmissionDataset]] = {}
    for dataset in submission:
        wholes.setdefault(_name_whole(dataset), []).append(dataset)
    return {name: wholes[name] for name in sorted(wholes)}


def _name_whole(dataset: SubmissionDataset) -> str:
    if not dataset.is_supplemental:
        return dataset.domain
    parent = dataset.show("RDOMAIN", 0) if dataset.rows else ""
    names = (f"{prefix}{parent}" for prefix in _SUPPLEMENTAL if parent)
    return next((name for name in names if dataset.name.startswith(name)), dataset.name)


def _join_parts(
    name: str, parts: Sequence[SubmissionDataset], submission: Submission, root: Path, sources: Sources | None
) -> CutDataset:
    frame = pd.concat([part.frame for part in parts], ignore_index=True) if len(parts) > 1 else parts[0].frame
    starts = np.cumsum([0, *(part.rows for part in parts)])
    places = [
        (root / "trace" / f"{part.name.lower()}.parquet", int(start), part.rows)
        for part, start in zip(parts, starts[:-1], strict=True)
    ]
    return CutDataset(
        name=name,
        label=parts[0].label if len(parts) == 1 else "",
        parts=tuple(part.name for part in parts),
        variables={variable.name: variable for part in reversed(parts) for variable in part.variables},
        frame=frame,
        keys=_read_keys(parts[0].name, submission),
        evidence=read_evidence(places, sources),
    )


def _read_keys(name: str, submission: Submission) -> tuple[str, ...]:
    described = submission.define.datasets.get(name) if submission.define is not None else None
    keyed = [variable for variable in described.variables if variable.key] if described is not None else []
    return tuple(variable.name for variable in sorted(keyed, key=lambda variable: variable.key))


def _read_manifest(root: Path) -> Mapping[str, Any]:
    path = root / MARK
    if not path.is_file():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigurationError(f"is no JSON: {error}; convert again", file=str(path)) from error
    return content if isinstance(content, dict) else {}


def _read_issues(root: Path) -> pd.DataFrame | None:
    path = root / "issues.csv"
    if not path.is_file():
        return None
    try:
        issues = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except ValueError as error:
        raise ConfigurationError(f"is no CSV in UTF-8: {error}; convert again", file=str(path)) from error
    if not {"code", "count"} <= set(issues):
        raise ConfigurationError(
            "has no columns code and count; convert again, or take it away", file=str(path)
        )
    return issues
