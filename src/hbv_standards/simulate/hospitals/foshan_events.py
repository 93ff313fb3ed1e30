"""Foshan's adverse events (R5): AdverseEvents with versions, and a Condition where a dose was changed for it.

R5 has no severity in an AdverseEvent: it stands in an extension beside grade and action taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from hbv_standards.simulate.fhir.conditions import build_condition, name_illness
from hbv_standards.simulate.fhir.elements import Resource, annotate, extend, identify, keep, refer, word
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.foshan_style import BASE, Style
from hbv_standards.simulate.records import Reaction, Subject

_EXTENSIONS = f"{BASE}/StructureDefinition"


def list_event_versions(style: Style, subject: Subject) -> Iterator[list[Resource]]:
    """Versions of every adverse event, the oldest first; most have one."""
    for reaction in subject.reactions:
        if reaction.fault == "withdrawn":
            first = _build_event(style, subject, reaction, "completed", 1)
            yield [first, _build_event(style, subject, reaction, "entered-in-error", 2)]
        elif reaction.earlier:
            first = _build_event(style, subject, reaction.earlier, "in-progress", 1)
            yield [first, _build_event(style, subject, replace(reaction, earlier=None), "completed", 2)]
        else:
            yield [_build_event(style, subject, reaction, "completed", 0)]


def build_effects(style: Style, subject: Subject) -> Iterator[Resource]:
    """Conditions of the adverse events for which a dose was changed."""
    patient = style.link("Patient", subject.person.patient_number)
    for reaction in subject.reactions:
        if _changes_dose(reaction):
            yield build_condition(
                replace(reaction.illness, note=""),
                _name_effect(reaction),
                patient,
                category="encounter-diagnosis",
            )


def link_reasons(style: Style, subject: Subject) -> dict[str, str]:
    """Keys of doses that were changed for an adverse event → the text of a Reference to its Condition."""
    return {
        reaction.changed: style.link("Condition", _name_effect(reaction))
        for reaction in subject.reactions
        if _changes_dose(reaction)
    }


def _changes_dose(reaction: Reaction) -> bool:
    return bool(reaction.changed) and not reaction.fault


def _name_effect(reaction: Reaction) -> str:
    return f"{reaction.key}-effect"


def _build_event(style: Style, subject: Subject, reaction: Reaction, status: str, version: int) -> Resource:
    """``version`` 0: the server keeps no versions of it."""
    illness = reaction.illness
    effect = style.link("Condition", _name_effect(reaction)) if _changes_dose(reaction) else ""
    return keep(
        resourceType="AdverseEvent",
        id=reaction.key,
        meta=_describe_version(reaction, version) if version else None,
        extension=list(_extend(reaction)),
        identifier=identify(f"{BASE}/adverse-event", reaction.key),
        status=status,
        actuality="actual",
        code=name_illness(illness),
        subject=refer(style.link("Patient", subject.person.patient_number)),
        occurrencePeriod=keep(start=illness.start, end=illness.end),
        recordedDate=illness.recorded,
        resultingEffect=[refer(effect)] if effect else None,
        seriousness=word("foshan", "NY", reaction.serious, "SERIOUS"),
        outcome=[word("foshan", "OUT", reaction.outcome)] if reaction.outcome else None,
        suspectEntity=list(_suspect(style, subject, reaction)),
        note=annotate(illness.note),
    )


def _extend(reaction: Reaction) -> Iterator[Resource]:
    """Words of the hospital's own form."""
    yield extend(f"{_EXTENSIONS}/severity", valueString=_say("AESEV", reaction.severity))
    if reaction.grade:
        yield extend(f"{_EXTENSIONS}/ctcae-grade", valueString=_say("TOXGR", reaction.grade))
    if reaction.action:
        yield extend(f"{_EXTENSIONS}/action-taken", valueString=_say("ACN", reaction.action))


def _say(codelist: str, value: str) -> str:
    return find_text("foshan", codelist, value).said


def _suspect(style: Style, subject: Subject, reaction: Reaction) -> Iterator[Resource]:
    """The judgement on the study drug, by the last dose before the event."""
    doses = [dose for dose in subject.doses if dose.given]
    before = [dose for dose in doses if dose.start[:10] <= reaction.illness.start]
    if reaction.causality and doses:
        dose = before[-1] if before else doses[0]
        kind = "MedicationAdministration" if dose.evidence == "administration" else "MedicationStatement"
        yield {
            "instanceReference": refer(style.link(kind, f"{subject.number}-{dose.key}")),
            "causality": {"entityRelatedness": word("foshan", "CAUSALITY", reaction.causality)},
        }


def _describe_version(reaction: Reaction, version: int) -> Resource:
    """A version is a week younger than the one before it."""
    day = date.fromisoformat(reaction.illness.recorded[:10]) + timedelta(days=7 * (version - 1))
    return {"versionId": str(version), "lastUpdated": f"{day.isoformat()}T09:00:00Z"}
