"""Details and times of events: coded words → submission values, dates as sent → ISO 8601."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.coded_columns import report_unmapped
from hbv_standards.ingest.distinct import build_mappers, spread
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

CODED = {  # field of an event -> (column that says it, codelist of values.csv)
    "severity": ("severity_concept", "AESEV"),
    "toxicity_grade": ("severity_concept", "TOXGR"),
    "serious": ("seriousness_concept", "NY"),
    "action": (None, "ACN"),
    "outcome": ("outcome_concept", "OUT"),
    "results_in_death": (None, "NY"),
    "life_threatening": (None, "NY"),
    "hospitalization": (None, "NY"),
    "disability": (None, "NY"),
    "congenital_anomaly": (None, "NY"),
    "medically_important": (None, "NY"),
    "causality": ("causality_concept", "CAUSALITY"),
    "relationship": ("relationship_concept", "RELSUB"),
}
_TIMES = {  # field of an event -> (date, age) as sent
    "start_dtc": ("start", "start_age"),
    "end_dtc": ("end", "end_age"),
    "recorded_dtc": ("recorded", None),
}
_TEXTS = ("note", "category", "subcategory")

_NOT_OVER = ("NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING")
_OVER = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")
_FATAL, _UNKNOWN = "FATAL", "UNKNOWN"
_YES_NO = [name for name, (_, codelist) in CODED.items() if codelist == "NY"]


class _Mapped(NamedTuple):
    """One coded field: what was sent, whether by a FHIRPath of the hospital, and the submission value."""

    sent: pd.Series
    stated: pd.Series
    value: pd.Series


def read_stated(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """What the hospital's FHIRPath entries say of each row: fields of an event, missing where they say nothing.

    What they say of the Condition behind an adverse event counts where they say nothing of the event.
    """
    keys = set(rows["key"]) | set(rows["behind"].dropna())
    told = stated[stated["key"].isin(keys)]
    made = {}
    for name in (*CODED, *_TIMES, *_TEXTS):
        part = told[told["field"] == name].drop_duplicates("key").set_index("key")["value"]
        made[name] = rows["key"].map(part).astype("str").fillna(rows["behind"].map(part).astype("str"))
    return pd.DataFrame(made, index=rows.index).astype("str")


def map_details(rows: pd.DataFrame, stated: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Add the coded fields; what no row of values.csv answers is reported (HBV-MAP-005) and left out.

    One word may say severity or grade: it is lost only where it says neither.
    """
    mapped = {
        name: _map_field(rows, stated[name], column, codelist, catalog)
        for name, (column, codelist) in CODED.items()
    }
    for name, field in mapped.items():
        lost = field.sent.notna() & field.value.isna()
        if name in ("severity", "toxicity_grade"):
            other = mapped["toxicity_grade" if name == "severity" else "severity"]
            shared = ~field.stated & ~other.stated
            lost &= ~(shared & (other.value.notna() | (name == "toxicity_grade")))
        report_unmapped(rows.assign(sent=field.sent), lost, "sent", CODED[name][1], log)
    made = rows.assign(**{name: field.value for name, field in mapped.items()})
    made = made.assign(**{name: made[name].where(made[name].isin(["Y", "N"])) for name in _YES_NO})
    _report_deaths(made, log)
    return made


def _map_field(
    rows: pd.DataFrame, stated: pd.Series, column: str | None, codelist: str, catalog: Catalog
) -> _Mapped:
    mappers = build_mappers(catalog)

    def map_one(site: str, concept: str | None) -> str | None:
        match = mappers[site].map_concept(codelist, concept) if concept else None
        return match.value if match else None

    sent = stated if column is None else stated.fillna(rows[column])
    values = spread(rows.assign(sent=sent), ["site", "sent"], map_one)
    return _Mapped(sent, stated.notna(), pd.Series(values, index=rows.index, dtype="str"))


def _report_deaths(rows: pd.DataFrame, log: IssueLog) -> None:
    """HBV-CAN-007 where outcome and criterion of seriousness do not agree whether somebody died."""
    fatal, criterion = rows["outcome"].eq(_FATAL), rows["results_in_death"]
    told = rows["outcome"].notna() & rows["outcome"].ne(_UNKNOWN)
    for row in rows[told & criterion.notna() & (fatal != criterion.eq("Y"))].to_dict("records"):
        said = f"results in death: {row['results_in_death']}, outcome: {row['outcome']}"
        log.add(
            "HBV-CAN-007", source_id=row["source_id"], path=f"{row['path']}.outcome", value=said,
            message=f"{said}; both were kept",
        )  # fmt: skip


def read_times(rows: pd.DataFrame, stated: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Add the dates. An age or a text that is no date is reported (HBV-CAN-004): no date is made of it."""
    made = {}
    for name, (column, age) in _TIMES.items():
        sent = stated[name].fillna(rows[column])
        values, bad = normalise_dtc(sent)
        for row, text in zip(rows[bad].to_dict("records"), sent[bad], strict=True):
            log.add(
                "HBV-CAN-004", source_id=row["source_id"], path=f"{row['path']}.{column}", value=str(text)
            )
        aged = rows[age].notna() & sent.isna() if age is not None else pd.Series(False, index=rows.index)
        for row in rows[aged].to_dict("records"):
            told = "an age is no date"
            log.add(
                "HBV-CAN-004",
                source_id=row["source_id"],
                path=f"{row['path']}.{column}",
                value=row[age],
                message=told,
            )
        made[name] = localise_dtc(values, catalog.study.time_zone)
    rows = rows.assign(**made)
    undated = (rows["kind"] == "adverse event") & rows["start_dtc"].isna()
    for row in rows[undated].to_dict("records"):
        log.add("HBV-CAN-002", source_id=row["source_id"], path=row["path"])
    return rows


def read_ongoing(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Add ``ongoing``: no end was sent, and the outcome, else the status, says that it is not over.

    And ``ceased``: they say that it is over, or an end was sent that is no date. Of a fatal event DM tells the end.
    """
    ended = stated["end_dtc"].notna() | rows["end"].notna() | rows["end_age"].notna()
    told = rows["outcome"].notna() & (rows["outcome"] != _UNKNOWN)
    goes_on = rows["outcome"].isin(_NOT_OVER).where(told, rows["open"])
    over = rows["outcome"].isin(_OVER).where(told, (rows["over"] & ~rows["open"]) | ended)
    return rows.assign(
        ongoing=(goes_on & ~ended).astype("bool"), ceased=(over & rows["end_dtc"].isna()).astype("bool")
    )


def read_statements(
    rows: pd.DataFrame, links: pd.DataFrame, sources: pd.DataFrame, time_zone: str
) -> pd.DataFrame:
    """Add ``stated_dtc``: the youngest ``meta.lastUpdated`` of the event and of the Conditions behind it.

    By then its end was known. recordedDate tells when it was first recorded (AdverseEvent.recordedDate,
    Condition.recordedDate), which may be long before. Missing where one of them does not say when it changed.
    """
    own = rows[["source_id"]].assign(support_id=rows["source_id"])
    pairs = pd.concat([own, links[links["source_id"].isin(rows["source_id"])]], ignore_index=True)
    stamps = sources.set_index("source_id")["last_updated"].astype("str")
    sent, _ = normalise_dtc(pairs["support_id"].map(stamps).astype("str"))
    told = localise_dtc(sent, time_zone).groupby(pairs["source_id"])
    latest = told.max().where(told.count() == told.size())
    return rows.assign(stated_dtc=rows["source_id"].map(latest).astype("str"))


def read_texts(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Note, category and subcategory: what a FHIRPath says goes before what the resource says."""
    made = {name: stated[name].fillna(rows[name]) if name in rows else stated[name] for name in _TEXTS}
    return rows.assign(**made)
