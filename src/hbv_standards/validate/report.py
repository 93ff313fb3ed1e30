"""Findings for people: a table of text for a terminal, and a CSV with everything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from hbv_standards.validate.core import CoreResult
from hbv_standards.validate.findings import RANK, ValidationResult

_WIDTH = 110


def write_findings(path: Path, findings: pd.DataFrame) -> None:
    """Write the table as CSV (UTF-8, LF)."""
    findings.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def describe_findings(result: ValidationResult) -> Iterator[str]:
    """Lines for a terminal: what was checked, then a line with an example for each rule and variable."""
    records = sum(result.datasets.values())
    yield f"{len(result.datasets)} datasets, {records} records"
    if result.findings.empty:
        yield "no findings"
        return
    yield from _list_groups(result.findings)
    counts = ", ".join(f"{result.count(severity)} {severity}" for severity in ("error", "warning", "info"))
    yield f"findings: {counts}"


def _list_groups(findings: pd.DataFrame) -> Iterator[str]:
    ranked = findings.assign(rank=findings["severity"].map(RANK))
    keys = ["rank", "severity", "code", "dataset", "variable"]
    for (_, severity, code, dataset, variable), group in ranked.groupby(keys, sort=True):
        first = group.iloc[0]
        place = f"{dataset}.{variable}" if variable else f"{dataset}"
        count = int(group["count"].sum())
        yield f"{severity:<7} {count:>7}  {code:<12} {place:<18} {_shorten(_describe(first))}"


def _describe(finding: pd.Series) -> str:
    where = f"record {finding['row']}" if finding["row"] else ""
    value = repr(finding["value"]) if finding["value"] else ""
    place = ": ".join(filter(None, (where, value)))
    return f"{finding['message']} ({place})" if place else str(finding["message"])


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDTH else flat[: _WIDTH - 1] + "…"


def describe_core(result: CoreResult) -> Iterator[str]:
    """Lines for a terminal: what CDISC CORE found, and how many rules passed and were skipped."""
    if result.problem is not None:
        yield result.problem.told
        return
    yield from _list_groups(result.findings)
    counts = ", ".join(
        f"{result.count(status)} {status}" for status in ("passed", "failed", "skipped", "error")
    )
    yield f"{result.engine}: {len(result.rules)} rules: {counts} ({result.seconds:.0f} s)"
    skipped = result.rules[(result.rules["status"] == "skipped") & (result.rules["reason"] != "")]
    for reason, count in skipped["reason"].value_counts(sort=True).items():
        yield f"  skipped {count}: {reason}"
