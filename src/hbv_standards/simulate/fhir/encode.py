"""Resources as bytes: JSON that keeps every digit, and FHIR XML."""

from __future__ import annotations

from typing import Any

import msgspec
from lxml import etree

from hbv_standards.simulate.fhir.elements import Resource

_JSON = msgspec.json.Encoder()
_NAMESPACE = "http://hl7.org/fhir"


def encode_json(resource: Resource) -> bytes:
    """Compact JSON in UTF-8; numbers stand as :func:`.elements.write_number` was given them."""
    return _JSON.encode(resource)


def encode_xml(resource: Resource) -> bytes:
    """FHIR XML in UTF-8. Elements follow the order of the dict, which is that of the definitions."""
    root = etree.Element(f"{{{_NAMESPACE}}}{resource['resourceType']}", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]  # None is lxml's default prefix
    _append_elements(root, resource)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _append_elements(parent: etree._Element, content: Resource) -> None:
    for name, value in content.items():
        if name == "resourceType":
            continue
        if name == "url" and parent.tag.endswith("}extension"):
            parent.set("url", value)
            continue
        for item in value if isinstance(value, list) else [value]:
            _append_element(parent, name, item)


def _append_element(parent: etree._Element, name: str, value: Any) -> None:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    if not isinstance(value, dict):
        element.set("value", write_primitive(value))
    elif "resourceType" in value:  # contained and Bundle.entry.resource wrap the resource's own element
        inner = etree.SubElement(element, f"{{{_NAMESPACE}}}{value['resourceType']}")
        _append_elements(inner, value)
    else:
        _append_elements(element, value)


def write_primitive(value: Any) -> str:
    """A primitive as the text of its XML attribute."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return bytes(value).decode("ascii") if isinstance(value, msgspec.Raw) else str(value)
