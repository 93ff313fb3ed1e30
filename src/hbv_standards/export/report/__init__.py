"""The report for people: what came in, what came out, what is missing, with pictures."""

from hbv_standards.export.report.write import write_report

__all__ = ["write_report"]
