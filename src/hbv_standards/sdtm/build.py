"""Canonical records → SDTM datasets: one per spec, each made by the domain module of its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.ascii_text import Agency
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.cutoff import select_data
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.eligibility_table import build_eligibility
from hbv_standards.sdtm.labels import localise_labels
from hbv_standards.sdtm.qualifiers import build_supplemental
from hbv_standards.sdtm.spec import DatasetSpec, locate_specs, read_specs
from hbv_standards.sdtm.study_view import StudyView

DOMAINS = "hbv_standards.sdtm.domains"


@dataclass(frozen=True, slots=True)
class StudyBuild:
    """``datasets`` by name, and ``eligibility``: :data:`.eligibility_table.ELIGIBILITY_COLUMNS`."""

    datasets: dict[str, Dataset]
    eligibility: pd.DataFrame


def build_sdtm(
    data: CanonicalData, catalog: Catalog, log: IssueLog, *, cutoff: str | None = None, agency: Agency = "fda"
) -> dict[str, Dataset]:
    """All datasets of the study by name; see :func:`build_study`."""
    return build_study(data, catalog, log, cutoff=cutoff, agency=agency).datasets


def build_study(
    data: CanonicalData, catalog: Catalog, log: IssueLog, *, cutoff: str | None = None, agency: Agency = "fda"
) -> StudyBuild:
    """All datasets of the study, and who meets which criterion; a domain without any record is absent.

    Args:
        data: canonical records, in any order.
        catalog: mapping tables and design of the study; the specs are its own, else the package's.
        log: receives what is wrong with the data.
        cutoff: last day of the data cut (ISO 8601 date); the study file's when None.
        agency: "fda" builds ASCII, "nmpa" keeps Chinese texts and has Chinese labels; rows of the domains,
            names and order are the same. Supplemental qualifiers and comments in Chinese are in the
            latter only.

    Raises:
        ConfigurationError: a spec is wrong or has no domain module, or ``cutoff`` is no date.
    """
    specs = read_specs(locate_specs(catalog.folder))
    specs = {name: localise_labels(spec, agency, catalog) for name, spec in specs.items()}
    modules = {name: find_module(name) for name in specs}
    cutoff = check_cutoff(cutoff or catalog.study.data_cut)
    view = StudyView(select_data(data, cutoff, log), catalog, specs, log, cutoff, agency)
    view.report_homeless()
    made = {name: module.build(view) for name, module in modules.items() if hasattr(module, "build")}
    datasets = {name: dataset for name, dataset in made.items() if dataset is not None}
    related = {
        name: module.relate(view, datasets) for name, module in modules.items() if hasattr(module, "relate")
    }
    supplemental = build_supplementals(datasets, lambda spec: localise_labels(spec, agency, catalog))
    datasets |= {name: dataset for name, dataset in related.items() if dataset is not None}
    return StudyBuild(dict(sorted((datasets | supplemental).items())), build_eligibility(view, datasets))


def build_supplementals(
    datasets: Mapping[str, Dataset], localise: Callable[[DatasetSpec], DatasetSpec]
) -> dict[str, Dataset]:
    """The supplemental dataset of each dataset whose records have qualifiers."""
    made = [build_supplemental(dataset, localise) for dataset in datasets.values()]
    return {dataset.spec.name: dataset for dataset in made if dataset is not None}


def find_module(dataset: str) -> ModuleType:
    """The domain module that is named like the dataset.

    It has ``build(view) -> Dataset | None``, or ``relate(view, datasets) -> Dataset | None`` where the
    rows point at those of other datasets. Raises :class:`ConfigurationError` when there is none.
    """
    name = f"{DOMAINS}.{dataset.lower()}"
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ConfigurationError(
            f"no module makes dataset {dataset}; write sdtm/domains/{dataset.lower()}.py or remove the spec",
            file=f"specs/{dataset.lower()}.yaml",
            value=dataset,
        ) from error


def check_cutoff(cutoff: str | None) -> str | None:
    """The cut as given; raises :class:`ConfigurationError` unless it is a complete date."""
    if cutoff is None:
        return None
    try:
        date = pd.Timestamp(cutoff).strftime("%Y-%m-%d")
    except ValueError:
        date = ""
    if date != cutoff:
        raise ConfigurationError(f"data cut {cutoff!r} is no date; write it as 2025-06-30", value=cutoff)
    return cutoff
