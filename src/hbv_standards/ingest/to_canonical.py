"""FHIR tables → canonical model: hop 1 of the mapping, per hospital.

Also keeps the books: every source that does not end as a canonical record gets its outcome and
reason here (see :mod:`.outcomes`).
"""

from __future__ import annotations

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData, build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.canonical_findings import build_findings
from hbv_standards.ingest.canonical_interventions import build_interventions
from hbv_standards.ingest.canonical_subjects import Enrolled, build_subjects
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.ingest.outcomes import NOT_ENROLLED, NOT_USED, settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

_OF_A_SUBJECT = (
    "encounter", "observation", "specimen", "diagnosticreport", "medicationadministration",
    "medicationstatement", "medicationrequest", "medicationdispense", "consent", "researchsubject",
)  # fmt: skip
_DECODED = frozenset(
    {"Patient", "Encounter", "Observation", "Specimen", "DiagnosticReport", "MedicationAdministration",
     "MedicationStatement", "MedicationRequest", "MedicationDispense", "Medication", "Consent",
     "ResearchSubject", "ResearchStudy", "Organization", "EnrolmentRow"}
)  # fmt: skip
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
    interventions, treatment_supports = build_interventions(fhir, enrolled.subject_of, catalog, log)
    supports = pd.concat([enrolled.supports, finding_supports, treatment_supports])
    return CanonicalData(
        subjects=enrolled.subjects,
        visits=visits,
        findings=findings,
        interventions=interventions,
        contributions=enrolled.contributions,
        supports=build_frame("supports", {name: supports[name] for name in supports}),
    )


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
