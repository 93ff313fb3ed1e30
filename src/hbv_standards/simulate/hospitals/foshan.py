"""Foshan: FHIR R5, Bundles of several kinds, conventional units, local times cut short.

Birth dates are years, the arm stands in an extension as text, results have versions, references
are absolute, urn:uuid, relative, or by identifier; one file is XML.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    ACT_CODE,
    Resource,
    code,
    concept,
    extend,
    identify,
    keep,
    refer,
)
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.foshan_background import build_background
from hbv_standards.simulate.hospitals.foshan_events import build_effects, list_event_versions
from hbv_standards.simulate.hospitals.foshan_examinations import build_examinations, link_results
from hbv_standards.simulate.hospitals.foshan_results import list_versions
from hbv_standards.simulate.hospitals.foshan_style import (
    BASE,
    FORMS,
    Style,
    bundle_history,
    bundle_resources,
)
from hbv_standards.simulate.hospitals.foshan_treatment import build_treatment
from hbv_standards.simulate.protocol import STUDY
from hbv_standards.simulate.records import Bystander, Contact, Person, Subject, Trial

_OTHER_STUDY = "FS-OTHER-12"
_MILESTONE = "http://terminology.hl7.org/CodeSystem/research-subject-milestone"
_STATE = "http://terminology.hl7.org/CodeSystem/research-subject-state"


def build_files(trial: Trial) -> Iterator[tuple[str, Resource]]:
    """File name and Bundle; a name that ends with .xml or .gz says how it is written."""
    patients: list[Subject | Bystander] = [
        *(s for s in trial.subjects if s.site == "foshan"),
        *(b for b in trial.bystanders if b.site == "foshan"),
    ]
    yield "research.json", _bundle_research()
    changed: list[Resource] = []
    for place, patient in enumerate(patients):
        style = Style(FORMS[place % len(FORMS)])
        name = f"{style.form}-{patient.person.patient_number}"
        resources, versions = _build_patient_record(style, patient)
        changed += versions
        ending = (
            ("xml" if place == FORMS.index("gathered") else "json.gz") if style.form == "gathered" else "json"
        )
        yield f"{name}.{ending}", bundle_resources(style, name, resources)
    if changed:
        yield "history-observations.json", bundle_history(changed)


def _bundle_research() -> Resource:
    studies = [
        {
            "resourceType": "ResearchStudy",
            "id": number,
            "identifier": identify(f"{BASE}/study", number),
            "title": title,
            "status": "active",
        }
        for number, title in ((STUDY, "换用聚乙二醇干扰素α-2a 48周"), (_OTHER_STUDY, "另一项试验"))
    ]
    organization = {"resourceType": "Organization", "id": "fs", "name": "佛山市第一人民医院（模拟）"}
    return bundle_resources(Style("absolute"), "research", [organization, *studies])


def _build_patient_record(
    style: Style, patient: Subject | Bystander
) -> tuple[list[Resource], list[Resource]]:
    """Resources of the patient's own file, and versions that belong to the history Bundle."""
    person = patient.person
    subject = patient if isinstance(patient, Subject) else None
    parts = link_results(style, subject) if subject else {}
    resources = [_build_patient(person), *_build_research(style, patient)]
    changed: list[Resource] = []
    for contact in patient.contacts:
        resources.append(_build_encounter(style, person, contact))
        for versions in list_versions(style, person, contact, parts):
            _place_versions(style, versions, resources, changed)
    if subject:
        resources += build_treatment(style, subject)
        resources += build_background(style, subject)
        for versions in list_event_versions(style, subject):
            _place_versions(style, versions, resources, changed)
        resources += [*build_effects(style, subject), *build_examinations(style, subject)]
    return [*resources, *_build_unused(style, patient)], changed


def _place_versions(
    style: Style, versions: list[Resource], own: list[Resource], changed: list[Resource]
) -> None:
    """Put the versions of one resource into the patient's own file or the history, as the style has it."""
    if len(versions) == 1:
        own += versions
    elif style.form == "absolute":
        own.append(versions[0])
        changed += versions
    else:  # a search finds the newest version, a collection holds all of them
        own += versions[-1:] if style.form == "searchset" else versions


def _build_patient(person: Person) -> Resource:
    race = find_text("foshan", "RACE", person.race).said
    return keep(
        resourceType="Patient",
        id=person.patient_number,
        extension=[
            extend(f"{BASE}/StructureDefinition/race", valueString=race),
            extend(f"{BASE}/StructureDefinition/minzu", valueString=person.ethnic_text),
        ],
        identifier=identify(f"{BASE}/mrn", person.patient_number),
        name=[{"text": person.name}],
        gender="male" if person.sex == "M" else "female",
        birthDate=person.birth_sent,
        deceasedDateTime=person.death,
    )


def _build_encounter(style: Style, person: Person, contact: Contact) -> Resource:
    return {
        "resourceType": "Encounter",
        "id": f"{contact.key}-enc",
        "status": "completed",
        "class": [concept("", code(ACT_CODE, "AMB"))],
        "subject": refer(style.link("Patient", person.patient_number)),
        "actualPeriod": {"start": contact.start.fhir, "end": contact.start.shift(minutes=120).fhir},
    }


def _build_research(style: Style, patient: Subject | Bystander) -> Iterator[Resource]:
    link = refer(style.link("Patient", patient.person.patient_number))
    if isinstance(patient, Subject):
        yield _build_consent(patient, link)
        yield _build_subject(style, patient, link)
    elif patient.other_study:
        yield {
            "resourceType": "ResearchSubject",
            "id": f"rs-{patient.person.patient_number}",
            "identifier": identify(f"{BASE}/trial-subject", f"OT-{patient.person.patient_number}"),
            "status": "active",
            "study": refer(f"{BASE}/ResearchStudy/{_OTHER_STUDY}"),
            "subject": link,
        }


def _build_consent(subject: Subject, patient: Resource) -> Resource:
    return {
        "resourceType": "Consent",
        "id": f"consent-{subject.number}",
        "status": "active",
        "category": [concept("知情同意书")],
        "subject": patient,
        "date": subject.consent.isoformat(),
    }


def _build_subject(style: Style, subject: Subject, patient: Resource) -> Resource:
    arm = find_text("foshan", "ARMCD", subject.arm).said if subject.arm else ""
    url = f"{BASE}/StructureDefinition/allocated-arm"
    return keep(
        resourceType="ResearchSubject",
        id=f"rs-{subject.number}",
        extension=[extend(url, valueString=arm)] if arm else None,
        identifier=identify(f"{BASE}/trial-subject", subject.number),
        status="active",
        progress=list(_list_progress(subject)),
        period=keep(start=subject.consent.isoformat(), end=subject.end.isoformat() if subject.end else ""),
        study=refer(f"{BASE}/ResearchStudy/{STUDY}"),
        subject=patient,
        consent=[refer(style.link("Consent", f"consent-{subject.number}"))],
    )


def _list_progress(subject: Subject) -> Iterator[Resource]:
    yield {"milestone": concept("", code(_MILESTONE, "SignedUp")), "startDate": subject.consent.isoformat()}
    if subject.randomised:
        yield {
            "milestone": concept("", code(_MILESTONE, "Randomized")),
            "startDate": subject.randomised.isoformat(),
        }
    state = find_text("foshan", "SUBJECT_STATUS", subject.status).said
    reason = find_text("foshan", "NCOMPLT", subject.end_reason).said if subject.end_reason else ""
    yield keep(
        subjectState=concept("", code(_STATE, state)),
        reason=concept(reason) if reason else None,
        startDate=(subject.end or subject.randomised or subject.consent).isoformat(),
    )


def _build_unused(style: Style, owner: Subject | Bystander) -> Iterator[Resource]:
    """Resources of types that the trial does not use, and the disease of a patient who is not in it."""
    person = owner.person
    patient = refer(style.link("Patient", person.patient_number))
    yield {
        "resourceType": "Immunization",
        "id": f"imm-{person.patient_number}",
        "status": "completed",
        "vaccineCode": concept("流感疫苗"),
        "patient": patient,
        "occurrenceDateTime": "2022-11",
    }
    if isinstance(owner, Subject):
        return
    yield {
        "resourceType": "Condition",
        "id": f"cond-{person.patient_number}",
        "clinicalStatus": concept(
            "", code("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")
        ),
        "code": concept("慢性乙型病毒性肝炎"),
        "subject": patient,
        "onsetDateTime": "2010",
    }
