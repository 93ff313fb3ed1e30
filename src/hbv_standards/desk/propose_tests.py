"""Which test of the study an unmapped code may be: by its names, held against what its results show.

A name decides only where it is one that the study or another hospital knows, letter by letter after
:mod:`.names`. Likeness alone never makes a proposal.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from hbv_standards.desk.candidates import NOTHING, THRESHOLD, UNCERTAIN, Candidate, Proposal, choose
from hbv_standards.desk.judge import Judge, Verdict
from hbv_standards.desk.names import (
    COUNT,
    QUALITATIVE,
    QUANTITATIVE,
    SHARE,
    URINE,
    WHOLE_BLOOD,
    Name,
    read_doubled,
    read_name,
)
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.mapping.apply import LOINC
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.check_concepts import find_codelists
from hbv_standards.mapping.rows import CodeRow, ConceptRow, list_accepted
from hbv_standards.mapping.tables import BASE

OWN_NAME, TERM, CODE = 0.95, 0.85, 0.8  # a name of the study or of a hospital; of CDISC; the code itself
_CORE, _CONFIRMED, _DOUBTED = -0.05, 0.05, -0.1
_LIKE = 0.7  # smallest likeness of a candidate that is listed
_SHARES = ("%", "fraction of 1")
_COUNTS = ("10^9/L", "10^12/L", "10^6/L")
_SHORT = 2  # characters of a name that needs its unit to be believed


class _Known(NamedTuple):
    """A name and what it means; ``concept_id`` is None for what is declared as not collected."""

    concept_id: str | None
    text: str
    source: str
    score: float
    specimen: str | None = None


class TestProposer:
    """Proposals for the tests of one hospital."""

    def __init__(self, catalog: Catalog, site: str, judge: Judge) -> None:
        self._catalog = catalog
        self._judge = judge
        self._known = [*_list_names(catalog), *_list_terms(catalog), *_list_accepted_names(catalog, site)]
        self._wholes: dict[str, list[_Known]] = defaultdict(list)
        self._cores: dict[str, list[_Known]] = defaultdict(list)
        self._spoken: dict[str | None, set[str]] = defaultdict(set)
        for known in self._known:
            self._spoken[known.concept_id] |= {read_name(known.text).whole, read_name(known.text).core}
        for known in self._known:
            name = read_name(known.text)
            self._wholes[name.whole].append(known)
            if name.core and all(part in self._spoken[known.concept_id] for part in name.beside):
                self._cores[name.core].append(known)

    def propose(self, code: SeenCode) -> Proposal:
        """The test of a code that no table knows, or why none is proposed."""
        if code.concept_id is not None:
            concept = self._catalog.concepts[code.concept_id]
            reason = "other rows with this code are mapped so, by another coding"
            return choose([Candidate("CONCEPT", code.concept_id, concept.concept, OWN_NAME, reason)])
        foreign = next((c for c in code.codings if c.system == LOINC and c.code), None)
        found = [list(self._find(code, name)) for name in code.names]
        if not code.names and code.code:
            found = [list(self._find(code, code.code, from_code=True))]
        found = [part for part in found if part]
        candidates = [candidate for part in found for candidate in part]
        if not candidates:
            alike = tuple(self._list_alike(code))
            return Proposal(None, alike, UNCERTAIN) if alike else NOTHING
        proposal = choose(candidates)
        if proposal.chosen is None:
            return proposal
        if foreign is not None:
            why = f"its LOINC code {foreign.code} is of no test of the study, so the name may mean another"
            return Proposal(None, _lower(proposal.candidates, why), why)
        answers = [{(c.to_system, c.to_code) for c in part} for part in found]
        if not set.intersection(*answers):
            why = f"its names mean different things ({', '.join(code.names)})"
            return Proposal(None, _lower(proposal.candidates, why), why)
        return proposal

    def _find(self, code: SeenCode, text: str, *, from_code: bool = False) -> Iterator[Candidate]:
        name = read_name(text)
        exact = self._wholes.get(name.whole, [])
        if not exact and not self._list_same_core(name.core):
            yield from self._find_doubled(code, text, from_code=from_code)
        for known in exact:
            yield self._weigh(code, known, 0.0, text, from_code=from_code)
        for known in self._list_same_core(name.core):
            if known in exact:
                continue
            unclear = self._explain_unclear(name, known)
            if unclear is not None:
                reason = f"{text} is like {known.text} ({known.source}), but {unclear}"
                yield _build(known, 0.5, reason, self._catalog)
            else:
                yield self._weigh(code, known, _CORE, text, from_code=from_code)

    def _find_doubled(self, code: SeenCode, text: str, *, from_code: bool) -> Iterator[Candidate]:
        """A test that is named twice, in letters and in Chinese: ``WBC 白细胞``. Both must be its names."""
        doubled = read_doubled(text)
        if doubled is None:
            return
        short, name = doubled
        for known in self._list_same_core(name.core):
            spoken = {short.whole, short.core} & self._spoken[known.concept_id]
            if spoken and self._explain_unclear(name, known) is None:
                yield self._weigh(code, known, _CORE, text, from_code=from_code)

    def _list_same_core(self, core: str) -> list[_Known]:
        """Names of one core; 血肌酐 is 肌酐, in the blood."""
        if not core:
            return []
        return self._cores.get(core) or (self._cores.get(core[1:], []) if core.startswith("血") else [])

    def _explain_unclear(self, name: Name, known: _Known) -> str | None:
        """What a name says beside its core that the test does not answer to."""
        strange = [part for part in name.beside if part not in self._spoken[known.concept_id]]
        if strange:
            return f"what {strange[0]} adds is not known"
        concept = self._catalog.concepts.get(known.concept_id or "")
        return explain_facets(name, concept) if concept is not None else None

    def _weigh(
        self, code: SeenCode, known: _Known, change: float, text: str, *, from_code: bool
    ) -> Candidate:
        score = (CODE if from_code else known.score) + change
        told = f"{'code' if from_code else 'name'} {text} = {known.text} ({known.source})"
        concept = self._catalog.concepts.get(known.concept_id or "")
        if concept is None:
            if known.specimen not in (None, code.specimen):
                return _build(known, 0.4, f"{told}, for {known.specimen} only", self._catalog)
            return _build(known, min(score, TERM), f"{told} is not collected there", self._catalog)
        verdict = self._judge_family(code, concept)
        if verdict.fits is False:
            return _build(known, 0.3, f"{told}, but {verdict.reason}", self._catalog)
        careful = score < OWN_NAME + _CORE or len(read_name(text).whole) <= _SHORT
        if verdict.fits is None and careful:
            return _build(
                known, 0.6, f"{told}, but {verdict.reason}, and the name alone is not enough", self._catalog
            )
        score += _CONFIRMED if verdict.fits else _DOUBTED
        reason = f"{told}; {verdict.reason}" if verdict.reason else told
        return _build(known, round(score, 2), reason, self._catalog)

    def _judge_family(self, code: SeenCode, concept: ConceptRow) -> Verdict:
        """The verdict, and the specimen where tests of one name differ by it."""
        verdict = self._judge.judge(code, concept)
        siblings = {
            other.specimen
            for other in self._catalog.concepts.values()
            if (other.domain, other.testcd, other.tstdtl) == (concept.domain, concept.testcd, concept.tstdtl)
        }
        if verdict.fits is False or len(siblings) == 1 or concept.specimen is None:
            return verdict
        if code.specimen != concept.specimen:
            sent = code.specimen or code.specimen_text or "not stated"
            return Verdict(False, f"the specimen must be {concept.specimen} and is {sent}")
        return verdict

    def _list_alike(self, code: SeenCode) -> Iterator[Candidate]:
        """Names that look alike: for people to look at, never proposals."""
        wanted = [read_name(name).whole for name in (code.names or (code.code or "",))]
        likest: dict[str | None, Candidate] = {}
        for text in wanted:
            for near in difflib.get_close_matches(text, self._wholes, n=6, cutoff=_LIKE):
                for known in self._wholes[near]:
                    concept = self._catalog.concepts.get(known.concept_id or "")
                    if concept is None or known.concept_id in likest:
                        continue
                    verdict = self._judge.judge(code, concept)
                    ratio = difflib.SequenceMatcher(None, text, near).ratio()
                    score = round(0.6 * ratio if verdict.fits else 0.3 * ratio, 2)
                    reason = f"its name is like {known.text}; {verdict.reason or 'results fit'}"
                    likest[known.concept_id] = _build(known, score, reason, self._catalog)
        yield from sorted(likest.values(), key=lambda c: (-c.score, c.to_code))[:3]


def explain_facets(name: Name, concept: ConceptRow) -> str | None:
    """What of a name contradicts the test: a share is no count, a quality no quantity."""
    quantity = concept.result_type in ("NM", "ORD/NM")
    wrong = [
        (QUANTITATIVE, not quantity),
        (QUALITATIVE, concept.result_type == "NM"),
        (SHARE, concept.std_unit not in _SHARES),
        (COUNT, concept.std_unit not in _COUNTS),
        (WHOLE_BLOOD, concept.specimen is not None and "BLOOD" not in concept.specimen),
        (URINE, concept.specimen != URINE.upper()),
    ]
    said = next((facet for facet, contradicts in wrong if contradicts and facet in name.facets), None)
    return f"its name says {said}" if said else None


def _build(known: _Known, score: float, reason: str, catalog: Catalog) -> Candidate:
    if known.concept_id is None:
        return Candidate("NOT COLLECTED", "", "not collected", score, reason)
    return Candidate("CONCEPT", known.concept_id, catalog.concepts[known.concept_id].concept, score, reason)


def _lower(candidates: tuple[Candidate, ...], why: str) -> tuple[Candidate, ...]:
    return tuple(
        c._replace(score=min(c.score, THRESHOLD - 0.1), reason=f"{c.reason}, but {why}") for c in candidates
    )


def _list_names(catalog: Catalog) -> Iterator[_Known]:
    for concept in catalog.concepts.values():
        yield _Known(concept.concept_id, concept.concept, "name of the test", OWN_NAME)
        for name in concept.chinese_names:
            yield _Known(concept.concept_id, name, "name of the test", OWN_NAME)
        plain, _, specimen = concept.concept.partition(" in ")
        if specimen:  # the specimen that is stated then tells which of the tests it is
            yield _Known(concept.concept_id, plain, "name of the test without its specimen", OWN_NAME)


def _list_terms(catalog: Catalog) -> Iterator[_Known]:
    """Names that CDISC gives a test, where one test of the study has its code."""
    same: dict[tuple[str, str], list[ConceptRow]] = defaultdict(list)
    for concept in catalog.concepts.values():
        same[concept.domain, concept.testcd].append(concept)
    for (domain, testcd), concepts in same.items():
        (concept, *others) = concepts
        if (
            others
            or concept.location
            or concept.tstdtl
            or concept.binding_agent
            or "TESTCD" in concept.sponsor_terms
        ):
            continue
        terms = [lists.term(testcd) for lists in find_codelists(domain, "TESTCD")]
        names = {testcd, concept.test, *(synonym for term in terms if term for synonym in term.synonyms)}
        if concept.concept.casefold().startswith("total "):  # CDISC leaves the word out: Bilirubin
            names = {name for name in names if name == testcd or "total" in name.casefold()}
        yield from (_Known(concept.concept_id, name, "CDISC name", TERM) for name in sorted(names))


def _list_accepted_names(catalog: Catalog, site: str) -> Iterator[_Known]:
    """What other hospitals call their tests."""
    for other, table in sorted(catalog.lookups.items()):
        if other in (site, BASE):
            continue
        for row in list_accepted(table.codes):
            if row.kind == "test" and row.text:
                concept = resolve_concept(row, catalog)
                yield _Known(concept, row.text, f"accepted at {other}", OWN_NAME, row.specimen)


def resolve_concept(row: CodeRow, catalog: Catalog) -> str | None:
    """The test that an accepted row names; None where it is not collected."""
    if row.to_system == "LOINC":
        return catalog.concept_of_loinc[row.to_code or ""].concept_id
    return row.to_code if row.to_system == "CONCEPT" else None
