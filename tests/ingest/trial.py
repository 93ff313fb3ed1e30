"""The trial's tables with one small hospital, and what becomes of resources of one enrolled subject."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.ingest.outcomes import close_books, settle_leftovers
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset

SITE = "clinic"
FILES = {
    "site.yaml": """\
site: clinic
enrolment:
  source: csv
  file: enrolment.csv
  patient_system: s
  columns: {subject_id: subject, patient_identifier: patient, consent_dtc: consent}
""",
    "codes.csv": """\
kind,system,code,text,to_system,to_code,field
use,http://q.example/entry,smoke,,TREATMENT,CIGARETTE,
use,http://q.example/entry,perday,,TREATMENT,CIGARETTE,dose;CIGARETTE;QD
use,http://q.example/entry,from,,TREATMENT,CIGARETTE,start_dtc
use,http://q.example/entry,to,,TREATMENT,CIGARETTE,end_dtc
use,http://loinc.org,72166-2,,TREATMENT,CIGARETTE,
use,,,每日吸烟量,TREATMENT,CIGARETTE,dose
use,,,饮酒,TREATMENT,ALCOHOLIC BEVERAGE,occurred
use,,,饮酒量,TREATMENT,ALCOHOLIC BEVERAGE,dose
use,,,饮酒频率,TREATMENT,ALCOHOLIC BEVERAGE,frequency
history,,,高血压病史,TERM,Hypertension,
history,,,慢性乙型肝炎病史,TERM,Chronic hepatitis B,
family history,,,母亲乙肝,TERM,Hepatitis B,"MOTHER, BIOLOGICAL"
family history,,,父亲乙肝,TERM,Hepatitis B,"FATHER, BIOLOGICAL"
family history,,,乙肝家族史,TERM,Hepatitis B,
test,,,传播途径,CONCEPT,TRANSM,
test,,,肝脏硬度,CONCEPT,LSM,
test,,,职业,NOT COLLECTED,,
treatment,http://x.example,US,,TREATMENT,ABDOMINAL ULTRASOUND,
treatment,http://x.example,TE,,TREATMENT,TRANSIENT ELASTOGRAPHY,
treatment,http://x.example,XR,,NOT COLLECTED,,
""",
    "values.csv": """\
codelist,system,source_text,submission_value
EVENT_KIND,,不良反应,ADVERSE EVENT
NOT_DONE_REASON,,设备故障,EQUIPMENT FAILURE
""",
}
PATIENT = {"resourceType": "Patient", "id": "p", "identifier": [{"system": "s", "value": "7"}]}
ENROLMENT = "subject,patient,consent\n01001,7,2024-01-02\n"


def write_trial(folder: Path, files: Mapping[str, str] = FILES) -> Catalog:
    """The trial's tables with ``files`` as its only hospital."""
    shutil.copytree(locate_mappings(), folder)
    for path in sorted((folder / "sites").iterdir()):
        shutil.rmtree(path)
    study = (folder / "study.yaml").read_text(encoding="utf-8")
    before, after = study.split("\nsites:", 1)
    rest = after[after.index("\n\n") :]
    text = f'{before}\nsites:\n  {SITE}: {{siteid: "01", name: Clinic}}{rest}'
    (folder / "study.yaml").write_text(text, encoding="utf-8")
    (folder / "sites" / SITE).mkdir()
    for name, content in files.items():
        (folder / "sites" / SITE / name).write_text(content, encoding="utf-8")
    return read_catalog(folder)


@dataclass
class Built:
    """What became of some resources."""

    fhir: FhirTables
    data: CanonicalData
    catalog: Catalog
    log: IssueLog

    @cached_property
    def names(self) -> dict[int, str]:
        sources = self.fhir.sources
        named = sources["resource_type"] + "/" + sources["resource_id"]
        return dict(zip(sources["source_id"].astype(int), named, strict=True))

    def rows(self, record: str) -> list[dict[str, Any]]:
        """Records with the name of their resource under ``of``, by name and place in it."""
        frame = getattr(self.data, record)
        records = frame.astype(object).where(frame.notna(), None).to_dict("records")
        named = [{**row, "of": self.names[row["source_id"]]} for row in records]
        return sorted(named, key=lambda row: (row["of"], row["path"]))

    def supports(self, *roles: str) -> list[list[str]]:
        frame = self.data.supports
        links = frame[frame["role"].isin(roles)].to_dict("records")
        return sorted([self.names[k["source_id"]], self.names[k["support_id"]], k["role"]] for k in links)

    @property
    def issues(self) -> list[list[str]]:
        frame = self.log.to_frame(self.fhir.sources)
        return sorted(frame[["code", "path", "value"]].to_numpy().tolist())

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        return build_sdtm(self.data, self.catalog, IssueLog())

    def outcomes(self) -> dict[str, list[str]]:
        """Disposition and reason of every resource but the patient and the enrolment; a record converts."""
        sources = self.fhir.sources.copy()
        records = (self.data.findings, self.data.interventions, self.data.events, self.data.visits)
        made = {source for frame in records for source in frame["source_id"].astype(int)}
        links = self.data.supports[self.data.supports["source_id"].isin(made)]
        converted = made | set(links["support_id"].astype(int))
        settle_leftovers(sources, converted, IssueLog())
        closed = close_books(sources, converted)
        left = closed[~closed["resource_type"].isin(["Patient", "EnrolmentRow"])]
        cells = zip(left["source_id"], left["disposition"], left["reason"], strict=True)
        return {self.names[source]: [disposition, reason] for source, disposition, reason in cells}


def build(resources: Sequence[Mapping[str, Any]], folder: Path, catalog: Catalog) -> Built:
    """Read the resources, all of one subject, and map them."""
    place = folder / SITE
    place.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(resource, ensure_ascii=False) for resource in (PATIENT, *resources)]
    (place / "all.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (place / "enrolment.csv").write_text(ENROLMENT, encoding="utf-8")
    log = IssueLog()
    fhir = read_fhir([folder], catalog, log)
    data = to_canonical(fhir, catalog, log)
    return Built(fhir, data, catalog, log)


def list_dataset(dataset: Dataset | None, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a dataset as plain values."""
    if dataset is None:
        return []
    frame = dataset.frame.reindex(columns=list(columns))
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in records]
