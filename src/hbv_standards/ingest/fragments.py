"""Small elements that repeat: read once per distinct JSON, then looked up.

A hospital's million Observations hold some hundred codes, a few units' worth of reference ranges
and each Patient's reference a thousand times. Every reader takes the raw JSON and the element's
name (for the path of a fault) and gives what the column holds, ``None`` for an absent element.

References become one text: the address; where the reference has an identifier, US and its type,
system and value follow. See :mod:`.references`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from hbv_standards.canonical.concept_text import GS, US, join_concept, join_concepts
from hbv_standards.ingest.elements import (
    ABSENT,
    Annotation,
    CodeableConcept,
    CodeableReference,
    Coding,
    Concept,
    Element,
    Quantity,
    Reference,
    Text,
)
from hbv_standards.ingest.faults import ElementFault, read_fault

Content = TypeVar("Content")
Cell = TypeVar("Cell")
Reader = Callable[[Raw, str], Cell | None]
Texts = tuple[str | None, ...]

_REMEMBERED = 20_000  # distinct contents of one kind of element; forgotten all at once beyond


def build_reader(kind: type[Content], convert: Callable[[Content], Cell | None]) -> Reader[Cell]:
    """A reader of one kind of element that remembers what it has read.

    The reader raises :class:`ElementFault` when the content is not of the kind.
    """
    decode = msgspec.json.Decoder(kind).decode
    known: dict[bytes, Cell | None] = {}

    def read(raw: Raw, path: str) -> Cell | None:
        if not raw:
            return None
        content = bytes(raw)
        try:
            return known[content]
        except KeyError:
            pass
        try:
            value = convert(decode(content))
        except msgspec.ValidationError as error:
            raise read_fault(error, path) from None
        except ElementFault as fault:
            raise fault.below(path) from None
        if len(known) >= _REMEMBERED:
            known.clear()
        known[content] = value
        return value

    return read


def _join(concept: CodeableConcept) -> str | None:
    return join_concept(concept.text, [(c.system, c.code, c.display) for c in concept.coding])


def _join_first(concepts: list[CodeableConcept]) -> str | None:
    return next(filter(None, map(_join, concepts)), None)


def _join_all(concepts: list[CodeableConcept]) -> str | None:
    return join_concepts(map(_join, concepts))


def _join_coding(coding: Coding) -> str | None:
    return join_concept(None, [(coding.system, coding.code, coding.display)])


read_concept: Reader[str] = build_reader(CodeableConcept, _join)
read_first_concept: Reader[str] = build_reader(list[CodeableConcept], _join_first)
read_concepts: Reader[str] = build_reader(list[CodeableConcept], _join_all)
read_coding: Reader[str] = build_reader(Coding, _join_coding)


def join_reference(reference: Reference) -> str:
    """Address and identifier of a reference as one text."""
    named = reference.identifier
    if named is UNSET or not named.value:
        return reference.reference or US * 3
    return US.join((reference.reference, reference.type, named.system, named.value))


def _join_first_reference(references: list[Reference]) -> str | None:
    return join_reference(references[0]) if references else None


def _join_references(references: list[Reference]) -> str | None:
    return GS.join(map(join_reference, references)) or None


read_reference: Reader[str] = build_reader(Reference, join_reference)
read_first_reference: Reader[str] = build_reader(list[Reference], _join_first_reference)
read_references: Reader[str] = build_reader(list[Reference], _join_references)


def _first_concept_of(references: list[CodeableReference]) -> str | None:
    concepts = (read_concept(r.concept, f"[{at}].concept") for at, r in enumerate(references))
    return next(filter(None, concepts), None)


def _join_concepts_of(references: list[CodeableReference]) -> str | None:
    return join_concepts(read_concept(r.concept, f"[{at}].concept") for at, r in enumerate(references))


def _join_references_of(references: list[CodeableReference]) -> str | None:
    named = (read_reference(r.reference, f"[{at}].reference") for at, r in enumerate(references))
    return GS.join(filter(None, named)) or None


read_concepts_of: Reader[str] = build_reader(list[CodeableReference], _join_concepts_of)
read_references_of: Reader[str] = build_reader(list[CodeableReference], _join_references_of)
read_concept_of: Reader[str] = build_reader(
    CodeableReference, lambda reference: read_concept(reference.concept, "concept")
)
read_first_concept_of: Reader[str] = build_reader(list[CodeableReference], _first_concept_of)
read_concept_and_reference: Reader[Texts] = build_reader(
    CodeableReference,
    lambda both: (read_concept(both.concept, "concept"), read_reference(both.reference, "reference")),
)


def _join_notes(notes: list[Annotation]) -> str | None:
    return "\n".join(note.text for note in notes if note.text) or None


read_notes: Reader[str] = build_reader(list[Annotation], _join_notes)


def read_number(raw: Raw, path: str) -> str | None:
    """Text of a decimal as it was sent. JSON and FHIR have the same grammar; a string is refused."""
    if not raw:
        return None
    token = bytes(raw)
    if token[0] not in b"-0123456789":
        raise ElementFault(path, f"should be a number but is {name_token(token)}")
    return token.decode("ascii")


def read_integer(raw: Raw, path: str) -> str | None:
    """Text of an integer as it was sent."""
    text = read_number(raw, path)
    if text is not None and not text.removeprefix("-").isdigit():
        raise ElementFault(path, "should be an integer")
    return text


def name_token(token: bytes) -> str:
    """Kind of a JSON value, for messages."""
    kinds = {b'"': "str", b"{": "object", b"[": "array", b"n": "null", b"t": "bool", b"f": "bool"}
    return kinds.get(token[:1], "number")


class RangeText(NamedTuple):
    """The reference range that applies, as columns."""

    low: str | None
    high: str | None
    text: str | None
    unit_text: str | None
    unit_code: str | None
    unit_system: str | None


class ReferenceRange(Element):
    """Observation.referenceRange."""

    low: Quantity | UnsetType = UNSET
    high: Quantity | UnsetType = UNSET
    type: Concept = ABSENT
    text: Text = ""


def _choose_range(ranges: list[ReferenceRange]) -> RangeText | None:
    """The first range that is of type "normal" or of no type (FHIR Observation.referenceRange.type)."""
    for at, sent in enumerate(ranges):
        kind = read_concept(sent.type, f"[{at}].type")
        if kind is not None and f"{US}normal{US}" not in kind and not kind.startswith("normal"):
            continue
        low = _read_limit(sent.low, f"[{at}].low")
        high = _read_limit(sent.high, f"[{at}].high")
        if sent.text or low or high:
            unit = next((q for q in (sent.low, sent.high) if q is not UNSET and (q.unit or q.code)), None)
            said = (unit.unit or None, unit.code or None, unit.system or None) if unit else (None, None, None)
            return RangeText(low, high, sent.text or None, *said)
    return None


def _read_limit(limit: Quantity | UnsetType, path: str) -> str | None:
    return read_number(limit.value, f"{path}.value") if limit is not UNSET else None


read_range: Reader[RangeText] = build_reader(list[ReferenceRange], _choose_range)
