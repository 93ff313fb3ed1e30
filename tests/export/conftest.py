"""A small study for the writers of submission files: literal rows, real specs, everything written once."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

from hbv_standards.export.define import Define, Document, write_define
from hbv_standards.export.sdtm_files import build_member
from hbv_standards.export.xpt import XptMember, write_xpt
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec, read_specs
from hbv_standards.standards.sdtmig import read_dataset
from hbv_standards.study import read_study

MAPPINGS = Path(__file__).parents[2] / "mappings"
ROWS = Path(__file__).parents[1] / "cases" / "submission"
CREATED = datetime(2024, 2, 9, 8, 5, 3)
GUIDE = Document("LF.csdrg", "csdrg.html", "Clinical Study Data Reviewer's Guide")


@dataclass(frozen=True)
class WrittenStudy:
    """The datasets, what was written of them, and where."""

    folder: Path
    catalog: Catalog
    datasets: Mapping[str, Dataset]
    members: Mapping[str, XptMember]
    define: Define
    xml: etree._ElementTree


@pytest.fixture(scope="session")
def written_study(tmp_path_factory: pytest.TempPathFactory) -> WrittenStudy:
    """The datasets below as XPT with their define.xml, in the UTF-8 build, which holds all of them."""
    folder = tmp_path_factory.mktemp("sdtm")
    catalog = make_catalog(MAPPINGS)
    datasets = make_datasets(catalog)
    members = {name: build_member(dataset, "utf-8") for name, dataset in datasets.items()}
    for name, dataset in datasets.items():
        if len(dataset.frame):
            path = folder / f"{name.lower()}.xpt"
            write_xpt(path, members[name], dataset.frame, created=CREATED, encoding="utf-8")
    define = write_define(
        folder / "define.xml", datasets, catalog, created=CREATED, members=members, documents=[GUIDE]
    )
    return WrittenStudy(folder, catalog, datasets, members, define, etree.parse(str(folder / "define.xml")))


def make_catalog(folder: Path) -> Catalog:
    """The study's design without its mapping tables: describing data needs none of them."""
    return Catalog(
        folder=folder, study=read_study(folder), concepts={}, sites={}, treatments={}, dimensions=(),
        conversions=(), files={}, lookups={},
    )  # fmt: skip


def make_datasets(catalog: Catalog) -> dict[str, Dataset]:
    """The rows of ``tests/cases/submission``, and CM without any."""
    specs = {**read_specs(MAPPINGS / "specs"), "SUPPLB": make_supplemental_spec()}
    rows = {path.stem.upper(): read_rows(path) for path in sorted(ROWS.glob("*.csv"))}
    return {name: make_dataset(found, specs[name], catalog) for name, found in {**rows, "CM": []}.items()}


def read_rows(path: Path) -> list[dict[str, str | None]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(lines)]


def make_dataset(rows: list[dict[str, str | None]], spec: DatasetSpec, catalog: Catalog) -> Dataset:
    domain = spec.name.removeprefix("SUPP")
    fixed = {"STUDYID": catalog.study.studyid, "DOMAIN": domain, "RDOMAIN": domain}
    return Dataset.conform(pd.DataFrame([{**fixed, **row} for row in rows], dtype="object"), spec)


def make_supplemental_spec() -> DatasetSpec:
    guide = read_dataset("SUPPLB")
    variables = tuple(
        VariableSpec(
            name=v.name, label=v.label, type=v.type, role=v.role, core=v.core,
            length=8 if v.name == "QNAM" else None,
            codelist=v.codelist_code[0] if v.codelist_code else None,
            origin="Collected" if v.name == "QVAL" else "Assigned",
            origin_source="Vendor" if v.name == "QVAL" else "Sponsor", method=None, comment=None,
        )
        for v in guide.variables
    )  # fmt: skip
    return DatasetSpec(
        name="SUPPLB", label=guide.label, cls=guide.cls, structure=guide.structure, keys=guide.keys,
        standard=True, variables=variables, assigned={},
    )  # fmt: skip
