"""``report.html``: what came in, what came out and what is missing, for the people of the trial."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from hbv_standards import __version__
from hbv_standards.export.guide.content import write_count
from hbv_standards.export.planned import COLUMNS
from hbv_standards.export.report.eligibility import build_eligibility_chapter
from hbv_standards.export.report.gaps import build_gaps
from hbv_standards.export.report.page import Tile, render_page
from hbv_standards.export.report.planned import render_missing, render_planned
from hbv_standards.export.report.subjects import build_subjects, build_visits
from hbv_standards.export.report.traffic import build_inputs, build_results
from hbv_standards.export.report.validation import build_validation
from hbv_standards.issues import rank_unmapped
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset


def write_report(
    path: Path,
    *,
    catalog: Catalog,
    datasets: Mapping[str, Dataset],
    issues: pd.DataFrame,
    outcomes: pd.DataFrame,
    sources: pd.DataFrame,
    agency: str,
    created: datetime,
    findings: pd.DataFrame,
    eligibility: pd.DataFrame | None = None,
    planned: pd.DataFrame | None = None,
) -> Path:
    """Write the report to ``path``; it has subject numbers and no identity of a patient.

    Arguments are those of :func:`hbv_standards.export.guide.write_guide`, ``findings`` of the native validation
    (``validation.csv``), ``eligibility``, the table of
    :func:`hbv_standards.sdtm.eligibility_table.build_eligibility`, and ``planned``, that of
    :func:`hbv_standards.export.planned.count_planned`. The bytes depend on them alone.
    """
    study = catalog.study
    names = name_sites(outcomes, issues, catalog)
    counted = pd.DataFrame(columns=list(COLUMNS)) if planned is None else planned
    judged = () if eligibility is None else (build_eligibility_chapter(eligibility, study),)
    chapters = (
        build_inputs(outcomes, sources, {site: names[site] for site in sorted(outcomes["site"].unique())}),
        build_results(datasets),
        build_gaps(issues, names, render_missing(counted, datasets, study)),
        build_validation(findings),
        build_subjects(datasets, study),
        *judged,
        build_visits(datasets, study, render_planned(counted)),
    )
    page = render_page(
        f"{study.studyid}: conversion report",
        " ".join(study.title.split()),
        list_tiles(datasets, issues, outcomes, findings),
        chapters,
        f"hbv_standards {__version__}; build for {agency.upper()}; data as of "
        f"{created:%Y-%m-%d %H:%M:%S} UTC. The same input gives the same report.",
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8", newline="\n")
    return path


def name_sites(outcomes: pd.DataFrame, issues: pd.DataFrame, catalog: Catalog) -> dict[str, str]:
    """Site → its name in the study file; "" is what no hospital owns."""
    known = catalog.study.sites
    found = sorted({*outcomes["site"], *issues["site"]})
    return {site: known[site].name if site in known else site or "(no hospital)" for site in found}


def list_tiles(
    datasets: Mapping[str, Dataset], issues: pd.DataFrame, outcomes: pd.DataFrame, findings: pd.DataFrame
) -> list[Tile]:
    """The numbers at the top of the report."""
    by_severity = issues.groupby("severity")["count"].sum()
    errors, warnings = int(by_severity.get("error", 0)), int(by_severity.get("warning", 0))
    broken = int(findings.loc[findings["severity"] == "error", "count"].sum())
    unmapped = len(rank_unmapped(issues))
    subjects = len(datasets["DM"].frame) if "DM" in datasets else 0
    return [
        Tile(write_count(int(outcomes["read"].sum())), "resources read"),
        Tile(write_count(int(outcomes["converted"].sum())), "resources converted"),
        Tile(write_count(subjects), "subjects"),
        Tile(write_count(sum(len(d.frame) for d in datasets.values())), "records in SDTM"),
        Tile(write_count(errors), "errors in the data", alarm=errors > 0),
        Tile(write_count(warnings), "warnings"),
        Tile(write_count(unmapped), "values to map", alarm=unmapped > 0),
        Tile(write_count(broken), "errors in the datasets", alarm=broken > 0),
    ]
