"""Section 4 of the guide: which checks were run and what they found."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hbv_standards.export.guide.content import Paragraph, Section, Table, phrase_count, write_count
from hbv_standards.export.guide.run import Check, Run
from hbv_standards.issues import KINDS

CONFORMANCE_SCOPES = {
    "all": "Every resource against the full FHIR definitions.",
    "sample": "A sample of each hospital and resource type, and every resource that decoding faulted, against the full "
    "FHIR definitions.",
}
"""What the option ``conformance`` of a run means; ``none`` is no check."""


def list_checks(issues: pd.DataFrame, conformance: str, more: Sequence[Check] = ()) -> tuple[Check, ...]:
    """The checks of a run: those of every run, the FHIR conformance check as chosen, and ``more``."""

    def count(*families: str) -> int:
        return int(issues.loc[issues["code"].str.startswith(families), "count"].sum())

    checks = [
        Check(
            "Mapping tables and study file",
            "Every row is well formed, terms are in the controlled terminology, units convert; a fault stops the run.",
            0,
        ),
        Check(
            "Decoding of FHIR", "Every element that is used, of every resource.", count("HBV-ING", "HBV-ENR")
        ),
        Check(
            "Mapping",
            "Every code, unit, text and drug of a record is known to the tables.",
            count("HBV-MAP"),
        ),
        Check(
            "Records and SDTM",
            "Dates, visits, windows, ranges, conversions, double and contradicting records.",
            count("HBV-CAN", "HBV-SDTM"),
        ),
        Check(
            "Transport files",
            "Every XPT was read back by an independent reader and compared; a difference stops the run.",
            0,
        ),
    ]
    if conformance in CONFORMANCE_SCOPES:
        fhir = Check("FHIR conformance", CONFORMANCE_SCOPES[conformance], count("HBV-CNF"))
        checks.insert(2, fhir)
    return (*checks, *more)


def build_conformance(run: Run) -> Section:
    """4: checks, findings by severity and by code with an explanation of each."""
    rows = tuple((check.name, check.scope, write_count(check.findings)) for check in run.checks)
    said = Paragraph(
        f"{phrase_count(len(rows), 'check')} were run on this data; no other conformance check was part of the run "
        "that wrote these files. An entry of the issues table may count several equal findings; the counts here are of "
        "findings."
    )
    checks = Table("Checks of this run", ("Check", "What it holds the data to", "Findings"), rows)
    parts = [Section("Checks", (said, checks)), Section("Issues Summary", _summarise(run))]
    return Section("Data Conformance Summary", parts=tuple(parts))


def _summarise(run: Run) -> tuple[Paragraph | Table, ...]:
    issues = run.issues
    if issues.empty:
        return (Paragraph("No check found anything."),)
    by_severity = issues.groupby("severity")["count"].sum()
    told = ", ".join(
        f"{severity} {write_count(int(by_severity.get(severity, 0)))}"
        for severity in ("error", "warning", "info")
    )
    ranked = issues.groupby(["severity", "code"], sort=True).agg(
        n=("count", "sum"), message=("message", "first")
    )
    ranked = ranked.reset_index()
    ranked["rank"] = ranked["severity"].map({"error": 0, "warning": 1, "info": 2})
    ranked = ranked.sort_values(["rank", "n", "code"], ascending=[True, False, True], kind="stable")
    rows = tuple(
        (code, severity, write_count(n), _explain(code, message))
        for severity, code, n, message, _ in ranked.to_numpy().tolist()
    )
    meaning = Paragraph(
        f"Findings by severity: {told}. Error: the result cannot be relied on until it is mended. Warning: something "
        "was left out or changed in form, and is named. Info: for the record. The file issues.csv names each with "
        "hospital, resource, element and value."
    )
    return meaning, Table("Findings by code", ("Code", "Severity", "Findings", "Explanation and cure"), rows)


def _explain(code: str, message: str) -> str:
    """What a code means; the first message stands for a code that the registry does not know."""
    kind = KINDS.get(code)
    return f"{kind.title}. {kind.cure}" if kind else message
