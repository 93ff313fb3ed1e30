"""CDISC controlled terminology: the codelists of SDTM CT 2025-03-28 that SDTM data of this kind need.

Facts from the packaged tables ``data/ct_*.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.tables import phrase_nearest, rank_nearest, read_table

CT_VERSION = "2025-03-28"

CODELIST_COLUMNS = ("codelist", "name", "title", "extensible")
TERM_COLUMNS = ("codelist", "term", "value", "preferred_term", "synonyms")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a codelist: its NCI C-code and its submission value.

    ``synonyms`` are the CDISC synonyms other than the submission value itself; ``preferred_term``
    is that of the NCI Thesaurus.
    """

    codelist_code: str
    code: str
    value: str
    preferred_term: str
    synonyms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Codelist:
    """One codelist: ``code`` C71620, ``name`` UNIT, ``title`` Unit.

    Only an ``extensible`` codelist may get terms of the sponsor's own.
    """

    code: str
    name: str
    title: str
    extensible: bool
    terms: tuple[Term, ...]
    _by_value: Mapping[str, Term] = field(init=False, repr=False, compare=False)
    _by_code: Mapping[str, Term] = field(init=False, repr=False, compare=False)
    _by_spelling: Mapping[str, tuple[Term, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        spellings: dict[str, dict[str, Term]] = {}
        for term in self.terms:
            for spelling in (term.value, *term.synonyms):
                spellings.setdefault(spelling.casefold(), {})[term.value] = term
        object.__setattr__(self, "_by_value", {term.value: term for term in self.terms})
        object.__setattr__(self, "_by_code", {term.code: term for term in self.terms})
        object.__setattr__(
            self, "_by_spelling", {spelling: tuple(terms.values()) for spelling, terms in spellings.items()}
        )

    def term(self, value: str) -> Term | None:
        """The term whose submission value is exactly ``value``."""
        return self._by_value.get(value)

    def term_of_code(self, code: str) -> Term | None:
        """The term of this NCI C-code."""
        return self._by_code.get(code)

    def find(self, text: str) -> Term | None:
        """The term that ``text`` means, or None when that is none or more than one.

        An exact submission value counts alone. Otherwise ``text`` may be, letter case aside, a
        submission value or a synonym, if a single term answers to it: in UNIT ``mmol/l`` is
        ``mmol/L``, but ``G/L`` is nothing, for it could be ``g/L`` or the giga per litre ``10^9/L``.
        """
        exact = self._by_value.get(text)
        if exact is not None:
            return exact
        terms = self._by_spelling.get(text.casefold(), ())
        return terms[0] if len(terms) == 1 else None

    def nearest(self, value: str, n: int = 3) -> list[str]:
        """Up to ``n`` submission values that look or are called like ``value``, best first."""
        spellings = (
            (spelling, term.value) for spelling, terms in self._by_spelling.items() for term in terms
        )
        return rank_nearest(value, spellings, n)


@cache
def _read_headers() -> dict[str, tuple[str, str, bool]]:
    rows = read_table("ct_codelists.csv", CODELIST_COLUMNS)
    return {code: (name, title, extensible == "Yes") for code, name, title, extensible in rows}


@cache
def _read_codes() -> dict[str, str]:
    """Code of each codelist by its code and by its name."""
    headers = _read_headers()
    return {code: code for code in headers} | {name: code for code, (name, _, _) in headers.items()}


@cache
def _read_terms() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Rows of terms by codelist, still as text: most codelists are never asked for."""
    rows: dict[str, list[tuple[str, ...]]] = {}
    for row in read_table("ct_terms.csv", TERM_COLUMNS):
        rows.setdefault(row[0], []).append(tuple(row))
    return {codelist: tuple(terms) for codelist, terms in rows.items()}


def codelist_codes() -> tuple[str, ...]:
    """C-codes of the packaged codelists, in the order of their names."""
    return tuple(_read_headers())


def read_codelist(code_or_name: str) -> Codelist:
    """The codelist of a C-code (``C71620``) or name (``UNIT``); both give the same object.

    Raises:
        ConfigurationError: no such codelist is packaged. Codelists of domains outside this kind of
            trial (ECG, ophthalmology, oncology response) are not: see ``data/README.md``.
    """
    code = _read_codes().get(code_or_name)
    if code is not None:
        return _build_codelist(code)
    near = phrase_nearest(code_or_name, (name for name, _, _ in _read_headers().values()))
    raise ConfigurationError(
        f"{code_or_name!r} is not a packaged codelist of SDTM CT {CT_VERSION}{near}", value=code_or_name
    )


@cache
def _build_codelist(code: str) -> Codelist:
    name, title, extensible = _read_headers()[code]
    terms = tuple(
        Term(codelist, term, value, preferred, tuple(synonyms.split("; ")) if synonyms else ())
        for codelist, term, value, preferred, synonyms in _read_terms()[code]
    )
    return Codelist(code, name, title, extensible, terms)


def decode(testcd_codelist: str, test_codelist: str, value: str) -> str | None:
    """The submission value that the second of two paired codelists has for a value of the first.

    The terms of a pair such as LBTESTCD (C65047) and LBTEST (C67154) share their C-codes, so this
    gives the --TEST of a --TESTCD, the TSPARM of a TSPARMCD, and with the codelists exchanged the
    way back. None when the first codelist has no such value or the second no such code.

    Raises:
        ConfigurationError: one of the codelists is not packaged.
    """
    term = read_codelist(testcd_codelist).term(value)
    paired = read_codelist(test_codelist)
    decoded = paired.term_of_code(term.code) if term is not None else None
    return decoded.value if decoded is not None else None
