"""The truth as CSV files: UTF-8, LF, a header row, empty cells for what is missing."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hbv_standards.simulate.records import Subject, Trial
from hbv_standards.simulate.truth import (
    disposition,
    eligibility,
    examinations,
    exposure,
    findings,
    habits,
    illnesses,
    relations,
    subjects,
    visits,
)

Row = dict[str, str]


def write_truth(trial: Trial, folder: Path) -> None:
    """Write every table of :func:`build_tables` into ``folder``, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    people = sorted(trial.subjects, key=lambda subject: subject.number)
    for name, (columns, rows) in build_tables(people).items():
        write_table(folder / f"{name}.csv", columns, rows)


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Write one table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def build_tables(people: Sequence[Subject]) -> dict[str, tuple[Sequence[str], Iterable[Row]]]:
    """Columns and rows of each table by its name."""
    tables: dict[str, tuple[Sequence[str], Callable[[Subject], Iterable[Row]]]] = {
        "subjects": (subjects.COLUMNS, lambda subject: [subjects.describe_subject(subject)]),
        "visits": (visits.COLUMNS, visits.list_visits),
        "findings": (findings.COLUMNS, findings.list_findings),
        "exposure": (exposure.COLUMNS, exposure.list_intervals),
        "priors": (exposure.PRIOR_COLUMNS, exposure.list_other_treatment),
        "collected": (disposition.COLLECTED_COLUMNS, disposition.list_collected),
        "history": (illnesses.HISTORY_COLUMNS, illnesses.list_history),
        "family": (illnesses.FAMILY_COLUMNS, illnesses.list_family),
        "adverse": (illnesses.ADVERSE_COLUMNS, illnesses.list_adverse),
        "use": (habits.USE_COLUMNS, habits.list_uses),
        "route": (habits.ROUTE_COLUMNS, habits.list_routes),
        "supplemental": (habits.SUPPLEMENTAL_COLUMNS, habits.list_supplemental),
        "procedures": (examinations.PROCEDURE_COLUMNS, examinations.list_procedures),
        "comments": (examinations.COMMENT_COLUMNS, examinations.list_comments),
        "relations": (relations.COLUMNS, relations.list_relations),
        "disposition": (disposition.COLUMNS, disposition.list_dispositions),
        "unmet": (eligibility.COLUMNS, eligibility.list_unmet),
        "unmapped": (
            findings.FAULT_COLUMNS,
            lambda subject: [*findings.list_faults(subject), *illnesses.list_unknown_terms(subject)],
        ),
    }
    return {
        name: (columns, [row for subject in people for row in list_rows(subject)])
        for name, (columns, list_rows) in tables.items()
    }
