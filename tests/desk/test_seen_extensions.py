"""Extensions of a delivery, as FHIRPaths for site.yaml."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hbv_standards.desk.seen_extensions import list_extensions
from hbv_standards.ingest.stated import Entry, is_expression
from places import HOSPITALS

URL = "https://new.example/arm"


def write(folder: Path, *resources: dict[str, Any]) -> Path:
    lines = [json.dumps(resource) for resource in resources]
    (folder / "a.ndjson").write_text("\n".join(lines), encoding="utf-8")
    return folder


def patient(**extension: object) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "1", "extension": [extension]}


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        (patient(url=URL, valueString="A"), f"Patient.extension.where(url='{URL}').valueString"),
        (patient(url=URL, valueCodeableConcept={"text": "A"}), f"Patient.extension.where(url='{URL}').valueCodeableConcept.text"),
        (patient(url=URL, valueCoding={"code": "A"}), f"Patient.extension.where(url='{URL}').valueCoding.code"),
        (patient(url=URL, extension=[]), None),  # parts, no value
        (patient(url="it's", valueString="A"), None),
        (patient(url="a\nb", valueString="A"), None),
        (patient(valueString="A"), None),
        ({"resourceType": "Organization", "extension": [{"url": URL, "valueString": "A"}]}, None),
        ({"resourceType": "Patient", "extension": "none"}, None),
    ],
)  # fmt: skip
def test_an_extension(tmp_path: Path, resource: dict[str, Any], path: str | None) -> None:
    found = list_extensions([write(tmp_path, resource, resource)], ["new"], "new")
    assert [(extension.path, extension.times) for extension in found] == ([(path, 2)] if path else [])


def test_paths_of_the_fixtures_are_fhirpath() -> None:
    found = list_extensions([HOSPITALS / "foshan"], ["foshan"], "foshan")
    assert {extension.resource for extension in found} >= {"Patient", "ResearchSubject"}
    assert all(is_expression(Entry(extension.resource, "race", extension.path)) for extension in found)
