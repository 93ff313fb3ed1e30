"""Specimen → table ``specimen``."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.ingest.codes import SpecimenStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    CodeableConcept,
    CodeableReference,
    Concept,
    Element,
    Holds,
    Identifier,
    Period,
    Ref,
    Refs,
    Resource,
    Text,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import read_concept, read_concept_of, read_first_reference, read_reference
from hbv_standards.ingest.resources.identifiers import append_identifiers
from hbv_standards.ingest.resources.times import Span, read_datetime, read_period
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "status", "type_concept", "subject", "collected_start", "collected_end", "received", "accession",
    "body_site_concept", "fasting_concept", "parent",
)  # fmt: skip


class Collection(Element):
    """Specimen.collection."""

    collected_date_time: Text = ""
    collected_period: Period | UnsetType = UNSET
    body_site: Annotated[Raw, Holds(CodeableConcept, (CodeableReference,))] = ABSENT
    fasting_status_codeable_concept: Concept = ABSENT


class Specimen(Resource):
    """Specimen, R4 and R5."""

    identifier: list[Identifier] = field(default_factory=list)
    accession_identifier: Identifier | UnsetType = UNSET
    status: SpecimenStatus | UnsetType = UNSET
    type: Concept = ABSENT
    subject: Ref = ABSENT
    received_time: Text = ""
    parent: Refs = ABSENT
    collection: Collection | UnsetType = UNSET


def append_specimen(o: Specimen, place: Place, rows: Rows) -> None:
    """Append one Specimen. Raises :class:`ElementFault`."""
    collection = o.collection if o.collection is not UNSET else Collection()
    start, end = _read_collected(collection)
    fasting = collection.fasting_status_codeable_concept
    rows["specimen"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            read_concept(o.type, "type"),
            read_reference(o.subject, "subject"),
            start,
            end,
            read_datetime(o.received_time, "receivedTime"),
            _read_accession(o),
            _read_body_site(collection.body_site),
            read_concept(fasting, "collection.fastingStatusCodeableConcept"),
            read_first_reference(o.parent, "parent"),
        )
    )
    accession = [o.accession_identifier] if o.accession_identifier is not UNSET else []
    append_identifiers([*o.identifier, *accession], place, rows)


def _read_collected(collection: Collection) -> Span:
    if not collection.collected_date_time:
        return read_period(collection.collected_period, "collection.collectedPeriod")
    if collection.collected_period is not UNSET:
        raise ElementFault("collection.collectedPeriod", "was sent beside collectedDateTime")
    return read_datetime(collection.collected_date_time, "collection.collectedDateTime"), None


def _read_accession(o: Specimen) -> str | None:
    if o.accession_identifier is not UNSET and o.accession_identifier.value:
        return o.accession_identifier.value
    return next((i.value for i in o.identifier if i.value), None)


def _read_body_site(raw: Raw) -> str | None:
    """A concept in R4, a CodeableReference in R5: only the latter has an element ``concept``."""
    path = "collection.bodySite"
    return read_concept(raw, path) or read_concept_of(raw, path)
