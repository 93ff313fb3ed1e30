"""FHIR XML → raw entries: the same content as JSON, guided by the structs, and the original XML.

XML does not say what is a list, a number or a boolean; the structs that the decoder uses do. What
they do not hold is carried in a plain form, so that a hospital's FHIRPath still finds it. Number
texts stay as they were sent (``1.50E-2``). No entities, no DTD, no network.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from lxml import etree
from msgspec import Raw, Struct

from hbv_standards.ingest.bundles import read_deletion
from hbv_standards.ingest.content import decode_text
from hbv_standards.ingest.elements import CodeableConcept, Coding, Identifier, Quantity, Reference
from hbv_standards.ingest.raw import FileProblem, RawEntry
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.shapes import Shape, read_shapes

_FHIR = "{http://hl7.org/fhir}"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DEEPEST = 60
_LISTS = frozenset(
    {"extension", "modifierExtension", "contained", "coding", "identifier", "entry", "telecom", "name"}
)
_TYPED: dict[str, type[Struct]] = {  # value[x] of an extension: the type is in the element's name
    "Coding": Coding, "CodeableConcept": CodeableConcept, "Identifier": Identifier, "Quantity": Quantity,
    "Reference": Reference,
}  # fmt: skip
_NUMERIC = ("Decimal", "Integer", "PositiveInt", "UnsignedInt")


def split_xml(data: bytes, encodings: Sequence[str]) -> Iterator[RawEntry | FileProblem]:
    """Every resource of one XML document. Nothing raises on data."""
    root, problems = _parse(data, encodings)
    yield from problems
    if root is None:
        return
    if root.getroottree().docinfo.doctype:  # type: ignore[attr-defined]  # not in the stubs
        yield FileProblem("HBV-ING-001", "a document type declaration is not allowed in FHIR XML")
        return
    yield from _split_resource(root, "", "", "", 0)


def _parse(data: bytes, encodings: Sequence[str]) -> tuple[etree._Element | None, list[FileProblem]]:
    try:
        return _parse_bytes(data), []
    except etree.XMLSyntaxError as error:
        reason = str(error)
    text = decode_text(data, encodings)
    if text.encoding not in (None, "utf-8"):
        undeclared = _DECLARATION.sub("", text.data.decode("utf-8"), count=1)
        try:
            root = _parse_bytes(undeclared.encode("utf-8"))
        except etree.XMLSyntaxError as error:
            reason = str(error)
        else:
            return root, [FileProblem("HBV-ING-010", f"read as {text.encoding}")]
    first_line = reason.partition("\n")[0]  # the next ones may quote the content
    return None, [FileProblem("HBV-ING-001", f"is not well-formed XML: {first_line}")]


def _parse_bytes(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    return etree.fromstring(data, parser)


def _split_resource(
    element: etree._Element, position: str, full_url: str, scope: str, order: int
) -> Iterator[RawEntry]:
    name = _local(element)
    below = f"{position}." if position else ""
    if name != "Bundle":
        yield _build_entry(element, position, full_url, scope, order)
        return
    history = _value(element, "type") == "history"
    for at, entry in enumerate(element.findall(f"{_FHIR}entry")):
        newness = -at - 1 if history else order
        yield from _split_entry(entry, f"{below}entry[{at}]", position or "Bundle", newness)


def _split_entry(entry: etree._Element, position: str, scope: str, order: int) -> Iterator[RawEntry]:
    full_url = _value(entry, "fullUrl")
    holder = entry.find(f"{_FHIR}resource")
    if holder is not None and len(holder):
        yield from _split_resource(holder[0], f"{position}.resource", full_url, scope, order)
        return
    xml = _serialise(entry)
    request, response = (_build_json(entry.find(f"{_FHIR}{name}")) for name in ("request", "response"))
    deletion = read_deletion(request, response, full_url)
    if deletion is not None:
        problem = "" if deletion.resource_id else "deletes by search, which names no resource"
        yield RawEntry(position, b"{}", full_url, scope, order, problem, deletion, xml)
    elif not (request or response or entry.find(f"{_FHIR}search") is not None):
        yield RawEntry(
            position, b"{}", full_url, scope, order, "entry of the Bundle holds no resource", None, xml
        )


def _build_entry(element: etree._Element, position: str, full_url: str, scope: str, order: int) -> RawEntry:
    xml = _serialise(element)
    if not element.tag.startswith(_FHIR):
        problem = f"{_local(element)} is not in the FHIR namespace"
        return RawEntry(position, b"{}", full_url, scope, order, problem, None, xml)
    try:
        json = msgspec.json.encode(_build_resource(element, 0))
    except RecursionError:
        return RawEntry(position, b"{}", full_url, scope, order, "is nested too deeply", None, xml)
    return RawEntry(position, json, full_url, scope, order, "", None, xml)


def _serialise(element: etree._Element) -> bytes:
    return bytes(etree.tostring(element, encoding="UTF-8", with_tail=False))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _value(element: etree._Element, name: str) -> str:
    child = element.find(f"{_FHIR}{name}")
    return (child.get("value") or "") if child is not None else ""


def _build_json(element: etree._Element | None) -> bytes:
    return msgspec.json.encode(_build_object(element, None, 0)) if element is not None else b""


def _build_resource(element: etree._Element, depth: int) -> dict[str, Any]:
    name = _local(element)
    struct = KINDS[name].struct if name in KINDS else None
    return {"resourceType": name, **_build_object(element, struct, depth)}


def _build_object(element: etree._Element, struct: type[Struct] | None, depth: int) -> dict[str, Any]:
    """Children and attributes of an element as the properties of a JSON object."""
    if depth > _DEEPEST:
        raise RecursionError
    shapes = read_shapes(struct) if struct is not None else {}
    made: dict[str, Any] = {key: value for key, value in element.attrib.items() if key in ("id", "url")}
    for child in element:
        name = _local(child)
        if not child.tag.startswith(_FHIR):
            continue  # the XHTML of a narrative
        shape = shapes.get(name) or _guess_shape(name)
        value, more = _build_value(child, shape, depth + 1)
        # Encounter.class is one Coding in R4 and a list of CodeableConcept in R5
        if shape.listed or (shape.scalar == "class" and {"coding", "text"} & set(value)):
            made.setdefault(name, []).append(value)
        elif name in made:
            made[name] = [*made[name], value] if isinstance(made[name], list) else [made[name], value]
        elif value is not None:
            made[name] = value
        if more:
            made[f"_{name}"] = more
    return made


def _build_value(element: etree._Element, shape: Shape, depth: int) -> tuple[Any, dict[str, Any]]:
    """The JSON value of an element, and what JSON keeps beside a primitive (``_birthDate``)."""
    text = element.get("value")
    if text is None and shape.scalar == "resource":
        return (_build_resource(element[0], depth) if len(element) else {}), {}
    if text is None:
        inner = _build_object(element, shape.struct, depth)
        is_primitive = shape.struct is None and set(inner) <= {"extension", "id"} and shape.scalar != "object"
        return (None, inner) if is_primitive and not shape.listed else (inner, {})
    more = _build_object(element, None, depth) if len(element) else {}
    return _build_scalar(text, shape.scalar), more


def _build_scalar(text: str, scalar: str) -> Any:
    """A number or boolean where the text is one; else the text, which the gate will refuse."""
    if scalar == "number" and _NUMBER.fullmatch(text):
        return Raw(text.encode("ascii"))
    if scalar == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _guess_shape(name: str) -> Shape:
    """Shape of an element that no struct holds."""
    suffix = name.removeprefix("value") if name.startswith("value") else ""
    if suffix in _NUMERIC:
        return Shape(scalar="number")
    if suffix == "Boolean":
        return Shape(scalar="boolean")
    if suffix in _TYPED:
        return Shape(_TYPED[suffix], scalar="object")
    return Shape(listed=name in _LISTS, scalar="resource" if name == "contained" else "string")
