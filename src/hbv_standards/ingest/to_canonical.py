"""FHIR tables → canonical model: hop 1 of the mapping, per hospital.

Also keeps the books: every source that does not end as a canonical record gets its outcome and
reason here (see :mod:`.outcomes`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData, build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.canonical_answers import build_answer_events
from hbv_standards.ingest.canonical_events import build_events
from hbv_standards.ingest.canonical_findings import build_findings
from hbv_standards.ingest.canonical_interventions import build_interventions
from hbv_standards.ingest.canonical_procedures import build_procedures
from hbv_standards.ingest.canonical_reasons import build_reasons
from hbv_standards.ingest.canonical_subjects import Enrolled, build_subjects
from hbv_standards.ingest.canonical_uses import build_uses
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.ingest.outcomes import NOT_ENROLLED, NOT_USED, settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.unread_report import report_unread
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

_OF_A_SUBJECT = (
    "encounter", "observation", "specimen", "diagnosticreport", "medicationadministration",
    "medicationstatement", "medicationrequest", "medicationdispense", "consent", "researchsubject",
    "condition", "familymemberhistory", "adverseevent", "procedure", "imagingstudy",
)  # fmt: skip
_DECODED = frozenset(
    {"Patient", "Encounter", "Observation", "Specimen", "DiagnosticReport", "MedicationAdministration",
     "MedicationStatement", "MedicationRequest", "MedicationDispense", "Medication", "Consent",
     "ResearchSubject", "ResearchStudy", "Organization", "EnrolmentRow", "Condition", "FamilyMemberHistory",
     "AdverseEvent", "Procedure", "ImagingStudy", "QuestionnaireResponse"}
)  # fmt: skip
_INTERVENTIONS = (build_interventions, build_uses, build_procedures)
_EVENTS = (build_events, build_answer_events)
_GROUP_SEPARATOR = "\x1d"
_GONE = frozenset({"cancelled", "planned", "entered-in-error", "noshow", "no-show"})


def to_canonical(fhir: FhirTables, catalog: Catalog, log: IssueLog) -> CanonicalData:
    """Canonical records of all hospitals; fills ``disposition`` and ``reason`` of ``fhir.sources``.

    ``fhir`` is what :func:`hbv_standards.ingest.read_fhir.read_fhir` gave. Problems of the data go
    to ``log``; nothing raises on data.
    """
    enrolled = build_subjects(fhir, catalog, log)
    _settle_others(fhir, enrolled)
    visits = _build_visits(fhir, enrolled.subject_of, catalog, log)
    findings, finding_supports = build_findings(fhir, enrolled.subject_of, catalog, log)
    treatments = [build(fhir, enrolled.subject_of, catalog, log) for build in _INTERVENTIONS]
    happened = [build(fhir, enrolled.subject_of, catalog, log) for build in _EVENTS]
    interventions = join_frames("interventions", [frame for frame, _ in treatments])
    events = join_frames("events", [frame for frame, _ in happened])
    told = [enrolled.supports, finding_supports, *(frame for _, frame in [*treatments, *happened])]
    supports = join_frames("supports", told)
    reasons = build_reasons(fhir, interventions, events, supports)
    report_unread(fhir, catalog.sites, log)
    return CanonicalData(
        subjects=enrolled.subjects,
        visits=visits,
        findings=findings,
        interventions=interventions,
        events=events,
        contributions=enrolled.contributions,
        supports=join_frames("supports", [supports, reasons]),
    )


def join_frames(record: str, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of one kind of record as one, in their order; index 0..n-1."""
    filled = [frame for frame in frames if len(frame)]
    joined = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
    return build_frame(record, {str(name): joined[name] for name in joined})


def _settle_others(fhir: FhirTables, enrolled: Enrolled) -> None:
    """Out of scope: types that the trial does not use, and whatever belongs to somebody not enrolled."""
    sources = fhir.sources
    settle(sources, sources.loc[~sources["resource_type"].isin(_DECODED), "source_id"], "out of scope", NOT_USED)
    patients = fhir.tables["patient"]
    settle(
        sources, patients.loc[~patients["key"].isin(enrolled.subject_of), "source_id"], "out of scope", NOT_ENROLLED
    )
    for name in _OF_A_SUBJECT:
        table = fhir.tables[name]
        known = table["subject"].notna()
        strangers = table[known & ~table["subject"].isin(enrolled.subject_of)]
        mine = table[table["subject"].isin(enrolled.subject_of)]
        outside = set(strangers["source_id"]) - set(mine["source_id"])
        settle(sources, outside, "out of scope", NOT_ENROLLED)


def _build_visits(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> pd.DataFrame:
    rows = fhir.tables["encounter"]
    gone = rows["status"].isin(_GONE)
    settle(fhir.sources, rows.loc[gone, "source_id"], "out of scope", "encounter did not take place")
    rows = rows[rows["subject"].isin(subject_of) & ~gone].reset_index(drop=True)
    mappers = build_mappers(catalog)

    def map_visit(site: str, *concepts: str | None) -> tuple[float, str] | None:
        listed = [c for part in concepts if part for c in part.split(_GROUP_SEPARATOR)]
        return next((m for m in (mappers[site].map_visit(c) for c in listed) if m is not None), None)

    stated = spread(rows, ["site", "type_concepts", "service_type_concept", "class_concept"], map_visit)
    made = {}
    for name in ("start", "end"):
        values, bad = normalise_dtc(rows[name].astype("str"))
        for row in rows[bad].to_dict("records"):
            log.add("HBV-CAN-004", source_id=row["source_id"], path="Encounter.period", value=str(row[name]))
        made[f"{name}_dtc"] = localise_dtc(values, catalog.study.time_zone)
    return build_frame(
        "visits",
        {
            **{name: rows[name] for name in ("source_id", "path", "site", "status")},
            "subject_id": rows["subject"].map(subject_of),
            "visit_key": rows["key"],
            "visitnum_stated": [m[0] if m else None for m in stated],
            "mapping_row": [m[1] if m else None for m in stated],
            **made,
        },
    )
