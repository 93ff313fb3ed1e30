"""Answers about diseases of enrolled subjects and their relatives → pre-specified canonical events (hop 1).

A question asks for a disease that codes.csv names in English; the answer says whether it occurred.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.canonical_interventions import describe_drug
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.ingest.event_terms import map_category
from hbv_standards.ingest.outcomes import NO_ANSWER, settle
from hbv_standards.ingest.questions import select_answers
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.use_answers import describe_answer
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import Match, SiteMapper
from hbv_standards.mapping.catalog import Catalog


class _Answer(NamedTuple):
    """What one distinct answer says of a disease; ``lost`` is an answer that no row of NY explains."""

    occurred: str | None = None  # Y, N or U
    relationship: str | None = None  # RELSUB, where the answer names the relative
    lost: str | None = None


_KEYS = ["site", "question", "field", "value_text", "value_concept", "absent_concept"]


def build_answer_events(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``events`` (kinds "history" and "family history", pre-specified) and ``supports``, which is empty."""
    unanswered = _select_unanswered(fhir.tables["observation"], subject_of)
    settle(fhir.sources, unanswered["source_id"], "out of scope", NO_ANSWER)
    rows = select_answers(fhir, subject_of, catalog, ("history", "family history"))
    mappers = build_mappers(catalog)
    read = spread(rows, _KEYS, lambda site, *answer: _read_answer(mappers[site], *answer))
    made = pd.DataFrame(read, columns=list(_Answer._fields), index=rows.index, dtype="str")
    rows = rows.join(made)
    _report_unanswered(rows, fhir, log)
    rows = rows[rows["occurred"].notna()].reset_index(drop=True)
    dates, bad = normalise_dtc(rows["effective_start"])
    for row in rows[bad].to_dict("records"):
        log.add("HBV-CAN-004", source_id=row["source_id"], path=row["path"], value=str(row["effective_start"]))
    told = pd.Series(spread(rows, ["code_concept"], describe_drug), index=rows.index, dtype="str")
    rows = rows.assign(
        kind=rows["question"],
        term=told.fillna(rows["target"]),
        term_value=rows["target"],
        code=pd.Series(None, index=rows.index, dtype="str"),
        prespecified=True,
        recorded_dtc=localise_dtc(dates, catalog.study.time_zone),
        relationship=rows["field"].fillna(rows["relationship"]),
        visit_key=rows["encounter"],
    )
    rows = map_category(rows, catalog.study)
    columns = [name for name in build_frame("events", {}) if name in rows]
    return build_frame("events", {name: rows[name] for name in columns}), build_frame("supports", {})


def _select_unanswered(rows: pd.DataFrame, subject_of: dict[str, str]) -> pd.DataFrame:
    empty = (rows["value_kind"] == "panel") & (rows["path"] == "QuestionnaireResponse")
    return rows[empty & rows["subject"].isin(subject_of)]


def _read_answer(
    mapper: SiteMapper, question: str, whose: str | None, text: str | None, concept: str | None, absent: str | None
) -> _Answer:
    """Yes, no or unknown; a family history whose question names nobody may be answered by the relative."""
    sent = text or (describe_answer(concept) if concept else None)
    if sent is None or absent is not None:
        return _Answer()

    def map_to(codelist: str) -> Match | None:
        return mapper.map_concept(codelist, concept) if concept else mapper.map_value(codelist, sent)

    occurred = map_to("NY")
    if occurred is not None and occurred.value in ("Y", "N", "U"):
        return _Answer(occurred.value)
    relative = map_to("RELSUB") if question == "family history" and whose is None else None
    return _Answer("Y", relative.value) if relative is not None else _Answer(lost=sent)


def _report_unanswered(rows: pd.DataFrame, fhir: FhirTables, log: IssueLog) -> None:
    for row in rows[rows["occurred"].isna()].to_dict("records"):
        lost = row["lost"] if isinstance(row["lost"], str) else None
        code = "HBV-MAP-005" if lost else "HBV-CAN-003"
        lists = "NY" if row["question"] == "history" or isinstance(row["field"], str) else "NY or RELSUB"
        cure = f"{lost} is not mapped; add it to sites/{row['site']}/values.csv, codelist {lists}"
        told = cure if lost else "the answer does not say whether the disease occurred"
        path = f"{row['path']}.value[x]"
        log.add(code, source_id=row["source_id"], path=path, value=lost or "", message=told)
        settle(fhir.sources, [row["source_id"]], "rejected", code)
