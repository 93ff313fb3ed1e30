"""What Foshan knows of a subject beside results and drugs (R5): habits, diseases, family, route.

Smoking and drinking are Observations without a value of their own: status, amount a day and years
stand in components. Cigarettes are a bare number, for the question says what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hbv_standards.simulate.fhir.conditions import build_condition, build_family_history
from hbv_standards.simulate.fhir.elements import (
    CATEGORY,
    Resource,
    code,
    concept,
    keep,
    quantity,
    refer,
    word,
    write_number,
)
from hbv_standards.simulate.hospitals.foshan_style import BASE, Style
from hbv_standards.simulate.records import Contact, Illness, Subject, Use

QUESTIONS = f"{BASE}/CodeSystem/question"
_SUBSTANCES = {  # code and display of the question; those of its parts are built on them
    "CIGARETTE": ("SMOKING", "Smoking"),
    "ALCOHOLIC BEVERAGE": ("ALCOHOL", "Alcohol use"),
}


def build_background(style: Style, subject: Subject) -> Iterator[Resource]:
    """All of it for one subject."""
    patient = style.link("Patient", subject.person.patient_number)
    first = subject.contacts[0]
    for use in subject.uses:
        asked = next((contact for contact in subject.contacts if contact.key == use.contact), first)
        name, display = _SUBSTANCES[use.substance]
        yield _observe(style, patient, asked, use.key, _ask(name, display), component=list(_list_parts(use)))
    for illness in subject.illnesses:
        yield build_condition(illness, illness.key, patient, over="inactive", meta=_describe_state(illness))
    for relative in subject.relatives:
        yield build_family_history("foshan", relative, relative.key, patient, first.day.isoformat())
    for number, route in enumerate(subject.routes, 1):
        value = word("foshan", "MODTRN", route)
        question = _ask("HBV-ROUTE", "Suspected route of HBV infection")
        key = f"{subject.number}-route{number}"
        yield _observe(style, patient, first, key, question, valueCodeableConcept=value)


def _describe_state(illness: Illness) -> Resource | None:
    """When the server last changed the record, which it says of few."""
    return {"lastUpdated": f"{illness.stated}T09:00:00Z"} if illness.stated else None


def _list_parts(use: Use) -> Iterator[Resource]:
    """Components: what was asked and answered."""
    name, display = _SUBSTANCES[use.substance]
    status = word("foshan", "USE_STATUS", use.status, use.substance)
    yield {"code": _ask(f"{name}-STATUS", f"{display}: status"), "valueCodeableConcept": status}
    if use.amount:
        yield {"code": _ask(f"{name}-PER-DAY", f"{display}: amount per day"), **_count(use)}
    if use.start:
        yield {"code": _ask(f"{name}-FROM", f"{display}: since"), "valueDateTime": use.start}
    if use.end:
        yield {"code": _ask(f"{name}-UNTIL", f"{display}: until"), "valueDateTime": use.end}


def _count(use: Use) -> dict[str, Any]:
    if use.unit == "CIGARETTE":
        return {"valueInteger": write_number(use.amount)}
    return {"valueQuantity": quantity(use.amount, use.unit)}


def _ask(name: str, display: str) -> Resource:
    return concept("", code(QUESTIONS, name, display))


def _observe(
    style: Style, patient: str, contact: Contact, key: str, question: Resource, **answer: Any
) -> Resource:
    return keep(
        resourceType="Observation",
        id=key,
        status="final",
        category=[concept("", code(CATEGORY, "social-history"))],
        code=question,
        subject=refer(patient),
        encounter=refer(style.link("Encounter", f"{contact.key}-enc")),
        effectiveDateTime=contact.start.fhir,
        **answer,
    )
