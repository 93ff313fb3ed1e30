"""FHIR versions are told from the data. fhir.resources knows which elements each version has."""

from __future__ import annotations

from typing import Any

import pytest
from fhir.resources import get_fhir_model_class as get_r5
from fhir.resources.R4B import get_fhir_model_class as get_r4b

from hbv_standards.ingest import codes, fhir_version
from hbv_standards.ingest.fhir_version import (
    read_cue,
    read_profile_version,
    read_stated_version,
    vote_version,
)
from hbv_standards.ingest.resource_types import RESOURCE_TYPES
from hbv_standards.ingest.resources.kinds import KINDS


def list_elements(model: Any) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def list_names() -> list[Any]:
    listed = [("R4", fhir_version._R4_NAMES), ("R5", fhir_version._R5_NAMES)]
    return [(version, kind, name) for version, names in listed for kind in names for name in names[kind]]


@pytest.mark.parametrize(("version", "kind", "name"), list_names())
def test_a_name_is_of_one_version_only(version: str, kind: str, name: str) -> None:
    own, other = (get_r4b, get_r5) if version == "R4" else (get_r5, get_r4b)
    assert name in list_elements(own(kind))
    assert name not in list_elements(other(kind))


def read_statuses(model: Any) -> set[str]:
    """None for a type that has no status in this version."""
    fields = [field for name, field in model.model_fields.items() if (field.alias or name) == "status"]
    return {code for field in fields for code in (field.json_schema_extra or {}).get("enum_values", ())}


@pytest.mark.parametrize("kind", [k for k in KINDS if "status" in KINDS[k].struct.__struct_fields__])
def test_status_codes_are_those_of_the_value_sets(kind: str) -> None:
    hint = KINDS[kind].struct.__annotations__["status"]
    mine = set(getattr(codes, hint.split(" ")[0]).__args__)
    r4, r5 = read_statuses(get_r4b(kind)), read_statuses(get_r5(kind))
    only_r4, only_r5 = (
        codes.ONLY_R4.get(kind.lower(), frozenset()),
        codes.ONLY_R5.get(kind.lower(), frozenset()),
    )
    for own, other, listed in ((r4, only_r5, mine - only_r5), (r5, only_r4, mine - only_r4)):
        assert own - {"+"} <= listed  # "+": the oracle leaves the rest of its list out
        assert "+" in own or own == listed
        assert not own & other


def test_resource_types_hold_those_of_r4b_and_r5() -> None:
    for kind in (
        "Observation",
        "MedicinalProductDefinition",
        "ResearchElementDefinition",
        "Transport",
        "Media",
    ):
        assert kind in RESOURCE_TYPES
    assert {k for k in RESOURCE_TYPES if not k[0].isupper() or not k.isalpha()} == set()
    assert {"Resource", "DomainResource", "BackboneElement", "Quantity"} & RESOURCE_TYPES == set()


@pytest.mark.parametrize(
    ("kind", "raw", "version"),
    [
        ("Encounter", b'{"class":{"code":"AMB"}}', "R4"),
        ("Encounter", b'{"class":[{"text":"AMB"}]}', "R5"),
        ("Encounter", b'{"class":{"code":"AMB"},"actualPeriod":{}}', ""),
        ("MedicationAdministration", b'{"occurenceDateTime":"2024","subject":{}}', "R5"),
        ("MedicationRequest", b'{"medicationReference":{}}', "R4"),
        ("ResearchSubject", b'{"subject":{},"text":"individual"}', "R5"),
        ("Observation", b'{"triggeredBy":[]}', "R5"),
        ("Observation", b'{"status":"final"}', ""),
        ("Patient", b'{"period":{}}', ""),
        ("Encounter", b"not json", ""),
    ],
)
def test_elements_show_the_version(kind: str, raw: bytes, version: str) -> None:
    assert read_cue(kind, raw) == version


@pytest.mark.parametrize(
    ("profile", "version"),
    [
        ("http://hl7.org/fhir/StructureDefinition/Patient|4.0.1", "R4"),
        ("http://hl7.org/fhir/StructureDefinition/Patient|5.0.0", "R5"),
        ("http://hl7.org/fhir/4.3/StructureDefinition/Patient", "R4B"),
        ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|5.0.1", ""),
        ("http://example.org/Patient", ""),
    ],
)
def test_profiles_state_the_version(profile: str, version: str) -> None:
    assert read_profile_version(profile) == version
    assert read_cue("Patient", b"{}", ["x", profile]) == version


@pytest.mark.parametrize(
    ("text", "version"), [("4.0.1", "R4"), ("4.3.0", "R4B"), ("5.0.0-ballot", "R5"), ("3.0.2", ""), ("", "")]
)
def test_stated_versions(text: str, version: str) -> None:
    assert read_stated_version(text) == version


@pytest.mark.parametrize(
    ("cues", "version"),
    [({}, ""), ({"": 9, "R5": 1}, "R5"), ({"R4": 2, "R5": 2}, ""), ({"R4": 1, "R5": 2}, "R5")],
)
def test_the_majority_decides(cues: dict[str, int], version: str) -> None:
    assert vote_version(cues) == version
