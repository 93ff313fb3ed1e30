"""Checks of a submission folder, and of any other folder of SDTM transport files."""

from __future__ import annotations

from hbv_standards.validate.core import CoreResult, run_core
from hbv_standards.validate.findings import COLUMNS, ValidationResult
from hbv_standards.validate.merge import merge_findings
from hbv_standards.validate.report import describe_core, describe_findings, write_findings
from hbv_standards.validate.rules import Rule
from hbv_standards.validate.run import list_rules, validate_datasets, validate_folder

__all__ = [
    "COLUMNS",
    "CoreResult",
    "Rule",
    "ValidationResult",
    "describe_core",
    "describe_findings",
    "list_rules",
    "merge_findings",
    "run_core",
    "validate_datasets",
    "validate_folder",
    "write_findings",
]
