"""Who meets what by which record: eligibility as a table, with the SDTM records that decide."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import EVENT_DOMAINS, StudyView
from hbv_standards.study import Criterion
from hbv_standards.study_rules import DiagnosisRule, DurationRule, ResultRule, ValueRule

ELIGIBILITY_COLUMNS = (
    "USUBJID", "SITEID", "IETESTCD", "IECAT", "IETEST", "result", "value", "unit", "dtc", "reason", "dataset", "seq",
    "source_ids",
)  # fmt: skip
"""Columns of the table."""

BETWEEN = ";"
"""What stands between several records or sources of one cell."""

_TREATMENT = ("CM", "EX")
"""Earlier treatment is CM; one that goes on as study treatment is in EX too and is told by its part in CM."""

_ORDER = ["row", "source_id", "path", "rank", "indirect", "at"]


def build_eligibility(view: StudyView, datasets: Mapping[str, Dataset] | None = None) -> pd.DataFrame:
    """Table of subject x criterion, :data:`ELIGIBILITY_COLUMNS`, in order of subjects and study file.

    ``result`` is MET, NOT MET or NOT EVALUABLE (then ``reason`` says why), ``value`` and ``unit`` what was sent,
    ``dtc`` the date that decided, ``dataset`` and ``seq`` (--SEQ) the records of ``datasets`` that decide, and
    ``source_ids`` their rows of the source table; several have ";" between them.
    """
    made, criteria = view.eligibility, view.study.criteria
    numbers = {name: site.siteid for name, site in view.study.sites.items()}
    sources = made.evidence.drop_duplicates(["row", "source_id"]).sort_values(["row", "source_id"])
    records = find_records(view, datasets or {})
    table = made.rows.assign(
        USUBJID=view.study.studyid + "-" + made.rows["subject_id"],
        SITEID=made.rows["site"].map(numbers).astype("str"),
        IETESTCD=made.rows["criterion"].map(dict(enumerate(c.testcd for c in criteria))),
        IECAT=made.rows["criterion"].map(dict(enumerate(c.category for c in criteria))),
        IETEST=made.rows["criterion"].map(dict(enumerate(c.text for c in criteria))),
        dataset=_join_cells(records, "dataset"),
        seq=_join_cells(records, "seq"),
        source_ids=_join_cells(sources, "source_id"),
    )
    return table[list(ELIGIBILITY_COLUMNS)].astype("str")


def find_records(view: StudyView, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """``row`` (of the judged rows), ``dataset`` and ``seq`` of the records that the deciding sources made."""
    evidence = view.eligibility.evidence
    place = view.eligibility.rows["criterion"].reindex(evidence["row"]).to_numpy()
    parts = [
        _match_trace(evidence[place == number], datasets[name], rank)
        for number, criterion in enumerate(view.study.criteria)
        for rank, name in enumerate(list_datasets(criterion, view))
        if name in datasets
    ]
    if not parts:
        return pd.DataFrame({name: [] for name in ("row", "dataset", "seq")})
    found = pd.concat(parts, ignore_index=True).sort_values(_ORDER, kind="stable")
    best = found.drop_duplicates(["row", "source_id", "path"])
    return best.drop_duplicates(["row", "dataset", "seq"]).sort_values(
        ["row", "dataset", "at"], kind="stable"
    )


def list_datasets(criterion: Criterion, view: StudyView) -> tuple[str, ...]:
    """Where the records that decide a criterion are, the best place first."""
    rule = criterion.rule
    if isinstance(rule, ResultRule | ValueRule):
        known = view.catalog.concepts
        return tuple(sorted({known[name].domain for name in rule.concepts if name in known}))
    if isinstance(rule, DurationRule):
        return _TREATMENT
    return (EVENT_DOMAINS["history"],) if isinstance(rule, DiagnosisRule) else ()


def _match_trace(evidence: pd.DataFrame, dataset: Dataset, rank: int) -> pd.DataFrame:
    """Rows of the dataset that the evidence stands behind; ``indirect`` where it gives one variable only."""
    links = dataset.trace[["row", "variable", "source_id", "path"]].rename(columns={"row": "at"})
    found = evidence[["row", "source_id", "path"]].merge(links, on=["source_id", "path"])
    seq = dataset.frame[f"{dataset.spec.prefix}SEQ"].iloc[found["at"]]
    return found.assign(
        dataset=dataset.spec.name,
        seq=seq.map("{:.0f}".format).to_numpy(dtype="str"),
        rank=rank,
        indirect=found["variable"].ne(""),
    )


def _join_cells(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column].astype("str").groupby(rows["row"]).agg(BETWEEN.join)
