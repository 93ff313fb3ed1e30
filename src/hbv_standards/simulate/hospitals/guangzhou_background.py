"""What Guangzhou knows of a subject beside results and drugs (R4), all in Chinese and without standard codes.

One questionnaire of the day of screening holds habits, route of infection and the family. Diseases
and adverse events share the list of problems, told apart by their category; an examination
is a report with the examiner's words.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hbv_standards.simulate.fhir.conditions import build_condition
from hbv_standards.simulate.fhir.elements import Resource, code, concept, keep, refer, write_number
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.guangzhou_style import GUANGZHOU, Style
from hbv_standards.simulate.records import Contact, Examination, Illness, Reaction, Relative, Subject, Use

_V2_DIAGNOSTIC = "http://terminology.hl7.org/CodeSystem/v2-0074"
_RELATIVES = {"MOTHER": "4.1", "FATHER": "4.2", "SIBLING": "4.3"}


def build_background(subject: Subject, style: Style = GUANGZHOU) -> Iterator[Resource]:
    """Questionnaire, diseases, adverse events and examinations of one subject."""
    yield _build_survey(subject, subject.contacts[0], style)
    for illness in subject.illnesses:
        yield _build_problem(subject, illness, style.history)
    for reaction in subject.reactions:
        yield _build_problem(
            subject, reaction.illness, style.adverse, severity=_grade(subject.site, reaction)
        )
    for examination in subject.examinations:
        yield _build_report(subject, examination, style)


def _build_survey(subject: Subject, contact: Contact, style: Style) -> Resource:
    routes = [_choose(find_text(style.site, "MODTRN", route).said) for route in subject.routes]
    family = [_ask_relative(style.site, relative) for relative in subject.relatives]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": f"{subject.number}-survey",
        "questionnaire": f"{style.questionnaire}|1.0",
        "status": "completed",
        "subject": _refer_patient(subject),
        "encounter": refer(f"Encounter/{contact.key}-enc"),
        "authored": contact.start.fhir,
        "item": [
            *(_ask_use(style, use) for use in subject.uses),
            {"linkId": "3", "text": style.route, "answer": routes},
            {"linkId": "4", "text": style.family, "item": family},
        ],
    }


def _ask_use(style: Style, use: Use) -> Resource:
    """The group of one substance; who never used it is asked no more."""
    group, name, questions = style.questions[use.substance]
    whole = use.amount.isdigit()
    answers: list[Resource | None] = [
        {"valueString": find_text(style.site, "USE_STATUS", use.status, use.substance).said},
        {"valueInteger" if whole else "valueDecimal": write_number(use.amount)} if use.amount else None,
        {"valueString": f"{use.start}年"} if use.start else None,
        {"valueDate": use.end} if use.end else None,
    ]
    asked = enumerate(zip(questions, answers, strict=True), 1)
    items = [_ask(f"{group}.{place}", text, answer) for place, (text, answer) in asked if answer]
    return {"linkId": group, "text": name, "item": items}


def _ask_relative(site: str, relative: Relative) -> Resource:
    (asked,) = (*relative.illnesses, *relative.absent)
    return _ask(
        _RELATIVES[relative.relationship],
        asked.chinese,
        _choose(find_text(site, "NY", "Y" if relative.illnesses else "N", "FAMILY").said),
    )


def _ask(link: str, text: str, answer: Resource) -> Resource:
    return {"linkId": link, "text": text, "answer": [answer]}


def _choose(display: str) -> Resource:
    """An answer picked from the hospital's list, which has no codes."""
    return {"valueCoding": {"display": display}}


def _build_problem(subject: Subject, illness: Illness, category: str, **parts: Any) -> Resource:
    """A Condition. A year alone is written in Chinese, which FHIR allows as a string only."""
    patient = f"Patient/{subject.person.patient_number}"
    made = build_condition(illness, illness.key, patient, **parts) | {"category": [concept(category)]}
    if len(illness.start) == 4:
        del made["onsetDateTime"]
        made["onsetString"] = f"{illness.start}年"
    return made


def _grade(site: str, reaction: Reaction) -> Resource:
    """Severity in words; a grade, where there is one, stands before them."""
    said = find_text(site, "AESEV", reaction.severity).said
    return concept(said, {"display": f"{reaction.grade}级"}) if reaction.grade else concept(said)


def _build_report(subject: Subject, examination: Examination, style: Style) -> Resource:
    number, name = style.procedures[examination.procedure]
    return keep(
        resourceType="DiagnosticReport",
        id=examination.key,
        status="final",
        category=[concept("超声", code(_V2_DIAGNOSTIC, "RUS"))],
        code=concept(name, code(style.examinations, number)),
        subject=_refer_patient(subject),
        encounter=refer(f"Encounter/{examination.contact}-enc"),
        effectiveDateTime=examination.when.fhir,
        result=[refer(f"Observation/{key}") for key in examination.results],
        conclusion=examination.conclusion,
    )


def _refer_patient(subject: Subject) -> Resource:
    return refer(f"Patient/{subject.person.patient_number}")
