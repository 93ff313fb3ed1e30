"""Two data cuts beside each other: what was added, removed and changed, and the resource behind each change."""

from hbv_standards.compare.cells import CHANGE_COLUMNS
from hbv_standards.compare.cuts import CutDifference, compare_cuts
from hbv_standards.compare.lines import describe_difference, write_changes

__all__ = ["CHANGE_COLUMNS", "CutDifference", "compare_cuts", "describe_difference", "write_changes"]
