"""JSON and XML keep every digit."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from fhir.resources.bundle import Bundle
from fhir.resources.R4B.observation import Observation as R4Observation
from lxml import etree

from hbv_standards.simulate.fhir.elements import concept, extend, keep, make_uuid, quantity, refer
from hbv_standards.simulate.fhir.encode import encode_json, encode_xml
from hbv_standards.simulate.hospitals import foshan
from hbv_standards.simulate.trial import simulate_trial

DIGITS = ["6.30", "7.00", "0.050", "1.50E-2", "1.2E+03", "0.12345678901234567891", "12345678901234567890"]


def observe(digits: str) -> dict[str, Any]:
    return keep(
        resourceType="Observation",
        id="o1",
        extension=[extend("https://x.example/flag", valueBoolean=True)],
        status="final",
        code=concept("谷丙转氨酶"),
        subject=refer("Patient/1"),
        valueQuantity=quantity(digits, "U/L", "U/L"),
        interpretation=[],
        note=None,
    )


@pytest.mark.parametrize("digits", DIGITS)
def test_json_keeps_the_digits(digits: str) -> None:
    assert f'"value":{digits},'.encode() in encode_json(observe(digits))


@pytest.mark.parametrize("digits", DIGITS)
def test_xml_keeps_the_digits(digits: str) -> None:
    assert f'<value value="{digits}"/>'.encode() in encode_xml(observe(digits))


def test_json_is_what_python_reads() -> None:
    read = json.loads(encode_json(observe("6.30")), parse_float=Decimal)
    assert str(read["valueQuantity"]["value"]) == "6.30"
    assert read["code"]["text"] == "谷丙转氨酶"
    assert "interpretation" not in read


def test_xml_is_read_as_the_same_resource() -> None:
    content = observe("6.30")
    from_json = R4Observation.model_validate_json(encode_json(content))
    assert R4Observation.model_validate_xml(encode_xml(content)) == from_json


def list_misplaced(element: etree._Element, model: Any) -> list[str]:
    """Names of child elements that do not follow the order of the definition."""
    order = {name: place for place, name in enumerate(model.elements_sequence())}
    places = [order[etree.QName(child).localname] for child in element]
    return [] if places == sorted(places) else [etree.QName(element).localname]


def test_xml_follows_the_order_of_the_definitions() -> None:
    trial = simulate_trial(24, 1, extent="brief")
    bundle = next(content for name, content in foshan.build_files(trial) if name.endswith(".xml"))
    root = etree.fromstring(encode_xml(bundle))
    namespace = {"f": "http://hl7.org/fhir"}
    read = Bundle.model_validate_xml(etree.tostring(root))
    resources = root.findall("f:entry/f:resource/*", namespace)
    assert len(resources) == len(read.entry) > 50
    misplaced = [
        name
        for element, entry in zip(resources, read.entry, strict=True)
        for name in list_misplaced(element, type(entry.resource))
    ]
    assert misplaced == []


def test_uuids_are_stable_and_differ() -> None:
    assert make_uuid("a", "b") == make_uuid("a", "b") != make_uuid("a", "c")
