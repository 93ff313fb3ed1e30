"""Clinical Study Data Reviewer's Guide (csdrg): one content, as HTML page and as PDF."""

from hbv_standards.export.guide.run import Check
from hbv_standards.export.guide.write import GUIDE_DOCUMENTS, write_guide

__all__ = ["GUIDE_DOCUMENTS", "Check", "write_guide"]
