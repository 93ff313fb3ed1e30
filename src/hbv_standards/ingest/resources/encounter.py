"""Encounter → table ``encounter``. In R5 class and serviceType are lists, and period is actualPeriod."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.ingest.codes import EncounterStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    CodeableConcept,
    CodeableReference,
    Concepts,
    Holds,
    Identifier,
    Period,
    Ref,
    Resource,
)
from hbv_standards.ingest.fragments import (
    read_coding,
    read_concept,
    read_concept_of,
    read_concepts,
    read_first_concept,
    read_first_concept_of,
    read_reference,
)
from hbv_standards.ingest.resources.identifiers import append_identifiers
from hbv_standards.ingest.resources.times import read_period
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = ("status", "subject", "start", "end", "class_concept", "type_concepts", "service_type_concept")


class Encounter(Resource):
    """Encounter, R4 and R5."""

    identifier: list[Identifier] = field(default_factory=list)
    status: EncounterStatus | UnsetType = UNSET
    encounter_class: Annotated[Raw, Holds("class")] = field(default=ABSENT, name="class")
    type: Concepts = ABSENT
    service_type: Annotated[Raw, Holds(CodeableConcept, (CodeableReference,))] = ABSENT
    subject: Ref = ABSENT
    period: Period | UnsetType = UNSET
    actual_period: Period | UnsetType = UNSET


def append_encounter(o: Encounter, place: Place, rows: Rows) -> None:
    """Append one Encounter. Raises :class:`ElementFault`."""
    start, end = read_period(o.period, "period")
    if o.period is UNSET:
        start, end = read_period(o.actual_period, "actualPeriod")
    rows["encounter"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            read_reference(o.subject, "subject"),
            start,
            end,
            _read_class(o.encounter_class),
            read_concepts(o.type, "type"),
            _read_service(o.service_type),
        )
    )
    append_identifiers(o.identifier, place, rows)


def _read_class(raw: Raw) -> str | None:
    """A Coding in R4, a list of concepts in R5."""
    return read_first_concept(raw, "class") if bytes(raw)[:1] == b"[" else read_coding(raw, "class")


def _read_service(raw: Raw) -> str | None:
    """A concept in R4, a list of CodeableReference in R5 (in XML one of them looks like no list)."""
    if bytes(raw)[:1] == b"[":
        return read_first_concept_of(raw, "serviceType")
    return read_concept(raw, "serviceType") or read_concept_of(raw, "serviceType")
