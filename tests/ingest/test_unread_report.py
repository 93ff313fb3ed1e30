"""What nothing reads becomes one issue for each hospital and element, and only where it matters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.unread_report import CODE, MOST, report_unread
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.site import SiteConfig
from hbv_standards.pipeline import is_blocking
from places import Submission

from .trial import SITE, build, write_trial

SUBJECT = {"subject": {"reference": "Patient/p"}}
RESULT: dict[str, Any] = {
    "resourceType": "Observation", "status": "final", **SUBJECT, "effectiveDateTime": "2024-02-01",
    "code": {"text": "肝脏硬度"}, "valueQuantity": {"value": 7.1, "unit": "kPa"},
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return write_trial(tmp_path_factory.mktemp("trial") / "mappings")


def list_told(log: IssueLog, sources: pd.DataFrame) -> list[tuple[Any, ...]]:
    frame = log.to_frame(sources)
    told = frame[frame["code"] == CODE]
    assert not told["value"].any()
    return list(told[["site", "resource", "path", "count"]].itertuples(index=False, name=None))


def test_resources_are_counted_and_the_first_is_named(tmp_path: Path, catalog: Catalog) -> None:
    device, extension = {"device": {"reference": "Device/1"}}, {"extension": [{"url": "http://h/StructureDefinition/x"}]}
    built = build(
        [
            {**RESULT, "id": "1"},
            {**RESULT, "id": "2", **device},
            {**RESULT, "id": "3", **device, **extension},
            {**RESULT, "id": "4", **device},
        ],
        tmp_path, catalog,
    )  # fmt: skip
    assert list_told(built.log, built.fhir.sources) == [
        (SITE, "Observation/2", "Observation.device", 3),
        (SITE, "Observation/3", "Observation.extension('http://h/StructureDefinition/x')", 1),
    ]
    frame = built.log.to_frame(built.fhir.sources)
    assert (frame.loc[frame["code"] == CODE, "severity"] == "info").all()
    assert not is_blocking(frame).any()
    assert f"sites/{SITE}/site.yaml" in frame.loc[frame["code"] == CODE, "message"].iloc[0]


@pytest.mark.parametrize(
    "resource",
    [
        {**RESULT, "id": "1", "subject": {"reference": "Patient/other"}, "device": {"reference": "Device/1"}},
        {**RESULT, "id": "1", "status": "entered-in-error", "device": {"reference": "Device/1"}},
        {**RESULT, "id": "1", "status": "bogus", "device": {"reference": "Device/1"}},
        {"resourceType": "Patient", "id": "other", "maritalStatus": {"text": "x"}},
        {"resourceType": "Device", "id": "1", "lotNumber": "7"},
        {"resourceType": "Organization", "id": "1", "type": [{"text": "x"}]},
    ],
    ids=["of a stranger", "withdrawn", "rejected", "a stranger", "of a type out of scope", "of no subject"],
)
def test_what_is_in_the_books_as_a_whole_is_not_told(resource: Any, tmp_path: Path, catalog: Catalog) -> None:
    stranger = {"resourceType": "Patient", "id": "other"}
    built = build([resource] if resource["id"] == "other" else [stranger, resource], tmp_path, catalog)
    assert list_told(built.log, built.fhir.sources) == []


def test_an_older_version_is_not_told(tmp_path: Path, catalog: Catalog) -> None:
    versions = [
        {**RESULT, "id": "1", "meta": {"versionId": "1"}, "device": {"reference": "Device/1"}},
        {**RESULT, "id": "1", "meta": {"versionId": "2"}, "focus": [{"reference": "Device/1"}]},
    ]
    built = build(versions, tmp_path, catalog)
    assert [path for _, _, path, _ in list_told(built.log, built.fhir.sources)] == ["Observation.focus"]


@pytest.mark.parametrize("url", [
    "http://x/patient/GZ100001", "http://x/phone/138-0013-8000", "tel:1380013", "mailto:zhangsan", "zhangsan",
    "http://x/GZ100001/StructureDefinition/a", "http://x/StructureDefinition/GZ100001", "urn:id:1101051:9491231",
])  # fmt: skip
def test_an_address_that_may_be_a_persons_is_left_out(url: str, tmp_path: Path, catalog: Catalog) -> None:
    built = build([{**RESULT, "id": "1", "extension": [{"url": url, "valueString": "1"}]}], tmp_path, catalog)
    assert list_told(built.log, built.fhir.sources) == [(SITE, "Observation/1", "Observation.extension", 1)]
    assert url not in built.log.to_frame(built.fhir.sources).to_csv()


def test_very_many_are_a_number(tmp_path: Path, catalog: Catalog) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    many = {f"zz{a}{b}": 1 for a in letters[:11] for b in letters[:10]}
    built = build([{**RESULT, "id": "1", **many}], tmp_path, catalog)
    told = list_told(built.log, built.fhir.sources)
    assert len(told) == MOST + 1
    assert (SITE, "", "Observation", 1) in told


PATHS = [
    ("Patient.extension('http://h/StructureDefinition/x').value", {"extension('http://h/StructureDefinition/x')"}),
    ("Patient.extension.where(url = 'http://h/StructureDefinition/x').value.text", {"extension('http://h/StructureDefinition/x')"}),
    ("extension.where(url='http://h/StructureDefinition/x').valueString", {"extension('http://h/StructureDefinition/x')"}),
    ("Patient.extension.value.first()", {"extension('http://h/StructureDefinition/x')", "extension('http://h/StructureDefinition/x-y')"}),
    ("Patient.extension('http://h/StructureDefinition/x-y').value", {"extension('http://h/StructureDefinition/x-y')"}),
    ("Patient.birthDate.extension('http://h/StructureDefinition/z').value", {"birthDate.extension('http://h/StructureDefinition/z')"}),
    ("iif(Patient.maritalStatus.exists(), Patient.maritalStatus.coding.code, 'x')", {"maritalStatus"}),
    ("Patient.multipleBirth", {"multipleBirthInteger"}),
    ("Patient.link.where(type='seealso').other.reference", {"link"}),
    ("Patient.contact.maritalStatus", set()),
    ("'maritalStatus'", set()),
    ("Patient.gender", set()),
]


EVERYTHING = (
    "extension('http://h/StructureDefinition/x')", "extension('http://h/StructureDefinition/x-y')", "birthDate.extension('http://h/StructureDefinition/z')", "maritalStatus",
    "multipleBirthInteger", "link",
)  # fmt: skip


@pytest.mark.parametrize(("path", "read"), PATHS)
def test_what_a_fhirpath_of_the_hospital_reads_is_not_told(path: str, read: set[str]) -> None:
    entry = {"resource": "Patient", "field": "ethnic", "path": path}
    sites = {name: SiteConfig.model_validate({"site": name, "fhirpath": listed}) for name, listed in
             (("a", [entry]), ("b", [{**entry, "resource": "Observation"}]))}  # fmt: skip
    sources = pd.DataFrame({"source_id": [0, 1], "site": ["a", "b"], "disposition": ["", ""]})
    unread = pd.Series([GS.join(f"Patient.{element}" for element in EVERYTHING)] * 2, index=[0, 1])
    log = IssueLog()
    report_unread(FhirTables(sources, {}, unread=unread), sites, log)
    told = {site: {row.path.removeprefix("Patient.") for row in log.rows if row.source_id == at}
            for at, site in enumerate("ab")}  # fmt: skip
    assert told == {"a": set(EVERYTHING) - read, "b": set(EVERYTHING)}


def test_the_fixtures(submission: Submission) -> None:
    issues = submission.result.issues
    told = issues[issues["code"] == CODE]
    assert set(told[["site", "path"]].itertuples(index=False, name=None)) == {
        ("foshan", "AdverseEvent.suspectEntity.instanceReference"),
        ("foshan", "Consent.category"),
        ("foshan", "ImagingStudy.modality"),
        ("zhongshan", "AdverseEvent.suspectEntity.instance"),
        ("zhongshan", "Consent.category"),
    }
    assert submission.result.written
    assert not is_blocking(told).any()
