"""Foshan's habits: R5 Bundles, conventional units, contained resources, versions, short times."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.hospitals.foshan import build_files
from hbv_standards.simulate.hospitals.foshan_style import drop_seconds
from hbv_standards.simulate.trial import simulate_trial

TRIAL = simulate_trial(24, 1, extent="brief")
BUNDLES = dict(build_files(TRIAL))
RESOURCES = [entry["resource"] for bundle in BUNDLES.values() for entry in bundle["entry"]]


def gather(kind: str) -> list[dict[str, Any]]:
    return [r for r in RESOURCES if r["resourceType"] == kind]


def test_bundles_of_several_kinds_and_one_xml() -> None:
    assert {bundle["type"] for bundle in BUNDLES.values()} == {"collection", "searchset", "history"}
    assert [name.endswith(".xml") for name in BUNDLES].count(True) == 1
    assert any(name.endswith(".json.gz") for name in BUNDLES)


def test_references_are_absolute_urn_relative_contained_and_by_identifier() -> None:
    texts = [o["subject"].get("reference", "") for o in gather("Observation")]
    assert {text.split(":")[0] for text in texts} >= {"https", "urn"}
    assert any(text.startswith("Patient/") for text in texts)
    assert {s["subject"]["identifier"]["value"][:2] for s in gather("MedicationStatement")} == {"FS"}
    assert {o["specimen"]["reference"] for o in gather("Observation") if "specimen" in o} == {"#sp"}


def test_units_are_conventional() -> None:
    units = Counter(o["valueQuantity"].get("unit") for o in gather("Observation") if "valueQuantity" in o)
    assert {"mg/dL", "g/dL", "10^3/uL", "°F", "log10 copies/mL"} <= set(units)
    assert not {"mmol/L", "g/L", "10^9/L"} & set(units)


def test_versions_are_corrected_amended_and_withdrawn() -> None:
    versions: dict[str, list[tuple[str, str]]] = {}
    for o in gather("Observation"):
        if "meta" in o:
            versions.setdefault(o["id"], []).append((o["meta"]["versionId"], o["status"]))
    last = Counter(max(found)[1] for found in versions.values())
    assert last["corrected"] >= 1
    assert last["amended"] >= 1
    assert last["entered-in-error"] == 2
    assert any(len(set(found)) == 2 for found in versions.values())


def test_a_correction_changes_the_number() -> None:
    values: dict[str, set[bytes]] = {}
    for o in gather("Observation"):
        if "meta" in o and o["status"] != "entered-in-error":
            values.setdefault(o["id"], set()).add(encode_json(o["valueQuantity"]))
    assert any(len(found) == 2 for found in values.values())


def test_birth_is_the_year_alone() -> None:
    assert {len(p["birthDate"]) for p in gather("Patient")} == {4}


def test_arm_is_a_text_in_an_extension() -> None:
    arms = {x["valueString"][:2] for s in gather("ResearchSubject") for x in s.get("extension", [])}
    assert arms == {"A组", "B组"}
    assert all("assignedComparisonGroup" not in s for s in gather("ResearchSubject"))


def test_injections_come_one_by_one_or_as_spans() -> None:
    assert {"occurenceDateTime"} <= set(gather("MedicationAdministration")[0])
    weekly = [s for s in gather("MedicationStatement") if "repeat" in s["dosage"][0]["timing"]]
    assert weekly
    assert all(s["contained"][0]["resourceType"] == "Medication" for s in weekly)


@pytest.mark.parametrize(
    ("data", "written"),
    [
        (b'"2024-05-03T08:30:00+08:00"', b'"2024-05-03T08:30"'),
        (b'value="2024-05-03T08:30:00+08:00"', b'value="2024-05-03T08:30"'),
        (b'"2024-05-03T00:30:00Z"', b'"2024-05-03T00:30:00Z"'),
        (b'"2024-05-03"', b'"2024-05-03"'),
    ],
)
def test_local_times_lose_seconds_and_zone(data: bytes, written: bytes) -> None:
    assert drop_seconds(data) == written
