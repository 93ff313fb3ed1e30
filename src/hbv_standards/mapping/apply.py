"""Hop 1: what a hospital sends → a test, drug, visit, unit or submission value of the study.

One look-up per distinct value; the caller spreads the answers over its rows. Everywhere what the
hospital's own tables say goes before what holds for all hospitals, and that before what the
standards say by themselves (a submission value of the codelist). Nothing is guessed: what no row
or code answers is ``None``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hbv_standards.canonical.concept_text import Coding, split_concept
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable, index_ct_values
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import CodeRow, ConceptRow, TreatmentRow, ValueRow
from hbv_standards.mapping.tables import BASE
from hbv_standards.mapping.unit_match import UnitFinder
from hbv_standards.mapping.unit_match import UnitMatch as UnitMatch  # callers of map_unit find it here
from hbv_standards.mapping.vocabulary import OWN_LISTS, list_own_values
from hbv_standards.standards import Term

LOINC = "http://loinc.org"
ATC_SYSTEMS = frozenset({"http://www.whocc.no/atc", "urn:oid:2.16.840.1.113883.6.73"})

QUESTIONS = ("use", "history", "family history")
"""Kinds of codes.csv that are questions about something else than a test."""

Codings = tuple[Coding, ...]


class Match(NamedTuple):
    """What a value means, and the mapping row that says so ("sites/guangzhou/codes.csv:41").

    Where the standard itself says so, ``row`` names the codelist and term: "CDISC CT C66731/C16576".
    An empty ``value`` is a drug that the hospital's table declares as not collected.
    """

    value: str
    row: str


class TestMatch(NamedTuple):
    """The test that a code means; ``concept_id`` is ``None`` when it is declared as not collected.

    ``loinc`` is the LOINC code actually known: the one that was sent, else the one that the row
    names. ``others`` are different tests that further codings of the same concept lead to.
    """

    concept_id: str | None
    loinc: str | None
    row: str
    collected: bool
    others: tuple[str, ...] = ()


class QuestionMatch(NamedTuple):
    """What a question asks for: ``kind`` use, history or family history; ``target`` a ``treatment_id`` or a
    disease in English; ``field`` as the row's (see :mod:`.use_field`).
    """

    kind: str
    target: str
    field: str | None
    row: str


class SiteMapper:
    """Look-ups for one hospital. ``KeyError`` when the study has no such hospital."""

    def __init__(self, catalog: Catalog, site: str) -> None:
        self.catalog = catalog
        self.site = catalog.sites[site].site
        self._own = catalog.lookups[site]
        self._base = catalog.lookups[BASE]
        self._units = UnitFinder(self.site, self._own, self._base, catalog)

    def map_test(self, concept_text: str, specimen: str | None) -> TestMatch | None:
        """The test of an ``Observation.code``; ``specimen`` is a SPECTYPE (C78734) submission value.

        Order: the hospital's rows by system and code, by code alone; a LOINC code that a concept
        lists; the hospital's rows by text; then the rows of all hospitals, by code and by text.
        """
        text, codings = split_concept(concept_text)
        names = _list_names(text, codings)
        found = (
            _find_by_code(self._own, "test", codings, specimen)
            or self._find_loinc(codings)
            or _find_by_text(self._own, "test", names, specimen)
            or _find_by_code(self._base, "test", codings, specimen)
            or _find_by_text(self._base, "test", names, specimen)
        )
        if found is None:
            return None
        concept_id = self._resolve_test(found)
        listed = found.to_code if isinstance(found, CodeRow) and found.to_system == "LOINC" else None
        loinc = _find_sent_loinc(codings) or listed
        if concept_id is None:
            return TestMatch(None, loinc, found.row, collected=False)
        others = self._find_others(codings, specimen, concept_id)
        return TestMatch(concept_id, loinc, found.row, collected=True, others=others)

    def map_treatment(self, concept_text: str) -> Match | None:
        """The ``treatment_id`` of a drug; empty when it is declared as not collected.

        Order: the hospital's rows by code; an ATC code that ``treatments.csv`` lists; the hospital's
        rows by text; the names in ``treatments.csv``; then the rows of all hospitals.
        """
        text, codings = split_concept(concept_text)
        names = _list_names(text, codings)
        found = (
            _find_by_code(self._own, "treatment", codings, None)
            or self._find_atc(codings)
            or _find_by_text(self._own, "treatment", names, None)
            or self._find_drug_name(names)
            or _find_by_code(self._base, "treatment", codings, None)
            or _find_by_text(self._base, "treatment", names, None)
        )
        return Match(self._resolve_treatment(found), found.row) if found is not None else None

    def map_question(self, concept_text: str) -> QuestionMatch | None:
        """What a question about a substance or a disease asks for; ``None`` where it is no such question.

        Order: the hospital's rows by code and by text, then the rows of all hospitals.
        """
        text, codings = split_concept(concept_text)
        names = _list_names(text, codings)
        found = (
            _find_by_code(table, kind, coded, None) or _find_by_text(table, kind, named, None)
            for table in (self._own, self._base)
            for coded, named in ((codings, []), ((), names))
            for kind in QUESTIONS
        )
        row = next((row for row in found if row is not None), None)
        return QuestionMatch(row.kind, row.to_code or "", row.field, row.row) if row is not None else None

    def map_visit(self, concept_text: str) -> tuple[float, str] | None:
        """VISITNUM that a hospital states for an Encounter, and the row that says so."""
        text, codings = split_concept(concept_text)
        names = _list_names(text, codings)
        for table in (self._own, self._base):
            row = _find_by_code(table, "visit", codings, None) or _find_by_text(table, "visit", names, None)
            if row is not None and row.to_code is not None:
                return float(row.to_code), row.row
        return None

    def map_unit(
        self, code: str | None, text: str | None, concept_id: str | None, *, system: str | None = None
    ) -> UnitMatch | None:
        """The unit of a Quantity by its code (of ``system``) and text; see :class:`.unit_match.UnitFinder`."""
        return self._units.find(code, text, concept_id, system=system)

    def explain_unit(self, code: str | None, system: str | None) -> str:
        """What a code without a unit of the tables was read as, for the message about it."""
        return self._units.explain(code, system)

    def map_value(
        self, codelist: str, text: str, *, system: str | None = None, concept_id: str | None = None
    ) -> Match | None:
        """The submission value that a text, or a code of ``system``, means in a codelist.

        A hospital's row without system answers to a code of whatever system. A base row without
        system, and the codelist's own submission values, answer to texts only.
        """
        return self._find_value(codelist, [(text, system)], concept_id)

    def map_concept(self, codelist: str, concept_text: str, concept_id: str | None = None) -> Match | None:
        """The submission value of a coded value: by its codings, then their displays, then its text."""
        text, codings = split_concept(concept_text)
        coded = [(coding.code, coding.system or None) for coding in codings if coding.code]
        named = [(name, None) for name in _list_names("", codings) + _list_names(text, ())]
        return self._find_value(codelist, [*coded, *named], concept_id)

    def _find_loinc(self, codings: Codings) -> ConceptRow | None:
        concepts = self.catalog.concept_of_loinc
        found = (concepts.get(coding.code) for coding in codings if coding.system == LOINC)
        return next((concept for concept in found if concept is not None), None)

    def _find_atc(self, codings: Codings) -> TreatmentRow | None:
        drugs = self.catalog.treatment_of_atc
        found = (drugs.get(coding.code) for coding in codings if coding.system in ATC_SYSTEMS)
        return next((drug for drug in found if drug is not None), None)

    def _find_drug_name(self, names: Iterable[str]) -> TreatmentRow | None:
        drugs = self.catalog.treatment_of_name
        found = (drugs.get(normalise_text(name)) for name in names)
        return next((drug for drug in found if drug is not None), None)

    def _resolve_test(self, found: CodeRow | ConceptRow) -> str | None:
        if isinstance(found, ConceptRow):
            return found.concept_id
        if found.to_system == "LOINC":
            return self.catalog.concept_of_loinc[found.to_code or ""].concept_id
        return found.to_code if found.to_system == "CONCEPT" else None

    def _resolve_treatment(self, found: CodeRow | TreatmentRow) -> str:
        if isinstance(found, TreatmentRow):
            return found.treatment_id
        if found.to_system == "ATC":
            return self.catalog.treatment_of_atc[found.to_code or ""].treatment_id
        return (found.to_code or "") if found.to_system == "TREATMENT" else ""

    def _find_others(self, codings: Codings, specimen: str | None, chosen: str) -> tuple[str, ...]:
        others = set()
        for coding in codings:
            found = (
                _find_by_code(self._own, "test", (coding,), specimen)
                or self._find_loinc((coding,))
                or _find_by_code(self._base, "test", (coding,), specimen)
            )
            others.add(self._resolve_test(found) if found is not None else None)
        return tuple(sorted(other for other in others if other is not None and other != chosen))

    def _find_value(
        self, codelist: str, tries: list[tuple[str, str | None]], concept_id: str | None
    ) -> Match | None:
        rows = (
            row
            for table, loose in ((self._own, True), (self._base, False))
            for text, system in tries
            for row in _list_value_rows(table, codelist, text, system, concept_id, loose=loose)
        )
        row = next(rows, None)
        if row is not None:
            return Match(row.submission_value, row.row)
        texts = (text for text, system in tries if not system)
        found = (self._find_standard_value(codelist, text) for text in texts)
        return next((match for match in found if match is not None), None)

    def _find_standard_value(self, codelist: str, text: str) -> Match | None:
        """A text that is a submission value already, letter case aside."""
        name = normalise_text(text)
        if codelist in OWN_LISTS:
            values = list_own_values(codelist, self.catalog.study) or ()
            value = next((v for v in values if normalise_text(v) == name), None)
            return Match(value, codelist) if value is not None else None
        term = index_ct_values(codelist).get(name)
        return Match(term.value, _name_term(term)) if term is not None else None


def _list_names(text: str, codings: Codings) -> list[str]:
    return [name for name in (text, *(coding.display for coding in codings)) if name.strip()]


def _find_sent_loinc(codings: Codings) -> str | None:
    return next((coding.code for coding in codings if coding.system == LOINC and coding.code), None)


def _find_by_code(table: LookupTable, kind: str, codings: Codings, specimen: str | None) -> CodeRow | None:
    coded = [coding for coding in codings if coding.code]
    tries = [(c.system, c.code) for c in coded if c.system] + [(None, c.code) for c in coded]
    found = (table.find_code(kind, system, code, specimen) for system, code in tries)
    return next((row for row in found if row is not None), None)


def _find_by_text(
    table: LookupTable, kind: str, names: Iterable[str], specimen: str | None
) -> CodeRow | None:
    found = (table.find_text(kind, name, specimen) for name in names)
    return next((row for row in found if row is not None), None)


def _list_value_rows(
    table: LookupTable, codelist: str, text: str, system: str | None, concept_id: str | None, *, loose: bool
) -> Iterator[ValueRow]:
    coded = table.find_value_code(codelist, system, text, concept_id) if system else None
    if coded is not None:
        yield coded
    named = table.find_value_text(codelist, text, concept_id) if loose or not system else None
    if named is not None:
        yield named


def _name_term(term: Term) -> str:
    return f"CDISC CT {term.codelist_code}/{term.code}"
