"""The unit that a Quantity's code and text mean: by the tables, by spelling, by the structure of UCUM.

Three ways, each only where the one before gives no answer: a row or term that is spelled so; the
structure of a UCUM code; the normal form of the spelling (:mod:`.unit_text`). A UCUM code whose
structure is understood and is no unit of the tables means nothing else, whatever it looks like.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable, index_ct_spellings, index_ct_units
from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.rows import NO_UNIT, UnitRow, list_accepted
from hbv_standards.mapping.ucum import UCUM_SYSTEM, read_ucum
from hbv_standards.mapping.ucum_units import UcumIndex, build_ucum_index
from hbv_standards.mapping.unit_text import normalise_spelling
from hbv_standards.standards import Term


class UnitMatch(NamedTuple):
    """The unit that a spelling means; ``unit_value`` is ``None`` when it stands for no unit.

    ``conflict`` is the unit that the other spelling means, where code and text are both sent and
    name different amounts.
    """

    unit_value: str | None
    row: str
    source_factor: Fraction = Fraction(1)
    conflict: str | None = None


class _Ranked(NamedTuple):
    rank: int  # the lower the better: the hospital's tables, those of all, the standards, normal forms
    match: UnitMatch


class _Answer(NamedTuple):
    rank: int
    own: bool  # of the hospital's own table
    match: UnitMatch | None  # None: of two units


_STANDARD, _NORMAL = 4, 5


@dataclass(frozen=True)
class UnitFinder:
    """Units of one hospital: its own table, the table of all, and the study's sizes and conversions."""

    site: str
    own: LookupTable
    base: LookupTable
    catalog: Catalog

    def find(
        self, code: str | None, text: str | None, concept_id: str | None, *, system: str | None = None
    ) -> UnitMatch | None:
        """The unit of a Quantity by its code (of ``system``) and text.

        The hospital's rows go before base rows, these before UNIT (C71620) and UCUM, and what is
        spelled so before what is only of the same normal form; rows of the concept go before rows
        for all, and at one rank the code before the text.
        """
        sent = ((code, system), (text, None))
        ranked = [self._find_one(spelling, concept_id, of) for spelling, of in sent if spelling]
        found = [answer for answer in ranked if answer is not None]
        if not found:
            return None
        (_, match), *rest = sorted(found, key=lambda answer: answer.rank)
        for _, other in rest:
            if not self._is_same_amount(match.unit_value, other.unit_value, concept_id):
                return match._replace(conflict=other.unit_value or NO_UNIT)
        return match

    def explain(self, code: str | None, system: str | None) -> str:
        """What a code that means no unit of the tables was read as; nothing for what is not UCUM."""
        if not code or system != UCUM_SYSTEM:
            return ""
        unit, problem = read_ucum(code)
        if unit is None:
            return f"it is {problem}"
        if unit.is_number:
            return f"by UCUM it is a bare number ({self._ucum.describe(unit)}), which does not tell of what"
        return f"by UCUM it is {self._ucum.describe(unit)}, which is no unit of the tables"

    @cached_property
    def _ucum(self) -> UcumIndex:
        rows = list_accepted((*self.own.units, *self.base.units))
        return build_ucum_index(rows, self.catalog.dimensions)

    def _find_one(self, spelling: str, concept_id: str | None, system: str | None) -> _Ranked | None:
        found = self._find_spelled(spelling, concept_id)
        if found is None and system == UCUM_SYSTEM:
            unit = read_ucum(spelling).unit
            named = self._ucum.find(unit, concept_id) if unit is not None else None
            if named is not None:
                return _Ranked(_STANDARD, UnitMatch(*named))
            if unit is not None and "{" not in spelling:  # what stands in braces is the hospital's word
                return None
        return found or self._find_normal(spelling, concept_id)

    def _find_spelled(self, spelling: str, concept_id: str | None) -> _Ranked | None:
        for rank, (table, concept) in enumerate(self._list_tables(concept_id)):
            row = table.find_unit(spelling, concept)
            if row is not None:
                return _Ranked(rank, _match_row(row))
        term = index_ct_units().get(normalise_unit(spelling))
        return _Ranked(_STANDARD, _match_term(term)) if term is not None else None

    def _find_normal(self, spelling: str, concept_id: str | None) -> _Ranked | None:
        """By normal form, if there is one answer: nobody can tell a form that a table has for two units.

        A word that the hospital uses in its own way (单位 for umol/L) is its spelling alone: where others
        take the form for another amount, no answer is given.
        """
        answers = self._list_normal(normalise_spelling(spelling), concept_id)
        first = next(answers, None)
        if first is None or first.match is None:
            return None
        others = [other.match for other in answers if first.own and not other.own]
        unit = first.match.unit_value
        agreed = (m is not None and self._is_same_amount(unit, m.unit_value, concept_id) for m in others)
        return _Ranked(_NORMAL + first.rank, first.match) if all(agreed) else None

    def _list_normal(self, form: str, concept_id: str | None) -> Iterator[_Answer]:
        for rank, (table, concept) in enumerate(self._list_tables(concept_id)):
            rows = table.list_spelled(form, concept)
            if rows:
                one = len({(row.unit_value, row.source_factor) for row in rows}) == 1
                yield _Answer(rank, table is self.own, _match_row(rows[0]) if one else None)
        term = index_ct_spellings().get(form)
        if term is not None:
            yield _Answer(_STANDARD, False, _match_term(term))

    def _list_tables(self, concept_id: str | None) -> Iterator[tuple[LookupTable, str | None]]:
        for table in (self.own, self.base):
            if concept_id is not None:
                yield table, concept_id
            yield table, None

    def _is_same_amount(self, one: str | None, other: str | None, concept_id: str | None) -> bool:
        """Whether two units mean the same amount of this test: IU/L and U/L of an enzyme."""
        if one == other:
            return True
        sizes = self.catalog.unit_sizes
        if one in sizes and other in sizes and sizes[one] == sizes[other]:
            return True
        return any(
            row.factor == 1
            and row.concept_id == concept_id
            and row.site in (None, self.site)
            and {row.from_unit, row.to_unit} == {one, other}
            for row in self.catalog.conversions
        )


def _match_row(row: UnitRow) -> UnitMatch:
    value = None if row.unit_value == NO_UNIT else row.unit_value
    return UnitMatch(value, row.row, row.source_factor)


def _match_term(term: Term) -> UnitMatch:
    return UnitMatch(term.value, f"CDISC CT {term.codelist_code}/{term.code}")
