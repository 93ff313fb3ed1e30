"""The fast gate against fhir.resources as oracle.

What the gate lets through of the elements that are used, the oracle lets through too; where they
differ it is meant, and docs/gate.md lists it. Resources are mutated one element at a time.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.ingest.conformance import judge_resource
from hbv_standards.ingest.raw import RawResource
from hbv_standards.ingest.read import iterate_resources
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from places import HOSPITALS, ROOT

PAGE = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")

# Each row: what is done to a valid Observation, whether the gate finds fault, whether the oracle does.
# "meant" rows are the differences; each has a heading of that name in docs/gate.md.
CASES: list[tuple[str, dict[str, Any], bool, bool, str]] = [
    ("untouched", {}, False, False, ""),
    ("number as text", {"valueQuantity": {"value": "6.30"}}, True, False, "numbers as text"),
    ("number as words", {"valueQuantity": {"value": "many"}}, True, True, ""),
    ("impossible date", {"effectiveDateTime": "2024-13-01"}, True, True, ""),
    ("day that no month has", {"effectiveDateTime": "2024-02-30"}, True, True, ""),
    ("time without zone", {"effectiveDateTime": "2024-05-03T08:30"}, False, True, "times without seconds or zone"),
    ("status of no code set", {"status": "bogus"}, True, False, "codes of required value sets"),
    ("comparator of no code set", {"valueQuantity": {"value": 1, "comparator": "~"}}, True, False,
     "codes of required value sets"),
    ("status left out", {"status": None}, True, True, ""),
    ("code left out", {"code": None}, True, True, ""),
    ("two values", {"valueString": "a", "valueInteger": 3}, True, True, ""),
    ("empty text elsewhere", {"note": [{"text": ""}]}, True, False, "empty texts"),
    ("unknown element", {"bogus": 1}, False, True, "elements that are not used"),
    ("unused element of a wrong type", {"method": {"id": 5, "text": "x"}}, False, True, "elements that are not used"),
    ("subject of a wrong type", {"subject": "Patient/1"}, True, True, ""),
    ("reference range of words", {"referenceRange": [{"low": {"value": "low"}}]}, True, True, ""),
]  # fmt: skip

VALID: dict[str, Any] = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "1742-6"}], "text": "ALT"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2024-05-03T08:30:00+08:00",
    "valueQuantity": {"value": 35, "unit": "U/L", "system": "http://unitsofmeasure.org", "code": "U/L"},
}
PATIENT = {"resourceType": "Patient", "id": "p1"}


def change(edit: dict[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(VALID)
    if any(name.startswith("value") for name in edit):
        changed.pop("valueQuantity")
    for name, value in edit.items():
        if value is None:
            changed.pop(name)
        else:
            changed[name] = value
    return changed


def ask_gate(resources: list[dict[str, Any]], folder: Path) -> set[str]:
    """Ids of the resources in which the gate found fault."""
    lines = "\n".join(json.dumps(r) for r in [PATIENT, *resources])
    (folder / "zhongshan").mkdir()
    (folder / "zhongshan" / "Observation.ndjson").write_text(lines, encoding="utf-8")
    fhir = read_fhir([folder], read_catalog(locate_mappings()), IssueLog())
    faulted = fhir.sources[fhir.sources["source_id"].isin(fhir.faulted)]
    return set(faulted["resource_id"])


def ask_oracle(resource: dict[str, Any]) -> bool:
    """Whether fhir.resources finds fault."""
    return bool(list_faults(resource))


def list_faults(resource: dict[str, Any]) -> list[str]:
    """What fhir.resources says against a resource."""
    content = json.dumps(resource).encode()
    raw = RawResource("s", "f", "line 1", resource["resourceType"], str(resource.get("id")), "R4", content)
    return [message for _, message in judge_resource(raw)]


@pytest.mark.parametrize(("name", "edit", "gate", "oracle", "meant"), CASES, ids=[c[0] for c in CASES])
def test_case(
    tmp_path: Path, name: str, edit: dict[str, Any], gate: bool, oracle: bool, meant: str  # noqa: FBT001  table
) -> None:
    resource = change(edit)
    assert bool(ask_gate([resource], tmp_path)) is gate, f"gate on {name}"
    assert ask_oracle(resource) is oracle, f"oracle on {name}"
    assert (gate == oracle) is (meant == "")
    assert not meant or f"## {meant[0].upper()}{meant[1:]}" in PAGE


USED = ("status", "code", "subject", "effectiveDateTime", "valueQuantity")
WRONG: list[Any] = [5, True, [], {}, "", " ", None, -1.5, {"value": []}, [1], "2024-99-99"]


def mutate(seed: int) -> Iterator[dict[str, Any]]:
    """Every used element replaced by everything that is wrong in some way, in a seeded order."""
    rng = random.Random(seed)
    made = [(name, value) for name in USED for value in WRONG]
    rng.shuffle(made)
    for number, (name, value) in enumerate(made):
        changed = copy.deepcopy(VALID)
        changed[name] = value
        changed["id"] = f"m{number}"
        yield changed


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_gate_lets_through_the_oracle_does_too(tmp_path: Path, seed: int) -> None:
    resources = list(mutate(seed))
    faulted = ask_gate(resources, tmp_path)
    passed = [r for r in resources if r["id"] not in faulted]
    worse = [message for r in passed for message in list_faults(r)]
    assert set(worse) <= {"Extra inputs are not permitted"}  # "Elements that are not used" of docs/gate.md
    assert len(faulted) > len(resources) * 0.8


WILD = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False, width=16)
    | st.sampled_from(["", " ", "final", "2024", "2024-05", "2024-02-30", "Patient/p1", "<", "~", "U/L", "x"]),
    lambda inner: st.lists(inner, max_size=2)
    | st.dictionaries(st.sampled_from(["value", "comparator", "reference", "text", "coding", "code"]), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=15)
@given(st.lists(st.tuples(st.sampled_from(USED), WILD), min_size=20, max_size=40))
def test_wild_elements_pass_the_oracle_where_they_pass_the_gate(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, Any]]
) -> None:
    resources = [{**copy.deepcopy(VALID), name: value, "id": f"w{n}"} for n, (name, value) in enumerate(edits)]
    faulted = ask_gate(resources, tmp_path_factory.mktemp("wild"))
    worse = {message for r in resources if r["id"] not in faulted for message in list_faults(r)}
    assert worse <= {"Extra inputs are not permitted"}, [r for r in resources if r["id"] not in faulted]


def test_fixtures_pass_both_but_for_what_is_meant() -> None:
    """Only Foshan's times without seconds or zone divide gate and oracle over the fixtures."""
    catalog = read_catalog(locate_mappings())
    fhir = read_fhir([HOSPITALS], catalog, IssueLog())
    assert len(fhir.faulted) == 0
    for _, resource in list(iterate_resources([HOSPITALS], catalog, fhir.sources))[::9]:
        for path, message in judge_resource(resource):
            assert resource.site == "foshan"
            assert "DateTime value string does not match" in message, path
