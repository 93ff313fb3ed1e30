"""Checks of units.csv, unit_dimensions.csv and concepts/conversions.csv."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, check_repeats, phrase_term, phrase_unknown
from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.rows import NO_UNIT, ConversionRow, DimensionRow, UnitRow, list_accepted
from hbv_standards.standards import read_codelist

COPIES = frozenset({"copy concentration", "RNA copy concentration", "DNA copy concentration"})
INTERNATIONAL_UNITS = frozenset({"international unit concentration"})
"""Dimensions, as unit_dimensions.csv names them, between which each assay has a factor of its own."""


def collect_extensions(rows: Iterable[UnitRow]) -> set[str]:
    """Units that the tables declare as the sponsor's own."""
    return {row.unit_value for row in list_accepted(rows) if row.extension == "Y"}


def check_units(rows: list[UnitRow], concepts: Collection[str]) -> Iterator[ConfigurationError]:
    """Faults of one table of spellings. Rows that nobody accepted yet may be incomplete."""
    units, rows = read_codelist("UNIT"), list_accepted(rows)
    for row in rows:
        if row.concept_id is not None and row.concept_id not in concepts:
            phrase = phrase_unknown(row.concept_id, concepts, "concept_id", "concepts")
            yield build_fault(row, f"concept_id {row.concept_id!r} {phrase}", row.concept_id)
        known = row.unit_value == NO_UNIT or units.term(row.unit_value) is not None
        if row.extension is None and not known:
            cure = "an extension of the sponsor's has extension Y"
            phrase = phrase_term(row.unit_value, units)
            yield build_fault(row, f"unit_value {row.unit_value!r} {phrase}; {cure}", row.unit_value)
        if row.extension == "Y" and known:
            cure = "leave extension empty"
            yield build_fault(row, f"unit_value {row.unit_value!r} is no extension; {cure}", row.unit_value)
        if row.source_factor <= 0 or (row.source_factor != 1 and known):
            cure = (
                "leave it empty: numbers beside a CDISC unit stay as sent, sizes stand in unit_dimensions.csv"
            )
            yield build_fault(row, f"source_factor {row.source_factor} is not for {row.unit_value!r}; {cure}")
    yield from check_repeats(
        rows,
        lambda row: (normalise_unit(row.source_text), row.concept_id),
        lambda row: row.unit_value,
        "this spelling",
    )


def check_dimensions(rows: list[DimensionRow], extensions: set[str]) -> Iterator[ConfigurationError]:
    """Faults of unit_dimensions.csv."""
    for row in rows:
        yield from _check_unit_known(row, "unit_value", row.unit_value, extensions)
        if row.factor <= 0:
            yield build_fault(row, f"factor {row.factor} must be above 0", str(row.factor))
        if row.scale == "log10" and row.offset != 0:
            yield build_fault(row, f"offset {row.offset} has no meaning on a log10 scale; leave it empty")
    yield from check_repeats(
        rows,
        lambda row: row.unit_value,
        lambda row: f"{row.dimension}, factor {row.factor}, offset {row.offset}, {row.scale}",
        "this unit",
    )


def check_conversions(
    rows: list[ConversionRow],
    concepts: Collection[str],
    sites: Collection[str],
    extensions: set[str],
    dimensions: Iterable[DimensionRow],
) -> Iterator[ConfigurationError]:
    """Faults of concepts/conversions.csv and of the hospitals' conversions.csv."""
    measured = {row.unit_value: row.dimension for row in dimensions}
    for row in rows:
        if row.concept_id not in concepts:
            phrase = phrase_unknown(row.concept_id, concepts, "concept_id", "concepts")
            yield build_fault(row, f"concept_id {row.concept_id!r} {phrase}", row.concept_id)
        if row.site is not None and row.site not in sites:
            phrase = phrase_unknown(row.site, sites, "hospital", "study.yaml")
            yield build_fault(row, f"site {row.site!r} {phrase}", row.site)
        yield from _check_unit_known(row, "from_unit", row.from_unit, extensions)
        yield from _check_unit_known(row, "to_unit", row.to_unit, extensions)
        if row.factor <= 0:
            yield build_fault(row, f"factor {row.factor} must be above 0", str(row.factor))
        yield from _check_needed(row, measured.get(row.from_unit), measured.get(row.to_unit))
    yield from check_repeats(
        rows,
        lambda row: (row.concept_id, row.site, row.from_unit, row.to_unit),
        lambda row: str(row.factor),
        "this conversion",
    )


def check_strengths(rows: Iterable[ConversionRow], drugs: Collection[str]) -> Iterator[ConfigurationError]:
    """Faults of the strengths of treatments: what one piece, such as a TABLET (FRM C66726), holds."""
    forms = read_codelist("FRM")
    strengths = [row for row in rows if row.concept_id in drugs]
    for row in strengths:
        for column, unit, counted in (("from_unit", row.from_unit, True), ("to_unit", row.to_unit, False)):
            if (forms.term(unit) is not None) != counted:
                cure = "a strength leads from a piece, such as TABLET, to what it holds, such as mg"
                yield build_fault(row, f"{column} {unit!r} {'is no piece' if counted else 'is a piece'}; {cure}", unit)
    yield from check_repeats(
        strengths,
        lambda row: (row.concept_id, row.site, row.from_unit),
        lambda row: f"{row.factor} {row.to_unit}",
        "this strength",
    )


def _check_needed(row: ConversionRow, start: str | None, goal: str | None) -> Iterator[ConfigurationError]:
    """A factor that physics gives already, or that only one hospital's kit can give."""
    if start is not None and start == goal:
        cure = "unit_dimensions.csv tells how they convert; leave the row out"
        yield build_fault(row, f"{row.from_unit!r} and {row.to_unit!r} both measure {start}; {cure}")
    elif row.site is None and start != goal and {start, goal} & COPIES and {start, goal} & INTERNATIONAL_UNITS:
        cure = "copies per IU is the kit's: put the row into sites/<hospital>/conversions.csv, or fill site"
        yield build_fault(row, f"{row.from_unit!r} to {row.to_unit!r} for every hospital; {cure}")


def _check_unit_known(
    row: DimensionRow | ConversionRow, column: str, unit: str, extensions: set[str]
) -> Iterator[ConfigurationError]:
    units = read_codelist("UNIT")
    if unit not in extensions and units.term(unit) is None:
        cure = "an extension has a row in units.csv with extension Y"
        yield build_fault(row, f"{column} {unit!r} {phrase_term(unit, units)}; {cure}", unit)
