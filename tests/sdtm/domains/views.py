"""One domain alone: literal canonical records in, the dataset and what was reported out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Any

from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.sdtm.cutoff import select_data
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, read_specs
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.study import StudyConfig

from ..cases import MAPPINGS, build_case, read_rows

Case = Mapping[str, Sequence[Mapping[str, Any]]]
Rows = list[dict[str, Any]]
_BUILT: dict[str, tuple[Dataset | None, IssueLog]] = {}


@cache
def read_trial() -> tuple[Catalog, dict[str, DatasetSpec]]:
    return read_catalog(MAPPINGS), read_specs(MAPPINGS / "specs")


def build_view(
    case: Case, *, cutoff: str | None = None, agency: Any = "fda", study: StudyConfig | None = None
) -> StudyView:
    """The trial's own tables and specs with the records of the case."""
    catalog, specs = read_trial()
    log = IssueLog()
    catalog = replace(catalog, study=study or catalog.study)
    return StudyView(select_data(build_case(case), cutoff, log), catalog, specs, log, cutoff, agency)


def run_domain(name: str, case: Case, **options: Any) -> tuple[Dataset | None, IssueLog]:
    """The dataset of one domain module; the same case is built once."""
    key = f"{name} {dict(case)} {options}"
    if key not in _BUILT:
        view = build_view(case, **options)
        made = import_module(f"hbv_standards.sdtm.domains.{name.lower()}").build(view)
        _BUILT[key] = made, view.log
    return _BUILT[key]


def join_subjects(cases: Sequence[Case]) -> dict[str, list[dict[str, Any]]]:
    """Cases of one subject each as subjects 00000, 00001 ... of one delivery, which is built in one go."""
    return {
        kind: [
            {**record, "subject_id": f"{n:05}"}
            for n, case in enumerate(cases)
            for record in case.get(kind, [{}] if kind == "subjects" else [])
        ]
        for kind in ("subjects", "visits", "findings", "interventions", "events")
    }


def list_rows(name: str, case: Case, columns: Sequence[str], **options: Any) -> Rows:
    """Rows of one domain as plain values."""
    return read_rows(run_domain(name, case, **options)[0], columns)


def list_issues(log: IssueLog, dataset: str) -> list[tuple[str, str]]:
    """Code and variable of what was reported of a dataset, sorted."""
    return sorted((row.code, row.variable) for row in log.rows if row.dataset == dataset)


def list_sources(dataset: Dataset) -> list[tuple[int, str, int]]:
    """Row, variable and source of the trace."""
    return list(dataset.trace[["row", "variable", "source_id"]].itertuples(index=False, name=None))
