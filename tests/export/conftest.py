"""A small study for the writers of submission files: literal rows, real specs, everything written once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

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
        folder=folder, study=read_study(folder), concepts={}, sites={}, treatments={}, dimensions=(), conversions=(),
        files={}, lookups={},
    )  # fmt: skip


def make_datasets(catalog: Catalog) -> dict[str, Dataset]:
    specs = {**read_specs(MAPPINGS / "specs"), "SUPPLB": make_supplemental_spec()}
    rows = {
        "DM": SUBJECTS, "LB": LABORATORY, "MB": MICROBIOLOGY, "IS": ANTIBODIES, "GI": IMAGING, "SUPPLB": SUPPLEMENT,
        "TE": ELEMENTS, "CM": [],
    }  # fmt: skip
    return {name: make_dataset(found, specs[name], catalog) for name, found in rows.items()}


def make_dataset(rows: list[dict[str, Any]], spec: DatasetSpec, catalog: Catalog) -> Dataset:
    domain = spec.name.removeprefix("SUPP")
    fixed = {"STUDYID": catalog.study.studyid, "DOMAIN": domain, "RDOMAIN": domain}
    return Dataset.conform(pd.DataFrame([{**fixed, **row} for row in rows], dtype="object"), spec)


def make_supplemental_spec() -> DatasetSpec:
    guide = read_dataset("SUPPLB")
    variables = tuple(
        VariableSpec(
            name=v.name, label=v.label, type=v.type, role=v.role, core=v.core, length=8 if v.name == "QNAM" else None,
            codelist=v.codelist_code[0] if v.codelist_code else None,
            origin="Collected" if v.name == "QVAL" else "Assigned",
            origin_source="Vendor" if v.name == "QVAL" else "Sponsor", method=None, comment=None,
        )
        for v in guide.variables
    )  # fmt: skip
    return DatasetSpec(
        name="SUPPLB", label=guide.label, cls=guide.cls, structure=guide.structure, keys=guide.keys, standard=True,
        variables=variables, assigned={},
    )  # fmt: skip


def _rows(columns: str, *cells: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [dict(zip(columns.split(), row, strict=True)) for row in cells]


SUBJECTS = _rows(
    "USUBJID SUBJID SITEID AGE AGEU SEX RACE ARMCD ARM ACTARMCD ACTARM COUNTRY RFSTDTC RFICDTC DTHFL",
    ("S-1", "1", "01", 45, "YEARS", "M", "ASIAN", "PEGIFN", "SWITCH TO PEGINTERFERON ALFA-2A 48 WEEKS", "PEGIFN",
     "SWITCH TO PEGINTERFERON ALFA-2A 48 WEEKS", "CHN", "2023-03-05", "2023-02-20", None),
    ("S-2", "2", "02", 101, "YEARS", "F", "ASIAN", None, None, None, None, "CHN", None, "2023-02", "Y"),
)  # fmt: skip

LABORATORY = _rows(
    "USUBJID LBTESTCD LBTEST LBCAT LBSPEC LBORRES LBORRESU LBSTRESC LBSTRESN LBSTRESU LBLOINC LBNRIND VISITNUM VISIT"
    " LBDTC LBNAM LBLOBXFL",
    ("S-1", "ALT", "Alanine Aminotransferase", "CHEMISTRY", "SERUM", "35.20", "U/L", "35.2", 35.2, "U/L", "1742-6",
     "NORMAL", 1, "SCREENING", "2023-02-20T08:30+08:00", "中心实验室", "Y"),
    ("S-1", "ALT", "Alanine Aminotransferase", "CHEMISTRY", "SERUM", "<5", "IU/L", "<5", None, "U/L", "1742-6", None,
     2, "BASELINE", "2023-03", None, None),
    ("S-1", "ALT", "Alanine Aminotransferase", "CHEMISTRY", None, "120", "U/L", "120", 120, "U/L", "1742-6", "HIGH",
     3.1, "UNSCHEDULED 3.1", "2023-06-01", None, None),
    ("S-1", "GLUC", "Glucose", "CHEMISTRY", "SERUM", "5.6", "mmol/L", "5.6", 5.6, "mmol/L", None, None, 1, "SCREENING",
     "2023-02-20", None, None),
    ("S-1", "GLUC", "Glucose", "CHEMISTRY", "PLASMA", "5.75", "mmol/L", "5.75", 5.75, "mmol/L", None, None, 2,
     "BASELINE", "2023-03-05", None, None),
    ("S-1", "GLUC", "Glucose", "URINALYSIS", "URINE", "NEGATIVE", None, "NEGATIVE", None, None, None, None, 1,
     "SCREENING", "2023-02-20", None, None),
    ("S-2", "GLUC", "Glucose", "URINALYSIS", None, None, None, None, None, None, None, None, 1, "SCREENING", None, None,
     None),
    ("S-2", "MYTEST", "Test of the Sponsor", "CHEMISTRY", "SERUM", "1", "my/unit", "1", 1, "my/unit", None, None, 1,
     "SCREENING", "2023-02-20", None, None),
)  # fmt: skip

MICROBIOLOGY = _rows(
    "USUBJID MBTESTCD MBTEST MBTSTDTL MBSPEC MBORRES MBORRESU MBSTRESC MBSTRESN MBSTRESU MBDTC",
    ("S-1", "HBSAG", "Hepatitis B Virus Surface Antigen", "DETECTION", "SERUM", "阳性", None, "POSITIVE", None, None,
     "2023-02-20"),
    ("S-2", "HBSAG", "Hepatitis B Virus Surface Antigen", "DETECTION", "SERUM", "NEG", None, "NEGATIVE", None, None,
     "2023-02-20"),
    ("S-1", "HBSAG", "Hepatitis B Virus Surface Antigen", "QUANTIFICATION", "SERUM", "1250.50", "IU/mL", "1250.5",
     1250.5, "IU/mL", "2023-02-20"),
    ("S-1", "HBVDNA", "Hepatitis B Virus DNA", "VIRAL LOAD", "PLASMA", "<20", "IU/mL", "<20", None, "IU/mL",
     "2023-02-20"),
    ("S-2", "HBVDNA", "Hepatitis B Virus DNA", None, "PLASMA", "TND", None, "NOT DETECTED", None, None, "2023-02-20"),
)  # fmt: skip

ANTIBODIES = _rows(
    "USUBJID ISTESTCD ISTEST ISBDAGNT ISTSTOPO ISSPEC ISORRES ISORRESU ISSTRESC ISSTRESN ISSTRESU ISDTC",
    ("S-1", "MBAB", "Microbial-induced Antibody", "HEPATITIS B VIRUS SURFACE ANTIGEN", "QUANTIFY", "SERUM", "12",
     "IU/L", "12", 12, "IU/L", "2023-02-20"),
    ("S-1", "MBAB", "Microbial-induced Antibody", "HEPATITIS B VIRUS E ANTIGEN", "SCREEN", "SERUM", "NEG", None,
     "NEGATIVE", None, None, "2023-02-20"),
)  # fmt: skip

IMAGING = _rows(
    "USUBJID GITESTCD GITEST GILOC GIORRES GIORRESU GISTRESC GISTRESN GISTRESU GIDTC",
    ("S-1", "CAP", "Controlled Attenuation Parameter", "LIVER", "238", "dB/m", "238", 238, "dB/m", "2023-02-20"),
)  # fmt: skip

SUPPLEMENT = _rows(
    "USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG",
    ("S-1", "LBSEQ", "1", "LBNOTE", "Remark of the Laboratory", "溶血", "Collected"),
    ("S-1", "LBSEQ", "2", "LBNOTE", "Remark of the Laboratory", "轻度溶血", "Collected"),
    ("S-1", "LBSEQ", "3", "LBDILU", "Dilution", "10", "ASSIGNED"),
)  # fmt: skip

ELEMENTS = _rows(
    "ETCD ELEMENT TESTRL TEENRL TEDUR",
    ("SCRN", "Screening", "Informed consent", "First dose", None),
    ("PEG", "Peginterferon Alfa-2a", "First dose", "48 weeks after start of element", "P48W"),
)  # fmt: skip
