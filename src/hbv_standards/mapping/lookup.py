"""Rows of mapping tables arranged for look-up by what a hospital sends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from hbv_standards.mapping.normalise import normalise_text, normalise_unit
from hbv_standards.mapping.rows import CodeRow, UnitRow, ValueRow, list_accepted
from hbv_standards.mapping.unit_text import normalise_spelling
from hbv_standards.standards import Term, read_codelist


@dataclass(frozen=True)
class LookupTable:
    """Codes, units and values of one hospital, or of all of them; of equal keys the first row holds.

    The tables hold rows of every status; what is found is accepted.
    """

    codes: tuple[CodeRow, ...] = ()
    units: tuple[UnitRow, ...] = ()
    values: tuple[ValueRow, ...] = ()

    @cached_property
    def _by_code(self) -> dict[tuple[str, str | None, str, str | None], CodeRow]:
        """(kind, system, code, specimen) → row."""
        keyed: dict[tuple[str, str | None, str, str | None], CodeRow] = {}
        for row in list_accepted(self.codes):
            if row.code is not None:
                keyed.setdefault((row.kind, row.system, row.code, row.specimen), row)
        return keyed

    @cached_property
    def _by_text(self) -> dict[tuple[str, str, str | None], CodeRow]:
        """(kind, normalised text, specimen) → row, of rows without code."""
        keyed: dict[tuple[str, str, str | None], CodeRow] = {}
        for row in list_accepted(self.codes):
            if row.code is None and row.text is not None:
                keyed.setdefault((row.kind, normalise_text(row.text), row.specimen), row)
        return keyed

    @cached_property
    def _by_unit(self) -> dict[tuple[str, str | None], UnitRow]:
        """(normalised spelling, concept) → row."""
        keyed: dict[tuple[str, str | None], UnitRow] = {}
        for row in list_accepted(self.units):
            keyed.setdefault((normalise_unit(row.source_text), row.concept_id), row)
        return keyed

    @cached_property
    def _by_spelling(self) -> dict[tuple[str, str | None], tuple[UnitRow, ...]]:
        """(normal form of the spelling, concept) → rows."""
        keyed: dict[tuple[str, str | None], tuple[UnitRow, ...]] = {}
        for row in self._by_unit.values():
            key = (normalise_spelling(row.source_text), row.concept_id)
            keyed[key] = (*keyed.get(key, ()), row)
        return keyed

    @cached_property
    def _by_value_code(self) -> dict[tuple[str, str, str, str | None], ValueRow]:
        """(codelist, system, code, concept) → row."""
        keyed: dict[tuple[str, str, str, str | None], ValueRow] = {}
        for row in list_accepted(self.values):
            if row.system is not None:
                keyed.setdefault((row.codelist, row.system, row.source_text, row.concept_id), row)
        return keyed

    @cached_property
    def _by_value_text(self) -> dict[tuple[str, str, str | None], ValueRow]:
        """(codelist, normalised text, concept) → row, of rows without system."""
        keyed: dict[tuple[str, str, str | None], ValueRow] = {}
        for row in list_accepted(self.values):
            if row.system is None:
                keyed.setdefault((row.codelist, normalise_text(row.source_text), row.concept_id), row)
        return keyed

    def find_code(self, kind: str, system: str | None, code: str, specimen: str | None) -> CodeRow | None:
        """The row of a code in a system (``None``: rows without system); that of the specimen first."""
        rows = self._by_code
        return rows.get((kind, system, code, specimen)) or rows.get((kind, system, code, None))

    def find_text(self, kind: str, text: str, specimen: str | None) -> CodeRow | None:
        """The row of a text; that of the specimen first."""
        name, rows = normalise_text(text), self._by_text
        return rows.get((kind, name, specimen)) or rows.get((kind, name, None))

    def find_unit(self, spelling: str, concept_id: str | None) -> UnitRow | None:
        """The row of a unit's spelling for exactly this concept (``None``: rows for every concept)."""
        return self._by_unit.get((normalise_unit(spelling), concept_id))

    def list_spelled(self, form: str, concept_id: str | None) -> tuple[UnitRow, ...]:
        """The rows for exactly this concept whose spelling has this normal form (see :mod:`.unit_text`)."""
        return self._by_spelling.get((form, concept_id), ())

    def find_value_code(
        self, codelist: str, system: str, code: str, concept_id: str | None
    ) -> ValueRow | None:
        """The row of a code in its system; that of the concept first."""
        rows = self._by_value_code
        return rows.get((codelist, system, code, concept_id)) or rows.get((codelist, system, code, None))

    def find_value_text(self, codelist: str, text: str, concept_id: str | None) -> ValueRow | None:
        """The row of a text; that of the concept first."""
        name, rows = normalise_text(text), self._by_value_text
        return rows.get((codelist, name, concept_id)) or rows.get((codelist, name, None))


@cache
def index_ct_units() -> dict[str, Term]:
    """Normalised spelling → term of UNIT (C71620): submission values, and synonyms that mean one term.

    A synonym that is the submission value of another term (``AU/mL`` of *Arbitrary U/mL*) or that
    several terms share is left out.
    """
    terms = read_codelist("UNIT").terms
    values = {normalise_unit(term.value): term for term in terms}
    synonyms: dict[str, set[str]] = {}
    for term in terms:
        for synonym in term.synonyms:
            synonyms.setdefault(normalise_unit(synonym), set()).add(term.value)
    by_value = {term.value: term for term in terms}
    single = {spelling: by_value[min(names)] for spelling, names in synonyms.items() if len(names) == 1}
    return {**single, **values}


@cache
def index_ct_spellings() -> dict[str, Term]:
    """Normal form (see :mod:`.unit_text`) of values and synonyms of UNIT → term, where it is of one term only."""
    terms: dict[str, dict[str, Term]] = {}
    for term in read_codelist("UNIT").terms:
        for spelling in (term.value, *term.synonyms):
            terms.setdefault(normalise_spelling(spelling), {})[term.value] = term
    return {form: next(iter(found.values())) for form, found in terms.items() if len(found) == 1}


@cache
def index_ct_values(codelist: str) -> dict[str, Term]:
    """Normalised submission value → term of a codelist; ``ConfigurationError`` when there is no such list."""
    return {normalise_text(term.value): term for term in read_codelist(codelist).terms}
