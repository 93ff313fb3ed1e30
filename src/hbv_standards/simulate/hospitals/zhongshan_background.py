"""What Zhongshan knows of a subject beside results and drugs (R4): habits, diseases, family, route.

Smoking and drinking are Observations with SNOMED CT values. Of smoking, the amount and the years
stand in components; of drinking, each is an Observation of its own. Diseases are Conditions with
ICD-10 and Chinese words; of the family only the diseases that there are are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hbv_standards.simulate.fhir.conditions import build_condition, build_family_history
from hbv_standards.simulate.fhir.elements import (
    CATEGORY,
    LOINC,
    Resource,
    code,
    concept,
    keep,
    quantity,
    refer,
    word,
)
from hbv_standards.simulate.hospitals.zhongshan_links import BASE, link_resource, name_resource
from hbv_standards.simulate.records import Contact, Subject, Use

QUESTIONS = f"{BASE}/CodeSystem/history"
_STATUS = {
    "CIGARETTE": code(LOINC, "72166-2", "Tobacco smoking status"),
    "ALCOHOLIC BEVERAGE": code(LOINC, "11331-6", "History of Alcohol use"),
}
_DETAILS = {  # of each substance: question about the amount, the start and the end
    "CIGARETTE": (("ZS-SMK-N", "每日吸烟量"), ("ZS-SMK-B", "开始吸烟时间"), ("ZS-SMK-E", "戒烟时间")),
    "ALCOHOLIC BEVERAGE": (
        ("ZS-ALC-N", "每日饮酒精量"),
        ("ZS-ALC-B", "开始饮酒时间"),
        ("ZS-ALC-E", "戒酒时间"),
    ),
}
_UNITS = {"CIGARETTE": ("支/天", ""), "g": ("g/d", "g/d")}  # as written, and in UCUM


def build_background(subject: Subject) -> Iterator[Resource]:
    """All of it for one subject."""
    for use in subject.uses:
        yield from _build_use(subject, use)
    patient = link_resource("patient", subject.person.patient_number)
    for illness in subject.illnesses:
        yield build_condition(illness, name_resource("condition", subject.number, illness.key), patient)
    told = subject.contacts[0].day.isoformat()
    for relative in subject.relatives:
        name = name_resource("family", subject.number, relative.key)
        yield build_family_history("zhongshan", relative, name, patient, told)
    for number, route in enumerate(subject.routes, 1):
        contact = subject.contacts[0]
        question = concept("可疑传播途径", code(QUESTIONS, "ZS-ROUTE"))
        value = {"valueCodeableConcept": word("zhongshan", "MODTRN", route)}
        yield _observe(subject, contact, f"route{number}", question, value)


def _build_use(subject: Subject, use: Use) -> Iterator[Resource]:
    contact = _find_contact(subject, use.contact)
    value = {"valueCodeableConcept": word("zhongshan", "USE_STATUS", use.status, use.substance)}
    status = concept("", _STATUS[use.substance])
    details = list(_list_details(use))
    joined = use.substance == "CIGARETTE"
    components = [{"code": question, **answer} for question, answer in details] if joined else []
    yield _observe(subject, contact, use.key, status, value, component=components)
    if not joined:
        for number, (question, answer) in enumerate(details, 1):
            yield _observe(subject, contact, f"{use.key}-{number}", question, answer)


def _list_details(use: Use) -> Iterator[tuple[Resource, dict[str, Any]]]:
    """Questions that were answered beside the status, and the answers."""
    amount, start, end = (concept(text, code(QUESTIONS, name)) for name, text in _DETAILS[use.substance])
    if use.amount:
        unit, unit_code = _UNITS[use.unit]
        yield amount, {"valueQuantity": quantity(use.amount, unit, unit_code)}
    if use.start:
        yield start, {"valueDateTime": use.start}
    if use.end:
        yield end, {"valueDateTime": use.end}


def _observe(
    subject: Subject,
    contact: Contact,
    key: str,
    question: Resource,
    value: dict[str, Any],
    *,
    component: list[Resource] | None = None,
) -> Resource:
    return keep(
        resourceType="Observation",
        id=name_resource("observation", subject.number, key),
        status="final",
        category=[concept("", code(CATEGORY, "social-history"))],
        code=question,
        subject=refer(link_resource("patient", subject.person.patient_number)),
        encounter=refer(link_resource("encounter", contact.key)),
        effectiveDateTime=contact.start.fhir,
        **value,
        component=component,
    )


def _find_contact(subject: Subject, key: str) -> Contact:
    """The contact of that key, else the first one."""
    return next((contact for contact in subject.contacts if contact.key == key), subject.contacts[0])
