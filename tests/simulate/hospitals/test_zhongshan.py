"""Zhongshan's habits: R4 transaction Bundles, LOINC and UCUM, stated visits."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hbv_standards.simulate.hospitals.zhongshan import VISIT_SYSTEM, build_files
from hbv_standards.simulate.trial import simulate_trial

TRIAL = simulate_trial(24, 1, extent="brief")
BUNDLES = dict(build_files(TRIAL))


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == kind]


def gather(kind: str) -> list[dict[str, Any]]:
    return [r for bundle in BUNDLES.values() for r in resources(bundle, kind)]


def test_one_transaction_per_patient() -> None:
    assert {bundle["type"] for bundle in BUNDLES.values()} == {"transaction"}
    assert [len(resources(bundle, "Patient")) for bundle in BUNDLES.values()] == [1] * 11


def list_references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [r for item in node for r in list_references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["reference"]] if "reference" in node else []
    return own + [r for item in node.values() for r in list_references(item)]


@pytest.mark.parametrize("name", BUNDLES)
def test_references_lead_to_entries_of_the_bundle(name: str) -> None:
    urls = {entry["fullUrl"] for entry in BUNDLES[name]["entry"]}
    assert set(list_references(BUNDLES[name])) <= urls
    assert len(urls) == len(BUNDLES[name]["entry"])


def test_encounters_state_the_visit() -> None:
    codings = [c for e in gather("Encounter") for t in e["type"] for c in t.get("coding", [])]
    assert {c["system"] for c in codings} == {VISIT_SYSTEM}
    assert {c["code"] for c in codings} == {f"V{n}" for n in range(1, 7)}


def test_blood_pressure_has_components_and_a_position() -> None:
    panels = [o for o in gather("Observation") if o["code"]["coding"][0]["code"] == "85354-9"]
    assert panels
    assert {len(o["component"]) for o in panels} == {2}
    assert all("valueQuantity" not in o for o in panels)
    assert {o["extension"][0]["valueCodeableConcept"]["text"] for o in panels} == {"坐位", "卧位"}


def test_tests_have_loinc_and_units_ucum() -> None:
    systems = Counter(o["code"]["coding"][0]["system"] for o in gather("Observation"))
    assert systems["http://loinc.org"] > 0.85 * systems.total()
    units = [o["valueQuantity"] for o in gather("Observation") if "unit" in o.get("valueQuantity", {})]
    with_code = [q for q in units if "code" in q]
    assert len(with_code) >= len(units) - 2  # but for a unit that no table knows
    assert {q["system"] for q in with_code} == {"http://unitsofmeasure.org"}


def test_research_resources_tell_the_enrolment() -> None:
    subjects = gather("ResearchSubject")
    assert len(subjects) == 8 + 1  # one patient is in another trial
    assert {s["status"] for s in subjects} >= {"ineligible", "off-study", "withdrawn"}
    assert {s.get("assignedArm", "") for s in subjects} == {"", "PEG-IFN转换组", "NA继续治疗组"}
    dates = [x for s in subjects for x in s.get("extension", []) if x["url"].endswith("randomisation-date")]
    assert len(dates) == 7


def test_missed_injections_are_not_done() -> None:
    given = Counter(a["status"] for a in gather("MedicationAdministration"))
    assert given["completed"] > 100
    assert given["not-done"] >= 1


def test_types_that_the_trial_does_not_use() -> None:
    assert gather("AllergyIntolerance")
    assert gather("Immunization")
