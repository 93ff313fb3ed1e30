"""DiagnosticReport → table ``diagnosticreport``."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from hbv_standards.ingest.codes import DiagnosticReportStatus
from hbv_standards.ingest.elements import ABSENT, Concept, Period, Ref, Refs, Resource, Text
from hbv_standards.ingest.fragments import read_concept, read_first_reference, read_reference, read_references
from hbv_standards.ingest.resources.times import read_effective, read_instant
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "status", "code_concept", "subject", "encounter", "effective_start", "effective_end", "issued",
    "specimen", "result", "conclusion",
)  # fmt: skip


class DiagnosticReport(Resource):
    """DiagnosticReport."""

    status: DiagnosticReportStatus | UnsetType = UNSET
    code: Concept = ABSENT
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    effective_date_time: Text = ""
    effective_period: Period | UnsetType = UNSET
    issued: Text = ""
    specimen: Refs = ABSENT
    result: Refs = ABSENT
    conclusion: Text = ""


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
        )
    )
