"""A unit that nobody knows is told with its cure, wherever it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.mapping.catalog import Catalog

from .trial import SITE, build, write_trial

UCUM = "http://unitsofmeasure.org"
SUBJECT = {"subject": {"reference": "Patient/p"}}
CURE = f"is not mapped; add it to units.csv or sites/{SITE}/units.csv"


def observe(value: dict[str, Any], limit: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "status": "final", **SUBJECT, "effectiveDateTime": "2024-02-01",
        "code": {"text": "肝脏硬度"}, "valueQuantity": {"value": 7.1, **value},
        **({"referenceRange": [{"high": {"value": 8, **limit}}]} if limit else {}),
    }  # fmt: skip


def take(dose: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement", "status": "active", **SUBJECT,
        "medicationCodeableConcept": {"coding": [{"system": "http://www.whocc.no/atc", "code": "J05AF10"}]},
        "effectiveDateTime": "2024-02-01", "dosage": [{"doseAndRate": [{"doseQuantity": {"value": 1, **dose}}]}],
    }  # fmt: skip


CASES = [
    (observe({"unit": "瓦"}), "Observation.value[x]", "瓦", f"unit '瓦' {CURE}"),
    (observe({"unit": "kPa"}, {"unit": "瓦"}), "Observation.referenceRange", "瓦", f"unit '瓦' {CURE}"),
    (observe({"unit": "kPa"}, {"code": "瓦"}), "Observation.referenceRange", "瓦", f"unit '瓦' {CURE}"),
    (observe({"unit": "kPa"}, {"code": "mol.m", "system": UCUM}), "Observation.referenceRange", "mol.m",
     f"unit 'mol.m' {CURE}; by UCUM it is 1 m.mol, which is no unit of the tables"),
    (take({"unit": "瓦"}), "MedicationStatement.dose", "瓦", f"unit '瓦' {CURE}"),
    (take({"code": "瓦"}), "MedicationStatement.dose", "瓦", f"unit '瓦' {CURE}"),
]  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return write_trial(tmp_path_factory.mktemp("trial") / "mappings")


def test_every_unknown_unit_names_its_cure(tmp_path: Path, catalog: Catalog) -> None:
    resources = [{**resource, "id": f"r{at}"} for at, (resource, *_) in enumerate(CASES)]
    built = build(resources, tmp_path, catalog)
    frame = built.log.to_frame(built.fhir.sources)
    told = frame[frame["code"] == "HBV-MAP-002"].sort_values(
        "resource", key=lambda names: names.str.partition("/")[2]
    )
    cells = told[["path", "value", "message"]].to_numpy().tolist()
    assert cells == [[path, value, message] for _, path, value, message in CASES]
