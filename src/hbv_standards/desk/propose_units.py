"""Which unit an unmapped spelling may be: as another hospital's table says, or but for letter case.

What the readers of units understand needs no proposal. A spelling that would have to be corrected
is proposed only where a single unit looks so and the test's results could be in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.seen_units import UNFIT, SeenUnit, can_hold
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import index_ct_units
from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.rows import UnitRow, list_accepted
from hbv_standards.mapping.tables import BASE

_ELSEWHERE, _CASE = 0.95, 0.85


class UnitProposer:
    """Proposals for the units of one hospital."""

    def __init__(self, catalog: Catalog, site: str, converter: UnitConverter) -> None:
        self._catalog, self._site, self._converter = catalog, site, converter
        self._elsewhere = [
            (other, row)
            for other, table in sorted(catalog.lookups.items())
            if other not in (site, BASE)
            for row in list_accepted(table.units)
        ]
        self._folded: dict[str, set[tuple[str, str | None]]] = defaultdict(
            set
        )  # unit, test that it holds for
        for row in list_accepted((*catalog.lookups[BASE].units, *(row for _, row in self._elsewhere))):
            self._folded[normalise_unit(row.source_text).casefold()].add((row.unit_value, row.concept_id))
        for spelling, term in index_ct_units().items():
            self._folded[spelling.casefold()].add((term.value, None))

    def propose(self, unit: SeenUnit) -> Proposal:
        """The unit of a spelling that no table knows, or why none is proposed."""
        found = [*self._find_elsewhere(unit)] or [*self._find_folded(unit)]
        found = [candidate for candidate in found if candidate.to_code != unit.mapped_to]
        if found or unit.status != UNFIT:
            return choose(found) if found else NOTHING
        wanted = self._catalog.concepts[unit.concept_id].std_unit or "no unit"
        cure = "a factor of the hospital's kit goes into its conversions.csv"
        return NOTHING._replace(why=f"{unit.mapped_to} cannot be converted to {wanted}; {cure}")

    def _find_elsewhere(self, unit: SeenUnit) -> Iterator[Candidate]:
        wanted = {normalise_unit(text) for text in (unit.unit_text, unit.unit_code) if text}
        for other, row in self._elsewhere:
            if normalise_unit(row.source_text) in wanted and row.concept_id in (
                None,
                unit.concept_id or None,
            ):
                yield self._weigh(
                    unit, row.unit_value, _ELSEWHERE, f"{row.source_text} is so at {other}", row
                )

    def _find_folded(self, unit: SeenUnit) -> Iterator[Candidate]:
        wanted = {normalise_unit(text).casefold() for text in (unit.unit_text, unit.unit_code) if text}
        for folded in sorted(wanted):
            for value, concept in sorted(self._folded.get(folded, ()), key=str):
                if concept in (None, unit.concept_id or None):
                    yield self._weigh(unit, value, _CASE, f"{unit.spelling} but for letter case", None)

    def _weigh(self, unit: SeenUnit, value: str, score: float, reason: str, row: UnitRow | None) -> Candidate:
        concept = self._catalog.concepts.get(unit.concept_id)
        only = unit.concept_id if row is None or row.concept_id else ""
        extension = (row.extension or "") if row is not None else self._find_extension(value)
        if concept is not None and not self._can_hold(unit.concept_id, value):
            wanted = concept.std_unit or "no unit"
            reason, score = f"{reason}, but {value} cannot be converted to {wanted}", 0.3
        elif concept is not None:
            reason = f"{reason}; it can be converted to {concept.std_unit or 'no unit'}"
        return Candidate("UNIT", value, value, score, reason, only, extension=extension)

    def _can_hold(self, concept_id: str, value: str) -> bool:
        return can_hold(self._catalog, self._converter, self._site, concept_id, value)

    def _find_extension(self, value: str) -> str:
        rows = list_accepted(self._catalog.lookups[BASE].units)
        return next((row.extension or "" for row in rows if row.unit_value == value), "")
