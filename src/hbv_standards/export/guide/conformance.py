"""Section 4 of the guide: which checks were run and what they found."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from hbv_standards.export.guide.content import Paragraph, Section, Table, phrase_count, write_count
from hbv_standards.export.guide.run import Check, Run
from hbv_standards.issues import KINDS

_RANK = {"error": 0, "warning": 1, "info": 2}

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
    """4: checks, and what they found in the records and in the datasets, each with an explanation."""
    rows = tuple((check.name, check.scope, write_count(check.findings)) for check in run.checks)
    said = Paragraph(
        f"{phrase_count(len(rows), 'check')} were run on this data; no other conformance check was part of the run "
        "that wrote these files. An entry of the issues table may count several equal findings; the counts here are of "
        "findings. What was found while the records were read, mapped and converted is in issues.csv (4.2); what the "
        "native validation found in the finished datasets is in validation.csv (4.3). One fault of a record can be in "
        "both: a result whose unit is not mapped, and its missing standard result."
    )
    checks = Table("Checks of this run", ("Check", "What it holds the data to", "Findings"), rows)
    parts = (
        Section("Checks", (said, checks)),
        Section("Issues of the Records", _summarise_issues(run)),
        Section("Findings in the Datasets", _summarise_findings(run)),
    )
    return Section("Data Conformance Summary", parts=parts)


def _phrase_severities(found: pd.DataFrame) -> str:
    """ "error 1, warning 2, info 0"."""
    by_severity = found.groupby("severity")["count"].sum()
    return ", ".join(f"{severity} {write_count(int(by_severity.get(severity, 0)))}" for severity in _RANK)


def _summarise_issues(run: Run) -> tuple[Paragraph | Table, ...]:
    issues = run.issues
    if issues.empty:
        return (Paragraph("No check found anything."),)
    ranked = issues.groupby(["severity", "code"], sort=True).agg(
        n=("count", "sum"), message=("message", "first")
    )
    ranked = ranked.reset_index()
    ranked["rank"] = ranked["severity"].map(_RANK)
    ranked = ranked.sort_values(["rank", "n", "code"], ascending=[True, False, True], kind="stable")
    rows = tuple(
        (code, severity, write_count(n), _explain(code, message))
        for severity, code, n, message, _ in ranked.to_numpy().tolist()
    )
    meaning = Paragraph(
        f"Issues by severity: {_phrase_severities(issues)}. Error: the result cannot be relied on until it is mended. "
        "Warning: something was left out or changed in form, and is named. Info: for the record. The file issues.csv "
        "names each with hospital, resource, element and value."
    )
    return meaning, Table("Findings by code", ("Code", "Severity", "Findings", "Explanation and cure"), rows)


def _summarise_findings(run: Run) -> tuple[Paragraph | Table, ...]:
    """Breaches of the validation's rules by rule and variable, and those of severity error one by one."""
    findings = run.findings
    if findings.empty:
        return (Paragraph("The native validation found nothing."),)
    keys = ["code", "severity", "dataset", "variable"]
    groups = findings.groupby(keys, sort=True).agg(
        n=("count", "sum"), told=("message", "min"), source=("source", "first")
    )
    ranked = groups.reset_index().assign(rank=lambda g: g["severity"].map(_RANK))
    ranked = ranked.sort_values("rank", kind="stable")
    rows = tuple(
        (code, severity, f"{dataset}.{variable}" if variable else dataset, write_count(n), told, source)
        for code, severity, dataset, variable, n, told, source, _ in ranked.to_numpy().tolist()
    )
    said = Paragraph(
        f"Findings by severity: {_phrase_severities(findings)}. The datasets hold what the hospitals sent: a finding "
        "that only a hospital can cure stays until it sends the record again. The file validation.csv names each "
        "record."
    )
    header = ("Rule", "Severity", "Variable", "Records", "Explanation and cure", "Rests on")
    return said, Table("Findings by rule", header, rows), *_list_errors(findings)


def _list_errors(findings: pd.DataFrame) -> tuple[Table, ...]:
    """Records with a finding of severity error, as far as the validation lists them one by one."""
    errors = findings[(findings["severity"] == "error") & findings["usubjid"].fillna("").ne("")]
    columns = ["code", "dataset", "variable", "usubjid", "seq", "value"]
    texts = errors[columns].astype("object")
    rows = tuple(tuple(map(str, row)) for row in texts.where(texts.notna(), "").to_numpy().tolist())
    header = ("Rule", "Dataset", "Variable", "USUBJID", "--SEQ", "Value")
    return (Table("Records with an error", header, rows),) if rows else ()


def _explain(code: str, message: str) -> str:
    """What a code means; the first message stands for a code that the registry does not know."""
    kind = KINDS.get(code)
    return f"{kind.title}. {kind.cure}" if kind else message
