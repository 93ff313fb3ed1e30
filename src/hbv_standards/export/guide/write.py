"""The reviewer's guide of a run as page and PDF, beside the datasets that it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from hbv_standards.export.define.model import Define, Document
from hbv_standards.export.guide.appendix import build_appendices
from hbv_standards.export.guide.conformance import build_conformance, list_checks
from hbv_standards.export.guide.content import Guide, Section, conform_guide
from hbv_standards.export.guide.deviations import build_deviations
from hbv_standards.export.guide.domains import (
    build_domain_notes,
    build_inventory,
    build_results,
    build_rules,
)
from hbv_standards.export.guide.html import render_html
from hbv_standards.export.guide.introduction import build_introduction, build_protocol
from hbv_standards.export.guide.pdf import PAPER, render_pdf
from hbv_standards.export.guide.run import Check, Run
from hbv_standards.export.guide.subject_data import build_hospitals, build_overview, build_traceability
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset

TITLE = "Clinical Study Data Reviewer's Guide"
HTML_NAME, PDF_NAME = "csdrg.html", "csdrg.pdf"

GUIDE_DOCUMENTS = (Document("LF.csdrg", PDF_NAME, TITLE),)
"""What the define.xml refers to; hand it to :func:`hbv_standards.export.define.write_define`."""


def write_guide(
    folder: Path,
    *,
    catalog: Catalog,
    datasets: Mapping[str, Dataset],
    issues: pd.DataFrame,
    outcomes: pd.DataFrame,
    sources: pd.DataFrame,
    agency: str,
    created: datetime,
    define: Define,
    conformance: str = "none",
    checks: Sequence[Check] = (),
    findings: pd.DataFrame | None = None,
    planned: pd.DataFrame | None = None,
) -> list[Path]:
    """Write ``csdrg.html`` and ``csdrg.pdf`` into ``folder``; their paths.

    Args:
        folder: where the XPT files are; made when missing.
        catalog: study and mapping tables of the run.
        datasets: all that were built, those without rows too.
        issues: columns of :data:`hbv_standards.issues.COLUMNS`.
        outcomes: table of :func:`hbv_standards.ingest.outcomes.count_outcomes`.
        sources: closed source table (:data:`hbv_standards.provenance.SOURCE_COLUMNS`).
        agency: ``fda`` (ASCII, Letter) or ``nmpa`` (UTF-8 datasets, A4).
        created: time stamped into the PDF, UTC.
        define: what the define.xml of the run says.
        conformance: scope of the FHIR conformance check of the run: all, sample or none.
        checks: further checks that were run.
        findings: of the native validation, as in ``validation.csv``.
        planned: table of :func:`hbv_standards.export.planned.count_planned`.

    The bytes depend on the arguments and on the installed versions alone.
    """
    told = list_checks(issues, conformance, checks)
    tables = (pd.DataFrame() if table is None else table for table in (findings, planned))
    run = Run(catalog, datasets, issues, outcomes, sources, agency, created, define, told, *tables)
    guide = build_guide(run)
    folder.mkdir(parents=True, exist_ok=True)
    page, document = folder / HTML_NAME, folder / PDF_NAME
    page.write_text(render_html(guide), encoding="utf-8", newline="\n")
    document.write_bytes(render_pdf(guide, created=created, paper=PAPER[agency]))
    return [page, document]


def build_guide(run: Run) -> Guide:
    """The content, in the order of the PHUSE outline, in printable ASCII."""
    facts = (
        ("Study", run.catalog.study.studyid),
        ("Title", " ".join(run.catalog.study.title.split())),
        ("Standards", f"SDTM {run.catalog.study.sdtm.model}, SDTMIG {run.catalog.study.sdtm.ig}"),
        ("Terminology", f"SDTM CT {run.catalog.study.sdtm.terminology}"),
        ("Agency of the build", run.agency.upper()),
        ("Data as of", f"{run.created:%Y-%m-%d %H:%M:%S} UTC"),
    )
    subject_data = Section(
        "Subject Data Description",
        parts=(
            build_overview(run),
            build_traceability(run),
            build_hospitals(run),
            build_inventory(run),
            build_domain_notes(run),
            build_results(run),
            build_rules(run),
        ),
    )
    return conform_guide(
        Guide(
            TITLE,
            facts,
            (
                build_introduction(run),
                build_protocol(run),
                subject_data,
                build_conformance(run),
                build_deviations(run),
                *build_appendices(run),
            ),
        )
    )
