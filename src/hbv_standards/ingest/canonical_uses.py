"""Answers about substances of enrolled subjects → canonical interventions of kind "use" (hop 1).

What is said of one substance in one resource, in one encounter or on one day is one use; the answer
that says whether it was used makes the record, the others support it.
"""

from __future__ import annotations

from collections.abc import Hashable
from decimal import Decimal
from typing import Any

import pandas as pd

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.canonical_interventions import describe_drug
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.ingest.groups import find_groups, pair_equal
from hbv_standards.ingest.outcomes import settle
from hbv_standards.ingest.questions import select_answers
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.ingest.unmapped_units import UNMAPPED_UNIT
from hbv_standards.ingest.use_answers import ANSWER_KEYS, UseAnswer, read_use_answer
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

_UNUSED = ("NEVER", "N")
_GIVEN = ("status", "dose", "frequency", "start_dtc", "end_dtc")
_CURES = {
    "HBV-MAP-002": UNMAPPED_UNIT,
    "HBV-MAP-005": "{lost} is not mapped; add it to sites/{site}/values.csv, codelist {cure}",
    "HBV-CAN-003": "the answer says nothing of the use",
    "HBV-CAN-004": "{lost} is no date",
    "HBV-CAN-005": "{lost} is no amount",
}


def build_uses(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``interventions`` and ``supports`` of the canonical model."""
    rows = select_answers(fhir, subject_of, catalog, ("use",))
    rows = _read_answers(rows, catalog, log)
    said = rows[list(_GIVEN)].notna().any(axis=1)
    for code, part in rows[~said].groupby("issue"):
        settle(fhir.sources, part["source_id"], "rejected", str(code))
    rows = _join_answers(rows[said].reset_index(drop=True))
    _report_disagreements(rows, log)
    _report_unused(rows, log)
    return _build_records(rows)


def _read_answers(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Add what each answer gives, dates as ISO 8601, and ``issue``."""
    mappers = build_mappers(catalog)
    read = spread(rows, ANSWER_KEYS, lambda site, *answer: read_use_answer(mappers[site], *answer))
    made = pd.DataFrame(read, columns=list(UseAnswer._fields), index=rows.index, dtype="str")
    rows = rows.drop(columns=["field", "status"]).join(made)
    for row in rows[rows["issue"].notna()].to_dict("records"):
        told = _CURES[row["issue"]].format(lost=row["lost"], site=row["site"], cure=row["cure"])
        lost = row["lost"] if isinstance(row["lost"], str) else ""
        path = f"{row['path']}.value[x]"
        log.add(row["issue"], source_id=row["source_id"], path=path, value=lost, message=told)
    for name, sent in (("start_dtc", "start"), ("end_dtc", "end")):
        dates, bad = normalise_dtc(rows[sent])
        for row in rows[bad].to_dict("records"):
            log.add("HBV-CAN-004", source_id=row["source_id"], path=row["path"], value=str(row[sent]))
        rows = rows.assign(**{name: localise_dtc(dates, catalog.study.time_zone).to_numpy()})
        rows["issue"] = rows["issue"].mask(bad, "HBV-CAN-004")
    return rows


def _join_answers(rows: pd.DataFrame) -> pd.DataFrame:
    """Add ``use``: the number of the use that an answer is about."""
    whose = rows["subject_id"] + "\n" + rows["target"]
    day = rows["effective_start"].str.slice(0, 10).where(rows["effective_start"].str.len() >= 10)  # YYYY-MM-DD
    shared = (rows["source_id"].astype("str"), rows["encounter"], day)
    pairs = [pair for cells in shared for pair in pair_equal(whose + "\n" + cells)]
    return rows.assign(use=find_groups(len(rows), pairs))


def _report_disagreements(rows: pd.DataFrame, log: IssueLog) -> None:
    """Answers that contradict the first one on the same thing."""
    for name in _GIVEN:
        first = rows.groupby("use")[name].transform("first")
        for row in rows.assign(first=first)[rows[name].notna() & (rows[name] != first)].to_dict("records"):
            told = f"another answer on {row['target']} says {row['first']}, which was used"
            _report_contradiction(row, name, told, log)


def _report_unused(rows: pd.DataFrame, log: IssueLog) -> None:
    """Amounts and dates of a substance that another answer says was not used."""
    status = rows.groupby("use")["status"].transform("first")
    told = {
        "dose": rows["dose"].map(lambda dose: Decimal(dose) != 0, na_action="ignore").eq(True),
        "frequency": rows["frequency"].notna() & rows["dose"].isna(),
        "start_dtc": rows["start_dtc"].notna(),
        "end_dtc": rows["end_dtc"].notna(),
    }
    for name, given in told.items():
        for row in rows[given & status.isin(_UNUSED)].to_dict("records"):
            unused = f"another answer says that {row['target']} was not used, which holds"
            _report_contradiction(row, name, unused, log)


def _report_contradiction(row: dict[Hashable, Any], name: str, told: str, log: IssueLog) -> None:
    log.add(
        "HBV-CAN-007", source_id=row["source_id"], path=row["path"], value=str(row[name]), message=told
    )


def _build_records(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    order = rows.assign(silent=rows["status"].isna()).sort_values(["use", "silent"], kind="stable")
    anchors = order.drop_duplicates("use").set_index("use")
    given = rows.groupby("use")[[*_GIVEN, "encounter"]].first()
    amounts = rows[rows["dose"].notna()].drop_duplicates("use").set_index("use")
    status = given["status"]
    nothing = given["dose"].map(lambda dose: Decimal(dose) == 0, na_action="ignore").eq(True)
    occurred = ~status.isin(_UNUSED) & ~(status.isna() & nothing)
    made = anchors.assign(
        treatment_id=anchors["target"],
        treatment_text=spread(anchors, ["code_concept"], describe_drug),
        kind="use",
        occurred=occurred,
        dose=given["dose"],
        dose_unit=amounts["dose_unit"].reindex(anchors.index),
        frequency=given["frequency"],
        start_dtc=given["start_dtc"].where(occurred),
        end_dtc=given["end_dtc"].where(occurred),
        ongoing=(status == "CURRENT") & given["end_dtc"].isna(),
        ceased=(status == "FORMER") & given["end_dtc"].isna(),
        visit_key=given["encounter"],
        note=_join_notes(rows).reindex(anchors.index),
    ).reset_index(drop=True)
    frame = build_frame("interventions", {n: made[n] for n in build_frame("interventions", {}) if n in made})
    owner = rows["use"].map(anchors["source_id"])
    other = rows.assign(owner=owner)[owner != rows["source_id"]]
    links = pd.DataFrame({"source_id": other["owner"], "support_id": other["source_id"], "role": "group"})
    links = links.drop_duplicates()
    return frame, build_frame("supports", {name: links[name] for name in links})


def _join_notes(rows: pd.DataFrame) -> pd.Series:
    """Notes on the answers of each use, each once."""
    noted = rows.loc[rows["note"].notna(), ["use", "note"]].drop_duplicates()
    return noted.groupby("use")["note"].agg(" ".join).astype("str")
