"""What an unmapped word or code may mean in its codelist: as other hospitals' tables say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.judge_flags import Flag
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import ValueRow, list_accepted
from hbv_standards.mapping.tables import BASE
from hbv_standards.mapping.vocabulary import OWN_LISTS
from hbv_standards.standards import read_codelist

_ELSEWHERE, _SYNONYM, _DISPLAY, _PLAIN = 0.95, 0.9, 0.9, 0.85
_FLAG = 0.9
_SIDES = {"HIGH": "above", "LOW": "below", "NORMAL": "within"}
_OWN_MEANING = ("ARMCD", "SUBJECT_STATUS")
"""Codelists in which a word means what its hospital wants: group A may be any arm."""
_TRIMMINGS = re.compile(r"[\s。.!！;；:：,，\"'“”]+")


class ValueProposer:
    """Proposals for the words and codes of one hospital."""

    def __init__(
        self, catalog: Catalog, site: str, mapper: SiteMapper, flags: Mapping[tuple[str, str], Flag]
    ) -> None:
        self._mapper = mapper
        self._flags: dict[tuple[str, str], Flag] = {}
        for (owner, concept), flag in flags.items():
            text, codings = split_concept(concept)
            coded = next(((c.system, c.code) for c in codings if c.code), ("", text))
            if owner == site:
                self._flags[coded] = flag
        self._elsewhere = [
            (other, row)
            for other, table in sorted(catalog.lookups.items())
            if other not in (site, BASE)
            for row in list_accepted(table.values)
        ]

    def propose(self, value: SeenValue) -> Proposal:
        """The submission value of a word that no table knows, or why none is proposed."""
        found = list(self._find(value))
        return choose(found) if found else NOTHING

    def _find(self, value: SeenValue) -> Iterator[Candidate]:
        texts = {normalise_text(text) for text in (value.source_text, value.display) if text}
        for other, row in self._elsewhere:
            if row.codelist != value.codelist:
                continue
            same = row.concept_id in (None, value.concept_id or None)
            if row.extension and same and normalise_text(row.submission_value) in texts:
                reason = f"it is {row.submission_value} itself, as at {other}"
                yield self._build(row.submission_value, _ELSEWHERE, reason, row.concept_id or "", "Y")
            if _answers(row, value, texts):
                score, but = (_ELSEWHERE, "") if same else (0.5, f", but only for {row.concept_id}")
                if row.codelist in _OWN_MEANING:
                    score, but = 0.5, ", but every hospital has its own words for it"
                reason = f"{row.source_text} means it at {other}{but}"
                only = (row.concept_id or "") if same else ""
                yield self._build(row.submission_value, score, reason, only, row.extension or "")
        yield from self._find_flag(value)
        yield from self._find_synonym(value)
        for text in (value.display, _TRIMMINGS.sub("", value.source_text)):
            plain = (
                self._mapper.map_value(value.codelist, text, concept_id=value.concept_id or None)
                if text
                else None
            )
            if plain is not None:
                score = _DISPLAY if text == value.display else _PLAIN
                yield self._build(plain.value, score, f"{text} means it ({plain.row})", "", "")

    def _find_flag(self, value: SeenValue) -> Iterator[Candidate]:
        """A flag whose results all lie on one side of their ranges."""
        flag = self._flags.get((value.system, value.source_text)) if value.codelist == "NRIND" else None
        if flag is not None and flag.term is not None:
            reason = f"all {flag.results} results with it are {_SIDES[flag.term]} their ranges"
            yield self._build(flag.term, _FLAG, reason, "", "")

    def _find_synonym(self, value: SeenValue) -> Iterator[Candidate]:
        if value.codelist in OWN_LISTS:
            return
        for text in dict.fromkeys((value.display, value.source_text if not value.system else "")):
            term = read_codelist(value.codelist).find(text) if text else None
            if term is not None:
                yield self._build(
                    term.value, _SYNONYM, f"{text} is a CDISC synonym of it ({term.code})", "", ""
                )

    def _build(self, answer: str, score: float, reason: str, concept: str, extension: str) -> Candidate:
        return Candidate("VALUE", answer, answer, score, reason, concept, extension=extension)


def _answers(row: ValueRow, value: SeenValue, texts: set[str]) -> bool:
    if row.system is not None:
        return row.system == value.system and row.source_text == value.source_text
    return normalise_text(row.source_text) in texts
