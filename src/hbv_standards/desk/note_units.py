"""Notes about units: those from which no way leads to the standard unit, and those that mean another amount."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.derive.units import Conversion, UnitConverter
from hbv_standards.desk.note import Note, build_note
from hbv_standards.mapping.lookup import index_ct_units
from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.rows import NO_UNIT, ConceptRow, ConversionRow, UnitRow, list_accepted
from hbv_standards.mapping.tables import BASE, Tables, is_lent


def note_units(tables: Tables) -> Iterator[Note]:
    """Notes about every spelling and conversion that is in force. The tables must be sound."""
    desk = _UnitDesk(tables)
    yield from desk.note_table(tables.units, None)
    for site, rows in tables.sites.items():
        yield from desk.note_table(rows.units, None if site == BASE else site)
    for row in tables.conversions:
        yield from desk.note_conversion(row)


class _UnitDesk:
    def __init__(self, tables: Tables) -> None:
        self._concepts: dict[str, ConceptRow] = {row.concept_id: row for row in tables.concepts}
        self._sizes = {row.unit_value for row in tables.dimensions}
        self._converter = UnitConverter(tables.dimensions, tables.conversions)
        self._told: set[str] = set()

    def note_table(self, rows: list[UnitRow], site: str | None) -> Iterator[Note]:
        """Notes about one table of spellings."""
        for row in list_accepted(rows):
            if is_lent(row):
                continue
            yield from self._note_size(row)
            yield from self._note_reach(row, site)
            yield from self._note_amount(row, site)

    def _find(self, start: str, goal: str, concept: ConceptRow | None, site: str | None) -> Conversion | None:
        return self._converter.compute_factor(
            start,
            goal,
            concept_id=concept.concept_id if concept else None,
            site=site,
            molar_mass=concept.molar_mass if concept else None,
        )

    def _note_size(self, row: UnitRow) -> Iterator[Note]:
        unit = row.unit_value
        if unit not in self._sizes and unit != NO_UNIT and unit not in self._told:
            self._told.add(unit)
            cure = "add it there, or results in it are never converted"
            yield build_note(row, f"unit_value {unit!r} has no row in unit_dimensions.csv; {cure}")

    def _note_reach(self, row: UnitRow, site: str | None) -> Iterator[Note]:
        concept = self._concepts.get(row.concept_id or "")
        goal = concept.std_unit if concept else None
        if concept is None or goal is None or row.unit_value == NO_UNIT:
            return
        if self._find(row.unit_value, goal, concept, site) is None:
            message = (
                f"no way leads from {row.unit_value!r} to {goal!r}, the standard unit of {concept.concept_id}"
            )
            cure = "add a row to concepts/conversions.csv where the kit or a definition gives the factor"
            yield build_note(row, f"{message}; {cure}; until then such results have no standard number")

    def _note_amount(self, row: UnitRow, site: str | None) -> Iterator[Note]:
        """``mg/L`` mapped to g/L: mostly a slip of the hand, and a thousandfold one."""
        term = index_ct_units().get(normalise_unit(row.source_text))
        if term is None or term.value == row.unit_value or term.value not in self._sizes:
            return
        found = self._find(term.value, row.unit_value, self._concepts.get(row.concept_id or ""), site)
        if found is None or not found.is_identity:
            message = f"source_text {row.source_text!r} is the unit {term.value!r} of UNIT (C71620)"
            cure = f"write {term.value!r}, unless the hospital misnames its unit"
            yield build_note(row, f"{message}, another amount than {row.unit_value!r}; {cure}")

    def note_conversion(self, row: ConversionRow) -> Iterator[Note]:
        """A factor that leads nowhere."""
        concept = self._concepts.get(row.concept_id)
        goal = concept.std_unit if concept else None
        if goal is not None and self._find(row.from_unit, goal, concept, row.site) is None:
            message = f"neither unit leads to {goal!r}, the standard unit of {row.concept_id}"
            yield build_note(row, f"{message}; give a factor to that unit")
