"""Medication resources of enrolled subjects → canonical interventions (hop 1)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hbv_standards.canonical.concept_text import split_concept, split_concepts
from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.coded_columns import map_column, report_unmapped
from hbv_standards.ingest.distinct import build_mappers, build_mask, describe_concept, is_absent, spread
from hbv_standards.ingest.outcomes import NOT_COLLECTED, PLAN, settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.unmapped_units import report_unmapped_units
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper, UnitMatch
from hbv_standards.mapping.catalog import Catalog

_KINDS = {
    "medicationadministration": "administration",
    "medicationstatement": "statement",
    "medicationrequest": "request",
    "medicationdispense": "dispense",
}
_NOT_GIVEN = frozenset({"not-done", "not-taken", "declined"})
_OVER = frozenset({"completed", "stopped"})
_DRAFTS = frozenset({"draft", "intended", "preparation"})  # a plan, not something that was taken
_OPEN = frozenset({"active", "in-progress", "recorded", "unknown"})
_CODED = {
    "route": ("route_concept", "ROUTE"),
    "dose_form": ("form_concept", "FRM"),
    "location": ("site_concept", "LOC"),
}


def build_interventions(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``interventions`` and ``supports``. Unmapped drugs become HBV-MAP-004 issues."""
    made = [_build_kind(fhir, name, kind, subject_of, catalog, log) for name, kind in _KINDS.items()]
    columns = list(build_frame("interventions", {}))
    rows = pd.concat(made, ignore_index=True)
    frame = build_frame("interventions", {name: rows[name] for name in columns if name in rows})
    return frame, _build_supports(rows, fhir)


def _build_kind(
    fhir: FhirTables, name: str, kind: str, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> pd.DataFrame:
    rows = fhir.tables[name]
    rows = rows[rows["subject"].isin(subject_of)].reset_index(drop=True)
    rows = rows.assign(subject_id=rows["subject"].map(subject_of), kind=kind)
    drafts = rows["status"].isin(_DRAFTS)
    settle(fhir.sources, rows.loc[drafts, "source_id"], "out of scope", PLAN)
    rows = _map_treatments(rows[~drafts].reset_index(drop=True), fhir, catalog, log)
    rows = _read_dose(rows, catalog, log)
    return _read_times(_map_details(rows, catalog, log), catalog, log)


def _map_treatments(rows: pd.DataFrame, fhir: FhirTables, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)
    found = spread(
        rows,
        ["site", "medication_concept"],
        lambda site, concept: mappers[site].map_treatment(concept) if concept else None,
    )
    for row in rows[is_absent(found)].to_dict("records"):
        label = describe_concept(row["medication_concept"])
        log.add(
            "HBV-MAP-004",
            source_id=row["source_id"],
            path=f"{row['path']}.medication",
            value=label,
            message=f"drug {label} is not mapped; add it to sites/{row['site']}/codes.csv, kind treatment",
        )
        settle(fhir.sources, [row["source_id"]], "rejected", "HBV-MAP-004")
    skipped = build_mask(match is not None and not match.value for match in found)
    settle(fhir.sources, rows.loc[skipped, "source_id"], "out of scope", NOT_COLLECTED)
    kept = build_mask(match is not None and bool(match.value) for match in found)
    matches = [match for match, keep in zip(found, kept, strict=True) if keep]
    rows = rows[kept].reset_index(drop=True)
    return rows.assign(
        treatment_id=[m.value for m in matches],
        mapping_row=[m.row for m in matches],
        treatment_text=spread(rows, ["medication_concept"], describe_drug),
        occurred=~rows["status"].isin(_NOT_GIVEN),
        reason_not_done=read_reasons_not_done(rows, mappers),
    )


def read_reasons_not_done(rows: pd.DataFrame, mappers: dict[str, SiteMapper]) -> list[Any]:
    """Why it was not done: the study's words (NOT_DONE_REASON) where a row has them, else as sent."""

    def read_one(site: str, concept: str | None) -> str | None:
        match = mappers[site].map_concept("NOT_DONE_REASON", concept) if concept else None
        return match.value if match else describe_drug(concept)

    return spread(rows, ["site", "status_reason_concept"], read_one)


def describe_drug(concept: str | None) -> str | None:
    """The name that the hospital gave, without code and system."""
    if concept is None:
        return None
    text, codings = split_concept(concept)
    return text or next((c.display or c.code for c in codings if c.display or c.code), None)


def describe_reasons(concepts: str | None) -> str | None:
    """The words of all reasons, each once."""
    told = (describe_drug(concept) for concept in split_concepts(concepts or ""))
    return "; ".join(dict.fromkeys(text for text in told if text)) or None


def _read_dose(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)

    def map_one(site: str, text: str | None, code: str | None) -> UnitMatch | None:
        return mappers[site].map_unit(code, text, None) if text or code else None

    units = spread(rows, ["site", "dose_unit_text", "dose_unit_code"], map_one)
    sent = rows["dose_unit_text"].fillna(rows["dose_unit_code"])
    report_unmapped_units(rows, sent.notna() & is_absent(units), "dose_unit", "dose", mappers, log)
    values = pd.Series([u.unit_value if u else None for u in units], dtype="str")
    return rows.assign(dose=rows["dose_value"], dose_unit=values)


def _map_details(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)
    made: dict[str, list[Any]] = {}
    for name, (column, codelist) in _CODED.items():
        made[name] = map_column(rows, mappers, column, codelist, log)
    made["frequency"] = _map_frequency(rows, mappers, log)
    reasons = spread(rows, ["reason_concepts"], describe_reasons)
    return rows.assign(**made, adjustment_reason=reasons, visit_key=rows["encounter"])


def _map_frequency(rows: pd.DataFrame, mappers: dict[str, SiteMapper], log: IssueLog) -> list[Any]:
    """FREQ from the timing's code, else from frequency/period, else from the dosage text."""

    def map_one(site: str, timing: str | None, frequency: str | None, text: str | None) -> str | None:
        mapper = mappers[site]
        match = mapper.map_concept("FREQ", timing) if timing else None
        for sent in (frequency, text):
            match = match or (mapper.map_value("FREQ", sent) if sent else None)
        return match.value if match else None

    values = spread(rows, ["site", "timing_concept", "frequency", "dosage_text"], map_one)
    lost = rows["frequency"].notna() & is_absent(values)
    report_unmapped(rows, lost, "frequency", "FREQ", log)
    return values


def _read_times(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Start and end as sent; a request or dispense without a period starts when it was written."""
    sent_start = rows["start"].fillna(rows["authored"])
    made = {}
    for name, sent in (("start_dtc", sent_start), ("end_dtc", rows["end"])):
        values, bad = normalise_dtc(sent.astype("str"))
        for row in rows[bad].to_dict("records"):
            log.add("HBV-CAN-004", source_id=row["source_id"], path=row["path"], value=str(row["start"]))
        made[name] = localise_dtc(values, catalog.study.time_zone).to_numpy()
    rows = rows.assign(**made)
    single = rows["kind"] == "administration"
    ends = rows["end_dtc"].where(rows["end_dtc"].notna() | ~single, rows["start_dtc"])
    for row in rows[rows["start_dtc"].isna()].to_dict("records"):
        log.add("HBV-CAN-002", source_id=row["source_id"], path=row["path"])
    # Only a statement tells that treatment is over: an order or dispensing that is completed may be followed by others.
    ceased = (rows["kind"] == "statement") & rows["status"].isin(_OVER) & ends.isna()
    return rows.assign(end_dtc=ends, ongoing=ends.isna() & rows["status"].isin(_OPEN), ceased=ceased)


def _build_supports(rows: pd.DataFrame, fhir: FhirTables) -> pd.DataFrame:
    sources = fhir.sources
    keys = sources["site"].str.cat(sources["resource_type"], sep="|").str.cat(sources["resource_id"], sep="/")
    open_ones = (sources["disposition"].fillna("") == "") & sources["resource_id"].notna()
    by_key = dict(zip(keys[open_ones], sources.loc[open_ones, "source_id"].astype(int), strict=True))
    links = [
        {"source_id": int(source), "support_id": by_key[key], "role": "medication"}
        for source, key in zip(rows["source_id"], rows["medication"], strict=True)
        if isinstance(key, str) and key in by_key
    ]
    # Dosages of one resource are several rows with one Medication.
    return build_frame("supports", links).drop_duplicates(ignore_index=True)
