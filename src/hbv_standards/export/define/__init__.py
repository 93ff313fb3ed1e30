"""Define-XML 2.1: what every dataset, variable and value means, made from the specs that made the data."""

from __future__ import annotations

from hbv_standards.export.define.build import build_define
from hbv_standards.export.define.model import Define, Document
from hbv_standards.export.define.write import write_define

__all__ = ["Define", "Document", "build_define", "write_define"]
