"""A small run for the guide and the report: the written study with literal books and issues."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from hbv_standards.ingest.outcomes import count_outcomes
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.spec import read_specs

from .conftest import CREATED, MAPPINGS, WrittenStudy, make_dataset

SECRET = "MRN-4711"  # a patient's number at the hospital, which nobody may read outside issues.csv

SOURCES = [  # site, file, version of FHIR, type, outcome, reason
    ("zhongshan", "a.json", "R4", "Patient", "converted", ""),
    ("zhongshan", "a.json", "R4", "Observation", "converted", ""),
    ("zhongshan", "b.json", "R4", "Observation", "rejected", "HBV-MAP-001"),
    ("foshan", "c.json", "R5", "Observation", "superseded", "older version"),
    ("foshan", "c.json", "R5", "Appointment", "out of scope", "resource type not used by the trial"),
    ("", "d.json", "", "Observation", "rejected", "HBV-ING-009"),
]

VISITS = [
    {"USUBJID": "S-1", "VISITNUM": "1", "VISIT": "SCREENING", "SVPRESP": "Y", "SVOCCUR": "Y"},
    {"USUBJID": "S-1", "VISITNUM": "2", "VISIT": "BASELINE", "SVPRESP": "Y", "SVOCCUR": "N"},
    {"USUBJID": "S-1", "VISITNUM": "3.1", "VISIT": "UNSCHEDULED 3.1"},
]


def make_sources() -> pd.DataFrame:
    columns = ["site", "file", "fhir_version", "resource_type", "disposition", "reason"]
    return pd.DataFrame(SOURCES, columns=columns).assign(source_id=range(len(SOURCES)))


def make_issues() -> pd.DataFrame:
    log = IssueLog()
    for _ in range(3):
        log.add("HBV-MAP-002", site="foshan", value="<mg & 卡氏>")
    log.add("HBV-ENR-001", site="zhongshan", value=SECRET, message=f"{SECRET} has no Patient")
    return log.to_frame()


def make_run(study: WrittenStudy) -> dict[str, Any]:
    """Arguments that the guide and the report share."""
    visits = make_dataset(VISITS, read_specs(MAPPINGS / "specs")["SV"], study.catalog)  # type: ignore[arg-type]  # cells are text or absent
    sources = make_sources()
    created: datetime = CREATED
    return {
        "catalog": study.catalog, "datasets": {**study.datasets, "SV": visits}, "issues": make_issues(),
        "outcomes": count_outcomes(sources), "sources": sources, "agency": "fda", "created": created,
    }  # fmt: skip
