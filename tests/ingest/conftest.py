"""Reading small inputs in the tests of ingest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.issues import IssueLog

from .reading import Read, Sites, build_catalog, write_files

Reader = Callable[..., Read]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Write files into a folder and read it."""

    def read_files(files: Mapping[str, Any], sites: Sites | None = None, **options: Any) -> Read:
        folder = write_files(tmp_path / "in", files)
        log = IssueLog()
        return Read(read_fhir([folder], build_catalog(sites), log, **options), log)

    return read_files
