"""Zhongshan's drugs (R4): each injection as MedicationAdministration, tablets as MedicationStatement."""

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
from hbv_standards.simulate.hospitals.zhongshan_events import link_reasons
from hbv_standards.simulate.hospitals.zhongshan_links import link_resource, name_resource
from hbv_standards.simulate.records import Dose, Subject


def build_treatment(subject: Subject) -> Iterator[Resource]:
    """All drug records of a subject."""
    reasons = link_reasons(subject)
    for dose in (*subject.priors, *subject.doses, *subject.rescue):
        reason = [refer(reasons[dose.key])] if dose.key in reasons else []
        if dose.evidence == "administration":
            yield _build_administration(subject, dose, reason)
        else:
            yield _build_statement(subject, dose, reason)


def _build_administration(subject: Subject, dose: Dose, reason: list[Resource]) -> Resource:
    drug = read_drugs("zhongshan")[dose.treatment]
    return keep(
        resourceType="MedicationAdministration",
        id=name_resource("administration", subject.number, dose.key),
        status="completed" if dose.given else "not-done",
        statusReason=None if dose.given else [concept(dose.missed_reason)],
        medicationCodeableConcept=name_drug(drug),
        subject=_refer_patient(subject),
        effectiveDateTime=dose.moment.fhir if dose.moment else dose.start,
        reasonCode=[concept(dose.reason)] if dose.reason else None,
        reasonReference=reason,
        dosage=_build_given(drug, dose) if dose.given else None,
    )


def _build_given(drug: DrugHabit, dose: Dose) -> Resource:
    return {
        "text": find_text("zhongshan", "FREQ", drug.frequency).said,
        "route": word("zhongshan", "ROUTE", drug.route),
        "dose": quantity(dose.amount, drug.unit, drug.unit_code),
    }


def _build_statement(subject: Subject, dose: Dose, reason: list[Resource]) -> Resource:
    drug = read_drugs("zhongshan")[dose.treatment]
    repeat = {"frequency": 1, "period": write_number("1"), "periodUnit": "d"}
    return keep(
        resourceType="MedicationStatement",
        id=name_resource("statement", subject.number, dose.key),
        status="completed" if dose.end else "active",
        medicationCodeableConcept=name_drug(drug),
        subject=_refer_patient(subject),
        effectivePeriod=keep(start=dose.start, end=dose.end),
        reasonReference=reason,
        dosage=[
            {
                "timing": {"repeat": repeat},
                "route": word("zhongshan", "ROUTE", drug.route),
                "doseAndRate": [{"doseQuantity": quantity(dose.amount, drug.unit, drug.unit_code)}],
            }
        ],
    )


def _refer_patient(subject: Subject) -> Resource:
    return refer(link_resource("patient", subject.person.patient_number))
