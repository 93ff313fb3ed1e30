"""Data cuts as small literal tables, written as the folders that ``convert`` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pandas as pd

from hbv_standards.compare import CutDifference, compare_cuts
from hbv_standards.export.xpt import XptMember, XptVariable, write_xpt

CREATED = datetime(2024, 2, 9, 8, 5, 3)
Record = Mapping[str, str | float]


@dataclass(frozen=True)
class Resource:
    """One entry of sources.parquet; ``sha`` stands for the content."""

    id: str
    sha: str = "a"
    version: str = ""
    type: str = "Observation"
    disposition: str = "converted"
    reason: str = ""


@dataclass(frozen=True)
class Cut:
    """Records by dataset; ``sources`` names for each record the place of its resources in ``resources``."""

    datasets: Mapping[str, Sequence[Record]]
    resources: Sequence[Resource] = ()
    sources: Mapping[str, Sequence[Sequence[int]]] = field(default_factory=dict)
    cells: Mapping[str, Sequence[tuple[int, str, int, str]]] = field(
        default_factory=dict
    )  # row, variable, source, mapping row
    manifest: Mapping[str, object] = field(default_factory=dict)
    issues: Sequence[Mapping[str, str]] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def write_cut(folder: Path, cut: Cut) -> Path:
    """Write the cut; a variable is Num where its first value is a number, and as long as its longest text."""
    (folder / "sdtm").mkdir(parents=True)
    for name, records in cut.datasets.items():
        _write_dataset(folder / "sdtm" / f"{name.lower()}.xpt", name, records, cut.labels)
    if cut.resources:
        _write_trace(folder / "trace", cut)
    if cut.manifest:
        (folder / "manifest.json").write_text(json.dumps(cut.manifest), encoding="utf-8")
    if cut.issues is not None:
        pd.DataFrame(list(cut.issues)).to_csv(folder / "issues.csv", index=False, encoding="utf-8-sig")
    return folder


def _write_dataset(path: Path, name: str, records: Sequence[Record], labels: Mapping[str, str]) -> None:
    frame = pd.DataFrame(list(records))
    variables = []
    for variable in frame:
        number = pd.api.types.is_numeric_dtype(frame[variable])
        length = 8 if number else max(1, *frame[variable].str.len())
        variables.append(
            XptVariable(variable, labels.get(variable, variable), "Num" if number else "Char", length)
        )
    member = XptMember(name, labels.get(name, name), tuple(variables))
    frame = frame.astype({v.name: "float64" for v in variables if v.type == "Num"})
    write_xpt(path, member, frame, created=CREATED)


def _write_trace(folder: Path, cut: Cut) -> None:
    folder.mkdir()
    blank = {"file": "f.json", "position": "", "fhir_version": "R4", "last_updated": "", "full_url": ""}
    rows = [
        {"source_id": at + 100, "site": "site", "resource_type": r.type, "resource_id": r.id, "version_id": r.version,
         "sha256": r.sha * 64, "disposition": r.disposition, "reason": r.reason, **blank}
        for at, r in enumerate(cut.resources)
    ]  # fmt: skip
    pd.DataFrame(rows).to_parquet(folder / "sources.parquet")
    for name, sources in cut.sources.items():
        entries = [(row, "", at, None) for row, places in enumerate(sources) for at in places]
        table = pd.DataFrame(
            [*entries, *cut.cells.get(name, ())], columns=["row", "variable", "source_id", "mapping_row"]
        )
        table.assign(source_id=table["source_id"] + 100).to_parquet(folder / f"{name.lower()}.parquet")


def compare(folder: Path, old: Cut, new: Cut, **options: bool) -> CutDifference:
    """Write both cuts and compare them; options as of :func:`compare_cuts`."""
    paths = [
        folder / name if (folder / name).exists() else write_cut(folder / name, cut)
        for name, cut in (("old", old), ("new", new))
    ]
    return compare_cuts(*paths, **options)


def tell(found: CutDifference) -> list[str]:
    """Each change as one line: dataset, change, variable, old and new value, without what is empty."""
    columns = ["dataset", "change", "variable", "old", "new"]
    return [
        " ".join(value for value in row if value) for row in found.changes[columns].itertuples(index=False)
    ]


def count(found: CutDifference, dataset: str) -> tuple[int, ...]:
    """Added, removed, changed, renumbered."""
    row = found.datasets.set_index("dataset").loc[dataset]
    return tuple(int(row[name]) for name in ("added", "removed", "changed", "renumbered"))
