"""Procedures, ImagingStudies and DiagnosticReports of enrolled subjects, and which tell of one examination.

A hospital tells of an examination by up to three resources. They belong together where one names
another (Procedure.report, ImagingStudy.procedureReference, ImagingStudy.partOf,
DiagnosticReport.imagingStudy), where they have one accession number, where they were ordered by one
order and done on one day, or where a result that a report lists is part of the Procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hbv_standards.canonical.concept_text import GS, split_concepts
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.ingest.groups import Pair, find_groups, pair_equal
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.mapping.apply import Match
from hbv_standards.mapping.catalog import Catalog

PROCEDURE = "PROCEDURE"
"""``treatment_class`` of procedures in treatments.csv."""

KINDS = ("procedure", "imagingstudy", "diagnosticreport")
"""Tables, the one that knows most of how an examination was done first."""

_NAMES = {  # column of an examination -> column of each table of KINDS
    "concepts": ("code_concept", "code_concepts", "code_concept"),
    "start": ("start", "start", "effective_start"),
    "end": ("end", "end", "effective_end"),
    "links": ("reports", "procedures", "studies"),
    "note": ("note", "note", "conclusion"),
}
_SAME = (
    "source_id", "key", "site", "path", "subject", "encounter", "status", "status_reason_concept",
    "body_site_concept", "reason_concepts", "orders", "accession",
)  # fmt: skip
_PLANNED = {"procedure": "preparation", "imagingstudy": "registered", "diagnosticreport": "registered"}


def collect_examinations(fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog) -> pd.DataFrame:
    """All three tables as one: their common columns, ``rank`` (place in :data:`KINDS`), ``planned``,
    ``match`` (a :class:`Match`, empty where not collected, or None) and ``examination`` (its number)."""
    parts = [_read_kind(fhir.tables[name], rank) for rank, name in enumerate(KINDS)]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["subject"].isin(subject_of)].reset_index(drop=True)
    rows = rows.assign(subject_id=rows["subject"].map(subject_of).astype("str"))
    mappers = build_mappers(catalog)

    def map_one(site: str, concepts: str | None) -> Match | None:
        found = (mappers[site].map_treatment(concept) for concept in split_concepts(concepts or ""))
        return next((match for match in found if match and _is_procedure(match, catalog)), None)

    rows["match"] = pd.Series(spread(rows, ["site", "concepts"], map_one), dtype="object")
    return rows.assign(examination=find_groups(len(rows), _pair(rows, fhir.tables["observation"])))


def _is_procedure(match: Match, catalog: Catalog) -> bool:
    """Whether a match is a procedure, or something that is declared as not collected."""
    return not match.value or catalog.treatments[match.value].treatment_class == PROCEDURE


def _read_kind(table: pd.DataFrame, rank: int) -> pd.DataFrame:
    columns = {**{name: name for name in _SAME}, **{name: names[rank] for name, names in _NAMES.items()}}
    nothing = pd.Series(None, index=table.index, dtype="str")
    made = {name: table.get(column, nothing) for name, column in columns.items()}
    planned = table["status"] == _PLANNED[KINDS[rank]]
    return pd.DataFrame({**made, "rank": rank, "planned": planned}, index=table.index)


def _pair(rows: pd.DataFrame, observations: pd.DataFrame) -> Iterator[Pair]:
    """Positions of resources that tell of one examination."""
    place = {key: at for at, key in enumerate(rows["key"])}
    linked = rows.loc[rows["links"].notna(), "links"]
    for at, joined in linked.items():
        yield from ((place[key], int(str(at))) for key in joined.split(GS) if key in place)
    whose = rows["subject_id"] + "\n"
    yield from pair_equal(whose + rows["accession"])
    ordered = rows[(rows["match"].notna() | (rows["rank"] < 2)) & rows["start"].notna()]
    orders = ordered["orders"].str.split(GS).explode().dropna().astype("str")
    said = ordered["start"].str.slice(0, 10) + "\n" + ordered["site"] + "\n" + whose[ordered.index]
    tokens = said.reindex(orders.index) + orders
    positions = tokens.index.to_numpy()
    yield from ((int(positions[one]), int(positions[other])) for one, other in pair_equal(tokens))
    shared = observations[observations["parts"].notna() & observations["member_of"].isin(place)]
    for report, parts in shared[["member_of", "parts"]].drop_duplicates().itertuples(index=False, name=None):
        yield from ((place[key], place[report]) for key in parts.split(GS) if key in place)
