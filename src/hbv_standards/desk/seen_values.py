"""Every coded or text value in a delivery: results in words, and the coded details beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.desk.seen_codes import MAPPED, OUT_OF_SCOPE, PROPOSED, REJECTED, UNMAPPED
from hbv_standards.desk.seen_details import list_categories, list_details
from hbv_standards.ingest.distinct import build_mappers, group_rows
from hbv_standards.ingest.result_columns import find_codelist, read_results
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import Match
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.use_field import read_use_field

_KEYS = ["site", "concept_id", "value_kind", "value_text", "comparator", "unit_text", "unit_code",
         "unit_system", "value_concept"]  # fmt: skip
_LEFT_OUT = ("absent_concept", "interpretation_concept", "range_low", "range_high", "range_unit_text",
             "range_unit_code", "range_unit_system", "range_text")  # fmt: skip
_NUMERIC = ("quantity", "integer")


@dataclass(frozen=True, slots=True)
class SeenValue:
    """One value of one hospital as sent. ``source_text`` is the code where ``system`` or a code was sent.

    ``concept_id`` is the test whose result it is, empty for details; ``question`` is what was asked where it
    answers a question about a substance or a disease.
    """

    site: str
    codelist: str
    concept_id: str
    system: str
    source_text: str
    display: str
    count: int
    rows_lost: int
    mapped_to: str
    mapping_row: str
    status: str
    question: str = ""


def list_values(
    tests: pd.DataFrame,
    answers: pd.DataFrame,
    fhir: FhirTables,
    catalog: Catalog,
    person_of: Mapping[str, str],
    everyone: Collection[str],
) -> list[SeenValue]:
    """All values, the most rows lost first.

    ``tests`` are observations with their ``concept_id``, ``answers`` those that answer a question
    about a substance or a disease.
    """
    listed = [*_list_results(tests, catalog), *_list_answers(answers, catalog)]
    mappers = build_mappers(catalog)
    categories = list_categories(fhir, mappers, person_of, everyone)
    details = pd.concat([list_details(tests, fhir, person_of, everyone), categories], ignore_index=True)
    counted = details.groupby(["site", "codelist", "concept"])["mine"].agg(["size", "sum"]).reset_index()
    for site, codelist, concept, count, mine in counted.itertuples(index=False, name=None):
        match = mappers[site].map_concept(codelist, concept)
        listed.append(
            _build_value(catalog.lookups[site], site, codelist, "", concept, match, int(count), int(mine))
        )
    return sorted(listed, key=_rank)


def _rank(value: SeenValue) -> tuple[object, ...]:
    key = (value.site, value.codelist, value.system, value.source_text, value.concept_id, value.display,
           value.question)  # fmt: skip
    return (-value.rows_lost, -value.count, *key)


def _list_results(tests: pd.DataFrame, catalog: Catalog) -> Iterator[SeenValue]:
    """Results in words, as the conversion reads them."""
    rows = tests[(tests["concept_id"] != "") & ~tests["value_kind"].isin(_NUMERIC)]
    group, firsts = group_rows(rows[_KEYS])
    counts = pd.Series(group).value_counts().sort_index().tolist()
    mine = pd.Series(rows["person"].notna().to_numpy()).groupby(group).sum().tolist()
    none = pd.Series([None] * len(firsts), dtype="str")
    left_out = dict.fromkeys((name for name in _LEFT_OUT if name in rows), none)
    frame = rows.iloc[firsts].reset_index(drop=True)
    frame = frame.assign(**left_out, status="final", source_id=-1, count=counts, mine=mine)
    sources = pd.DataFrame({"source_id": [-1], "disposition": ["rejected"], "reason": [""]})
    read = read_results(frame, catalog, sources, IssueLog())
    mappers = build_mappers(catalog)
    wanted = read[read["value_row"].notna() | (read["issue"] == "HBV-MAP-003")]
    for row in wanted.to_dict("records"):
        known = isinstance(row["value_row"], str)
        match = Match(row["result_value"], row["value_row"]) if known else None
        sent = (
            row["value_concept"]
            if row["result_kind"] == "coded"
            else row["lost"]
            if not known
            else row["value_text"]
        )
        codelist = find_codelist(mappers[row["site"]], row["concept_id"])
        yield _build_value(
            catalog.lookups[row["site"]], row["site"], codelist, row["concept_id"], str(sent), match,
            int(row["count"]), int(row["mine"]),
        )  # fmt: skip


def _list_answers(rows: pd.DataFrame, catalog: Catalog) -> Iterator[SeenValue]:
    """What is answered, in words, to whether a substance is used and whether somebody has a disease."""
    mappers = build_mappers(catalog)
    keys = ["site", "concept", "value_concept", "value_text"]
    kept = rows[~rows["value_kind"].isin(_NUMERIC)]
    counted = (
        kept[keys].fillna("").assign(mine=kept["person"].notna()).groupby(keys)["mine"].agg(["size", "sum"])
    )
    for (site, question, concept, text), (count, mine) in zip(
        counted.index, counted.to_numpy().tolist(), strict=True
    ):
        asked = mappers[site].map_question(question)
        whether = asked is not None and (
            asked.kind != "use" or read_use_field(asked.field).name == "occurred"
        )
        if asked is None or not whether or not (concept or text):
            continue
        lists = ("USE_STATUS", "NY") if asked.kind == "use" else ("NY",)
        found = (mappers[site].map_concept(name, concept or text) for name in lists)
        match = next((match for match in found if match is not None), None)
        value = _build_value(catalog.lookups[site], site, lists[0], "", concept or text, match, count, mine)
        yield replace(value, question=_name_question(question))


def _name_question(concept: str) -> str:
    """The words of a question, or its code where it came without."""
    text, codings = split_concept(concept)
    return text or next((name for coding in codings if (name := coding.display or coding.code)), "")


def _build_value(
    table: LookupTable, site: str, codelist: str, concept_id: str, concept: str, match: Match | None, count: int,
    mine: int,
) -> SeenValue:  # fmt: skip
    text, codings = split_concept(concept)
    coded = next((coding for coding in codings if coding.code), None)
    display = text or next((coding.display for coding in codings if coding.display), "")
    system, source = (coded.system, coded.code) if coded else ("", display)
    if match is not None:
        return SeenValue(
            site, codelist, concept_id, system, source, display, count, 0, match.value, match.row, MAPPED
        )
    status = find_status(table, codelist, concept_id, (source, display), mine=bool(mine))
    return SeenValue(site, codelist, concept_id, system, source, display, count, mine, "", "", status)


def find_status(
    table: LookupTable, codelist: str, concept_id: str, texts: Collection[str], *, mine: bool
) -> str:
    """Status of an unmapped value: proposed or rejected where the hospital's table says so."""
    wanted = {normalise_text(text) for text in texts if text}
    for row in table.values:
        of_value = row.codelist == codelist and normalise_text(row.source_text) in wanted
        if of_value and row.concept_id in (concept_id or None, None) and row.status in (PROPOSED, REJECTED):
            return row.status
    return UNMAPPED if mine else OUT_OF_SCOPE
