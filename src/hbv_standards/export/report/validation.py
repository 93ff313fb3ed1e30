"""Chapter of the report about what the native checks say of the datasets."""

from __future__ import annotations

import pandas as pd

from hbv_standards.export.guide.content import Table, write_count
from hbv_standards.export.report.page import Chapter, render_paragraph, render_rows

TITLE = "What validation found"
HEADER = ("Rule", "Severity", "Dataset", "Variable", "Records", "What")
_RANK = {"error": 0, "warning": 1, "info": 2}


def build_validation(findings: pd.DataFrame) -> Chapter:
    """Findings by rule, dataset and variable, errors first; ``findings`` as in ``validation.csv``."""
    if findings.empty:
        return Chapter("validation", TITLE, (render_paragraph("Nothing: the datasets break no rule."),))
    keys = ["code", "severity", "dataset", "variable"]
    groups = findings.groupby(keys, sort=True).agg(n=("count", "sum"), told=("message", "min")).reset_index()
    ranked = groups.assign(rank=groups["severity"].map(_RANK)).sort_values("rank", kind="stable")
    rows = ranked[[*keys, "n", "told"]].to_numpy().tolist()
    table = Table("", HEADER, tuple((*row[:4], write_count(row[4]), row[5]) for row in rows))
    told = "Each finding with its record and value is in validation.csv."
    return Chapter("validation", TITLE, (render_rows(table), render_paragraph(told)))
