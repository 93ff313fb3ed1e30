"""Codelists of a Define-XML document: terms that occur in the data, or that the study's design allows.

One list is written once however many items use it; the OID tells its content where that is short.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, count

from hbv_standards.export.define.model import CodeList, CodeTerm, Dictionary
from hbv_standards.standards.terminology import Codelist, read_codelist

SHORT = 40
"""Longest text of terms that goes into the OID and name of a list."""

ABBREVIATED = ("DOMAIN", "NY", "SEX", "UNIT", "VSRESU")
"""Codelists whose submission values are abbreviations: the NCI preferred term is their decode."""


@dataclass(slots=True)
class CodeLists:
    """The lists of a document, in the order in which they were first used.

    ``standard`` is the OID of the terminology of NCI lists.
    """

    standard: str
    _made: dict[str, CodeList] = field(default_factory=dict)
    _known: dict[tuple[object, ...], str] = field(default_factory=dict)

    def add_terminology(
        self, code: str, values: Iterable[str], place: str, decodes: Mapping[str, str] | None = None
    ) -> str:
        """OID of the list of NCI terms ``values``; ``place`` (LB.LBSPEC) names it where its terms are many.

        ``decodes`` gives the paired value of each (--TEST of --TESTCD).
        """
        codelist = read_codelist(code)
        terms = tuple(_build_term(codelist, value, decodes) for value in values)
        return self._add(codelist.name, codelist.title, terms, place, code=codelist.code)

    def add_sponsor(
        self,
        name: str,
        title: str,
        values: Iterable[str],
        place: str,
        decodes: Mapping[str, str] | None = None,
        datatype: str = "text",
    ) -> str:
        """OID of a list of the sponsor's own."""
        terms = tuple(CodeTerm(value, decodes.get(value, value) if decodes else None) for value in values)
        return self._add(name, title, terms, place, datatype=datatype)

    def add_dictionary(self, name: str, version: str | None) -> str:
        """OID of an external dictionary."""
        oid = f"CL.{_shorten(name)}"
        self._made[oid] = CodeList(oid, name, "text", dictionary=Dictionary(name, version))
        return oid

    def build(self) -> tuple[CodeList, ...]:
        """All lists by OID."""
        return tuple(self._made[oid] for oid in sorted(self._made))

    def _add(
        self, name: str, title: str, terms: tuple[CodeTerm, ...], place: str, *, code: str | None = None,
        datatype: str = "text",
    ) -> str:  # fmt: skip
        key = (name, title, terms, code, datatype)
        if key not in self._known:
            content = "-".join(_shorten(term.value) for term in terms)
            shown = ", ".join(term.value for term in terms)
            short = len(content) <= SHORT
            oid = self._find_free(f"CL.{name}" + (f".{content}" if short else ""), place)
            listed = f"{title} ({shown})" if short else title if oid == f"CL.{name}" else f"{title} ({place})"
            standard = self.standard if code else None
            self._made[oid] = CodeList(oid, self._name_once(listed, oid), datatype, standard, code, terms)
            self._known[key] = oid
        return self._known[key]

    def _find_free(self, oid: str, place: str) -> str:
        numbered = (f"{oid}.{place}.{number}" for number in count(2))
        candidates = chain((oid, f"{oid}.{place}"), numbered)
        return next(candidate for candidate in candidates if candidate not in self._made)

    def _name_once(self, name: str, oid: str) -> str:
        return name if all(known.name != name for known in self._made.values()) else f"{name} [{oid}]"


def _shorten(text: str) -> str:
    """A text as part of an OID: letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9]+", "_", text)


def _build_term(codelist: Codelist, value: str, decodes: Mapping[str, str] | None) -> CodeTerm:
    term = codelist.term(value)
    decode = (decodes or {}).get(value)
    if decode is None and (decodes is not None or codelist.name in ABBREVIATED):
        decode = term.preferred_term if term is not None else value
    if term is None:
        # Only an extensible codelist may be extended; elsewhere the value is a finding of the validation.
        return CodeTerm(value, decode, extended=codelist.extensible)
    return CodeTerm(value, decode, term.code)


def is_decoded(codelist: CodeList) -> bool:
    """Whether the terms have decodes: a list has them for all of its terms or for none."""
    return any(term.decode is not None for term in codelist.terms)
