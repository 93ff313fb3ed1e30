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
    "ConvertOptions": ("hbv_standards.pipeline", "ConvertOptions"),
    "IssueLog": ("hbv_standards.issues", "IssueLog"),
    "convert": ("hbv_standards.pipeline", "convert"),
    "diff": ("hbv_standards.compare.cuts", "compare_cuts"),
    "locate_mappings": ("hbv_standards.mapping.locate", "locate_mappings"),
    "read_catalog": ("hbv_standards.mapping.catalog", "read_catalog"),
    "read_fhir": ("hbv_standards.ingest.read_fhir", "read_fhir"),
    "to_canonical": ("hbv_standards.ingest.to_canonical", "to_canonical"),
    "to_sdtm": ("hbv_standards.sdtm.build", "build_sdtm"),
    "trace": ("hbv_standards.export.trace_query", "trace_row"),
    "validate_folder": ("hbv_standards.validate.run", "validate_folder"),
    "write_define": ("hbv_standards.export.define", "write_define"),
    "write_xpt": ("hbv_standards.export.xpt", "write_xpt"),
}

__all__ = ["ConvertOptions", "IssueLog", "convert", "diff", "locate_mappings", "read_catalog", "read_fhir",
           "to_canonical", "to_sdtm", "trace", "validate_folder", "write_define", "write_xpt"]  # fmt: skip

if TYPE_CHECKING:
    from hbv_standards.compare.cuts import compare_cuts as diff
    from hbv_standards.export.define import write_define
    from hbv_standards.export.trace_query import trace_row as trace
    from hbv_standards.export.xpt import write_xpt
    from hbv_standards.ingest.read_fhir import read_fhir
    from hbv_standards.ingest.to_canonical import to_canonical
    from hbv_standards.issues import IssueLog
    from hbv_standards.mapping.catalog import read_catalog
    from hbv_standards.mapping.locate import locate_mappings
    from hbv_standards.pipeline import ConvertOptions, convert
    from hbv_standards.sdtm.build import build_sdtm as to_sdtm
    from hbv_standards.validate.run import validate_folder


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    return getattr(import_module(module), attribute)
