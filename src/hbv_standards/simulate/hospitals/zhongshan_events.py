"""Zhongshan's adverse events (R4): an AdverseEvent that names the Condition it resulted in.

R4 has no end, note, grade, action taken or criterion of seriousness in an AdverseEvent: end and note stand in
the Condition, the others in extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.conditions import build_condition, name_illness
from hbv_standards.simulate.fhir.elements import Resource, extend, identify, keep, refer, word, write_number
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospitals.zhongshan_links import BASE, link_resource, name_resource
from hbv_standards.simulate.records import Dose, Reaction, Subject

_EXTENSIONS = f"{BASE}/StructureDefinition"


def build_events(subject: Subject) -> Iterator[Resource]:
    """All adverse events and their Conditions. The hospital's server keeps no versions of them."""
    for reaction in subject.reactions:
        condition = name_resource("condition", subject.number, reaction.key)
        patient = link_resource("patient", subject.person.patient_number)
        yield build_condition(reaction.illness, condition, patient, category="encounter-diagnosis")
        yield _build_event(subject, reaction)


def link_reasons(subject: Subject) -> dict[str, str]:
    """Keys of doses that were changed for an adverse event → the text of a Reference to its Condition."""
    return {
        reaction.changed: link_resource("condition", subject.number, reaction.key)
        for reaction in subject.reactions
        if reaction.changed
    }


def _build_event(subject: Subject, reaction: Reaction) -> Resource:
    illness = reaction.illness
    return keep(
        resourceType="AdverseEvent",
        id=name_resource("adverse", subject.number, reaction.key),
        extension=list(_extend(reaction)),
        identifier=identify(f"{BASE}/adverse-event", reaction.key)[0],
        actuality="actual",
        event=name_illness(illness),
        subject=refer(link_resource("patient", subject.person.patient_number)),
        date=illness.start,
        recordedDate=illness.recorded,
        resultingCondition=[refer(link_resource("condition", subject.number, reaction.key))],
        seriousness=word("zhongshan", "NY", reaction.serious, "SERIOUS"),
        severity=word("zhongshan", "AESEV", reaction.severity),
        outcome=word("zhongshan", "OUT", reaction.outcome) if reaction.outcome else None,
        suspectEntity=list(_suspect(subject, reaction)),
    )


def _extend(reaction: Reaction) -> Iterator[Resource]:
    if reaction.grade:
        yield extend(f"{_EXTENSIONS}/ctcae-grade", valueInteger=write_number(reaction.grade))
    if reaction.action:
        said = find_text("zhongshan", "ACN", reaction.action).said
        yield extend(f"{_EXTENSIONS}/action-taken", valueString=said)
    for criterion in reaction.criteria:
        said = find_text("zhongshan", "NY", "Y", criterion).said
        yield extend(f"{_EXTENSIONS}/seriousness-criterion", valueString=said)


def _suspect(subject: Subject, reaction: Reaction) -> Iterator[Resource]:
    """The judgement on the study drug, by the last dose before the event."""
    doses = [dose for dose in subject.doses if dose.given]
    before = [dose for dose in doses if dose.start[:10] <= reaction.illness.start]
    if reaction.causality and doses:
        dose = before[-1] if before else doses[0]
        yield {
            "instance": refer(_link_dose(subject, dose)),
            "causality": [{"assessment": word("zhongshan", "CAUSALITY", reaction.causality)}],
        }


def _link_dose(subject: Subject, dose: Dose) -> str:
    kind = "administration" if dose.evidence == "administration" else "statement"
    return link_resource(kind, subject.number, dose.key)
