"""Diseases as Conditions and family histories; R4 and R5 share the shape of what is used here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hbv_standards.simulate.fhir.elements import Resource, annotate, code, concept, keep, refer, word
from hbv_standards.simulate.records import Illness, Relative

ICD10 = "http://hl7.org/fhir/sid/icd-10"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CONDITION_CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"


def name_illness(illness: Illness) -> Resource:
    """A CodeableConcept in Chinese words, with the ICD-10 code where the hospital gave one."""
    codings = [code(ICD10, illness.icd10)] if illness.icd10 else []
    return concept(illness.chinese, *codings)


def build_condition(
    illness: Illness,
    resource_id: str,
    subject: str,
    *,
    category: str = "problem-list-item",
    over: str = "resolved",
    **parts: Any,
) -> Resource:
    """One Condition. ``subject`` is the text of a Reference; ``parts`` are further elements (meta, severity).

    A disease without an end that does not go on is ``over``, nobody knows since when.
    """
    refuted = illness.fault == "refuted"
    state = "inactive" if refuted else "active" if illness.ongoing else "resolved" if illness.end else over
    return keep(
        resourceType="Condition",
        id=resource_id,
        meta=parts.get("meta"),
        clinicalStatus=concept("", code(CLINICAL, state)),
        verificationStatus=concept("", code(VERIFICATION, "refuted" if refuted else "confirmed")),
        category=[concept("", code(CONDITION_CATEGORY, category))],
        severity=parts.get("severity"),
        code=name_illness(illness),
        subject=refer(subject),
        onsetDateTime=illness.start,
        abatementDateTime=illness.end,
        recordedDate=illness.recorded,
        note=annotate(illness.note),
    )


def build_family_history(
    site: str, relative: Relative, resource_id: str, patient: str, told: str
) -> Resource:
    """What is told of one relative; ``told`` is the day of it.

    FHIR has no element for a disease that a relative does not have: ``absent`` is for questionnaires.
    """
    return keep(
        resourceType="FamilyMemberHistory",
        id=resource_id,
        status="completed",
        patient=refer(patient),
        date=told,
        relationship=word(site, "RELSUB", relative.relationship),
        condition=list(_list_conditions(relative)),
    )


def _list_conditions(relative: Relative) -> Iterator[Resource]:
    for illness in relative.illnesses:
        yield keep(
            code=name_illness(illness),
            onsetPeriod=keep(start=illness.start, end=illness.end),
            note=annotate(illness.note),
        )
