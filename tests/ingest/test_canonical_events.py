"""Conditions, AdverseEvents and family histories → events: cases as data (tests/cases/events)."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.canonical.model import Event
from hbv_standards.ingest.canonical_events import build_events
from hbv_standards.ingest.conformance import judge_resource
from hbv_standards.ingest.raw import RawResource
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

from .test_read_fhir import mutate
from .trial import SITE, write_trial

CASES = Path(__file__).parents[1] / "cases" / "events"
SITE_YAML = """\
site: clinic
fhirpath:
  - {resource: AdverseEvent, field: toxicity_grade, path: "AdverseEvent.extension.where(url='http://clinic/grade').value"}
  - {resource: AdverseEvent, field: action, path: "AdverseEvent.extension.where(url='http://clinic/action').value"}
  - {resource: AdverseEvent, field: hospitalization, path: "AdverseEvent.extension.where(url='http://clinic/hospital').value"}
  - {resource: AdverseEvent, field: results_in_death, path: "AdverseEvent.extension.where(url='http://clinic/death').value"}
  - {resource: AdverseEvent, field: life_threatening, path: "AdverseEvent.extension.where(url='http://clinic/criterion').where(valueString='危及生命').valueString"}
"""
VALUES = """\
codelist,system,source_text,submission_value
EVENT_KIND,,广告,NOT COLLECTED
TERM,http://snomed.info/sct,700146008,Breast cancer
NY,http://snomed.info/sct,700146008,N
TERM,,无高血压史,Hypertension
NY,,无高血压史,N
NY,,危及生命,Y
"""


def load_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['name']}")
        for file in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The trial's tables with one hospital, of which the tests know every word."""
    files = {"site.yaml": SITE_YAML, "values.csv": VALUES}
    return write_trial(tmp_path_factory.mktemp("trial") / "mappings", files)


@dataclass
class Built:
    """Events, supports and issues of some resources."""

    fhir: FhirTables
    events: pd.DataFrame
    supports: pd.DataFrame
    log: IssueLog

    @property
    def names(self) -> dict[int, str]:
        sources = self.fhir.sources
        named = sources["resource_type"] + "/" + sources["resource_id"]
        return dict(zip(sources["source_id"].astype(int), named, strict=True))


def build(resources: Sequence[dict[str, Any]], folder: Path, catalog: Catalog) -> Built:
    patient = {"resourceType": "Patient", "id": "p"}
    lines = [json.dumps(resource, ensure_ascii=False) for resource in (patient, *resources)]
    place = folder / SITE
    place.mkdir(parents=True, exist_ok=True)
    (place / "all.ndjson").write_text("\n".join(lines), encoding="utf-8")
    log = IssueLog()
    fhir = read_fhir([folder], catalog, log)
    events, supports = build_events(fhir, {f"{SITE}|Patient/p": "01001"}, catalog, log)
    return Built(fhir, events, supports, log)


@pytest.mark.parametrize("case", load_cases())
def test_case(case: dict[str, Any], tmp_path: Path, catalog: Catalog) -> None:
    built = build(case["resources"], tmp_path, catalog)
    expected = case.get("events", [])
    listed = list_events(built)
    assert len(listed) == len(expected), [event["term"] for event in listed]
    for event, cells in zip(listed, expected, strict=True):
        assert {name: event[name] for name in cells} == cells
    issues = built.log.to_frame(built.fhir.sources)
    assert sorted(issues[["code", "path", "value"]].to_numpy().tolist()) == case.get("issues", [])
    links = built.supports.to_dict("records")
    told = sorted([built.names[k["source_id"]], built.names[k["support_id"]], k["role"]] for k in links)
    assert told == case.get("supports", [])
    assert list_outcomes(built) == case.get("outcomes", {})


def list_events(built: Built) -> list[dict[str, Any]]:
    """Events as records: adverse events first, then by name of the resource and place in it."""
    records = built.events.astype(object).where(built.events.notna(), None).to_dict("records")
    events = [{str(name): cell for name, cell in event.items()} for event in records]

    def place(event: dict[str, Any]) -> tuple[bool, str, str]:
        return event["kind"] != "adverse event", built.names[event["source_id"]], event["path"]

    return sorted(events, key=place)


def list_outcomes(built: Built) -> dict[str, list[str]]:
    sources = built.fhir.sources
    settled = sources[sources["disposition"] != ""]
    return {built.names[row["source_id"]]: [row["disposition"], row["reason"]] for row in settled.to_dict("records")}


CONCEPT = {"text": "高血压", "coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I10", "display": "d"}]}
SEEDS: list[dict[str, Any]] = [
    {
        "resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p"}, "code": CONCEPT,
        "clinicalStatus": {"coding": [{"code": "active"}]}, "verificationStatus": {"coding": [{"code": "confirmed"}]},
        "category": [{"text": "不良反应"}], "severity": {"text": "轻度"}, "onsetPeriod": {"start": "2024", "end": "2025"},
        "abatementAge": {"value": 52, "unit": "a"}, "recordedDate": "2024-03-05", "note": [{"text": "n"}],
    },
    {
        "resourceType": "AdverseEvent", "id": "a4", "actuality": "actual", "subject": {"reference": "Patient/p"},
        "event": CONCEPT, "date": "2024-03-05", "resultingCondition": [{"reference": "Condition/c"}],
        "seriousness": {"text": "严重"}, "severity": {"text": "3级"}, "outcome": {"text": "痊愈"},
        "suspectEntity": [{"instance": {"reference": "Medication/1"}, "causality": [{"assessment": {"text": "有关"}}]}],
        "contained": [{"resourceType": "Condition", "id": "x", "code": CONCEPT}],
    },
    {
        "resourceType": "AdverseEvent", "id": "a5", "status": "completed", "actuality": "actual", "code": CONCEPT,
        "subject": {"reference": "Patient/p"}, "occurrencePeriod": {"start": "2024-03", "end": "2024-04"},
        "resultingEffect": [{"reference": "Condition/c"}], "outcome": [{"text": "好转"}],
        "suspectEntity": [{"instanceReference": {"reference": "Medication/1"},
                           "causality": {"entityRelatedness": {"text": "无关"}}}], "note": [{"text": "n"}],
    },
    {
        "resourceType": "FamilyMemberHistory", "id": "f", "status": "completed", "patient": {"reference": "Patient/p"},
        "date": "2024", "relationship": {"text": "母亲"}, "condition": [
            {"code": CONCEPT, "onsetAge": {"value": 50, "unit": "a"}}, {"code": CONCEPT, "onsetString": "1990年"}],
    },
]  # fmt: skip
OPEN = {"Condition", "AdverseEvent", "FamilyMemberHistory"}


@given(st.integers(0, 2**32))
@settings(max_examples=4)
def test_whatever_is_sent_becomes_valid_events_or_has_an_outcome(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, seed: int
) -> None:
    rng = random.Random(seed)
    resources = [json.loads(mutate(rng, SEEDS).replace("\\ud800", "x")) for _ in range(150)]
    built = build(resources, tmp_path_factory.mktemp("wild"), catalog)
    for event in list_events(built):
        Event.model_validate(event)
    made = set(built.events["source_id"]) | set(built.supports["support_id"])
    sources = built.fhir.sources
    left = sources[sources["resource_type"].isin(OPEN) & (sources["disposition"] == "")]
    nobodys = {source for name in TABLES for source in find_strangers(built.fhir.tables[name])}
    assert set(left["source_id"]) <= made | nobodys


TABLES = ("condition", "adverseevent", "familymemberhistory")


def find_strangers(table: pd.DataFrame) -> set[int]:
    """Sources whose subject is missing, leads nowhere or is not enrolled."""
    return set(table.loc[table["subject"] != f"{SITE}|Patient/p", "source_id"])


VALID: list[tuple[str, dict[str, Any]]] = [
    (version, seed)
    for seed, versions in zip(SEEDS, (("R4",), ("R4",), ("R5",), ("R4", "R5")), strict=True)
    for version in versions
]
WRONG: list[Any] = [5, True, [], {}, "", " ", None, [1], "2024-99-99", {"coding": 7}, {"value": "x"}]
MEANT = {  # docs/gate.md: "Elements that are not used", "Shapes of another version"
    "Extra inputs are not permitted",
    "Value is expected from the instance of CodeableConcept, but got type <class 'list'>",
    "Input should be a valid array",
}


@pytest.mark.parametrize(("version", "seed"), VALID, ids=lambda cell: cell if isinstance(cell, str) else cell["id"])
def test_what_the_gate_lets_through_the_oracle_does_too(
    tmp_path: Path, catalog: Catalog, version: str, seed: dict[str, Any]
) -> None:
    sound = {name: value for name, value in seed.items() if name != "contained"}
    assert list_faults(sound, version) == set()
    names = [name for name in sound if name not in ("resourceType", "id")]
    edits = [(name, value) for name in names for value in WRONG]
    resources = [
        {**copy.deepcopy(sound), name: value, "id": f"w{number}"} for number, (name, value) in enumerate(edits)
    ]
    built = build(resources, tmp_path, catalog)
    faulted = {built.names[source] for source in built.fhir.faulted}
    passed = [r for r in resources if f"{r['resourceType']}/{r['id']}" not in faulted]
    worse = {(m, str(r)) for r in passed for m in list_faults(r, version)}
    assert {message for message, _ in worse} <= MEANT, worse


def list_faults(resource: dict[str, Any], version: str) -> set[str]:
    """What fhir.resources says against a resource."""
    content = json.dumps(resource).encode()
    raw = RawResource("s", "f", "line 1", resource["resourceType"], str(resource.get("id")), version, content)
    return {message for _, message in judge_resource(raw)}
