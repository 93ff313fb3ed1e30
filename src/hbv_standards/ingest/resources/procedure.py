"""Procedure and ImagingStudy → tables of the same names: examinations, as they were done and as images.

``orders`` and ``accession`` tell which resources are about one examination: the references to what it
was ordered by, as sent, for hospitals seldom send the orders themselves.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.canonical.concept_text import GS, join_concept, join_concepts
from hbv_standards.ingest.codes import ImagingStudyStatus, ProcedureStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    CodeableReference,
    Concept,
    Concepts,
    Holds,
    Period,
    Quantity,
    Ref,
    Refs,
    Text,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import (
    read_concept,
    read_concepts,
    read_concepts_of,
    read_first_concept,
    read_notes,
    read_reference,
    read_references,
    read_references_of,
)
from hbv_standards.ingest.resources.identifiers import TypedIdentifier, append_identifiers, read_accession
from hbv_standards.ingest.resources.onset import read_age
from hbv_standards.ingest.resources.reasons import Reasoned, read_reasons
from hbv_standards.ingest.resources.times import Span, read_datetime, read_moment_or_period
from hbv_standards.ingest.rows import Place, Rows

PROCEDURE_COLUMNS = (
    "status", "status_reason_concept", "code_concept", "subject", "encounter", "start", "end",
    "body_site_concept", "reason_concepts", "reasons", "reports", "orders", "accession", "note",
)  # fmt: skip
STUDY_COLUMNS = (
    "status", "code_concepts", "subject", "encounter", "start", "reason_concepts", "reasons", "procedures",
    "orders", "accession", "note",
)  # fmt: skip


class Procedure(Reasoned):
    """Procedure: performed[x] in R4, occurrence[x] in R5."""

    identifier: list[TypedIdentifier] = field(default_factory=list)
    status: ProcedureStatus | UnsetType = UNSET
    status_reason: Concept = ABSENT
    code: Concept = ABSENT
    performed_date_time: Text = ""
    performed_period: Period | UnsetType = UNSET
    performed_string: Text = ""
    performed_age: Quantity | UnsetType = UNSET
    occurrence_date_time: Text = ""
    occurrence_period: Period | UnsetType = UNSET
    occurrence_string: Text = ""
    occurrence_age: Quantity | UnsetType = UNSET
    body_site: Concepts = ABSENT
    report: Refs = ABSENT
    based_on: Refs = ABSENT


class ImagingStudy(Reasoned):
    """ImagingStudy: its procedure is named by code and reference in R4, by CodeableReference in R5."""

    identifier: list[TypedIdentifier] = field(default_factory=list)
    status: ImagingStudyStatus | UnsetType = UNSET
    started: Text = ""
    procedure_code: Concepts = ABSENT
    procedure_reference: Ref = ABSENT
    procedure: Annotated[Raw, Holds(list[CodeableReference])] = ABSENT
    part_of: Refs = ABSENT
    description: Text = ""
    based_on: Refs = ABSENT


def append_procedure(o: Procedure, place: Place, rows: Rows) -> None:
    """Append one Procedure. Raises :class:`ElementFault`."""
    if o.status is UNSET:
        raise ElementFault("status", "is missing")
    rows["procedure"].append(
        (
            *place,
            o.status,
            read_concept(o.status_reason, "statusReason"),
            read_concept(o.code, "code"),
            read_reference(o.subject, "subject"),
            read_reference(o.encounter, "encounter"),
            *_read_performed(o),
            read_first_concept(o.body_site, "bodySite"),
            *read_reasons(o),
            read_references(o.report, "report"),
            read_references(o.based_on, "basedOn"),
            read_accession(o.identifier),
            read_notes(o.note, "note"),
        )
    )
    append_identifiers(o.identifier, place, rows)


def append_imaging_study(o: ImagingStudy, place: Place, rows: Rows) -> None:
    """Append one ImagingStudy. Raises :class:`ElementFault`."""
    codes = read_concepts(o.procedure_code, "procedureCode") or read_concepts_of(o.procedure, "procedure")
    links = (
        read_reference(o.procedure_reference, "procedureReference"),
        read_references_of(o.procedure, "procedure"),
        read_references(o.part_of, "partOf"),
    )
    rows["imagingstudy"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            join_concepts([codes, join_concept(o.description, [])]),
            read_reference(o.subject, "subject"),
            read_reference(o.encounter, "encounter"),
            read_datetime(o.started, "started"),
            *read_reasons(o),
            GS.join(link for link in links if link) or None,
            read_references(o.based_on, "basedOn"),
            read_accession(o.identifier),
            read_notes(o.note, "note"),
        )
    )
    append_identifiers(o.identifier, place, rows)


def _read_performed(o: Procedure) -> Span:
    """When it was done; what is no date goes as sent, for the mapping to report."""
    for name, moment, period, text, age in (
        ("performed", o.performed_date_time, o.performed_period, o.performed_string, o.performed_age),
        ("occurrence", o.occurrence_date_time, o.occurrence_period, o.occurrence_string, o.occurrence_age),
    ):
        span = read_moment_or_period(moment, period, name)
        if span != (None, None):
            return span
        if text:
            return text, None
        if age is not UNSET:
            return f"age {read_age(age, f'{name}Age') or ''}".rstrip(), None
    return None, None
