"""The trial's own tables, with the specs of the domains that these tests are about."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from hbv_standards.canonical.frame import build_frame
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset

from ..cases import DOMAINS, MAPPINGS, build_case

OWN = ("ae", "apmh", "co", "fa", "mh", "pr", "relrec")
Run = Callable[..., tuple[dict[str, Dataset], IssueLog]]


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    specs = tmp_path_factory.mktemp("trial") / "specs"
    specs.mkdir()
    for name in ("methods", *DOMAINS, *OWN):
        shutil.copy(MAPPINGS / "specs" / f"{name}.yaml", specs)
    return replace(read_catalog(MAPPINGS), folder=specs.parent)


@pytest.fixture(scope="session")
def run(trial: Catalog) -> Run:
    """Datasets and issues of literal canonical records; ``supports`` are (source, support, role)."""

    def build(
        case: Mapping[str, Sequence[Mapping[str, Any]]],
        supports: Sequence[tuple[int, int, str]] = (),
        **options: Any,
    ) -> tuple[dict[str, Dataset], IssueLog]:
        log = IssueLog()
        names = ("source_id", "support_id", "role")
        links = build_frame("supports", [dict(zip(names, link, strict=True)) for link in supports])
        return build_sdtm(replace(build_case(case), supports=links), trial, log, **options), log

    return build
