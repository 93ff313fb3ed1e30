"""The table of findings: where each rule is broken, the first rows one by one, the rest counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields

import numpy as np
import pandas as pd

from hbv_standards.issues import Severity
from hbv_standards.validate.columns import Codes
from hbv_standards.validate.rules import Hit, Rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

MOST_ROWS = 100
"""Findings of one rule in one variable that are listed one by one; what is beyond is counted in one entry."""

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry: ``row`` is the record's number from 1, 0 the whole dataset; ``source`` the rule's."""

    code: str
    severity: Severity
    dataset: str
    variable: str
    row: int
    usubjid: str
    seq: str
    value: str
    message: str
    count: int
    source: str


COLUMNS = tuple(each.name for each in fields(Finding))
RANK: Mapping[str, int] = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class ValidationResult:
    """What was found: ``findings`` (columns :data:`COLUMNS`) and how many records each dataset has."""

    findings: pd.DataFrame
    datasets: Mapping[str, int]

    def count(self, severity: Severity) -> int:
        """Breaches of a severity, those that are only counted included."""
        return int(self.findings.loc[self.findings["severity"] == severity, "count"].sum())

    @property
    def errors(self) -> int:
        """Breaches of severity error."""
        return self.count("error")


def collect_findings(submission: Submission, rules: Iterable[Rule]) -> list[Finding]:
    """Ask every rule, in the order given."""
    found: list[Finding] = []
    for each in rules:
        listed: dict[tuple[str, str], int] = {}
        counted: dict[tuple[str, str], int] = {}
        for hit in each.check(submission):
            place = (hit.dataset, hit.variable)
            rows = _read_rows(hit)
            room = MOST_ROWS - listed.get(place, 0)
            shown = rows[: max(0, room)]
            listed[place] = listed.get(place, 0) + len(shown)
            counted[place] = counted.get(place, 0) + len(rows) - len(shown)
            dataset = submission.get(hit.dataset)
            found.extend(_build_finding(each, hit, int(row), dataset) for row in shown)
        found.extend(_build_rest(each, *place, count) for place, count in counted.items() if count)
    return found


def build_table(found: Iterable[Finding]) -> pd.DataFrame:
    """The findings as a frame, errors first, then by code and place."""
    ranked = sorted(found, key=_rank)
    table = pd.DataFrame(map(astuple, ranked), columns=list(COLUMNS))
    return table.astype({"row": "int64", "count": "int64"})


def _rank(finding: Finding) -> tuple[object, ...]:
    place = (finding.dataset, finding.variable, finding.row == 0, finding.row)
    return (RANK[finding.severity], finding.code, *place, finding.message)


def _read_rows(hit: Hit) -> Codes:
    """Row positions of a hit; -1 stands for the dataset as a whole."""
    if hit.rows is None:
        return np.array([-1], dtype=np.int64)
    rows = np.asarray(hit.rows)
    return np.flatnonzero(rows) if rows.dtype == np.bool_ else rows.astype(np.int64)


def _build_finding(broken: Rule, hit: Hit, row: int, dataset: SubmissionDataset | None) -> Finding:
    value = _read_value(hit, row, dataset)
    note = hit.note(row) if callable(hit.note) else hit.note
    usubjid, seq = ("", "") if dataset is None or row < 0 else _read_record(dataset, row)
    message = _phrase(note or broken.title, broken.cure)
    return Finding(
        broken.code,
        broken.severity,
        hit.dataset,
        hit.variable,
        row + 1,
        usubjid,
        seq,
        value,
        message,
        1,
        broken.source,
    )


def _phrase(told: str, cure: str) -> str:
    return f"{told}{'' if told.endswith('?') else '.'} {cure}"


def _build_rest(broken: Rule, dataset: str, variable: str, count: int) -> Finding:
    message = f"{broken.title}: {count} more records. {broken.cure}"
    return Finding(
        broken.code, broken.severity, dataset, variable, 0, "", "", "", message, count, broken.source
    )


def _read_value(hit: Hit, row: int, dataset: SubmissionDataset | None) -> str:
    if hit.value is None:
        own = "" if dataset is None or row < 0 or not hit.variable else dataset.show(hit.variable, row)
    else:
        own = hit.value(row) if callable(hit.value) else hit.value
    return own if len(own) <= _SHOWN else own[: _SHOWN - 1] + "…"


def _read_record(dataset: SubmissionDataset, row: int) -> tuple[str, str]:
    return dataset.show("USUBJID", row), dataset.show("--SEQ", row)
