"""DiagnosticReport → table ``diagnosticreport``."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from hbv_standards.ingest.codes import DiagnosticReportStatus
from hbv_standards.ingest.elements import ABSENT, Concept, Concepts, Period, Ref, Refs, Resource, Text
from hbv_standards.ingest.fragments import (
    read_concept,
    read_concepts,
    read_first_reference,
    read_reference,
    read_references,
)
from hbv_standards.ingest.resources.identifiers import TypedIdentifier, append_identifiers, read_accession
from hbv_standards.ingest.resources.times import read_effective, read_instant
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "status", "code_concept", "subject", "encounter", "effective_start", "effective_end", "issued",
    "specimen", "result", "conclusion", "category_concepts", "studies", "orders", "accession",
)  # fmt: skip


class DiagnosticReport(Resource):
    """DiagnosticReport."""

    identifier: list[TypedIdentifier] = field(default_factory=list)
    status: DiagnosticReportStatus | UnsetType = UNSET
    category: Concepts = ABSENT
    code: Concept = ABSENT
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    effective_date_time: Text = ""
    effective_period: Period | UnsetType = UNSET
    issued: Text = ""
    specimen: Refs = ABSENT
    result: Refs = ABSENT
    conclusion: Text = ""
    based_on: Refs = ABSENT
    imaging_study: Refs = ABSENT  # R4
    study: Refs = ABSENT  # R5


def append_report(o: DiagnosticReport, place: Place, rows: Rows) -> None:
    """Append one DiagnosticReport. Raises :class:`ElementFault`."""
    rows["diagnosticreport"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            read_concept(o.code, "code"),
            read_reference(o.subject, "subject"),
            read_reference(o.encounter, "encounter"),
            *read_effective(o),
            read_instant(o.issued, "issued"),
            read_first_reference(o.specimen, "specimen"),
            read_references(o.result, "result"),
            o.conclusion or None,
            read_concepts(o.category, "category"),
            read_references(o.imaging_study, "imagingStudy") or read_references(o.study, "study"),
            read_references(o.based_on, "basedOn"),
            read_accession(o.identifier),
        )
    )
    append_identifiers(o.identifier, place, rows)
