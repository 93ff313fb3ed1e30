"""What one run of ``convert`` hands to the guide, and the counts that several sections take from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from hbv_standards.export.define.build import CLASS_ORDER
from hbv_standards.export.define.model import Define
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset

FATES = ("converted", "out of scope", "superseded", "rejected")
"""What becomes of a resource that was read; together they are all of them."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check that was run: its name, what it holds the data to, and the entries that it made."""

    name: str
    scope: str
    findings: int


@dataclass(frozen=True, slots=True)
class Run:
    """Study, result and books of one run.

    ``datasets`` are all that were built, with rows or without; ``sources`` and ``outcomes`` are the
    source table and its count by hospital and type; ``checks`` are the checks that were run, ``findings``
    those of the native validation (``validation.csv``), ``planned`` the table of
    :func:`hbv_standards.export.planned.count_planned`.
    """

    catalog: Catalog
    datasets: Mapping[str, Dataset]
    issues: pd.DataFrame
    outcomes: pd.DataFrame
    sources: pd.DataFrame
    agency: str
    created: datetime
    define: Define
    checks: tuple[Check, ...]
    findings: pd.DataFrame = field(default_factory=pd.DataFrame)
    planned: pd.DataFrame = field(default_factory=pd.DataFrame)

    def frame(self, name: str) -> pd.DataFrame:
        """Rows of a dataset; an empty frame where there is none."""
        dataset = self.datasets.get(name)
        return dataset.frame if dataset is not None else pd.DataFrame()

    def column(self, name: str, variable: str) -> pd.Series:
        """A variable of a dataset; all missing where the dataset does not have it."""
        frame = self.frame(name)
        missing = pd.Series(pd.NA, index=frame.index, dtype="object")
        return frame[variable] if variable in frame.columns else missing

    def list_submitted(self) -> list[Dataset]:
        """Datasets with rows, whole, in the order of the define.xml: by class, then by name."""
        filled = [dataset for dataset in self.datasets.values() if not dataset.frame.empty]
        return sorted(filled, key=lambda d: (CLASS_ORDER.index(d.spec.cls), d.spec.name))

    def list_parts(self) -> list[str]:
        """Names of the files that hold a part of a dataset too large for one."""
        return [group.name for group in self.define.groups if group.name not in self.datasets]

    def list_sites(self) -> list[str]:
        """Hospitals that sent something, by site number; "" for what no hospital owns comes last."""
        known = self.catalog.study.sites
        numbers = {
            site: known[site].siteid if site in known else "" for site in self.outcomes["site"].unique()
        }
        return sorted(numbers, key=lambda site: (numbers[site] == "", numbers[site], site))

    def name_site(self, site: str) -> str:
        """Hospital as a title: site number and English name of the study file."""
        if site not in self.catalog.study.sites:
            return site or "Unknown hospital"
        known = self.catalog.study.sites[site]
        return f"Site {known.siteid}: {known.name}"

    def method(self, name: str) -> str | None:
        """Words of a method in use; None where no variable of this run has it."""
        return next((m.description for m in self.define.methods if m.oid == f"MT.{name}"), None)


def list_mapping_rows(datasets: Mapping[str, Dataset]) -> set[str]:
    """Rows of mapping tables that stand behind the data, as "file:line"."""
    used: set[str] = set()
    for dataset in datasets.values():
        used |= set(dataset.trace["mapping_row"].dropna().unique())
    return {row for row in used if ":" in row}
