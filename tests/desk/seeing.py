"""Things seen, made by hand: a code with its results, a unit, a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hbv_standards.canonical.concept_text import Coding
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.desk.seen_results import Amount, Results
from hbv_standards.desk.seen_units import SeenUnit
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.site import SiteConfig

NEW = "newhosp"


def add_hospital(catalog: Catalog) -> Catalog:
    """The catalog with a hospital of which nothing is known."""
    sites = {**catalog.sites, NEW: SiteConfig(site=NEW)}
    return replace(catalog, sites=sites, lookups={**catalog.lookups, NEW: LookupTable()})


def build_code(
    *names: str,
    kind: str = "test",
    code: str | None = None,
    system: str | None = None,
    codings: Sequence[Coding] = (),
    unit: str | None = None,
    numbers: Sequence[float] = (),
    words: Sequence[str] = (),
    specimen: str | None = None,
    number: int = 0,
    days: dict[str, str] | None = None,
) -> SeenCode:
    """A code that no table knows, with 20 results."""
    amounts = (Amount(unit, None, None, 20, *numbers),) if numbers else ()
    examples = tuple(words) or tuple(f"{n:g}" for n in numbers)
    results = Results(amounts, tuple((word, 20) for word in words), examples)
    return SeenCode(
        number=number, site=NEW, kind=kind, system=system, code=code, text=names[0] if names else "", names=names,
        codings=tuple(codings), specimen=specimen, specimen_text=None, count=20, rows_lost=20, subjects=3,
        results=results, concept_id=None, mapped_to="", mapping_row="", status="unmapped", days=days or {},
    )  # fmt: skip


def build_unit(text: str, concept_id: str = "", code: str = "") -> SeenUnit:
    """A unit that no table knows."""
    return SeenUnit(NEW, "result", concept_id, text, code, "", 5, 5, "", "", "unmapped")


def build_value(
    codelist: str, text: str, concept_id: str = "", system: str = "", display: str = ""
) -> SeenValue:
    """A value that no table knows."""
    return SeenValue(NEW, codelist, concept_id, system, text, display or text, 5, 5, "", "", "unmapped")
