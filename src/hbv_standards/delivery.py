"""One run's result → the files of a submission folder, checked and described."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from hbv_standards.export.eligibility_file import write_eligibility
from hbv_standards.export.guide import GUIDE_DOCUMENTS, Check, write_guide
from hbv_standards.export.layout import ELIGIBILITY, SubmissionFiles
from hbv_standards.export.manifest import build_manifest, write_manifest
from hbv_standards.export.planned import count_planned
from hbv_standards.export.report import write_report
from hbv_standards.export.submission import write_submission
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.validate import list_rules, validate_folder, write_findings

Agency = Literal["fda", "nmpa"]
Conformance = Literal["sample", "all", "none"]


@dataclass(frozen=True, slots=True)
class Run:
    """What a run made: datasets with and without rows, and the books of what was read."""

    catalog: Catalog
    datasets: Mapping[str, Dataset]
    eligibility: pd.DataFrame  # columns of hbv_standards.sdtm.eligibility_table.ELIGIBILITY_COLUMNS
    sources: pd.DataFrame  # columns of hbv_standards.provenance.SOURCE_COLUMNS, outcomes filled
    issues: pd.DataFrame
    outcomes: pd.DataFrame
    records: Mapping[str, int]  # canonical records by kind
    inputs: Sequence[Mapping[str, Any]]  # files read: site, file, bytes, sha256
    command: Mapping[str, Any]  # options as the manifest keeps them


def write_delivery(
    folder: Path,
    run: Run,
    *,
    place: str,
    agency: Agency,
    conformance: Conformance,
    created: datetime,
    max_bytes: int | None,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Write everything of the output contract into ``folder``; returns the manifest.

    ``place`` is that of the SDTM datasets below ``folder``, ``created`` the time stamped into files.
    Raises :class:`hbv_standards.errors.ExportError` when a value cannot be written.
    """
    say("writing the submission folder")
    written = write_submission(
        folder,
        run.datasets,
        run.catalog,
        sources=run.sources,
        issues=run.issues,
        created=created,
        agency=agency,
        progress=say,
        place=place,
        max_bytes=max_bytes,
        documents=GUIDE_DOCUMENTS,
    )
    judged = write_eligibility(folder / ELIGIBILITY, run.eligibility, run.sources)
    say("validating")
    findings = validate_folder(folder / place, agency=agency).findings
    write_findings(folder / "validation.csv", findings)
    say("writing the reviewer's guide and the report")
    write_guides(folder, run, written, findings, agency=agency, conformance=conformance, created=created)
    manifest = build_manifest(
        catalog=run.catalog,
        inputs=run.inputs,
        outcomes=run.outcomes,
        issues=run.issues,
        findings=findings,
        written=written,
        records=run.records,
        command=run.command,
        tables=[judged],
    )
    write_manifest(folder / "manifest.json", manifest)
    return manifest


def write_guides(
    folder: Path,
    run: Run,
    written: SubmissionFiles,
    findings: pd.DataFrame,
    *,
    agency: Agency,
    conformance: Conformance,
    created: datetime,
) -> None:
    """What people read: the reviewer's guide beside the datasets, and ``report.html`` for those who work."""
    scope = f"{len(list_rules())} rules, see docs/validation.md"
    planned = count_planned(run.datasets, run.catalog)
    native = Check("Native validation", scope, int(findings["count"].sum()))
    write_guide(
        folder / written.place,
        catalog=run.catalog,
        datasets=run.datasets,
        issues=run.issues,
        outcomes=run.outcomes,
        sources=run.sources,
        agency=agency,
        created=created,
        define=written.define,
        conformance=conformance,
        checks=(native,),
        findings=findings,
        planned=planned,
    )
    write_report(
        folder / "report.html",
        catalog=run.catalog,
        datasets=run.datasets,
        issues=run.issues,
        outcomes=run.outcomes,
        sources=run.sources,
        agency=agency,
        created=created,
        findings=findings,
        eligibility=run.eligibility,
        planned=planned,
    )
