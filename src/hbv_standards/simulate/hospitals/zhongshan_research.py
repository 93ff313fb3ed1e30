"""Zhongshan's ResearchStudy, ResearchSubject and Consent (R4)."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    Resource,
    code,
    concept,
    extend,
    identify,
    keep,
    refer,
)
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.zhongshan_links import BASE, link_resource, name_resource
from hbv_standards.simulate.protocol import STUDY
from hbv_standards.simulate.records import Bystander, Subject

_OTHER_STUDY = "ZS-OTHER-07"


def build_research(patient: Subject | Bystander) -> Iterator[Resource]:
    """What tells that a patient is in a trial; nothing for a patient in none."""
    if isinstance(patient, Subject):
        yield _build_study(STUDY, "慢性乙型肝炎换用聚乙二醇干扰素α-2a试验")
        yield _build_consent(patient)
        yield _build_subject(patient)
    elif patient.other_study:
        yield _build_study(_OTHER_STUDY, "另一项试验")
        yield _build_outsider(patient)


def _build_study(number: str, title: str) -> Resource:
    return {
        "resourceType": "ResearchStudy",
        "id": name_resource("study", number),
        "identifier": identify(f"{BASE}/study", number),
        "title": title,
        "status": "active",
    }


def _build_consent(subject: Subject) -> Resource:
    scope = code("http://terminology.hl7.org/CodeSystem/consentscope", "research")
    return {
        "resourceType": "Consent",
        "id": name_resource("consent", subject.number),
        "status": "active",
        "scope": concept("", scope),
        "category": [concept("知情同意书")],
        "patient": refer(link_resource("patient", subject.person.patient_number)),
        "dateTime": subject.consent.isoformat(),
        "policyRule": concept("伦理委员会批准的知情同意书"),
    }


def _build_subject(subject: Subject) -> Resource:
    arm = find_text("zhongshan", "ARMCD", subject.arm).said if subject.arm else ""
    actual = arm if subject.doses else ""
    return keep(
        resourceType="ResearchSubject",
        id=name_resource("researchsubject", subject.number),
        extension=list(_extend_subject(subject)),
        identifier=identify(f"{BASE}/trial-subject", subject.number),
        status=find_text("zhongshan", "SUBJECT_STATUS", subject.status).said,
        period=keep(start=subject.consent.isoformat(), end=subject.end.isoformat() if subject.end else ""),
        study=refer(link_resource("study", STUDY)),
        individual=refer(link_resource("patient", subject.person.patient_number)),
        assignedArm=arm,
        actualArm=actual,
        consent=refer(link_resource("consent", subject.number)),
    )


def _extend_subject(subject: Subject) -> Iterator[Resource]:
    if subject.randomised:
        yield extend(
            f"{BASE}/StructureDefinition/randomisation-date", valueDate=subject.randomised.isoformat()
        )
    if subject.end_reason:
        said = find_text("zhongshan", "NCOMPLT", subject.end_reason).said
        yield extend(f"{BASE}/StructureDefinition/end-reason", valueString=said)


def _build_outsider(bystander: Bystander) -> Resource:
    """A subject of another trial: not ours."""
    number = bystander.person.patient_number
    return {
        "resourceType": "ResearchSubject",
        "id": name_resource("researchsubject", number),
        "identifier": identify(f"{BASE}/trial-subject", f"OT-{number}"),
        "status": "on-study",
        "study": refer(link_resource("study", _OTHER_STUDY)),
        "individual": refer(link_resource("patient", number)),
    }
