"""A row of a hospital's tables as one mapping of a FHIR R4 ConceptMap, and back.

What FHIR has a place for stands there: source and target code, specimen and test as ``dependsOn``, the
note as ``comment``. A row that is in force is ``equivalent``; one that nobody accepted is ``unmatched``
without a target code, so that no server translates by it; a rejected one is ``disjoint``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from hbv_standards.desk.table_text import Cells
from hbv_standards.desk.workbook_lists import list_literals
from hbv_standards.mapping.rows import NO_UNIT, CodeRow

TABLES = ("codes", "units", "values")
"""The tables of a hospital that are maps of codes."""

IN_FORCE = ("equal", "equivalent")
ACCEPTED, PROPOSED, REJECTED = "accepted", "proposed", "rejected"
_WAITING = ", not accepted"
_UNWANTED = "not collected"
_STANDARD = {"LOINC": "http://loinc.org", "ATC": "http://www.whocc.no/atc"}
_KINDS = {
    "LOINC": "test", "CONCEPT": "test", "ATC": "treatment", "TREATMENT": "treatment", "VISITNUM": "visit",
    "TERM": "history",
}  # fmt: skip
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mapped:
    """One target of one element of one group, with what tells it apart."""

    source: str
    code: str
    display: str | None
    target: str | None
    to_code: str | None
    equivalence: str
    comment: str | None = None
    depends: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MapUrls:
    """Addresses of one hospital's map; ``base`` is the study's, without a slash at the end."""

    base: str
    site: str

    def name_source(self, what: str) -> str:
        """The code system of the hospital's texts, units or codes without system."""
        return f"{self.base}/CodeSystem/{quote(self.site)}-{what}"

    def name_target(self, what: str) -> str:
        """The code system of a list of the study, or of a codelist."""
        return _STANDARD.get(what) or f"{self.base}/CodeSystem/{quote(what.replace(' ', '-'))}"

    def name_map(self) -> str:
        """The canonical address of the map."""
        return f"{self.base}/ConceptMap/{quote(self.site)}"

    def name_property(self, what: str) -> str:
        """What a ``dependsOn`` is about."""
        return f"{self.base}/property/{what}"

    def name_extension(self) -> str:
        """The extension that holds the cells which FHIR has no place for."""
        return f"{self.base}/StructureDefinition/mapping-row"


def encode_row(table: str, cells: Cells, urls: MapUrls) -> Mapped:
    """The mapping of a row."""
    return _state(_ENCODERS[table](cells, urls), cells)


def decode_row(table: str, mapped: Mapped, urls: MapUrls) -> dict[str, str]:
    """The cells that a mapping tells by itself."""
    status, note = _read_status(mapped)
    cells = {**_DECODERS[table](mapped, urls), "status": status, "note": note}
    return {name: cell for name, cell in cells.items() if cell}


def find_table(mapped: Mapped, urls: MapUrls) -> str:
    """Which table a mapping without the extension belongs to, by its code systems."""
    if mapped.source == urls.name_source("unit"):
        return "units"
    codes = [urls.name_target(name) for name in list_literals(CodeRow.model_fields["to_system"].annotation)]
    of_study = (mapped.target or "").startswith(f"{urls.base}/CodeSystem/")
    return "values" if of_study and mapped.target not in codes else "codes"


def _state(mapped: Mapped, cells: Cells) -> Mapped:
    """How far the mapping holds, by the row's status."""
    status, note = cells.get("status", ACCEPTED).casefold(), cells.get("note")
    if status not in (ACCEPTED, REJECTED):
        return replace(
            mapped, to_code=None, equivalence="unmatched", comment=_join(f"{status}{_WAITING}", note)
        )
    if status == REJECTED and mapped.to_code is not None:
        return replace(mapped, equivalence="disjoint", comment=note)
    if mapped.to_code is None:
        return replace(mapped, equivalence="unmatched", comment=_join(_UNWANTED, note))
    return replace(mapped, comment=note)


def _join(words: str, note: str | None) -> str:
    return f"{words}: {note}" if note else words


def _read_status(mapped: Mapped) -> tuple[str, str]:
    """Status and note; what is neither the same nor disjoint waits for a person."""
    comment = mapped.comment or ""
    if mapped.equivalence == "unmatched":
        words, _, note = comment.partition(": ")
        if words.endswith(_WAITING):
            return words.removesuffix(_WAITING), note
        return ("", note) if words == _UNWANTED else ("", comment)
    if mapped.equivalence in IN_FORCE:
        return "", comment
    return (REJECTED if mapped.equivalence == "disjoint" else PROPOSED), comment


def _as_code(text: str) -> str:
    """FHIR's code has no blanks outside and single ones inside."""
    return _BLANKS.sub(" ", text.strip())


def _encode_code(cells: Cells, urls: MapUrls) -> Mapped:
    code, system, text, to_system = (cells.get(name) for name in ("code", "system", "text", "to_system"))
    source = (system or urls.name_source("code")) if code else urls.name_source("text")
    to_code, specimen = cells.get("to_code"), cells.get("specimen")
    return Mapped(
        source=source,
        code=_as_code(code or text or ""),
        display=text if code else None,
        target=None if to_system in (None, "NOT COLLECTED") else urls.name_target(to_system),
        to_code=_as_code(to_code) if to_code and to_system != "NOT COLLECTED" else None,
        equivalence="equivalent",
        depends=((urls.name_property("specimen"), specimen),) if specimen else (),
    )


def _decode_code(mapped: Mapped, urls: MapUrls) -> dict[str, str]:
    known = list_literals(CodeRow.model_fields["to_system"].annotation)
    of_target = {urls.name_target(name): name for name in known}
    to_system = of_target.get(mapped.target or "", "NOT COLLECTED" if mapped.target is None else "")
    of_text, own = mapped.source == urls.name_source("text"), mapped.source == urls.name_source("code")
    return {
        "kind": _KINDS.get(to_system, ""),
        "system": "" if of_text or own else mapped.source,
        "code": "" if of_text else mapped.code,
        "text": mapped.code if of_text else mapped.display or "",
        "specimen": dict(mapped.depends).get(urls.name_property("specimen"), ""),
        "to_system": to_system,
        "to_code": mapped.to_code or "",
    }


def _encode_unit(cells: Cells, urls: MapUrls) -> Mapped:
    unit, concept = cells.get("unit_value", NO_UNIT), cells.get("concept_id")
    return Mapped(
        source=urls.name_source("unit"),
        code=_as_code(cells.get("source_text", "")),
        display=None,
        target=urls.name_target("UNIT"),
        to_code=None if unit == NO_UNIT else _as_code(unit),
        equivalence="equivalent",
        depends=((urls.name_property("concept"), concept),) if concept else (),
    )


def _decode_unit(mapped: Mapped, urls: MapUrls) -> dict[str, str]:
    return {
        "source_text": mapped.code,
        "concept_id": dict(mapped.depends).get(urls.name_property("concept"), ""),
        "unit_value": mapped.to_code or NO_UNIT,
    }


def _encode_value(cells: Cells, urls: MapUrls) -> Mapped:
    value, concept, codelist = (cells.get(name) for name in ("submission_value", "concept_id", "codelist"))
    return Mapped(
        source=cells.get("system") or urls.name_source("value"),
        code=_as_code(cells.get("source_text", "")),
        display=None,
        target=urls.name_target(codelist or ""),
        to_code=_as_code(value) if value else None,
        equivalence="equivalent",
        depends=((urls.name_property("concept"), concept),) if concept else (),
    )


def _decode_value(mapped: Mapped, urls: MapUrls) -> dict[str, str]:
    return {
        "codelist": (mapped.target or "").removeprefix(f"{urls.base}/CodeSystem/"),
        "system": "" if mapped.source == urls.name_source("value") else mapped.source,
        "source_text": mapped.code,
        "submission_value": mapped.to_code or "",
        "concept_id": dict(mapped.depends).get(urls.name_property("concept"), ""),
    }


_ENCODERS: Mapping[str, Callable[[Cells, MapUrls], Mapped]] = {
    "codes": _encode_code, "units": _encode_unit, "values": _encode_value,
}  # fmt: skip
_DECODERS: Mapping[str, Callable[[Mapped, MapUrls], dict[str, str]]] = {
    "codes": _decode_code, "units": _decode_unit, "values": _decode_value,
}  # fmt: skip
