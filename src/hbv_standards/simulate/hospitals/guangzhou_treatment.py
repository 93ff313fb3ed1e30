"""Guangzhou's drugs (R4): orders with their span of time, dispensings, and what patients tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hbv_standards.simulate.fhir.elements import Resource, concept, keep, name_drug, quantity, refer, word
from hbv_standards.simulate.habits import DrugHabit, find_text, read_drugs
from hbv_standards.simulate.records import Dose, Subject


def build_medications(site: str) -> Iterator[Resource]:
    """The pharmacy's Medications, to which statements refer."""
    for drug in read_drugs(site).values():
        if drug.code:
            yield {
                "resourceType": "Medication",
                "id": drug.code,
                "code": name_drug(drug),
                "form": word(site, "FRM", drug.form),
            }


def build_treatment(subject: Subject) -> Iterator[Resource]:
    """All drug records of a subject."""
    builders = {"request": _build_request, "dispense": _build_dispense, "statement": _build_statement}
    for dose in (*subject.priors, *subject.doses, *subject.rescue):
        yield builders[dose.evidence](subject, dose)
    if subject.doses and subject.role.arm == "NACONT":
        yield _build_preparation(subject, subject.doses[-1])


def _build_request(subject: Subject, dose: Dose) -> Resource:
    drug = read_drugs(subject.site)[dose.treatment]
    return keep(
        resourceType="MedicationRequest",
        id=f"{subject.number}-{dose.key}",
        status="completed",
        intent="order",
        medicationCodeableConcept=name_drug(drug),
        subject=_refer_patient(subject),
        authoredOn=dose.start,
        dosageInstruction=[_build_dosage(drug, dose, bounds=keep(start=dose.start, end=dose.end))],
    )


def _build_dosage(drug: DrugHabit, dose: Dose, *, bounds: Resource | None = None) -> Resource:
    frequency, route = (
        find_text(drug.site, name, value).said
        for name, value in (("FREQ", drug.frequency), ("ROUTE", drug.route))
    )
    return keep(
        text=f"{drug.text} {dose.amount}{drug.unit} {frequency} {route}",
        timing=keep(repeat={"boundsPeriod": bounds} if bounds else None, code=concept(frequency)),
        route=concept(route),
        doseAndRate=[{"doseQuantity": quantity(dose.amount, drug.unit)}],
    )


def _build_dispense(subject: Subject, dose: Dose) -> Resource:
    drug = read_drugs(subject.site)[dose.treatment]
    days = (date.fromisoformat(dose.end) - date.fromisoformat(dose.start)).days + 1
    return keep(
        resourceType="MedicationDispense",
        id=f"{subject.number}-{dose.key}",
        status="completed",
        medicationCodeableConcept=name_drug(drug),
        subject=_refer_patient(subject),
        daysSupply=quantity(str(days), "天"),
        whenHandedOver=dose.start,
        dosageInstruction=[_build_dosage(drug, dose)],
    )


def _build_preparation(subject: Subject, dose: Dose) -> Resource:
    """Drugs that were made ready and not fetched: nothing that was taken."""
    drug = read_drugs(subject.site)[dose.treatment]
    return keep(
        resourceType="MedicationDispense",
        id=f"{subject.number}-prep",
        status="preparation",
        medicationCodeableConcept=name_drug(drug),
        subject=_refer_patient(subject),
        whenPrepared=dose.start,
        dosageInstruction=[_build_dosage(drug, dose)],
    )


def _build_statement(subject: Subject, dose: Dose) -> Resource:
    drug = read_drugs(subject.site)[dose.treatment]
    named = {"medicationReference": refer(f"Medication/{drug.code}")} if drug.code else None
    return keep(
        resourceType="MedicationStatement",
        id=f"{subject.number}-{dose.key}",
        status="completed" if dose.end else "active",
        **(named or {"medicationCodeableConcept": name_drug(drug)}),
        subject=_refer_patient(subject),
        effectivePeriod=keep(start=dose.start, end=dose.end),
        dosage=[_build_dosage(drug, dose)],
    )


def _refer_patient(subject: Subject) -> Resource:
    return refer(f"Patient/{subject.person.patient_number}")
