"""Details and times of events: coded words → submission values, dates as sent → ISO 8601."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.distinct import build_mappers, describe_concept, spread
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

_CODED = {  # field of an event -> (column that says it, codelist of values.csv)
    "severity": ("severity_concept", "AESEV"),
    "toxicity_grade": ("severity_concept", "TOXGR"),
    "serious": ("seriousness_concept", "NY"),
    "action": (None, "ACN"),
    "outcome": ("outcome_concept", "OUT"),
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
_UNKNOWN = "UNKNOWN"


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
    for name in (*_CODED, *_TIMES, *_TEXTS):
        part = told[told["field"] == name].drop_duplicates("key").set_index("key")["value"]
        made[name] = rows["key"].map(part).astype("str").fillna(rows["behind"].map(part).astype("str"))
    return pd.DataFrame(made, index=rows.index).astype("str")


def map_details(rows: pd.DataFrame, stated: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    """Add the coded fields; what no row of values.csv answers is reported (HBV-MAP-005) and left out.

    One word may say severity or grade: it is lost only where it says neither.
    """
    mapped = {
        name: _map_field(rows, stated[name], column, codelist, catalog)
        for name, (column, codelist) in _CODED.items()
    }
    for name, field in mapped.items():
        lost = field.sent.notna() & field.value.isna()
        if name in ("severity", "toxicity_grade"):
            other = mapped["toxicity_grade" if name == "severity" else "severity"]
            shared = ~field.stated & ~other.stated
            lost &= ~(shared & (other.value.notna() | (name == "toxicity_grade")))
        _report_details(rows[lost], field.sent[lost], _CODED[name][1], log)
    made = rows.assign(**{name: field.value for name, field in mapped.items()})
    return made.assign(serious=made["serious"].where(made["serious"].isin(["Y", "N"])))


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


def _report_details(rows: pd.DataFrame, sent: pd.Series, codelist: str, log: IssueLog) -> None:
    for row, concept in zip(rows.to_dict("records"), sent, strict=True):
        label = describe_concept(concept)
        log.add(
            "HBV-MAP-005",
            source_id=row["source_id"],
            path=row["path"],
            value=label,
            message=f"{label} is not mapped; add it to sites/{row['site']}/values.csv, codelist {codelist}",
        )


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
    """Add ``ongoing``: no end was sent, and the outcome, else the status, says that it is not over."""
    ended = stated["end_dtc"].notna() | rows["end"].notna() | rows["end_age"].notna()
    told = rows["outcome"].notna() & (rows["outcome"] != _UNKNOWN)
    goes_on = rows["outcome"].isin(_NOT_OVER).where(told, rows["open"])
    return rows.assign(ongoing=(goes_on & ~ended).astype("bool"))


def read_texts(rows: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Note, category and subcategory: what a FHIRPath says goes before what the resource says."""
    made = {name: stated[name].fillna(rows[name]) if name in rows else stated[name] for name in _TEXTS}
    return rows.assign(**made)
