"""Observations of enrolled subjects → canonical findings (hop 1), by columns.

Codes, units and texts are mapped once per distinct value and hospital, then spread over the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from hbv_standards.canonical.concept_text import GS, split_concept
from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.coded_columns import map_column, report_unmapped
from hbv_standards.ingest.distinct import build_mappers, build_mask, describe_concept, is_absent, spread
from hbv_standards.ingest.outcomes import NOT_COLLECTED, settle
from hbv_standards.ingest.questions import is_question
from hbv_standards.ingest.result_columns import read_results
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper, TestMatch
from hbv_standards.mapping.catalog import Catalog

_CODED = {  # canonical field -> (column of the observation, codelist of values.csv)
    "method": ("method_concept", "METHOD"),
    "specimen": ("specimen_type", "SPECTYPE"),
    "fasting": ("specimen_fasting", "NY"),
    "location": ("body_site_concept", "LOC"),
}
_STATED_CODELISTS = {"position": "POSITION", "laterality": "LAT", "location": "LOC", "fasting": "NY",
                     "method": "METHOD", "specimen": "SPECTYPE"}  # fmt: skip


def build_findings(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``findings`` and ``supports`` of the canonical model.

    Unmapped codes, units and texts become HBV-MAP issues; a row whose test is unknown is not a
    finding, every other row is.
    """
    rows = fhir.tables["observation"]
    rows = rows[rows["subject"].isin(subject_of) & (rows["value_kind"] != "panel")]
    rows = rows[~is_question(rows, catalog)]
    rows = rows.reset_index(drop=True).assign(subject_id=rows["subject"].map(subject_of).to_numpy())
    rows = _join_specimens(rows, fhir.tables["specimen"])
    rows = _map_tests(rows, fhir, catalog, log)
    rows = read_results(rows, catalog, fhir.sources, log)
    rows = _read_collection_time(rows, catalog, log)
    rows = _map_details(rows, fhir, catalog, log)
    rows = _join_groups(rows, fhir)
    rows = rows.assign(note=rows["note"].mask(rows.duplicated(["source_id", "note"])))  # of the whole resource
    findings = build_frame("findings", {name: rows[name] for name in build_frame("findings", {}) if name in rows})
    supports = pd.concat([_build_supports(rows), _list_examinations(rows, fhir)], ignore_index=True)
    return findings, supports


def _join_specimens(rows: pd.DataFrame, specimens: pd.DataFrame) -> pd.DataFrame:
    columns = {
        "type_concept": "specimen_type",
        "fasting_concept": "specimen_fasting",
        "collected_start": "specimen_start",
        "collected_end": "specimen_end",
        "accession": "specimen_id",
        "source_id": "specimen_source_id",
    }
    wanted = specimens.drop_duplicates("key").set_index("key")[list(columns)].rename(columns=columns)
    joined = rows.join(wanted, on="specimen")
    joined["specimen_source_id"] = joined["specimen_source_id"].astype("Int64")
    return joined


def _map_tests(rows: pd.DataFrame, fhir: FhirTables, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)

    def map_specimen(site: str, concept: str | None) -> str | None:
        match = mappers[site].map_concept("SPECTYPE", concept) if concept else None
        return match.value if match else None

    rows = rows.assign(specimen_value=spread(rows, ["site", "specimen_type"], map_specimen))
    found = spread(
        rows,
        ["site", "code_concept", "specimen_value"],
        lambda site, concept, specimen: mappers[site].map_test(concept, specimen) if concept else None,
    )
    unmapped = is_absent(found)
    for row in rows[unmapped].to_dict("records"):
        label = describe_concept(row["code_concept"])
        log.add(
            "HBV-MAP-001",
            source_id=row["source_id"],
            path=f"{row['path']}.code",
            value=label,
            message=f"test {label} is not mapped; add it to sites/{row['site']}/codes.csv",
        )
    settle(fhir.sources, rows.loc[unmapped, "source_id"], "rejected", "HBV-MAP-001")
    skipped = build_mask(match is not None and not match.collected for match in found)
    kept = build_mask(match is not None and match.collected for match in found)
    only_skipped = set(rows.loc[skipped, "source_id"]) - set(rows.loc[kept, "source_id"])
    settle(fhir.sources, only_skipped - set(rows.loc[unmapped, "source_id"]), "out of scope", NOT_COLLECTED)
    tests = [match for match, keep in zip(found, kept, strict=True) if keep and match is not None]
    rows = rows[kept].reset_index(drop=True)
    _report_ambiguous(rows, tests, log)
    local = spread(rows, ["code_concept"], _read_local_code)
    return rows.assign(
        concept_id=[t.concept_id for t in tests],
        loinc=[t.loinc for t in tests],
        mapping_row=[t.row for t in tests],
        local_code=[code for code, _ in local],
        local_text=[text for _, text in local],
    )


def _report_ambiguous(rows: pd.DataFrame, tests: Sequence[TestMatch], log: IssueLog) -> None:
    doubted = build_mask(bool(test.others) for test in tests)
    for row, test in zip(rows[doubted].to_dict("records"), (t for t in tests if t.others), strict=True):
        log.add(
            "HBV-MAP-006",
            source_id=row["source_id"],
            path=f"{row['path']}.code",
            value=describe_concept(row["code_concept"]),
            message=f"taken as {test.concept_id}; other codings of it mean {', '.join(test.others)}",
        )


def _read_local_code(concept: str | None) -> tuple[str | None, str | None]:
    text, codings = split_concept(concept) if concept else ("", ())
    local = next((c for c in codings if c.system != "http://loinc.org"), None)
    display = next((c.display for c in codings if c.display), None)
    return (local.code or None) if local else None, text or display or None


def _read_collection_time(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """--DTC is the time of collection (SDTMIG 4.4.8): the Specimen's, else effective[x]."""
    made = {}
    for name in ("specimen_start", "specimen_end", "effective_start", "effective_end"):
        values, bad = normalise_dtc(rows[name].astype("str"))
        for row in rows[bad].to_dict("records"):
            log.add("HBV-CAN-004", source_id=row["source_id"], path=row["path"], value=str(row[name]))
        made[name] = localise_dtc(values, catalog.study.time_zone)
    start = made["specimen_start"].fillna(made["effective_start"])
    end = made["specimen_end"].where(made["specimen_start"].notna(), made["effective_end"])
    rows = rows.assign(collected_dtc=start.to_numpy(), collected_end_dtc=end.to_numpy())
    _check_times_agree(rows, made["specimen_start"], made["effective_start"], log)
    for row in rows[rows["collected_dtc"].isna()].to_dict("records"):
        log.add("HBV-CAN-002", source_id=row["source_id"], path=row["path"])
    return rows


def _check_times_agree(rows: pd.DataFrame, specimen: pd.Series, effective: pd.Series, log: IssueLog) -> None:
    """Report where both times are known and differ in the part that both state."""
    both = rows.assign(taken=specimen, said=effective)[specimen.notna() & effective.notna()]
    for row in both[["source_id", "path", "taken", "said"]].to_dict("records"):
        taken, said = str(row["taken"]), str(row["said"])
        shared = min(len(taken), len(said), 16)
        if taken[:shared] != said[:shared]:
            log.add(
                "HBV-CAN-001",
                source_id=row["source_id"],
                path=f"{row['path']}.effective[x]",
                value=said,
                message=f"Specimen says {taken}, the result says {said}; the specimen's time was used",
            )


def _map_details(rows: pd.DataFrame, fhir: FhirTables, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)
    made: dict[str, list[Any]] = {}
    for name, (column, codelist) in _CODED.items():
        made[name] = map_column(rows, mappers, column, codelist, log)
    _read_stated_details(rows, fhir, mappers, made, log)
    return rows.assign(**made, visit_key=rows["encounter"], laboratory=None)


def _read_stated_details(
    rows: pd.DataFrame,
    fhir: FhirTables,
    mappers: dict[str, SiteMapper],
    made: dict[str, list[Any]],
    log: IssueLog,
) -> None:
    """Fields that a hospital keeps in an unusual place, by its FHIRPath entries; changes ``made``."""
    stated = fhir.tables["stated"]
    stated = stated[stated["key"].isin(set(rows["key"]))]
    for name, part in stated.groupby("field"):
        said = rows["key"].map(dict(zip(part["key"], part["value"], strict=True))).astype("str")
        codelist = _STATED_CODELISTS.get(str(name))
        values = said.tolist() if codelist is None else _map_stated(rows, mappers, said, codelist, log)
        earlier = made.get(str(name), [None] * len(rows))
        taken = said.notna().tolist()
        made[str(name)] = [new if use else old for new, old, use in zip(values, earlier, taken, strict=True)]


def _map_stated(
    rows: pd.DataFrame, mappers: dict[str, SiteMapper], said: pd.Series, codelist: str, log: IssueLog
) -> list[Any]:
    def map_one(site: str, text: str) -> str | None:
        match = mappers[site].map_value(codelist, text)
        return match.value if match else None

    rows = rows.assign(said=said)
    values = spread(rows, ["site", "said"], map_one, only=said.notna())
    report_unmapped(rows, said.notna() & is_absent(values), "said", codelist, log)
    return values


def _join_groups(rows: pd.DataFrame, fhir: FhirTables) -> pd.DataFrame:
    """The panel or report that lists a result: its key groups the results, its source is kept."""
    reports = fhir.tables["diagnosticreport"]
    panels = fhir.tables["observation"]
    keys = pd.concat([reports[["key", "source_id"]], panels[["key", "source_id"]]]).drop_duplicates("key")
    source = dict(zip(keys["key"], keys["source_id"], strict=True))
    group = rows["member_of"]
    group_source = pd.array([source.get(k) if isinstance(k, str) else None for k in group], dtype="Int64")
    return rows.assign(group_id=group, group_source_id=group_source)


def _build_supports(rows: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for role, column in (("specimen", "specimen_source_id"), ("group", "group_source_id")):
        known = rows[rows[column].notna()]
        parts.append(
            pd.DataFrame(
                {"source_id": known["source_id"], "support_id": known[column].astype("int64"), "role": role}
            )
        )
    links = pd.concat(parts).drop_duplicates() if parts else pd.DataFrame()
    return build_frame("supports", {name: links[name] for name in ("source_id", "support_id", "role")})


def _list_examinations(rows: pd.DataFrame, fhir: FhirTables) -> pd.DataFrame:
    """Procedures and ImagingStudies that a result is part of or was taken from, as supports of role "group"."""
    tables = [fhir.tables[name][["key", "source_id"]] for name in ("procedure", "imagingstudy")]
    source = pd.concat(tables).drop_duplicates("key").set_index("key")["source_id"]
    parts = rows.loc[rows["parts"].notna(), ["source_id", "parts"]]
    named = parts.assign(key=parts["parts"].str.split(GS)).explode("key")
    found = named.assign(support_id=named["key"].map(source)).dropna(subset=["support_id"])
    links = found.drop_duplicates(["source_id", "support_id"])
    columns = {"source_id": links["source_id"], "support_id": links["support_id"].astype("int64")}
    return build_frame("supports", {**columns, "role": ["group"] * len(links)})
