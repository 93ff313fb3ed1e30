"""Contacts of subjects with their hospital, and the visit that each of them belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.derive.dates import parse_dtc
from hbv_standards.derive.visits import check_visit_numbers, derive_visit_days
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.report import report_rows
from hbv_standards.study import PlannedVisit, StudyConfig

RECORD_DATES = {
    "subjects": ("consent_dtc", "randomized_dtc", "end_dtc", "death_dtc"),
    "visits": ("start_dtc", "end_dtc"),
    "findings": ("collected_dtc", "collected_end_dtc"),
    "interventions": ("start_dtc", "end_dtc"),
    "events": ("start_dtc", "end_dtc"),
}
"""Every date at which something is known of a subject."""


@dataclass(frozen=True, slots=True)
class Visits:
    """What :func:`build_visits` made.

    ``contacts``: one row per date of a visit, finding or consent that belongs to a visit, with
    ``VISITNUM, subject_id, dtc, date, kind, position, source_id, path, mapping_row``. ``findings``:
    VISITNUM by position of the findings. ``stated``: planned visits that hospitals state, by
    ``visit_key``, with ``number, source_id, path, mapping_row``. ``anchors``: of :func:`build_anchors`.
    """

    contacts: pd.DataFrame
    findings: pd.Series
    stated: pd.DataFrame
    anchors: pd.DataFrame


def list_known_dates(data: CanonicalData) -> pd.DataFrame:
    """``subject_id, dtc`` of every date on record; planned ends of orders are no contact."""
    parts = []
    for name, columns in RECORD_DATES.items():
        frame: pd.DataFrame = getattr(data, name)
        for column in columns:
            dtc = frame[column]
            if name == "interventions" and column == "end_dtc":
                dtc = dtc.where(frame["kind"].isin(["administration", "statement"]))
            if name == "events":  # what happened to a relative tells nothing of the subject
                dtc = dtc.where(frame["kind"] != "family history")
            parts.append(pd.DataFrame({"subject_id": frame["subject_id"], "dtc": dtc}))
    return pd.concat(parts).dropna().drop_duplicates().reset_index(drop=True)


def build_anchors(subjects: pd.DataFrame, cutoff: str | None) -> pd.DataFrame:
    """Where the study days of each subject's visits are counted from, and until when it was observed.

    ``subjects`` has the reference dates. Day 1 is that of RFSTDTC, else of randomisation; for who has
    neither the days count from consent. ``observed_until`` is the end of participation, else the
    data cut, else the last contact.
    """
    first, randomized, consent = (
        parse_dtc(subjects[name])["date"] for name in ("RFSTDTC", "randomized_dtc", "RFICDTC")
    )
    # A partial last contact was surely no earlier than the first day that it allows.
    last = parse_dtc(subjects["RFPENDTC"])["earliest"].dt.floor("D")
    day_one = first.fillna(randomized)
    cut = pd.Timestamp(cutoff) if cutoff else pd.NaT
    return pd.DataFrame(
        {
            "subject_id": subjects["subject_id"],
            "anchor": day_one.fillna(consent),
            "by_consent": day_one.isna() & consent.notna(),
            "consent": consent,
            "observed_until": last.where(subjects["ended"] | (cut is pd.NaT), cut),
        }
    )


def build_visits(
    data: CanonicalData, subjects: pd.DataFrame, study: StudyConfig, cutoff: str | None, log: IssueLog
) -> Visits:
    """Give every contact its visit (docs/rules/visits.md)."""
    check_visit_numbers(study.visits)
    anchors = build_anchors(subjects, cutoff)
    stated = _read_stated(data.visits, study.visits, log)
    contacts = _collect_contacts(data, stated["number"], anchors)
    _report_outside(contacts, anchors, study.visits, log)
    days = derive_visit_days(
        contacts.loc[contacts["date"].notna(), ["subject_id", "date", "stated"]], anchors, study.visits,
        study.visit_span_days,
    )  # fmt: skip
    known = contacts.merge(days, on=["subject_id", "date"], how="left")
    contacts = contacts.assign(VISITNUM=contacts["stated"].fillna(known["VISITNUM"]))
    of_findings = contacts[(contacts["kind"] == "finding") & contacts["opening"]].set_index("position")
    findings = of_findings["VISITNUM"].reindex(range(len(data.findings)))
    _report_visitless(contacts, log)
    return Visits(contacts[contacts["VISITNUM"].notna()].reset_index(drop=True), findings, stated, anchors)


def _read_stated(visits: pd.DataFrame, planned: Sequence[PlannedVisit], log: IssueLog) -> pd.DataFrame:
    """Planned visits that hospitals state, by ``visit_key``."""
    number = visits["visitnum_stated"]
    strange = number.notna() & ~number.isin([v.visitnum for v in planned])
    report_rows(
        log,
        "HBV-SDTM-008",
        visits[strange],
        dataset="SV",
        variable="VISITNUM",
        value=number[strange].map("{:g}".format),
    )
    known = visits.assign(number=number.where(~strange)).dropna(subset=["visit_key", "number"])
    return known.drop_duplicates("visit_key").set_index("visit_key")


def _collect_contacts(data: CanonicalData, stated: pd.Series, anchors: pd.DataFrame) -> pd.DataFrame:
    visits, findings = data.visits, data.findings
    parts = [
        _list_contacts(visits, "visit", "start_dtc", stated),
        _list_contacts(visits[visits["end_dtc"].notna()], "visit", "end_dtc", stated, opening=False),
        _list_contacts(findings, "finding", "collected_dtc", stated),
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["date"] = parse_dtc(rows["dtc"])["date"]
    alone = anchors["by_consent"] & ~anchors["subject_id"].isin(rows.loc[rows["date"].notna(), "subject_id"])
    consents = data.subjects[data.subjects["subject_id"].isin(anchors.loc[alone, "subject_id"])]
    consents = _list_contacts(
        consents.assign(visit_key=None, mapping_row=None), "consent", "consent_dtc", stated
    )
    consents["date"] = parse_dtc(consents["dtc"])["date"]
    return pd.concat([rows, consents], ignore_index=True)


def _list_contacts(
    frame: pd.DataFrame, kind: str, column: str, stated: pd.Series, *, opening: bool = True
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "subject_id": frame["subject_id"],
            "dtc": frame[column].astype("str"),
            "stated": frame["visit_key"].map(stated).astype("float64"),
            "kind": kind,
            "position": frame.index,
            "opening": opening,
            "source_id": frame["source_id"],
            "path": frame["path"],
            "mapping_row": frame["mapping_row"].astype("str"),
        }
    )


def _report_outside(
    contacts: pd.DataFrame, anchors: pd.DataFrame, planned: Sequence[PlannedVisit], log: IssueLog
) -> None:
    """Stated visits whose day lies outside the window: HBV-SDTM-009."""
    rows = contacts[(contacts["kind"] == "visit") & contacts["opening"] & contacts["stated"].notna()]
    rows = rows.merge(anchors.loc[~anchors["by_consent"], ["subject_id", "anchor"]], on="subject_id")
    elapsed = (rows["date"] - rows["anchor"]).dt.days
    day = elapsed.where(elapsed < 0, elapsed + 1)
    low = rows["stated"].map({v.visitnum: v.window[0] for v in planned})
    high = rows["stated"].map({v.visitnum: v.window[1] for v in planned})
    outside = (day < low) | (day > high)
    numbers = [column[outside].map("{:g}".format) for column in (rows["stated"], day, low, high)]
    told = [
        f"stated as visit {visit} on study day {at}, window {first} to {last}; the stated visit was used"
        for visit, at, first, last in zip(*numbers, strict=True)
    ]
    report_rows(
        log, "HBV-SDTM-009", rows[outside], dataset="SV", variable="VISITNUM", value=numbers[0], message=told
    )


def _report_visitless(contacts: pd.DataFrame, log: IssueLog) -> None:
    """Hospital visits that are no visit of the trial; findings keep their row without VISITNUM."""
    lost = contacts[(contacts["kind"] == "visit") & contacts["opening"] & contacts["VISITNUM"].isna()]
    dated = lost["date"].notna()
    early, undated = "lies before informed consent", "has neither a complete date nor a stated visit"
    report_rows(
        log, "HBV-SDTM-001", lost[dated], dataset="SV", message=f"visit {early}: no visit of the trial"
    )
    report_rows(
        log, "HBV-CAN-002", lost[~dated], dataset="SV", message=f"visit {undated}: no visit of the trial"
    )
