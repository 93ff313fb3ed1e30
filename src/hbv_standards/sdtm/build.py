"""Canonical records → SDTM datasets: one per spec, each made by the domain module of its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.ascii_text import Agency
from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.cutoff import select_data
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import locate_specs, read_specs
from hbv_standards.sdtm.study_view import StudyView

DOMAINS = "hbv_standards.sdtm.domains"


def build_sdtm(
    data: CanonicalData, catalog: Catalog, log: IssueLog, *, cutoff: str | None = None, agency: Agency = "fda"
) -> dict[str, Dataset]:
    """All datasets of the study by name; a domain without any record is absent.

    Args:
        data: canonical records, in any order.
        catalog: mapping tables and design of the study; the specs are its own, else the package's.
        log: receives what is wrong with the data.
        cutoff: last day of the data cut (ISO 8601 date); the study file's when None.
        agency: "fda" builds ASCII, "nmpa" keeps Chinese texts; rows and names are the same.

    Raises:
        ConfigurationError: a spec is wrong or has no domain module, or ``cutoff`` is no date.
    """
    specs = read_specs(locate_specs(catalog.folder))
    builders = {name: find_builder(name) for name in specs}
    cutoff = check_cutoff(cutoff or catalog.study.data_cut)
    view = StudyView(select_data(data, cutoff, log), catalog, specs, log, cutoff, agency)
    view.report_homeless()
    made = {name: build(view) for name, build in builders.items()}
    return {name: dataset for name, dataset in made.items() if dataset is not None}


def find_builder(dataset: str) -> Callable[[StudyView], Dataset | None]:
    """The function ``build`` of the domain module that is named like the dataset.

    Raises :class:`ConfigurationError` when there is no such module.
    """
    name = f"{DOMAINS}.{dataset.lower()}"
    try:
        builder: Callable[[StudyView], Dataset | None] = import_module(name).build
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise ConfigurationError(
            f"no module makes dataset {dataset}; write sdtm/domains/{dataset.lower()}.py or remove the spec",
            file=f"specs/{dataset.lower()}.yaml",
            value=dataset,
        ) from error
    return builder


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
