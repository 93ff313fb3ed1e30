"""FHIR in, CDISC SDTM out.

    from hbv_standards import convert

The names below are the public interface; they are imported when first used, so that importing the
package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_PLACES = {
    "read_fhir": "hbv_standards.ingest.read_fhir",
    "to_canonical": "hbv_standards.ingest.to_canonical",
    "build_sdtm": "hbv_standards.sdtm.build",
    "write_xpt": "hbv_standards.export.xpt",
    "read_catalog": "hbv_standards.mapping.catalog",
    "locate_mappings": "hbv_standards.mapping.locate",
    "convert": "hbv_standards.pipeline",
    "ConvertOptions": "hbv_standards.pipeline",
    "IssueLog": "hbv_standards.issues",
}

__all__ = ["ConvertOptions", "IssueLog", "build_sdtm", "convert", "locate_mappings", "read_catalog", "read_fhir",
           "to_canonical", "write_xpt"]  # fmt: skip

if TYPE_CHECKING:
    from hbv_standards.export.xpt import write_xpt
    from hbv_standards.ingest.read_fhir import read_fhir
    from hbv_standards.ingest.to_canonical import to_canonical
    from hbv_standards.issues import IssueLog
    from hbv_standards.mapping.catalog import read_catalog
    from hbv_standards.mapping.locate import locate_mappings
    from hbv_standards.pipeline import ConvertOptions, convert
    from hbv_standards.sdtm.build import build_sdtm


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
