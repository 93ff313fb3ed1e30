"""The terms that a cell of the workbook may hold: drop-down lists, one named range each, on a hidden sheet.

A list may depend on another cell of the row: the submission value on the codelist, the target code on
the target system, the test code on the domain. Then the range is found by its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from hbv_standards.mapping.check_concepts import find_codelists
from hbv_standards.mapping.rows import (
    NO_UNIT,
    CodeRow,
    ConceptRow,
    MappingRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
)
from hbv_standards.mapping.tables import BASE, Tables
from hbv_standards.mapping.vocabulary import OWN_LISTS, list_own_values
from hbv_standards.standards import Codelist, codelist_codes, dataset_names, read_codelist
from hbv_standards.study import StudyConfig

_PER_DOMAIN = {
    "specimen": "SPEC", "method": "METHOD", "analysis_method": "ANMETH", "location": "LOC",
    "tstdtl": "TSTDTL", "binding_agent": "BDAGNT", "test_objective": "TSTOPO",
}  # fmt: skip
_UNITS = ("unit_value", "std_unit", "from_unit", "to_unit")
_OTHER_COLUMN = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class DropDown:
    """The list of one column. ``name`` may hold ``{column}``: the cell of that column completes it.

    ``closed``: nothing but the listed terms is right; else the spreadsheet only asks.
    """

    name: str
    closed: bool

    @property
    def depends_on(self) -> str | None:
        """The column that decides which list it is."""
        found = _OTHER_COLUMN.search(self.name)
        return found[1] if found else None


@dataclass(slots=True)
class TermLists:
    """Named lists, and which of them a column offers."""

    study: StudyConfig
    tables: Tables
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def find_drop_down(self, model: type[MappingRow], column: str) -> DropDown | None:
        """The drop-down of a column; ``None`` for free text and for cells that hold several values."""
        stated = list_literals(model.model_fields[column].annotation)
        if stated:
            return DropDown(self._keep(f"{model.__name__}_{column}", stated), closed=True)
        if column in _UNITS:
            extra = (NO_UNIT,) if model is UnitRow else ()
            return DropDown(self._keep(f"unit{len(extra)}", [*extra, *self._list_units()]), closed=False)
        if model is CodeRow and column == "to_code":
            return self._offer_targets()
        if model is ValueRow and column in ("codelist", "submission_value"):
            return self._offer_values(column)
        if model is ConceptRow:
            return self._offer_of_test(column)
        return self._offer_plain(model, column)

    def _keep(self, name: str, terms: Iterable[str]) -> str:
        self.lists.setdefault(name, tuple(dict.fromkeys(terms)))
        return name

    def _list_units(self) -> Iterator[str]:
        yield from sorted(
            {row.unit_value for rows in self._list_spellings() for row in rows if row.extension == "Y"}
        )
        yield from (term.value for term in read_codelist("UNIT").terms)

    def _list_spellings(self) -> Iterator[list[UnitRow]]:
        yield self.tables.units
        yield from (site.units for site in self.tables.sites.values())

    def _offer_targets(self) -> DropDown:
        drugs, concepts = self.tables.treatments or [], self.tables.concepts
        self._keep("to_LOINC", (code for row in concepts for code in row.loinc))
        self._keep("to_CONCEPT", (row.concept_id for row in concepts))
        self._keep("to_ATC", (code for row in drugs for code in row.atc))
        self._keep("to_TREATMENT", (row.treatment_id for row in drugs))
        self._keep("to_VISITNUM", (f"{visit.visitnum:g}" for visit in self.study.visits))
        return DropDown("to_{to_system}", closed=False)

    def _offer_values(self, column: str) -> DropDown:
        sites = (site.values for site in self.tables.sites.values())
        names = {row.codelist for rows in (self.tables.values, *sites) for row in rows} - set(OWN_LISTS)
        known = [name for name in sorted(names) if name in _list_ct_names()]
        if column == "codelist":
            return DropDown(self._keep("codelist", [*OWN_LISTS, *_list_ct_names()]), closed=True)
        for name in known:
            self._keep(f"ct_{name}", (term.value for term in read_codelist(name).terms))
        for name in OWN_LISTS:
            own = list_own_values(name, self.study)
            if own is not None:
                self._keep(f"ct_{name}", own)
        return DropDown("ct_{codelist}", closed=False)

    def _offer_of_test(self, column: str) -> DropDown | None:
        domains = sorted({row.domain for row in self.tables.concepts})
        if column in ("testcd", "test"):
            for domain in domains:
                lists = find_codelists(domain, column.upper())
                if lists:
                    self._keep(f"{column}_{domain}", (term.value for one in lists for term in one.terms))
            return DropDown(f"{column}_{{domain}}", closed=False)
        if column in _PER_DOMAIN:
            found = [one for domain in domains for one in find_codelists(domain, _PER_DOMAIN[column])]
            return DropDown(self._keep(column, _join_terms(found)), closed=False) if found else None
        if column == "domain":
            return DropDown(self._keep(column, [*domains, *dataset_names()]), closed=False)
        if column == "result_codelist":
            return DropDown(self._keep(column, _list_ct_names()), closed=True)
        return None

    def _offer_plain(self, model: type[MappingRow], column: str) -> DropDown | None:
        """Columns that mean the same in whatever table."""
        if column == "specimen":
            found = [read_codelist(name) for name in ("SPECTYPE", "GENSMP")]
            return DropDown(self._keep("specimen_sent", _join_terms(found)), closed=True)
        if column == "concept_id":
            tests = self._keep("to_CONCEPT", (row.concept_id for row in self.tables.concepts))
            return DropDown(
                tests, closed=model is not UnitRow
            )  # a unit may be of a substance, by treatment_id
        if column == "site":
            return DropDown(
                self._keep("site", (name for name in self.study.sites if name != BASE)), closed=True
            )
        if column == "dimension":
            return DropDown(
                self._keep(column, (row.dimension for row in self.tables.dimensions)), closed=False
            )
        if model is TreatmentRow and column == "treatment_class":
            classes = (row.treatment_class for row in self.tables.treatments or ())
            return DropDown(self._keep(column, sorted(set(classes))), closed=False)
        if model is TreatmentRow and column in ("dose_form", "route"):
            terms = read_codelist({"dose_form": "FRM", "route": "ROUTE"}[column]).terms
            return DropDown(self._keep(column, (term.value for term in terms)), closed=True)
        return None


def list_literals(annotation: Any) -> tuple[str, ...]:
    """The texts that a field declared as ``Literal`` takes."""
    if get_origin(annotation) is Literal:
        return tuple(str(value) for value in get_args(annotation))
    return tuple(text for part in get_args(annotation) for text in list_literals(part))


def _join_terms(codelists: Iterable[Codelist]) -> Iterator[str]:
    return (term.value for codelist in codelists for term in codelist.terms)


def _list_ct_names() -> list[str]:
    return [read_codelist(code).name for code in codelist_codes()]
