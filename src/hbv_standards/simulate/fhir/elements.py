"""FHIR elements as plain dicts in the order of their definitions, numbers as the digits that are sent."""

from __future__ import annotations

from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from msgspec import Raw

from hbv_standards.simulate.habits import DrugHabit, SentText, find_text

Resource: TypeAlias = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def keep(**parts: Any) -> Resource:
    """A dict of the parts that hold something, in the order given. ``class_`` stands for ``class``."""
    return {
        name.rstrip("_"): part
        for name, part in parts.items()
        if part is not None and part not in ("", [], {})
    }


def write_number(digits: str) -> Raw:
    """A JSON number with exactly these digits: 6.30, 1.50E-2."""
    return Raw(digits.encode("ascii"))


def code(system: str, value: str, display: str = "") -> Resource:
    """A Coding."""
    return keep(system=system, code=value, display=display)


def concept(text: str = "", *codings: Resource) -> Resource:
    """A CodeableConcept."""
    return keep(coding=list(codings), text=text)


def word(site: str, codelist: str, value: str, concept_id: str = "") -> Resource:
    """A CodeableConcept with the hospital's own word for a submission value."""
    said = find_text(site, codelist, value, concept_id)
    return say(said)


def say(said: SentText) -> Resource:
    """A CodeableConcept of a row of texts.csv; a code without system stands as its text."""
    if said.code and said.system:
        return concept(said.text, code(said.system, said.code, said.display))
    return concept(said.said)


def quantity(
    digits: str, unit: str = "", unit_code: str = "", comparator: str = "", system: str = UCUM
) -> Resource:
    """A Quantity; ``system`` is sent with a unit code only."""
    return keep(
        value=write_number(digits),
        comparator=comparator,
        unit=unit,
        system=system if unit_code else "",
        code=unit_code,
    )


def refer(target: str) -> Resource:
    """A literal Reference."""
    return {"reference": target}


def identify(system: str, value: str) -> list[Resource]:
    """One Identifier, in its list."""
    return [{"system": system, "value": value}]


def extend(url: str, **value: Any) -> Resource:
    """An Extension: ``extend(url, valueString="…")``."""
    return {"url": url, **value}


def annotate(text: str) -> list[Resource]:
    """One Annotation in its list; nothing for no text."""
    return [{"text": text}] if text else []


def name_drug(drug: DrugHabit) -> Resource:
    """A CodeableConcept with the hospital's code and name of a drug."""
    codings = [code(drug.system, drug.code, drug.display)] if drug.code else []
    return concept(drug.text, *codings)


def make_uuid(*parts: str) -> str:
    """A UUID that is the same for the same parts."""
    return str(uuid5(NAMESPACE_URL, "/".join(("hbv-standards", *parts))))
