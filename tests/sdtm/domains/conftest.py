"""The trial's own tables, with the specs of the domains that a test is about."""

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

from ..cases import MAPPINGS, build_case

Run = Callable[..., tuple[dict[str, Dataset], IssueLog]]
SelectTrial = Callable[..., Catalog]


@pytest.fixture(scope="session")
def select_trial(tmp_path_factory: pytest.TempPathFactory) -> SelectTrial:
    """The trial's tables with the specs of these domains alone: a build takes time for each."""
    catalog = read_catalog(MAPPINGS)
    made: dict[tuple[str, ...], Catalog] = {}

    def select(*domains: str) -> Catalog:
        if domains not in made:
            specs = tmp_path_factory.mktemp("trial") / "specs"
            specs.mkdir()
            for name in ("methods", *domains):
                shutil.copy(MAPPINGS / "specs" / f"{name}.yaml", specs)
            made[domains] = replace(catalog, folder=specs.parent)
        return made[domains]

    return select


@pytest.fixture(scope="session")
def run(select_trial: SelectTrial) -> Run:
    """Datasets and issues of literal canonical records; ``supports`` are (source, support, role)."""

    def build(
        case: Mapping[str, Sequence[Mapping[str, Any]]],
        *domains: str,
        supports: Sequence[tuple[int, int, str]] = (),
        **options: Any,
    ) -> tuple[dict[str, Dataset], IssueLog]:
        log = IssueLog()
        names = ("source_id", "support_id", "role")
        links = build_frame("supports", [dict(zip(names, link, strict=True)) for link in supports])
        data = replace(build_case({"subjects": [{}], **case}), supports=links)
        return build_sdtm(data, select_trial(*domains), log, **options), log

    return build
