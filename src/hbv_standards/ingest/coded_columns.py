"""Coded details of records: a column of concepts → submission values, and the report of those not mapped."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hbv_standards.ingest.distinct import describe_concept, is_absent, spread
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper


def map_column(
    rows: pd.DataFrame, mappers: dict[str, SiteMapper], column: str, codelist: str, log: IssueLog
) -> list[Any]:
    """Submission value of a concept column, ``None`` where it is not mapped, which is HBV-MAP-005."""

    def map_one(site: str, concept: str | None) -> str | None:
        match = mappers[site].map_concept(codelist, concept) if concept else None
        return match.value if match else None

    values = spread(rows, ["site", column], map_one)
    report_unmapped(rows, rows[column].notna() & is_absent(values), column, codelist, log)
    return values


def report_unmapped(rows: pd.DataFrame, lost: pd.Series, column: str, codelist: str, log: IssueLog) -> None:
    """HBV-MAP-005 for the rows of the mask ``lost``; ``column`` holds what was sent, a concept or a text."""
    for row in rows[lost].to_dict("records"):
        label = describe_concept(row[column])
        log.add(
            "HBV-MAP-005",
            source_id=row["source_id"],
            path=row["path"],
            value=label,
            message=f"{label} is not mapped; add it to sites/{row['site']}/values.csv, codelist {codelist}",
        )
