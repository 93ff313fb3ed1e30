"""The way in: a submission folder, or datasets in memory, against every rule."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from hbv_standards.validate import (
    baseline,
    datasets,
    dates,
    define,
    demographics,
    dependencies,
    elements,
    events,
    exposure,
    keys,
    naming,
    pairs,
    relations,
    results,
    structure,
    terminology,
    trial_design,
    units,
    visits,
    xpt,
)
from hbv_standards.validate.findings import ValidationResult, build_table, collect_findings
from hbv_standards.validate.read import StatedDataset, build_submission, read_folder
from hbv_standards.validate.rules import RULES, Rule
from hbv_standards.validate.submission import Agency, Submission

MODULES = (
    xpt, structure, datasets, dependencies, terminology, naming, pairs, dates, keys, results, units, baseline,
    demographics, exposure, visits, elements, events, trial_design, relations, define,
)  # fmt: skip
"""Modules whose rules are registered when this one is imported."""


def list_rules() -> tuple[Rule, ...]:
    """Every rule, by number."""
    return tuple(RULES[number] for number in sorted(RULES))


def validate_folder(path: Path, *, agency: Agency = "fda", define: Path | None = None) -> ValidationResult:
    """Check a folder of SDTM transport files, anyone's, against SDTMIG 3.4 and the agency's rules.

    Args:
        path: folder with ``*.xpt``, or with a folder ``sdtm`` that has them.
        agency: ``fda`` asks for ASCII and English labels, ``nmpa`` does not; size limits differ.
        define: Define-XML to compare with; None takes ``define.xml`` beside the datasets if it is there.

    Raises:
        ConfigurationError: no such folder, no transport file in it, or no such Define-XML.  Whatever is
            wrong with the files themselves is a finding.
    """
    return _check(read_folder(path, agency=agency, define=define))


def validate_datasets(
    frames: Iterable[tuple[StatedDataset, pd.DataFrame]],
    *,
    agency: Agency = "fda",
    define: Path | None = None,
) -> ValidationResult:
    """Check datasets in memory: pairs of what is said of each (name, label, variables) and its frame.

    :class:`hbv_standards.export.xpt.XptMember` says it.  What only a file has is not checked.

    Raises:
        ConfigurationError: no such Define-XML.
    """
    return _check(build_submission(frames, agency=agency, define=define))


def _check(submission: Submission) -> ValidationResult:
    found = collect_findings(submission, list_rules())
    return ValidationResult(build_table(found), {dataset.name: dataset.rows for dataset in submission})
