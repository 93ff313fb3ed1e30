"""Whatever is sent as questionnaire, procedure or images is read, and ends as a record or with an outcome."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.canonical.model import CanonicalRecord, Event, Finding, Intervention
from hbv_standards.ingest.conformance import judge_resource
from hbv_standards.ingest.raw import RawResource
from hbv_standards.mapping.catalog import Catalog

from .test_read_fhir import mutate
from .trial import build, write_trial

SUBJECT = {"reference": "Patient/p"}
US = {"coding": [{"system": "http://x.example", "code": "US"}], "text": "腹部彩超"}
SEEDS: list[dict[str, Any]] = [
    {
        "resourceType": "QuestionnaireResponse", "id": "q", "status": "completed", "subject": SUBJECT,
        "questionnaire": "http://q.example/entry", "authored": "2024-01-02T09:00:00+08:00",
        "item": [
            {"linkId": "smoke", "text": "吸烟", "answer": [{"valueCoding": {"system": "s", "code": "1", "display": "已戒"}}]},
            {"linkId": "perday", "answer": [{"valueQuantity": {"value": 2.5, "unit": "支/天"}}, {"valueDecimal": 1.0}]},
            {"linkId": "from", "answer": [{"valueDate": "1998"}]},
            {"linkId": "g", "item": [{"linkId": "h", "text": "高血压病史", "answer": [{"valueBoolean": True, "item": [
                {"linkId": "f", "text": "乙肝家族史", "answer": [{"valueString": "母亲"}, {"valueInteger": 3}]}]}]}]},
        ],
    },
    {
        "resourceType": "Procedure", "id": "p4", "status": "completed", "subject": SUBJECT, "code": US,
        "performedPeriod": {"start": "2024-01-05", "end": "2024-01-06"}, "report": [{"reference": "DiagnosticReport/d"}],
        "bodySite": [US], "reasonCode": [US], "note": [{"text": "n"}], "basedOn": [{"reference": "ServiceRequest/1"}],
        "identifier": [{"type": {"coding": [{"code": "ACSN"}]}, "system": "s", "value": "1"}],
    },
    {
        "resourceType": "Procedure", "id": "p5", "status": "not-done", "subject": SUBJECT, "code": US,
        "statusReason": US, "occurrenceDateTime": "2024-01-05", "reason": [{"concept": US}],
    },
    {
        "resourceType": "ImagingStudy", "id": "i4", "status": "available", "subject": SUBJECT, "started": "2024-01-05",
        "procedureCode": [US], "procedureReference": {"reference": "Procedure/p4"}, "description": "d",
    },
    {
        "resourceType": "ImagingStudy", "id": "i5", "status": "available", "subject": SUBJECT,
        "procedure": [{"concept": US, "reference": {"reference": "Procedure/p5"}}], "partOf": [{"reference": "Procedure/p4"}],
    },
    {
        "resourceType": "DiagnosticReport", "id": "d", "status": "final", "subject": SUBJECT, "code": US,
        "category": [US], "effectiveDateTime": "2024-01-05", "conclusion": "c", "imagingStudy": [{"reference": "ImagingStudy/i4"}],
    },
]  # fmt: skip
VERSIONS = ("R4", "R4", "R5", "R4", "R5", "R4")
WRONG: list[Any] = [5, True, [], {}, "", " ", None, [1], "2024-99-99", {"coding": 7}, {"value": "x"}, [{"answer": 3}]]
RECORDS: dict[str, type[CanonicalRecord]] = {"interventions": Intervention, "events": Event, "findings": Finding}
MADE = {"QuestionnaireResponse", "Procedure", "ImagingStudy"}


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return write_trial(tmp_path_factory.mktemp("trial") / "mappings")


@given(st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_every_resource_is_a_valid_record_or_has_an_outcome(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, rng: random.Random
) -> None:
    resources = [json.loads(mutate(rng, SEEDS).replace("\\ud800", "x")) for _ in range(30)]
    built = build(resources, tmp_path_factory.mktemp("wild"), catalog)
    made = set(built.data.supports["support_id"])
    for name, model in RECORDS.items():
        for row in built.rows(name):
            made.add(row.pop("source_id"))
            row.pop("of")
            model.model_validate({**row, "source_id": 0})
    sources = built.fhir.sources
    tables = [built.fhir.tables[name] for name in ("observation", "procedure", "imagingstudy")]
    nobodys = {source for table in tables for source in table.loc[table["subject"].isna(), "source_id"]}
    left = sources[sources["resource_type"].isin(MADE) & (sources["disposition"] == "")]
    assert set(left["source_id"]) <= made | nobodys


@pytest.mark.parametrize(("seed", "version"), list(zip(SEEDS, VERSIONS, strict=True)), ids=lambda cell: str(cell)[:40])
def test_what_the_gate_lets_through_the_oracle_does_too(
    tmp_path: Path, catalog: Catalog, seed: dict[str, Any], version: str
) -> None:
    assert list_faults(seed, version) == set()
    names = [name for name in seed if name not in ("resourceType", "id")]
    edits = [(name, value) for name in names for value in WRONG]
    resources = [{**copy.deepcopy(seed), name: value, "id": f"w{n}"} for n, (name, value) in enumerate(edits)]
    built = build(resources, tmp_path, catalog)
    faulted = {built.names[source] for source in built.fhir.faulted}
    passed = [r for r in resources if f"{r['resourceType']}/{r['id']}" not in faulted]
    worse = {(message, str(r)) for r in passed for message in list_faults(r, version)}
    assert {message for message, _ in worse} <= {"Extra inputs are not permitted"}, worse


def list_faults(resource: dict[str, Any], version: str) -> set[str]:
    """What fhir.resources says against a resource."""
    content = json.dumps(resource).encode()
    raw = RawResource("s", "f", "line 1", resource["resourceType"], str(resource.get("id")), version, content)
    return {message for _, message in judge_resource(raw)}
