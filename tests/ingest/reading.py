"""Small inputs for the tests of ingest: files written, read, and put into forms that are easy to compare."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.site import SiteConfig

Sites = Mapping[str, Mapping[str, Any]]


def build_catalog(sites: Sites | None = None) -> Catalog:
    """A catalog that knows hospitals and nothing else."""
    known = {
        name: SiteConfig.model_validate({"site": name, **config})
        for name, config in (sites or {"a": {}}).items()
    }
    return cast(Catalog, SimpleNamespace(sites=known))


def write_files(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write text, a list of lines, bytes, or ``{text, encoding, gzip}`` under each name."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(content))
    return folder


def encode(content: Any) -> bytes:
    if isinstance(content, dict):
        data = str(content["text"]).encode(content.get("encoding", "utf-8"))
        return gzip.compress(data, mtime=0) if content.get("gzip") else data
    if isinstance(content, list):
        content = "".join(f"{line}\n" for line in content)
    return content if isinstance(content, bytes) else str(content).encode()


@dataclass
class Read:
    """What was read, in forms that are easy to compare."""

    fhir: FhirTables
    log: IssueLog

    @property
    def sources(self) -> list[list[str]]:
        """Resource, disposition and reason of every source, in the order of ids."""
        names = self.fhir.sources["resource_type"] + "/" + self.fhir.sources["resource_id"]
        columns = (names, self.fhir.sources["disposition"], self.fhir.sources["reason"])
        return [list(cells) for cells in zip(*columns, strict=True)]

    @property
    def issues(self) -> list[list[str]]:
        """Code, path and value of every issue, in the order of the issues table."""
        frame = self.log.to_frame(self.fhir.sources)
        return frame[["code", "path", "value"]].to_numpy().tolist()

    def messages(self, code: str) -> list[str]:
        frame = self.log.to_frame(self.fhir.sources)
        return frame.loc[frame["code"] == code, "message"].tolist()

    def rows(self, table: str, *columns: str) -> list[list[Any]]:
        """Cells of a table, ``None`` where missing."""
        frame = self.fhir.tables[table][list(columns)]
        return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy(dtype=object)]

    def column(self, table: str, column: str) -> list[Any]:
        return [cells[0] for cells in self.rows(table, column)]
