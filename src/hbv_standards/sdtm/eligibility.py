"""Eligibility of every subject: each criterion of the study computed on the records (docs/rules/eligibility.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from hbv_standards.derive.combinations import map_combinations
from hbv_standards.derive.criteria import (
    MET,
    NOT_EVALUABLE,
    NOT_MET,
    ResultCells,
    Verdict,
    judge_number,
    judge_word,
)
from hbv_standards.derive.eligibility import (
    agree_verdicts,
    derive_precedence,
    derive_treatment_days,
    judge_durations,
    select_deciding,
    select_extremes,
)
from hbv_standards.derive.exposure import derive_spans
from hbv_standards.derive.results import read_unit, select_unit
from hbv_standards.derive.units import Conversion
from hbv_standards.sdtm.treatments import DOSES
from hbv_standards.study import Criterion
from hbv_standards.study_rules import DiagnosisRule, DurationRule, ResultRule, ValueRule

if TYPE_CHECKING:  # the view keeps what is judged here
    from hbv_standards.sdtm.study_view import StudyView

NOT_COMPUTED = "not computed"
NO_RECORD = "no record"
UNDECIDED = "the records do not decide"
CONTRADICTED = "records of one moment contradict each other"
"""Why a criterion is NOT EVALUABLE."""

_RESULT = ("number", "comparator", "result_value", "lloq", "own_limit", "range_text", "indicator")
_JUDGED = (*_RESULT, "concept_id", "site", "unit_sent", "unit_value")
_EVIDENCE = ["subject_id", "value", "unit", "dtc", "source_id", "path", "mapping_row"]
_PROOF = {"row": "int64", "source_id": "int64", "path": "str", "mapping_row": "str"}
_ROWS = {
    "subject_id": "str", "site": "str", "result": "str", "value": "str", "unit": "str", "dtc": "str",
    "reason": "str", "criterion": "int64",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``rows``: every subject and criterion with ``subject_id, site, criterion`` (place in the study file),
    ``result, value, unit, dtc, reason``. ``evidence``: ``row, source_id, path, mapping_row`` of what decides."""

    rows: pd.DataFrame
    evidence: pd.DataFrame


def judge_criteria(view: StudyView) -> Eligibility:
    """Judge every criterion of the study for every subject."""
    subjects = _derive_moments(view.subjects)
    parts, proofs = [], []
    for place, criterion in enumerate(view.study.criteria):
        verdicts, evidence = _judge_criterion(criterion, view, subjects)
        parts.append(_spread(verdicts, evidence, subjects, criterion).assign(criterion=place))
        proofs.append(evidence.assign(criterion=place))
    if not parts or subjects.empty:
        return Eligibility(_build_empty(_ROWS), _build_empty(_PROOF))
    rows = pd.concat(parts).sort_values(["subject_id", "criterion"], kind="stable", ignore_index=True)
    placed = rows[["subject_id", "criterion"]].assign(row=rows.index)
    evidence = pd.concat(proofs).merge(placed, on=["subject_id", "criterion"])
    return Eligibility(rows, evidence[list(_PROOF)])


def _derive_moments(subjects: pd.DataFrame) -> pd.DataFrame:
    """``moment``: randomisation, else first study dose; missing for who was not taken into the trial."""
    return pd.DataFrame(
        {
            "subject_id": subjects["subject_id"],
            "site": subjects["site"],
            "moment": subjects["randomized_dtc"].fillna(subjects["RFXSTDTC"]).astype("str"),
            "consent": subjects["consent_dtc"].astype("str"),
            "randomization": subjects["randomized_dtc"].fillna(subjects["consent_dtc"]).astype("str"),
        }
    ).sort_values("subject_id", kind="stable", ignore_index=True)


def _judge_criterion(
    criterion: Criterion, view: StudyView, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``result`` and ``reason`` by subject (only those of whom there are records), and the evidence."""
    rule = criterion.rule
    if isinstance(rule, ResultRule | ValueRule):
        return _judge_findings(rule, view, subjects)
    if isinstance(rule, DurationRule):
        return _judge_treatment(rule, view, subjects)
    if isinstance(rule, DiagnosisRule):
        return _judge_history(rule, view)
    return _no_verdicts(), _no_evidence()


def _spread(
    verdicts: pd.DataFrame, evidence: pd.DataFrame, subjects: pd.DataFrame, criterion: Criterion
) -> pd.DataFrame:
    """One row per subject; who has no record is NOT EVALUABLE."""
    ids = subjects["subject_id"]
    last = evidence.dropna(subset=["dtc"]).drop_duplicates("subject_id", keep="last")
    why = NO_RECORD if criterion.rule is not None else NOT_COMPUTED
    result = ids.map(verdicts["result"]).astype("str")
    return subjects[["subject_id", "site"]].assign(
        result=result.fillna(NOT_EVALUABLE),
        value=ids.map(_join_different(evidence, "value")).astype("str"),
        unit=ids.map(_join_different(evidence, "unit")).astype("str"),
        dtc=ids.map(last.set_index("subject_id")["dtc"]).astype("str"),
        reason=ids.map(verdicts["reason"]).astype("str").mask(result.isna(), why),
    )


def _join_different(evidence: pd.DataFrame, column: str) -> pd.Series:
    known = evidence.dropna(subset=[column]).drop_duplicates(["subject_id", column])
    return known.groupby("subject_id")[column].agg("; ".join)


def _judge_findings(
    rule: ResultRule | ValueRule, view: StudyView, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    findings = view.data.findings
    given = findings["result"].notna() | findings["number"].notna() | findings["result_value"].notna()
    rows = findings[findings["concept_id"].isin(rule.concepts) & given & ~findings["not_done"]]
    rows = rows.merge(subjects[["subject_id", "moment"]], on="subject_id").pipe(
        derive_precedence, "collected_dtc", "moment"
    )
    own_unit = rows["range_unit_value"].isna() | rows["range_unit_value"].eq(rows["unit_value"])
    rows = rows.assign(unit_sent=select_unit(rows), own_limit=rows["range_high"].where(own_unit))
    rows["verdict"] = map_combinations(rows, _JUDGED, _ResultJudge(rule, view).judge, {"verdict": "str"})
    deciding = select_deciding(rows)
    shown = deciding["result"].fillna(deciding["result_value"]).fillna(deciding["number"])
    unit = deciding["unit"].fillna(deciding["unit_value"])
    evidence = deciding.assign(value=shown, unit=unit, dtc=deciding["collected_dtc"])[_EVIDENCE]
    return _explain(agree_verdicts(deciding)), evidence


@dataclass(frozen=True, slots=True)
class _ResultJudge:
    """Judges one distinct result."""

    rule: ResultRule | ValueRule
    view: StudyView

    def judge(self, *cells: str | None) -> tuple[Verdict]:
        found = ResultCells(*cells[: len(_RESULT)])
        if isinstance(self.rule, ValueRule):
            return (judge_word(self.rule, found),)
        conversion = self._find_conversion(self.rule.unit, *cells[len(_RESULT) :])
        return (judge_number(self.rule, found, conversion),)

    def _find_conversion(
        self, goal: str | None, concept_id: str | None, site: str | None, unit: str | None, mapped: str | None
    ) -> Conversion | None:
        concept = self.view.catalog.concepts[concept_id or ""]
        if goal is None:
            return Conversion() if unit is None and mapped is None else None
        start = read_unit(unit, mapped, concept.std_unit)
        if start is None:
            return None
        return self.view.converter.compute_factor(
            start, goal, concept_id=concept_id, site=site, molar_mass=concept.molar_mass
        )


def _explain(verdicts: pd.DataFrame) -> pd.DataFrame:
    open_ones = verdicts["result"] == NOT_EVALUABLE
    reason = pd.Series(UNDECIDED, index=verdicts.index).mask(verdicts["contradicted"], CONTRADICTED)
    return verdicts.assign(reason=reason.where(open_ones).astype("str"))[["result", "reason"]]


def _judge_treatment(
    rule: DurationRule, view: StudyView, subjects: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = view.data.interventions
    drugs = [d for d, row in view.catalog.treatments.items() if row.treatment_class in rule.treatment_classes]
    given = given[given["treatment_id"].isin(drugs) & given["occurred"] & given["kind"].isin(DOSES)]
    spans = derive_spans(given.merge(subjects[["subject_id", rule.before]], on="subject_id"))
    days = derive_treatment_days(spans[spans[rule.before].notna()], rule.before)
    if days.empty:
        return _no_verdicts(), _no_evidence()
    duration = rule.at_least or rule.longer_than or ""
    verdicts = judge_durations(days, duration, longer=rule.at_least is None).assign(contradicted=False)
    told = select_extremes(days)
    end = told["end_dtc"].mask(told["ongoing"] & told["end_dtc"].isna(), "ongoing")
    since = told["start_dtc"].fillna("?") + " to " + end.fillna("?")
    evidence = told.assign(value=told["treatment_id"] + " " + since, unit=None, dtc=told[rule.before])
    return _explain(verdicts), evidence[_EVIDENCE]


def _judge_history(rule: DiagnosisRule, view: StudyView) -> tuple[pd.DataFrame, pd.DataFrame]:
    events = view.data.events
    terms = [term.casefold() for term in rule.terms]
    named = events["term_value"].str.casefold().isin(terms) | events["term"].str.casefold().isin(terms)
    coded = (
        events["code"].str.startswith(rule.codes).eq(True) if rule.codes else pd.Series(False, events.index)
    )
    rows = events[(events["kind"] == "history") & (named | coded)]
    absent = rows["occurred"].isin(["N", "U"])
    rows = rows.assign(verdict=pd.Series(MET, index=rows.index).mask(absent, NOT_EVALUABLE))
    rows["verdict"] = rows["verdict"].mask(rows["occurred"].eq("N"), NOT_MET)
    decided = rows["verdict"] != NOT_EVALUABLE
    rows = rows[decided | ~decided.groupby(rows["subject_id"]).transform("any")]
    dated = rows["recorded_dtc"].fillna(rows["start_dtc"])
    evidence = rows.assign(value=rows["term"], unit=None, dtc=dated)[_EVIDENCE]
    return _explain(agree_verdicts(rows)), evidence


def _no_verdicts() -> pd.DataFrame:
    return _build_empty({"result": "str", "reason": "str"})


def _no_evidence() -> pd.DataFrame:
    return _build_empty({**dict.fromkeys(_EVIDENCE, "str"), "source_id": "int64"})


def _build_empty(columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in columns.items()})
