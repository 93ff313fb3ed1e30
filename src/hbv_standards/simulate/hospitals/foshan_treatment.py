"""Foshan's drugs (R5): contained Medications, injections one by one or as statements."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    Resource,
    concept,
    keep,
    name_drug,
    quantity,
    refer,
    word,
    write_number,
)
from hbv_standards.simulate.habits import DrugHabit, find_text, read_drugs
from hbv_standards.simulate.hospitals.foshan_events import link_reasons
from hbv_standards.simulate.hospitals.foshan_style import BASE, Style
from hbv_standards.simulate.records import Dose, Subject

_IN_MEDICATION = {"reference": {"reference": "#med"}}


def build_treatment(style: Style, subject: Subject) -> Iterator[Resource]:
    """All drug records of a subject."""
    links = link_reasons(style, subject)
    for dose in (*subject.priors, *subject.doses, *subject.rescue):
        reason = _explain(dose, links.get(dose.key, ""))
        if dose.evidence == "administration":
            yield _build_administration(style, subject, dose, reason)
        else:
            yield _build_statement(subject, dose, reason)


def _explain(dose: Dose, link: str) -> list[Resource]:
    """The reason of a change of dose: in words, and by reference to the Condition that it was made for."""
    reason = keep(
        concept=concept(dose.reason) if dose.reason else None, reference=refer(link) if link else None
    )
    return [reason] if reason else []


def _contain(drug: DrugHabit) -> list[Resource]:
    form = word("foshan", "FRM", drug.form)
    return [{"resourceType": "Medication", "id": "med", "code": name_drug(drug), "doseForm": form}]


def _build_administration(style: Style, subject: Subject, dose: Dose, reason: list[Resource]) -> Resource:
    drug = read_drugs("foshan")[dose.treatment]
    given = {
        "text": find_text("foshan", "FREQ", drug.frequency).said,
        "route": word("foshan", "ROUTE", drug.route),
        "dose": quantity(dose.amount, drug.unit),
    }
    return keep(
        resourceType="MedicationAdministration",
        id=f"{subject.number}-{dose.key}",
        contained=_contain(drug),
        status="completed" if dose.given else "not-done",
        statusReason=None if dose.given else [concept(dose.missed_reason)],
        medication=_IN_MEDICATION,
        subject=refer(style.link("Patient", subject.person.patient_number)),
        occurenceDateTime=dose.moment.fhir if dose.moment else dose.start,
        reason=reason,
        dosage=given if dose.given else None,
    )


def _build_statement(subject: Subject, dose: Dose, reason: list[Resource]) -> Resource:
    """A statement; its subject is told by identifier, not by address."""
    drug = read_drugs("foshan")[dose.treatment]
    return keep(
        resourceType="MedicationStatement",
        id=f"{subject.number}-{dose.key}",
        contained=_contain(drug),
        status="recorded",
        medication=_IN_MEDICATION,
        subject={"identifier": {"system": f"{BASE}/mrn", "value": subject.person.patient_number}},
        effectivePeriod=keep(start=dose.start, end=dose.end),
        reason=reason,
        dosage=[
            {
                "timing": _time(drug),
                "route": word("foshan", "ROUTE", drug.route),
                "doseAndRate": [{"doseQuantity": quantity(dose.amount, drug.unit)}],
            }
        ],
    )


def _time(drug: DrugHabit) -> Resource:
    if drug.frequency == "EVERY WEEK":
        return {"repeat": {"frequency": 1, "period": write_number("1"), "periodUnit": "wk"}}
    return {"code": concept(find_text("foshan", "FREQ", drug.frequency).said)}
