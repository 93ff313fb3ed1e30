"""Examinations of enrolled subjects → canonical interventions of kind "procedure" (hop 1).

One examination is one record, whatever number of resources tells of it: the Procedure makes it, else
the ImagingStudy, else a DiagnosticReport whose code means a procedure. The others fill its gaps and
support it (role "group"). A report whose code means no procedure and that no procedure names is a
group of results as ever.
"""

from __future__ import annotations

import pandas as pd

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.dates import localise_dtc, normalise_dtc
from hbv_standards.ingest.canonical_interventions import (
    describe_drug,
    describe_reasons,
    read_reasons_not_done,
)
from hbv_standards.ingest.coded_columns import map_column
from hbv_standards.ingest.distinct import build_mappers, describe_concept, spread
from hbv_standards.ingest.examinations import KINDS, collect_examinations
from hbv_standards.ingest.outcomes import NOT_COLLECTED, PLAN, settle
from hbv_standards.ingest.tables import FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog

_FILLED = ("start_dtc", "end_dtc", "location", "adjustment_reason", "visit_key", "note")
_REPORT = KINDS.index("diagnosticreport")


def build_procedures(
    fhir: FhirTables, subject_of: dict[str, str], catalog: Catalog, log: IssueLog
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames ``interventions`` and ``supports``. Unmapped procedures become HBV-MAP-004 issues."""
    rows = collect_examinations(fhir, subject_of, catalog)
    plans = rows["planned"] & (rows["rank"] != _REPORT)
    settle(fhir.sources, rows.loc[plans, "source_id"], "out of scope", PLAN)
    rows = rows[~rows["planned"]].reset_index(drop=True)
    rows = _read_matches(rows)
    _report_unmapped(rows, fhir, log)
    rows = rows[rows["examination"].isin(rows.loc[rows["treatment_id"].notna(), "examination"])]
    rows = _read_times(_read_details(rows.reset_index(drop=True), catalog, log), catalog, log)
    return _build_records(rows, log)


def _read_matches(rows: pd.DataFrame) -> pd.DataFrame:
    named = rows["match"].map(lambda match: match.value or None, na_action="ignore")
    told = rows["match"].map(lambda match: match.row, na_action="ignore")
    skipped = rows["match"].notna() & named.isna()
    return rows.assign(
        treatment_id=named.astype("str"), mapping_row=told.astype("str"), skipped=skipped.astype(bool)
    )


def _report_unmapped(rows: pd.DataFrame, fhir: FhirTables, log: IssueLog) -> None:
    """A Procedure has to be known; an ImagingStudy may be known by the Procedure or report it belongs to."""
    settle(fhir.sources, rows.loc[rows["skipped"], "source_id"], "out of scope", NOT_COLLECTED)
    known = rows["examination"].isin(rows.loc[rows["treatment_id"].notna(), "examination"])
    unknown = rows["treatment_id"].isna() & ~rows["skipped"] & (rows["rank"] != _REPORT)
    lost = rows[unknown & ((rows["rank"] == 0) | ~known)]
    _reject(lost, "procedure {label} is not mapped; add it to {file}", fhir, log)
    silent = rows["treatment_id"].isna() & ~rows["skipped"] & ~known & rows["note"].notna()
    # What a report concludes is a comment on its procedure: it is lost where the report is of none.
    told = "its conclusion is in no record; map it to a procedure or to NOT COLLECTED in {file}"
    _reject(rows[silent & (rows["rank"] == _REPORT)], f"report {{label}} means no procedure, and {told}", fhir, log)


def _reject(rows: pd.DataFrame, told: str, fhir: FhirTables, log: IssueLog) -> None:
    """HBV-MAP-004 for all rows; ``told`` names the ``label`` of the code and the ``file`` to mend."""
    for row in rows.to_dict("records"):
        label = describe_concept(row["concepts"])
        element = "procedureCode" if KINDS[row["rank"]] == "imagingstudy" else "code"
        file = f"sites/{row['site']}/codes.csv, kind treatment"
        log.add(
            "HBV-MAP-004",
            source_id=row["source_id"],
            path=f"{row['path']}.{element}",
            value=label,
            message=told.format(label=label, file=file),
        )
    settle(fhir.sources, rows["source_id"], "rejected", "HBV-MAP-004")


def _read_details(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    mappers = build_mappers(catalog)
    return rows.assign(
        treatment_text=pd.Series(spread(rows, ["concepts"], describe_drug), dtype="str"),
        location=pd.Series(map_column(rows, mappers, "body_site_concept", "LOC", log), dtype="str"),
        adjustment_reason=pd.Series(spread(rows, ["reason_concepts"], describe_reasons), dtype="str"),
        reason_not_done=pd.Series(read_reasons_not_done(rows, mappers), dtype="str"),
        visit_key=rows["encounter"],
        occurred=rows["status"] != "not-done",
    )


def _read_times(rows: pd.DataFrame, catalog: Catalog, log: IssueLog) -> pd.DataFrame:
    for name in ("start", "end"):
        values, bad = normalise_dtc(rows[name])
        for row in rows[bad].to_dict("records"):
            log.add("HBV-CAN-004", source_id=row["source_id"], path=row["path"], value=str(row[name]))
        rows = rows.assign(**{f"{name}_dtc": localise_dtc(values, catalog.study.time_zone).to_numpy()})
    return rows


def _build_records(rows: pd.DataFrame, log: IssueLog) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One record per examination and procedure: of the resources that know most of it, with the others' help."""
    whole = ["examination", "treatment_id"]
    first = rows.groupby(whole)["rank"].transform("min")
    anchors = rows[rows["treatment_id"].notna() & (rows["rank"] == first)]
    helpers = rows.drop(anchors.index)
    pairs = anchors[["source_id", *whole]].merge(helpers, on="examination", suffixes=("", "_other"))
    pairs = pairs[pairs["treatment_id_other"].isna() | (pairs["treatment_id_other"] == pairs["treatment_id"])]
    pairs = pairs.sort_values(["source_id", "rank", "source_id_other"], kind="stable")
    records = _fill_gaps(anchors, pairs).assign(kind="procedure")
    undated = records["start_dtc"].isna() & records["occurred"]  # what was not done has no time
    for row in records[undated].to_dict("records"):
        log.add("HBV-CAN-002", source_id=row["source_id"], path=row["path"])
    columns = [name for name in build_frame("interventions", {}) if name in records]
    links = pd.DataFrame(
        {"source_id": pairs["source_id"], "support_id": pairs["source_id_other"], "role": "group"}
    )
    links = links[links["source_id"] != links["support_id"]].drop_duplicates()
    frame = build_frame("interventions", {name: records[name] for name in columns})
    return frame, build_frame("supports", {name: links[name] for name in links})


def _fill_gaps(anchors: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """What the record's own resource does not say, by the first of the others that does; notes are joined."""
    given = pairs.groupby("source_id")[list(_FILLED)].first()
    filled = anchors.copy()
    for name in _FILLED:
        filled[name] = filled[name].fillna(filled["source_id"].map(given[name]).astype("str"))
    own = anchors.loc[anchors["start_dtc"].notna(), "source_id"]  # an end belongs to the start beside it
    filled.loc[filled["source_id"].isin(own), "end_dtc"] = anchors["end_dtc"]
    notes = pd.concat([anchors[["source_id", "note"]], pairs[["source_id", "note"]]]).dropna().drop_duplicates()
    joined = notes.groupby("source_id", sort=False)["note"].agg(" ".join)
    return filled.assign(note=filled["source_id"].map(joined).astype("str"))
