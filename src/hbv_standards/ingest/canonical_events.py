"""Conditions, AdverseEvents and family histories of enrolled subjects → canonical events (hop 1).

Answers to questions about diseases are read in :mod:`.canonical_answers`.
"""

from __future__ import annotations

import pandas as pd

from hbv_standards.canonical.frame import build_frame
from hbv_standards.ingest.event_columns import (
    map_details,
    read_ongoing,
    read_stated,
    read_statements,
    read_texts,
    read_times,
)
from hbv_standards.ingest.event_rows import select_events
from hbv_standards.ingest.event_terms import map_category, map_terms
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog


def build_events(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``events`` and ``supports`` of the canonical model.

    A Condition behind an adverse event supports it (role "group"). Unmapped words become HBV-MAP-005
    issues; an event of which nobody can tell what it is makes no record (HBV-CAN-006).
    """
    rows, links = select_events(fhir, subject_of, catalog, log)
    rows = map_terms(rows, catalog, fhir.sources, log)
    stated = read_stated(rows, fhir.tables["stated"])
    rows = (
        rows.pipe(map_category, catalog.study)
        .pipe(map_details, stated, catalog, log)
        .pipe(read_times, stated, catalog, log)
        .pipe(read_ongoing, stated)
        .pipe(read_statements, links, fhir.sources, catalog.study.time_zone)
        .pipe(read_texts, stated)
        .assign(visit_key=rows["encounter"])
    )
    events = build_frame("events", {name: rows[name] for name in build_frame("events", {}) if name in rows})
    return events, _build_supports(links, events)


def _build_supports(links: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """A Condition inside its adverse event is the same source and supports nothing."""
    kept = links[links["source_id"].isin(events["source_id"]) & (links["source_id"] != links["support_id"])]
    columns = {name: kept[name].astype("int64") for name in ("source_id", "support_id")}
    return build_frame("supports", {**columns, "role": ["group"] * len(kept)})
