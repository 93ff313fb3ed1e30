"""References taken apart."""

from __future__ import annotations

import pytest

from hbv_standards.ingest.references import Address, describe_reference

US = "\x1f"


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("Patient/1", "Patient/1"),
        ("Patient/1/_history/2", "Patient/1"),
        ("https://s.example/fhir/Patient/a-b.c", "Patient/a-b.c"),
        ("https://s.example/fhir/Patient/1/_history/2/", "Patient/1"),
        ("urn:uuid:1", ""),
        ("#x", ""),
        ("1", ""),
        ("patient/1", ""),
        ("Patient?_id=7", "Patient/7"),
    ],
)
def test_type_and_id_of_an_address(text: str, tail: str) -> None:
    assert Address.read(text).tail() == tail


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (US.join(("Patient/1", "Patient", "s", "7")), Address("Patient/1", "Patient", "s", "7")),
        (US.join(("", "", "s", "7")), Address("", "", "s", "7")),
        ("Patient?identifier=http%3A%2F%2Fs%7C7", Address("", "Patient", "http://s", "7")),
        ("http://x/Patient?identifier=7&active=true", Address("", "Patient", "", "7")),
        ("Patient?name=x", Address("", "Patient", "", "")),
    ],
)
def test_identifiers_of_a_reference(text: str, address: Address) -> None:
    assert Address.read(text) == address


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Specimen/1", "Specimen/1"),
        ("http://s/Patient/440101", "Patient/…"),
        ("urn:uuid:1", "urn:uuid:1"),
        ("Patient?identifier=s|440101", "Patient?…"),
        (US.join(("", "", "s", "7")), ""),
    ],
)
def test_no_identifier_is_shown(text: str, shown: str) -> None:
    assert describe_reference(text) == shown
