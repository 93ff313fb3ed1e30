"""The coded details of a delivery: column of which table, codelist of values.csv."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from hbv_standards.canonical.concept_text import join_concept, split_concepts
from hbv_standards.desk.people import find_people
from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.event_columns import CODED
from hbv_standards.ingest.tables import DRUG_USES, FhirTables
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.vocabulary import OWN_LISTS
from hbv_standards.standards import read_codelist

_OF_TESTS = {
    "method_concept": "METHOD",
    "specimen_concept": "SPECTYPE",
    "body_site_concept": "LOC",
    "interpretation_concept": "NRIND",
    "absent_concept": "NOT_DONE_REASON",
}
_OF_DRUG_USES = {"route_concept": "ROUTE", "form_concept": "FRM", "site_concept": "LOC"}
_OF_TABLES: Mapping[str, Mapping[str, str]] = {
    **dict.fromkeys(sorted(DRUG_USES), _OF_DRUG_USES),
    "specimen": {"fasting_concept": "NY"},
    "researchsubject": {"assigned_arm": "ARMCD", "status": "SUBJECT_STATUS"},
    "enrolment": {"arm_code": "ARMCD", "status": "SUBJECT_STATUS", "end_reason": "NCOMPLT"},
    "patient": {"gender": "SEX"},
    "condition": {"code_concept": "TERM", "severity_concept": "AESEV"},
    "familymemberhistory": {"code_concept": "TERM", "relationship_concept": "RELSUB"},
    "adverseevent": {
        "code_concept": "TERM",
        "severity_concept": "AESEV",
        "outcome_concept": "OUT",
        "causality_concept": "CAUSALITY",
    },
}
_SYSTEMS = {
    ("patient", "gender"): "http://hl7.org/fhir/administrative-gender",
    ("researchsubject", "status"): "http://hl7.org/fhir/research-subject-status",
}
_OF_STATED = {
    "position": "POSITION", "laterality": "LAT", "location": "LOC", "fasting": "NY", "method": "METHOD",
    "specimen": "SPECTYPE", "race": "RACE", "arm_code": "ARMCD", "status": "SUBJECT_STATUS",
    "end_reason": "NCOMPLT", **{field: codelist for field, (_, codelist) in CODED.items()},
}  # fmt: skip
_FIELDS = {"assigned_arm": "arm_code", "severity_concept": "severity", "outcome_concept": "outcome"}


def list_details(
    tests: pd.DataFrame, fhir: FhirTables, person_of: Mapping[str, str], everyone: Collection[str]
) -> pd.DataFrame:
    """Columns site, codelist, concept (ConceptText) and mine (a subject's of the trial), a row per detail sent."""
    parts = [_pick(tests, column, codelist) for column, codelist in _OF_TESTS.items()]
    parts += _list_table_details(fhir, person_of, everyone)
    parts += [_pick(_read_frequencies(fhir, person_of, everyone), "concept", "FREQ")]
    parts += _list_stated(tests, fhir, person_of, everyone)
    return pd.concat(parts, ignore_index=True)


def _pick(rows: pd.DataFrame, column: str, codelist: str, system: str | None = None) -> pd.DataFrame:
    sent = rows[rows[column].notna()]
    concept = sent[column].astype("str")
    if system is not None:
        named = {text: join_concept(None, [(system, text, None)]) for text in concept.unique()}
        concept = concept.map(named)
    return pd.DataFrame(
        {"site": sent["site"], "codelist": codelist, "concept": concept, "mine": sent["person"].notna()}
    )


def is_known(codelist: str) -> bool:
    """Whether values can be mapped to this codelist."""
    if codelist in OWN_LISTS:
        return True
    try:
        read_codelist(codelist)
    except ConfigurationError:
        return False
    return True


def _list_table_details(
    fhir: FhirTables, person_of: Mapping[str, str], everyone: Collection[str]
) -> Iterator[pd.DataFrame]:
    for table, columns in _OF_TABLES.items():
        rows = fhir.tables.get(table)
        if rows is None:
            continue
        rows = rows.assign(person=_find_owner(table, rows, person_of, everyone))
        for column, codelist in columns.items():
            if column in rows and is_known(codelist):
                asked = rows[~rows["key"].isin(_find_overruled(fhir, column))]
                yield _pick(asked, column, codelist, _SYSTEMS.get((table, column)))


def list_categories(
    fhir: FhirTables,
    mappers: Mapping[str, SiteMapper],
    person_of: Mapping[str, str],
    everyone: Collection[str],
) -> pd.DataFrame:
    """Categories of diseases, in the columns of :func:`list_details`; beside one that is known no other is asked."""
    rows = fhir.tables["condition"]
    rows = rows.assign(mine=find_people(rows, person_of, everyone).notna())
    rows = rows[rows["category_concepts"].notna()]
    found = []
    for site, sent, mine in zip(
        rows["site"], rows["category_concepts"].astype("str"), rows["mine"], strict=True
    ):
        concepts = split_concepts(sent)
        known = [c for c in concepts if mappers[site].map_concept("EVENT_KIND", c) is not None]
        found += [(site, "EVENT_KIND", concept, mine) for concept in known or concepts]
    return pd.DataFrame(found, columns=["site", "codelist", "concept", "mine"])


def _find_overruled(fhir: FhirTables, column: str) -> set[str]:
    """Resources whose element is not asked, because a FHIRPath entry of the hospital says the field."""
    stated = fhir.tables["stated"]
    return set(stated.loc[stated["field"] == _FIELDS.get(column, column), "key"])


def _find_owner(
    table: str, rows: pd.DataFrame, person_of: Mapping[str, str], everyone: Collection[str]
) -> pd.Series:
    if table == "enrolment":
        return rows["subject_id"]
    owned = rows.assign(subject=rows["key"]) if table == "patient" else rows
    return find_people(owned, person_of, everyone)


def _read_frequencies(
    fhir: FhirTables, person_of: Mapping[str, str], everyone: Collection[str]
) -> pd.DataFrame:
    """How often a drug is taken: the timing's code, or what stands in frequency and period."""
    parts = []
    for name in sorted(DRUG_USES):
        rows = fhir.tables[name]
        text = rows["timing_concept"].fillna(rows["frequency"])
        parts.append(rows[["site"]].assign(concept=text, person=find_people(rows, person_of, everyone)))
    return pd.concat(parts, ignore_index=True)


def _list_stated(
    tests: pd.DataFrame, fhir: FhirTables, person_of: Mapping[str, str], everyone: Collection[str]
) -> Iterator[pd.DataFrame]:
    """What a hospital's FHIRPath entries found."""
    rows = fhir.tables["stated"]
    owners = dict(zip(tests["key"], tests["person"], strict=True))
    for name in ("researchsubject", "condition", "adverseevent", "patient"):
        table = fhir.tables.get(name)
        if table is not None:
            people = _find_owner(name, table, person_of, everyone)
            owners |= dict(zip(table["key"], people, strict=True))
    rows = rows.assign(person=rows["key"].map(owners))
    for field, codelist in _OF_STATED.items():
        if is_known(codelist):
            yield _pick(rows[rows["field"] == field], "value", codelist)
