"""The truth as CSV files: UTF-8, LF, a header row, empty cells for what is missing."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from hbv_standards.simulate.records import Trial
from hbv_standards.simulate.truth import exposure, findings, subjects, visits

Row = dict[str, str]


def write_truth(trial: Trial, folder: Path) -> None:
    """Write subjects, visits, findings, exposure, priors and unmapped into ``folder``, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sorted(trial.subjects, key=lambda subject: subject.number)
    tables: dict[str, tuple[Sequence[str], Iterable[Row]]] = {
        "subjects": (subjects.COLUMNS, map(subjects.describe_subject, people)),
        "visits": (visits.COLUMNS, (row for s in people for row in visits.list_visits(s))),
        "findings": (findings.COLUMNS, (row for s in people for row in findings.list_findings(s))),
        "exposure": (exposure.COLUMNS, (row for s in people for row in exposure.list_intervals(s))),
        "priors": (exposure.PRIOR_COLUMNS, (row for s in people for row in exposure.list_other_treatment(s))),
        "unmapped": (findings.FAULT_COLUMNS, (row for s in people for row in findings.list_faults(s))),
    }
    for name, (columns, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
