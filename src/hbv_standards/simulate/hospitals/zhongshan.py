"""Zhongshan: FHIR R4, one transaction Bundle per patient, LOINC and UCUM.

Encounters state the visit, blood pressure comes as components with the body position in an
extension, ResearchSubject, ResearchStudy and Consent tell who is in the trial; the date of
randomisation and the reason of an end stand in extensions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hbv_standards.simulate.fhir.elements import (
    ACT_CODE,
    LOINC,
    Resource,
    code,
    concept,
    extend,
    identify,
    keep,
    quantity,
    refer,
    word,
)
from hbv_standards.simulate.fhir.observations import Links, build_observation, build_value, name_test
from hbv_standards.simulate.habits import list_texts
from hbv_standards.simulate.hospitals.zhongshan_background import build_background
from hbv_standards.simulate.hospitals.zhongshan_events import build_events
from hbv_standards.simulate.hospitals.zhongshan_examinations import build_examinations, link_results
from hbv_standards.simulate.hospitals.zhongshan_links import BASE, link_resource, name_resource
from hbv_standards.simulate.hospitals.zhongshan_research import build_research
from hbv_standards.simulate.hospitals.zhongshan_treatment import build_treatment
from hbv_standards.simulate.records import Bystander, Contact, Person, Result, Specimen, Subject, Trial

VISIT_SYSTEM = f"{BASE}/CodeSystem/trial-visit"
_PRESSURE = ("SBP", "DBP")


def build_files(trial: Trial) -> Iterator[tuple[str, Resource]]:
    """File name and Bundle of every patient."""
    for subject in trial.subjects:
        if subject.site == "zhongshan":
            yield f"bundle-{subject.person.patient_number}.json", build_bundle(subject)
    for bystander in trial.bystanders:
        if bystander.site == "zhongshan":
            yield f"bundle-{bystander.person.patient_number}.json", build_bundle(bystander)


def build_bundle(patient: Subject | Bystander) -> Resource:
    """The transaction Bundle of one patient."""
    resources = [_build_patient(patient.person), *build_research(patient)]
    parts = link_results(patient) if isinstance(patient, Subject) else {}
    for contact in patient.contacts:
        resources += _build_contact(patient, contact, parts)
    if isinstance(patient, Subject):
        resources += build_treatment(patient)
        resources += build_background(patient)
        resources += build_events(patient)
        resources += build_examinations(patient)
    resources += _build_unused(patient.person)
    entries = [
        {
            "fullUrl": f"urn:uuid:{r['id']}",
            "resource": r,
            "request": {"method": "POST", "url": r["resourceType"]},
        }
        for r in resources
    ]
    bundle_id = name_resource("bundle", patient.person.patient_number)
    return {"resourceType": "Bundle", "id": bundle_id, "type": "transaction", "entry": entries}


def _build_patient(person: Person) -> Resource:
    return keep(
        resourceType="Patient",
        id=name_resource("patient", person.patient_number),
        extension=[extend(f"{BASE}/StructureDefinition/minzu", valueString=person.ethnic_text)],
        identifier=identify(f"{BASE}/mrn", person.patient_number),
        name=[{"text": person.name}],
        gender="male" if person.sex == "M" else "female",
        birthDate=person.birth_sent,
        deceasedDateTime=person.death,
    )


def _build_contact(
    patient: Subject | Bystander, contact: Contact, parts: Mapping[str, str]
) -> Iterator[Resource]:
    """``parts`` are the procedures that results name, by key of the result."""
    yield _build_encounter(patient, contact)
    tubes = {r.specimen.number: r.specimen for r in contact.results if r.specimen}
    for tube in tubes.values():
        yield _build_specimen(patient.person, tube)
    pressures = {r.key: r for r in contact.results if r.habit.concept_id in _PRESSURE}
    for result in contact.results:
        if result.key not in pressures:
            yield _build_result(patient.person, contact, result, parts.get(result.key, ""))
    if pressures:
        yield _build_pressure(patient.person, contact, list(pressures.values()))


def _build_encounter(patient: Subject | Bystander, contact: Contact) -> Resource:
    visit = (
        concept("", code(VISIT_SYSTEM, f"V{contact.planned}")) if contact.planned else concept("计划外就诊")
    )
    return keep(
        resourceType="Encounter",
        id=name_resource("encounter", contact.key),
        status="finished",
        class_=code(ACT_CODE, "AMB"),
        type=[visit],
        subject=refer(link_resource("patient", patient.person.patient_number)),
        period={"start": contact.start.fhir, "end": contact.start.shift(minutes=150).fhir},
    )


def _build_specimen(person: Person, tube: Specimen) -> Resource:
    kinds = {said.value: said for said in list_texts("zhongshan", "SPECTYPE")}
    kind = "PERIPHERAL BLOOD MONONUCLEAR CELL" if tube.kind == "PBMC" else tube.kind
    fasting = word("zhongshan", "NY", tube.fasting) if tube.fasting else None
    return keep(
        resourceType="Specimen",
        id=name_resource("specimen", tube.number),
        accessionIdentifier={"system": f"{BASE}/accession", "value": tube.number},
        type=word("zhongshan", "SPECTYPE", kinds[kind].value),
        subject=refer(link_resource("patient", person.patient_number)),
        collection=keep(collectedDateTime=tube.collected.fhir, fastingStatusCodeableConcept=fasting),
    )


def _build_result(person: Person, contact: Contact, result: Result, part_of: str) -> Resource:
    links = Links(
        link_resource("patient", person.patient_number),
        link_resource("encounter", contact.key),
        link_resource("specimen", result.specimen.number) if result.specimen else "",
        part_of,
    )
    return build_observation(
        result, name_resource("observation", result.key), links, effective=result.when.fhir
    )


def _build_pressure(person: Person, contact: Contact, results: list[Result]) -> Resource:
    """Blood pressure as one Observation with two components; the position is an extension."""
    position = word("zhongshan", "POSITION", results[0].position) if results[0].position else None
    url = f"{BASE}/StructureDefinition/body-position"
    return keep(
        resourceType="Observation",
        id=name_resource("observation", f"{contact.key}-BP"),
        extension=[extend(url, valueCodeableConcept=position)] if position else None,
        status="final",
        category=[
            concept("", code("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs"))
        ],
        code=concept("", code(LOINC, "85354-9", "Blood pressure panel")),
        subject=refer(link_resource("patient", person.patient_number)),
        encounter=refer(link_resource("encounter", contact.key)),
        effectiveDateTime=results[0].when.fhir,
        component=[{"code": name_test(r.habit), **build_value(r)} for r in results],
    )


def _build_unused(person: Person) -> Iterator[Resource]:
    """Resources of types that the trial does not use."""
    patient = refer(link_resource("patient", person.patient_number))
    yield {
        "resourceType": "AllergyIntolerance",
        "id": name_resource("allergy", person.patient_number),
        "code": concept("青霉素过敏史：无"),
        "patient": patient,
    }
    yield {
        "resourceType": "Immunization",
        "id": name_resource("immunization", person.patient_number),
        "status": "completed",
        "vaccineCode": concept("流感疫苗"),
        "patient": patient,
        "occurrenceDateTime": "2023-01",
        "doseQuantity": quantity("0.5", "mL", "mL"),
    }
