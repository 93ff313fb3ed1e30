"""value[x], comparator, unit, range and interpretation of observations → result columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.derive.ascii_text import fold_width
from hbv_standards.ingest.distinct import build_mappers, build_mask, describe_concept, spread
from hbv_standards.ingest.outcomes import settle
from hbv_standards.ingest.range_text import read_range_text
from hbv_standards.ingest.result_text import ResultText, find_leading_words, list_splits, read_result_text
from hbv_standards.ingest.unmapped_units import UNMAPPED_UNIT, report_unmapped_units
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog


class _Result(NamedTuple):
    """What one distinct value[x] of one test at one hospital means."""

    result: str | None = None
    result_kind: str | None = None
    comparator: str | None = None
    number: str | None = None
    result_value: str | None = None
    value_row: str | None = None
    unit: str | None = None
    unit_value: str | None = None
    unit_row: str | None = None
    arrow: str | None = None
    issue: str | None = None
    lost: str | None = None  # what the issue is about
    read_as: str | None = None  # what an unmapped UCUM code says


_VALUE_KEYS = ["site", "concept_id", "value_kind", "value_text", "comparator", "unit_text", "unit_code",
               "value_concept", "unit_system"]  # fmt: skip
_NUMERIC = frozenset({"quantity", "integer"})


def read_results(
    rows: pd.DataFrame, catalog: Catalog, sources: pd.DataFrame, log: IssueLog
) -> pd.DataFrame:
    """Add the result columns of a canonical finding to ``rows``; drops rows without value and reason."""
    mappers = build_mappers(catalog)
    results = spread(rows, _VALUE_KEYS, lambda site, *value: _read_value(mappers[site], *value))
    made = pd.DataFrame(results, columns=list(_Result._fields), index=rows.index)
    rows = rows.drop(columns=["comparator"]).join(made)
    rows = _read_not_done(rows, mappers)
    empty = rows["result"].isna() & ~rows["not_done"]
    for row in rows[empty].to_dict("records"):
        log.add("HBV-CAN-003", source_id=row["source_id"], path=row["path"])
    settle(sources, rows.loc[empty, "source_id"], "rejected", "HBV-CAN-003")
    rows = _read_limits(rows[~empty].reset_index(drop=True))
    _report_results(rows, mappers, log)
    return _read_ranges(_read_indicator(rows, mappers, log), mappers, log)


def _read_value(
    mapper: SiteMapper,
    concept_id: str,
    kind: str | None,
    text: str | None,
    comparator: str | None,
    unit_text: str | None,
    unit_code: str | None,
    concept: str | None,
    unit_system: str | None,
) -> _Result:
    if kind == "concept" and concept:
        return _read_coded(mapper, concept_id, concept)
    if text is None or not text.strip():
        return _Result()
    if kind in _NUMERIC:
        parts = ResultText((comparator or "") + text, comparator, text)
    elif kind == "string":
        parts = read_result_text(text)
    elif kind in ("range", "ratio"):
        parts = ResultText(text)
    else:
        return _Result(text, "text", issue="HBV-CAN-005", lost=kind)
    return _join_unit(mapper, concept_id, parts, unit_text, unit_code, unit_system, string=kind == "string")


def find_codelist(mapper: SiteMapper, concept_id: str) -> str:
    """Codelist of a test's qualitative results: its own where it has one, else that of laboratory results."""
    return mapper.catalog.concepts[concept_id].result_codelist or "LBSTRESC"


def _read_coded(mapper: SiteMapper, concept_id: str, concept: str) -> _Result:
    text, codings = split_concept(concept)
    sent = text or next((c.display or c.code for c in codings if c.display or c.code), "")
    match = mapper.map_concept(find_codelist(mapper, concept_id), concept, concept_id)
    if match is None:
        return _Result(sent, "coded", issue="HBV-MAP-003", lost=sent)
    return _Result(sent, "coded", result_value=match.value, value_row=match.row)


def _join_unit(
    mapper: SiteMapper,
    concept_id: str,
    parts: ResultText,
    unit_text: str | None,
    unit_code: str | None,
    unit_system: str | None,
    *,
    string: bool,
) -> _Result:
    words = parts.words
    if string and words and not (unit_text or unit_code):  # a unit written inside the text
        unit_text, words = _part_unit(mapper, concept_id, words)
    sent = unit_text or unit_code
    unit = mapper.map_unit(unit_code, unit_text, concept_id, system=unit_system) if sent else None
    if parts.number is None or words:
        made = _read_words(mapper, concept_id, parts, words, sent)
        return made._replace(unit_value=unit.unit_value, unit_row=unit.row) if unit and parts.number else made
    made = _Result(parts.text, "quantity", parts.comparator, parts.number, unit=sent, arrow=parts.arrow)
    if unit is None:
        read_as = mapper.explain_unit(unit_code, unit_system) or None
        return made._replace(issue="HBV-MAP-002", lost=sent, read_as=read_as) if sent else made
    made = made._replace(unit_value=unit.unit_value, unit_row=unit.row)
    if unit.conflict is not None:
        lost = f"{unit_code} and {unit_text}: {unit.unit_value} was used, not {unit.conflict}"
        return made._replace(issue="HBV-MAP-007", lost=lost)
    return made


def _read_words(
    mapper: SiteMapper, concept_id: str, parts: ResultText, words: str | None, unit_text: str | None
) -> _Result:
    """Words alone ("阴性", "1:320"), or words beside a number ("<20 检出")."""
    text = f"{parts.text} {words}" if words else parts.text
    codelist = find_codelist(mapper, concept_id)
    match = mapper.map_value(codelist, words or parts.text, concept_id=concept_id)
    lead = find_leading_words(words or parts.text) if match is None else None
    if lead is not None:
        match = mapper.map_value(codelist, lead, concept_id=concept_id)
    made = _Result(text, "text", parts.comparator, parts.number, unit=unit_text, arrow=parts.arrow)
    if match is not None:
        return made._replace(result_value=match.value, value_row=match.row)
    if not words and _is_titre_or_range(parts.text):
        return made
    return made._replace(issue="HBV-MAP-003", lost=words or parts.text)


def _part_unit(mapper: SiteMapper, concept_id: str, words: str) -> tuple[str | None, str | None]:
    """Unit and words of what a string says beside its number: ``IU/mL``, ``S/CO 阴性``, ``检出``."""
    if mapper.map_unit(None, words, concept_id) is not None:
        return words, None
    for unit, rest in list_splits(words):
        if mapper.map_unit(None, unit, concept_id) is not None:
            return unit, rest
    return None, words


def _is_titre_or_range(text: str) -> bool:
    """1:320, >1:1000, 5-10: results by themselves, which need no row of values.csv."""
    plain = fold_width(text).replace("至", "-")
    return bool(plain) and all(c in "0123456789.:<>=+-~/ " for c in plain) and any(c.isdigit() for c in plain)


def _read_not_done(rows: pd.DataFrame, mappers: dict[str, SiteMapper]) -> pd.DataFrame:
    """dataAbsentReason without a value → NOT DONE with its reason (SDTMIG 4.5.1.2)."""
    def read_reason(site: str, concept: str | None) -> str | None:
        if concept is None:
            return None
        match = mappers[site].map_concept("NOT_DONE_REASON", concept)
        return match.value if match else describe_concept(concept)

    not_done = rows["result"].isna() & (rows["absent_concept"].notna() | (rows["status"] == "cancelled"))
    reasons = spread(rows, ["site", "absent_concept"], read_reason, only=not_done)
    return rows.assign(not_done=not_done.astype(bool), not_done_reason=reasons)


def _read_limits(rows: pd.DataFrame) -> pd.DataFrame:
    """"<20" says that the assay does not quantify below 20, ">250" not above 250 (--LLOQ, --ULOQ)."""
    number = rows["number"].where(rows["result_kind"] == "quantity")
    return rows.assign(lloq=number.where(rows["comparator"] == "<"), uloq=number.where(rows["comparator"] == ">"))


def _report_results(rows: pd.DataFrame, mappers: dict[str, SiteMapper], log: IssueLog) -> None:
    cures = {
        "HBV-MAP-002": UNMAPPED_UNIT,
        "HBV-MAP-003": "result {lost!r} is not mapped; add it to sites/{site}/values.csv, codelist {codelist}",
        "HBV-MAP-007": "the unit's code and text disagree: {lost}",
        "HBV-CAN-005": "a {lost} cannot be the result of a test",
    }
    for row in rows[rows["issue"].notna()].to_dict("records"):
        codelist = find_codelist(mappers[row["site"]], row["concept_id"])
        told = cures[row["issue"]].format(lost=row["lost"], site=row["site"], codelist=codelist)
        log.add(
            row["issue"],
            source_id=row["source_id"],
            path=f"{row['path']}.value[x]",
            value=str(row["lost"]),
            message=f"{told}; {row['read_as']}" if isinstance(row["read_as"], str) else told,
        )


def _read_indicator(rows: pd.DataFrame, mappers: dict[str, SiteMapper], log: IssueLog) -> pd.DataFrame:
    def map_one(site: str, concept: str | None, arrow: str | None) -> tuple[str | None, bool]:
        if concept:
            match = mappers[site].map_concept("NRIND", concept)
            if match is not None:
                return match.value, False
        match = mappers[site].map_value("NRIND", arrow) if arrow else None
        return (match.value if match else None), concept is not None and match is None

    found = spread(rows, ["site", "interpretation_concept", "arrow"], map_one)
    rows = rows.assign(indicator=[value for value, _ in found])
    for row in rows[build_mask(lost for _, lost in found)].to_dict("records"):
        label = describe_concept(row["interpretation_concept"])
        log.add(
            "HBV-MAP-005",
            source_id=row["source_id"],
            path=f"{row['path']}.interpretation",
            value=label,
            message=f"{label} is not mapped; add it to sites/{row['site']}/values.csv, codelist NRIND",
        )
    return rows


def _read_range_texts(rows: pd.DataFrame) -> pd.DataFrame:
    """The limits; where none were sent as such, those of a range text that is two numbers (0.270--4.200)."""
    texts = rows["range_text"].where(rows["range_low"].isna() & rows["range_high"].isna())
    found = {text: read_range_text(text) for text in texts.dropna().unique()}
    pairs = texts.astype("object").map(found).astype("object")
    return pd.DataFrame(
        {
            "range_low": rows["range_low"].fillna(pairs.str[0]).astype("str"),
            "range_high": rows["range_high"].fillna(pairs.str[1]).astype("str"),
        }
    )


def _read_ranges(rows: pd.DataFrame, mappers: dict[str, SiteMapper], log: IssueLog) -> pd.DataFrame:
    """Limits as sent; a range without a unit is in the unit of its result (FHIR referenceRange)."""
    def map_one(
        site: str, concept_id: str, text: str | None, code: str | None, unit_value: str | None, system: str | None
    ) -> tuple[str | None, bool]:
        if not (text or code):
            return unit_value, False
        match = mappers[site].map_unit(code, text, concept_id, system=system)
        return (match.unit_value if match else None), match is None

    keys = ["site", "concept_id", "range_unit_text", "range_unit_code", "unit_value", "range_unit_system"]
    found: list[Any] = spread(rows, keys, map_one)
    lost = pd.Series([bad for _, bad in found], index=rows.index, dtype=bool)
    report_unmapped_units(rows, lost, "range_unit", "referenceRange", mappers, log)
    limits = _read_range_texts(rows).mask(lost)
    has_range = limits.notna().any(axis=1)
    units = pd.Series([unit for unit, _ in found], index=rows.index, dtype="str").where(has_range)
    return rows.assign(range_low=limits["range_low"], range_high=limits["range_high"], range_unit_value=units)
