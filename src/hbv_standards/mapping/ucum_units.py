"""The units of the tables by what UCUM says that they are, so that an equal code means the same unit.

``mmol.L-1``, ``mol/m3`` and ``umol/mL`` are ``mmol/L`` without a row for each. A code is a unit of the
tables only where both are the same amount of the same thing, factor 1: numbers beside it stay as
they were sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hbv_standards.mapping.rows import NO_UNIT, DimensionRow, UnitRow
from hbv_standards.mapping.ucum import UcumUnit, describe_ucum, read_ucum


class NamedUnit(NamedTuple):
    """A unit of the tables and the row that says so."""

    unit_value: str
    row: str


class _Claim(NamedTuple):
    """That a code of this structure is this unit, for one test or for all."""

    unit: UcumUnit
    concept_id: str | None
    named: NamedUnit


@dataclass(frozen=True)
class UcumIndex:
    """Structure → unit: ``bound`` for one test, ``general`` for all, ``sizes`` by unit_dimensions.csv.

    A structure that rows take for different units (``/min`` of a pulse and of breath) is in none.
    ``sizes`` also tells what a code is a multiple of.
    """

    bound: dict[tuple[UcumUnit, str], NamedUnit]
    general: dict[UcumUnit, NamedUnit]
    sizes: dict[UcumUnit, NamedUnit]

    def find(self, unit: UcumUnit, concept_id: str | None) -> NamedUnit | None:
        """The unit of the tables that a structure is; rows of the test first."""
        if unit.is_number:  # L/L, g/g and {ratio} without its word: the same structure, different things
            return None
        own = self.bound.get((unit, concept_id)) if concept_id is not None else None
        return own or self.general.get(unit) or self.sizes.get(unit)

    def describe(self, unit: UcumUnit) -> str:
        """A structure in units of the tables, ``0.5 mg/dL``; in UCUM's base units where none measures it."""
        for known, named in self.sizes.items():
            if known.powers == unit.powers and not unit.is_number:
                number = unit.factor / known.factor
                return f"{describe_ucum(UcumUnit(number))} {named.unit_value}"
        return describe_ucum(unit)


def build_ucum_index(rows: Iterable[UnitRow], dimensions: Sequence[DimensionRow]) -> UcumIndex:
    """Index what the column ``ucum`` of ``rows`` says, and the sizes that follow from ``dimensions``."""
    claims = [claim for row in rows for claim in _read_claims(row)]
    said: dict[UcumUnit, set[str]] = {}
    for claim in claims:
        said.setdefault(claim.unit, set()).add(claim.named.unit_value)
    general = {c.unit: c.named for c in reversed(claims) if c.concept_id is None and len(said[c.unit]) == 1}
    bound: dict[tuple[UcumUnit, str], NamedUnit] = {}
    for claim in claims:
        if claim.concept_id is not None:
            bound.setdefault((claim.unit, claim.concept_id), claim.named)
    sizes = {
        unit: named
        for unit, named in _derive_sizes(general, dimensions).items()
        if said.get(unit, {named.unit_value}) == {named.unit_value}
    }
    return UcumIndex(bound, general, sizes)


def _read_claims(row: UnitRow) -> Iterator[_Claim]:
    """What one row says; of a row for one test its spelling too, if that differs by words in braces only."""
    unit = read_ucum(row.ucum).unit if row.ucum else None
    if unit is None or unit.is_number or row.unit_value == NO_UNIT or row.source_factor != 1:
        return
    named = NamedUnit(row.unit_value, row.row)
    yield _Claim(unit, row.concept_id, named)
    if row.concept_id is not None:
        spelled = read_ucum(row.source_text).unit
        if spelled is not None and spelled != unit and spelled == unit.without_annotations():
            yield _Claim(spelled, row.concept_id, named)


def _derive_sizes(
    general: dict[UcumUnit, NamedUnit], dimensions: Sequence[DimensionRow]
) -> dict[UcumUnit, NamedUnit]:
    """Structure → unit for all linear units of the dimensions of which one unit has a UCUM code.

    Of several units of one size the first row holds. A structure of two dimensions is left out.
    """
    linear = [row for row in dimensions if row.scale == "linear" and not row.offset]
    sized = {row.unit_value: row for row in linear}
    measured: dict[UcumUnit, dict[str, NamedUnit]] = {}
    for unit, named in general.items():
        size = sized.get(named.unit_value)
        for row in linear if size is not None else ():
            if size is not None and row.dimension == size.dimension:
                other = UcumUnit(unit.factor * row.factor / size.factor, unit.powers)
                measured.setdefault(other, {}).setdefault(row.dimension, NamedUnit(row.unit_value, row.row))
    return {unit: next(iter(named.values())) for unit, named in measured.items() if len(named) == 1}
