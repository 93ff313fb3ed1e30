"""Guangzhou: FHIR R4 Bulk Data, one NDJSON file per type, some compressed; LIS codes and Chinese texts.

The Specimen carries the time of collection, panels come by hasMember or DiagnosticReport, numbers
often as text. Visits are not stated. Who is enrolled stands in a CSV of the randomisation system, habits
and family in a questionnaire. An invented hospital is written in this manner too, in a style of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    ACT_CODE,
    Resource,
    code,
    concept,
    identify,
    keep,
    refer,
    word,
)
from hbv_standards.simulate.hospitals.guangzhou_background import build_background
from hbv_standards.simulate.hospitals.guangzhou_results import LABORATORY, build_results
from hbv_standards.simulate.hospitals.guangzhou_style import GUANGZHOU, Style
from hbv_standards.simulate.hospitals.guangzhou_treatment import build_medications, build_treatment
from hbv_standards.simulate.records import Bystander, Contact, Person, Specimen, Subject, Trial

_FILES = {  # type → file name; what is not listed is <type>.ndjson
    "Specimen": "Specimen.ndjson.gz",
    "DiagnosticReport": "DiagnosticReport.ndjson.gz",
    "MedicationRequest": "MedicationRequest.ndjson.gz",
}


def build_lines(trial: Trial, style: Style = GUANGZHOU) -> Iterator[tuple[str, Resource]]:
    """File name and resource, in the order in which they are written."""
    for resource in [_build_organization(style), *build_medications(style.site)]:
        yield _name_file(resource), resource
    patients: list[Subject | Bystander] = [
        *(s for s in trial.subjects if s.site == style.site),
        *(b for b in trial.bystanders if b.site == style.site),
    ]
    for place, patient in enumerate(patients):
        resources = list(_build_patient_record(patient, style))
        for resource in resources:
            yield _name_file(resource), resource
        if place == 0:  # one line is sent twice
            twice = next(r for r in resources if r["resourceType"] == "Observation")
            yield _name_file(twice), twice


def _name_file(resource: Resource) -> str:
    kind = resource["resourceType"]
    if kind == "Observation":
        bedside = resource["category"][0]["coding"][0]["code"] != "laboratory"
        return "Observation-bedside.ndjson" if bedside else "Observation-lab.ndjson.gz"
    return _FILES.get(kind, f"{kind}.ndjson")


def _build_organization(style: Style) -> Resource:
    return {"resourceType": "Organization", "id": LABORATORY, "name": style.laboratory}


def _build_patient_record(patient: Subject | Bystander, style: Style) -> Iterator[Resource]:
    yield _build_patient(patient.person, style)
    for contact in patient.contacts:
        yield _build_encounter(patient.person, contact, style)
        for tube in {r.specimen.number: r.specimen for r in contact.results if r.specimen}.values():
            yield _build_specimen(patient.person, tube, style)
        place = patient.place if isinstance(patient, Subject) else 1
        yield from build_results(patient.person, place, contact, style)
    if isinstance(patient, Subject):
        yield from build_treatment(patient)
        yield from build_background(patient, style)
    yield from _build_unused(patient.person)


def _build_patient(person: Person, style: Style) -> Resource:
    return keep(
        resourceType="Patient",
        id=person.patient_number,
        identifier=identify(style.patients, person.patient_number),
        name=[{"text": person.name}],
        gender="male" if person.sex == "M" else "female",
        birthDate=person.birth_sent,
        deceasedDateTime=person.death,
    )


def _build_encounter(person: Person, contact: Contact, style: Style) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": f"{contact.key}-enc",
        "status": "finished",
        "class": code(ACT_CODE, "AMB"),
        "type": [concept(style.visits.get(contact.planned or 0, style.contact))],
        "serviceType": concept("肝病科"),
        "subject": refer(f"Patient/{person.patient_number}"),
        "period": {"start": contact.start.fhir, "end": contact.start.shift(minutes=95).fhir},
    }


def _build_specimen(person: Person, tube: Specimen, style: Style) -> Resource:
    kind = "PERIPHERAL BLOOD MONONUCLEAR CELL" if tube.kind == "PBMC" else tube.kind
    fasting = word(style.site, "NY", tube.fasting) if tube.fasting else None
    return keep(
        resourceType="Specimen",
        id=tube.number,
        accessionIdentifier={"system": style.barcodes, "value": f"BC{tube.number}"},
        status="available",
        type=word(style.site, "SPECTYPE", kind),
        subject=refer(f"Patient/{person.patient_number}"),
        receivedTime=tube.collected.shift(minutes=45).fhir,
        collection=keep(collectedDateTime=tube.collected.fhir, fastingStatusCodeableConcept=fasting),
    )


def _build_unused(person: Person) -> Iterator[Resource]:
    """Resources of types that the trial does not use."""
    patient = refer(f"Patient/{person.patient_number}")
    yield {
        "resourceType": "AllergyIntolerance",
        "id": f"{person.patient_number}-allergy",
        "code": concept("无已知药物过敏"),
        "patient": patient,
    }
    yield {
        "resourceType": "Appointment",
        "id": f"{person.patient_number}-appointment",
        "status": "fulfilled",
        "participant": [{"actor": patient, "status": "accepted"}],
    }
