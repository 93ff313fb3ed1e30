"""Treatments of the subjects: what is exposure to study treatment (EX) and what is not (CM)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from hbv_standards.derive.dates import parse_dtc
from hbv_standards.derive.demographics import (
    CONCOMITANT,
    UNPLANNED,
    derive_actual_arms,
    derive_arms,
    is_unplanned,
)
from hbv_standards.derive.exposure import (
    EVIDENCE,
    HISTORY,
    assign_supporting,
    derive_clipped,
    derive_evidence,
    derive_frequency,
    derive_intervals,
    derive_relation,
    derive_spans,
    find_missed_inside,
    summarise_intervals,
)
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.report import report_rows
from hbv_standards.study import StudyConfig

DOSES = ("administration", "statement", "request", "dispense")
"""Kinds of interventions that are drugs; use of substances is SU, a procedure PR."""

STUDY_KEYS = ("subject_id", "treatment_id")
OTHER_KEYS = ("subject_id", "treatment_id", "phase")


@dataclass(frozen=True, slots=True)
class Intervals:
    """Constant-dosing intervals (index = ``interval``) and the records behind each.

    ``members``: ``interval, used, treatment_id, source_id, path, mapping_row``; not ``used`` are records
    that tell of the same doses in a weaker way.
    """

    rows: pd.DataFrame
    members: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Treatments:
    """Subjects with planned and actual arms, study treatment, all other treatment, and ``missed``: records
    of study treatment that was not given, as canonical fields."""

    subjects: pd.DataFrame
    study: Intervals
    other: Intervals
    missed: pd.DataFrame


def build_treatments(
    subjects: pd.DataFrame, interventions: pd.DataFrame, catalog: Catalog, log: IssueLog
) -> Treatments:
    """Divide the interventions of the build into study treatment and other treatment."""
    study = catalog.study
    subjects = derive_arms(subjects, study.arms)
    _report_arms(subjects, log)
    doses = interventions[interventions["kind"].isin(DOSES)].pipe(_fill_details, catalog)
    spans = derive_relation(derive_spans(doses), _build_bounds(subjects))
    missed, spans = (spans[~spans["occurred"]], spans[spans["occurred"]].reset_index(drop=True))
    subjects = derive_actual_arms(subjects, spans, study.arms)
    on_study = _find_study_treatment(spans, subjects, study)
    exposure = derive_frequency(derive_clipped(spans[on_study]))
    other = _build_other(spans, on_study)
    missed = _select_missed(missed, subjects, study, log)
    _report_missed_inside(missed, exposure, log)
    return Treatments(
        subjects,
        _build_intervals(exposure, study, STUDY_KEYS, EVIDENCE, missed),
        _build_intervals(other, study, OTHER_KEYS, HISTORY),
        missed,
    )


def _report_arms(subjects: pd.DataFrame, log: IssueLog) -> None:
    """Randomised subjects without a known arm, and assigned ones without a date of randomisation."""
    lost = subjects[subjects["ARMCD"].isna() & subjects["randomized_dtc"].notna()]
    told = "randomised into arm " + lost["arm_code"].fillna("that was not sent") + "; kept as not assigned"
    report_rows(
        log, "HBV-ENR-003", lost, dataset="DM", variable="ARMCD", value=lost["subject_id"], message=told
    )
    undated = subjects[subjects["ARMCD"].notna() & parse_dtc(subjects["randomized_dtc"])["date"].isna()]
    report_rows(
        log,
        "HBV-SDTM-012",
        undated,
        dataset="DM",
        variable="RFXSTDTC",
        value=undated["subject_id"],
        message="no complete date of randomisation; treatment that began on or after the day of "
        "informed consent was taken as study treatment",
    )


def _select_missed(
    missed: pd.DataFrame, subjects: pd.DataFrame, study: StudyConfig, log: IssueLog
) -> pd.DataFrame:
    """Doses of study treatment that were not given; of other treatment they have no domain."""
    planned = subjects.assign(ACTARMCD=subjects["ACTARMCD"].fillna(subjects["ARMCD"]))
    on_study = _find_study_treatment(missed, planned, study)
    others = missed[~on_study]
    report_rows(
        log,
        "HBV-SDTM-001",
        others,
        dataset="CM",
        value=others["treatment_id"],
        message="not given, and no study treatment: CM holds what was taken",
    )
    return missed[on_study].reset_index(drop=True)


def _report_missed_inside(missed: pd.DataFrame, exposure: pd.DataFrame, log: IssueLog) -> None:
    """Doses not given inside a span of study treatment that is told as one record."""
    used = derive_evidence(exposure, STUDY_KEYS)
    inside = missed[find_missed_inside(missed, used[used["used"]], STUDY_KEYS)]
    told = "not given, inside a span of treatment told as one: the doses around it have no dates, EX keeps the span"
    report_rows(
        log, "HBV-SDTM-012", inside, dataset="EX", variable="EXENDTC", value=inside["start_dtc"], message=told
    )


def _fill_details(given: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Class of the drugs, and their form and route where the record has none."""
    drugs = catalog.treatments
    names = given["treatment_id"]
    filled = {
        name: given[name].fillna(names.map({d: getattr(row, name) for d, row in drugs.items()}).astype("str"))
        for name in ("dose_form", "route")
    }
    classes = names.map({d: row.treatment_class for d, row in drugs.items()}).astype("str")
    return given.assign(treatment_class=classes.fillna(CONCOMITANT), **filled)


def _build_bounds(subjects: pd.DataFrame) -> pd.DataFrame:
    randomized = parse_dtc(subjects["randomized_dtc"])["date"]
    consent = parse_dtc(subjects["consent_dtc"])["date"]
    return pd.DataFrame(
        {
            "subject_id": subjects["subject_id"],
            "bound": randomized.fillna(consent),
            "randomized": randomized.notna(),
            "last_day": parse_dtc(subjects["end_dtc"].fillna(subjects["death_dtc"]))["date"],
        }
    )


def _find_study_treatment(spans: pd.DataFrame, subjects: pd.DataFrame, study: StudyConfig) -> pd.Series:
    """Mask of treatments that are EX: of the actual arm's classes, or the unplanned treatment itself."""
    by_subject = subjects.set_index("subject_id")
    actual = spans["subject_id"].map(by_subject["ACTARMCD"])
    pairs = pd.MultiIndex.from_arrays([actual, spans["treatment_class"]])
    of_arm = pd.Series(False, index=spans.index) | pairs.isin(
        [(arm.armcd, c) for arm in study.arms for c in arm.treatment_classes]
    )
    unplanned = spans["subject_id"].map(by_subject["ARMNRS"]).eq(UNPLANNED)
    return (of_arm & (spans["relation"] != "before")) | (
        unplanned & is_unplanned(spans, study.study_classes())
    )


def _build_other(spans: pd.DataFrame, on_study: pd.Series) -> pd.DataFrame:
    """Everything else, and of study treatment that was under way the part before randomisation."""
    stopped = on_study & (spans["relation"] == "across")
    rows = spans.assign(to_randomization=stopped)[~on_study | stopped]
    stopped = rows["to_randomization"]
    unknown = pd.Series(pd.NaT, index=rows.index)
    return rows.assign(
        phase=rows["relation"].map({"before": "prior", "across": "prior", "after": "later"}),
        end_dtc=rows["end_dtc"].where(~stopped),
        stop=rows["stop"].where(~stopped, rows["bound"]),
        stop_from=rows["stop_from"].where(~stopped, unknown),
        ongoing=rows["ongoing"] & ~stopped,
    )


def _find_words(members: pd.DataFrame) -> pd.Series:
    """What the hospital called the treatment, by interval, where all of its records have one name."""
    words = members["treatment_text"].groupby(members["interval"])
    return words.first().where(words.nunique(dropna=False) == 1).astype("str")


def _build_intervals(
    spans: pd.DataFrame,
    study: StudyConfig,
    by: Sequence[str],
    order: Sequence[str],
    missed: pd.DataFrame | None = None,
) -> Intervals:
    judged = derive_evidence(spans, by, order)
    used = derive_intervals(judged[judged["used"]], study.exposure.gap_days, by, missed)
    rows = summarise_intervals(used, by)
    rows["treatment_text"] = _find_words(used).reindex(rows.index)
    if "to_randomization" in used:
        rows["to_randomization"] = used.groupby("interval")["to_randomization"].any()
    supporting = assign_supporting(judged[~judged["used"]], rows, by)
    members = pd.concat([used, supporting])[
        ["interval", "used", "treatment_id", "source_id", "path", "mapping_row"]
    ]
    return Intervals(rows, members.astype({"interval": "int64"}).reset_index(drop=True))
