"""AdverseEvent → table ``adverseevent``; R4 and R5 name most of its elements differently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.canonical.concept_text import GS, join_concepts, split_concepts
from hbv_standards.ingest.codes import AdverseEventStatus, EventActuality
from hbv_standards.ingest.elements import (
    ABSENT,
    Concept,
    Concepts,
    Element,
    Holds,
    Notes,
    Period,
    Ref,
    Refs,
    Resource,
    Text,
    Timing,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import (
    Reader,
    build_reader,
    read_concept,
    read_concepts,
    read_notes,
    read_reference,
    read_references,
)
from hbv_standards.ingest.resources.times import Span, read_datetime, read_period, read_timing
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "status", "actuality", "category_concepts", "code_concept", "subject", "encounter", "start", "end",
    "recorded", "seriousness_concept", "severity_concept", "outcome_concept", "causality_concept",
    "resulting",  # Conditions that it resulted in, joined by GS
    "note",
)  # fmt: skip


class Causality(Element):
    """AdverseEvent.suspectEntity.causality: assessment in R4, entityRelatedness in R5."""

    assessment: Concept = ABSENT
    entity_relatedness: Concept = ABSENT


class SuspectEntity(Element):
    """AdverseEvent.suspectEntity: a list of judgements in R4, one in R5."""

    causality: Annotated[Raw, Holds(list[Causality])] = ABSENT


class AdverseEvent(Resource):
    """AdverseEvent, R4 and R5."""

    status: AdverseEventStatus | UnsetType = UNSET
    actuality: EventActuality | UnsetType = UNSET
    category: Concepts = ABSENT
    event: Concept = ABSENT
    code: Concept = ABSENT
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    date: Text = ""
    occurrence_date_time: Text = ""
    occurrence_period: Period | UnsetType = UNSET
    occurrence_timing: Timing | UnsetType = UNSET
    recorded_date: Text = ""
    resulting_condition: Refs = ABSENT
    resulting_effect: Refs = ABSENT
    seriousness: Concept = ABSENT
    severity: Concept = ABSENT
    outcome: Concepts = ABSENT
    suspect_entity: list[SuspectEntity] = field(default_factory=list)
    note: Notes = ABSENT


def append_adverse_event(o: AdverseEvent, place: Place, rows: Rows) -> None:
    """Append one AdverseEvent. Raises :class:`ElementFault`."""
    if o.actuality is UNSET:
        raise ElementFault("actuality", "is missing")
    resulting = [
        read_references(o.resulting_condition, "resultingCondition"),
        read_references(o.resulting_effect, "resultingEffect"),
    ]
    rows["adverseevent"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            o.actuality,
            read_concepts(o.category, "category"),
            read_concept(o.event, "event") or read_concept(o.code, "code"),
            read_reference(o.subject, "subject"),
            read_reference(o.encounter, "encounter"),
            *_read_occurrence(o),
            read_datetime(o.recorded_date, "recordedDate"),
            read_concept(o.seriousness, "seriousness"),
            read_concept(o.severity, "severity"),
            _read_outcome(o.outcome, place, rows),
            _read_causality(o.suspect_entity, place, rows),
            GS.join(filter(None, resulting)) or None,
            read_notes(o.note, "note"),
        )
    )


def _read_occurrence(o: AdverseEvent) -> Span:
    """When it happened: date in R4, occurrence[x] in R5. A moment is a start without an end."""
    spans = {"occurrenceTiming": o.occurrence_timing, "occurrencePeriod": o.occurrence_period}
    sent = [name for name, span in spans.items() if span is not UNSET]
    if len(sent) + bool(o.occurrence_date_time) > 1:
        raise ElementFault(sent[0], "was sent beside another occurrence")
    if o.occurrence_period is not UNSET:
        return read_period(o.occurrence_period, "occurrencePeriod")
    if o.occurrence_timing is not UNSET:
        return read_timing(o.occurrence_timing, "occurrenceTiming")
    return read_datetime(o.occurrence_date_time, "occurrenceDateTime") or read_datetime(o.date, "date"), None


def _read_outcome(raw: Raw, place: Place, rows: Rows) -> str | None:
    """One concept in R4, a list in R5."""
    listed = bytes(raw)[:1] == b"["
    joined = read_concepts(raw, "outcome") if listed else read_concept(raw, "outcome")
    return _agree(split_concepts(joined or ""), "outcome", place, rows)


def _read_causality(entities: list[SuspectEntity], place: Place, rows: Rows) -> str | None:
    """How it is related to what is suspected; nothing where suspects are judged differently."""
    said: list[str] = []
    for at, entity in enumerate(entities):
        raw, path = entity.causality, f"suspectEntity[{at}].causality"
        listed = bytes(raw)[:1] == b"["
        joined = _read_judgements(raw, path) if listed else _read_judgement(raw, path)
        said += split_concepts(joined or "")
    return _agree(said, "suspectEntity", place, rows)


def _agree(concepts: Iterable[str], name: str, place: Place, rows: Rows) -> str | None:
    """What all say; where they do not agree that is noted in the rows ``repeated``."""
    distinct = list(dict.fromkeys(concepts))
    if len(distinct) > 1:
        rows["repeated"].append((*place[:2], f"{place[2]}.{name}", len(distinct)))
    return distinct[0] if len(distinct) == 1 else None


def _join_judgement(judged: Causality) -> str | None:
    return read_concept(judged.assessment, "assessment") or read_concept(
        judged.entity_relatedness, "entityRelatedness"
    )


_read_judgement: Reader[str] = build_reader(Causality, _join_judgement)
_read_judgements: Reader[str] = build_reader(
    list[Causality], lambda judged: join_concepts(_join_judgement(one) for one in judged)
)
