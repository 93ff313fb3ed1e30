"""The rows of a hospital's tables: everything seen, with the answer proposed, or open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from hbv_standards.desk.candidates import Candidate, Proposal
from hbv_standards.desk.hide_persons import is_hidden
from hbv_standards.desk.propose import Proposals
from hbv_standards.desk.seen_codes import DECLINED, SeenCode
from hbv_standards.desk.seen_units import UNFIT, SeenUnit
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.mapping.apply import LOINC
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text, normalise_unit
from hbv_standards.mapping.rows import OPEN, CodeRow, MappingRow, UnitRow, ValueRow

_ASKED = {
    "test": "CONCEPT", "use": "TREATMENT", "family history": "TERM", "treatment": "TREATMENT", "visit": "VISITNUM",
}  # fmt: skip
_IN_FORCE = "understood without this row"
_KINDS = tuple(_ASKED)
_SEEN = ("test", "treatment", "visit")  # other kinds are questions that the common tables know


class _Answer(NamedTuple):
    """What a row says; ``to_code`` is None where it is open."""

    to_system: str
    to_code: str | None
    note: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class SiteTable:
    """Rows for one table of a hospital; ``name`` is its file."""

    name: str
    model: type[MappingRow]
    rows: Sequence[CodeRow | UnitRow | ValueRow]

    def count_statuses(self) -> Counter[str]:
        """How many rows are proposed and how many open."""
        return Counter(str(row.status) for row in self.rows)


def build_rows(proposals: Proposals, site: str) -> tuple[SiteTable, ...]:
    """The rows of a hospital for everything that the proposals speak of."""
    return (
        SiteTable("codes.csv", CodeRow, build_code_rows(proposals, proposals.seen.delivery.catalog, site)),
        SiteTable("units.csv", UnitRow, build_unit_rows(proposals, site)),
        SiteTable("values.csv", ValueRow, build_value_rows(proposals, site)),
    )


def phrase_statuses(counted: Counter[str]) -> str:
    """``3 proposed, 1 open``; empty where there is no row."""
    return ", ".join(f"{counted[status]} {status}" for status in ("proposed", "open") if counted[status])


def build_code_rows(proposals: Proposals, catalog: Catalog, site: str) -> list[CodeRow]:
    """A row for every code of tests and treatments, and for contacts that name a planned visit.

    A code has one row unless its specimens tell tests apart, here or in a row that the hospital's table has:
    what is proposed for one specimen would else hold for all the others. Open rows come first, then proposals, by
    what is lost without them, then what is understood already.
    """
    groups: dict[tuple[str, str | None, str | None, str], list[SeenCode]] = {}
    for code in proposals.seen.codes:
        proposal = proposals.codes.get(code.number)
        kind = proposals.kinds.get(code.number, code.kind)
        unnamed = code.code is None and (not code.text or is_hidden(code.text))
        pointless = kind == "visit" and (proposal is None or proposal.chosen is None) and not code.mapping_row
        answered = code.kind not in _SEEN
        if code.site == site and not (unnamed or pointless or answered):
            text = code.text if code.code is None else ""
            groups.setdefault((kind, code.system, code.code, text), []).append(code)
    apart = {
        _name_source(row.system, row.code, row.text) for row in catalog.lookups[site].codes if row.specimen
    }
    rows: list[CodeRow] = []
    for (kind, *source), codes in groups.items():
        answers = {
            code.number: _answer_code(code, proposals.codes.get(code.number), kind, catalog) for code in codes
        }
        rows += _build_group(kind, codes, answers, apart=_name_source(*source) in apart)
    return sorted(rows, key=_rank_row)


def _name_source(system: str | None, code: str | None, text: str | None) -> tuple[str | None, ...]:
    """What a hospital sends: a code in its system, or a text."""
    return (system, code, "") if code is not None else (None, None, normalise_text(text or ""))


def describe_hidden(proposals: Proposals, site: str) -> Iterator[str]:
    """A line for people where something that was seen can have no row."""
    hidden = count_hidden(proposals, site)
    if hidden:
        yield f"  {hidden} without a row: they name a person or are free text; `coverage` lists them, with that hidden"


def count_hidden(proposals: Proposals, site: str) -> int:
    """How many codes, units and words have no row because they name a person or are free text."""
    seen = proposals.seen
    keys = [code.text for code in seen.codes if code.site == site and code.code is None]
    keys += [unit.spelling for unit in seen.units if unit.site == site]
    keys += [value.source_text for value in seen.values if value.site == site]
    return sum(map(is_hidden, keys))


def _rank_row(row: CodeRow) -> tuple[int, int, bool]:
    """Stable after the order of what is lost: kinds together, open before proposed before needless."""
    needless = bool(row.note and row.note.startswith(_IN_FORCE))
    return _KINDS.index(row.kind), needless, row.status != "open"


def _answer_code(code: SeenCode, proposal: Proposal | None, kind: str, catalog: Catalog) -> _Answer:
    if proposal is None:
        return _answer_known(code, kind, catalog)
    if proposal.chosen is None:
        return _Answer(_ASKED[kind], None, _phrase_open(proposal))
    chosen = proposal.chosen
    return _Answer(chosen.to_system, chosen.to_code, f"score {chosen.score:g}: {chosen.reason}", chosen.field)


def _answer_known(code: SeenCode, kind: str, catalog: Catalog) -> _Answer:
    """What the common tables and the standards say already."""
    note = f"{_IN_FORCE} ({code.mapping_row})"
    if code.mapped_to == DECLINED:
        return _Answer("NOT COLLECTED", "", note)
    loinc = next(
        (c.code for c in code.codings if c.system == LOINC and c.code in catalog.concept_of_loinc), None
    )
    if kind == "test" and loinc is not None:
        return _Answer("LOINC", loinc, note)
    return _Answer(_ASKED[kind], code.mapped_to, note)


def _phrase_open(proposal: Proposal) -> str:
    near = [f"{c.to_code or c.to_system} {c.score:g} ({c.reason})" for c in proposal.candidates]
    return "; ".join([proposal.why, *(["candidates: " + "; ".join(near)] if near else [])])


def _build_group(
    kind: str, codes: list[SeenCode], answers: Mapping[int, _Answer], *, apart: bool
) -> Iterator[CodeRow]:
    if len({answers[code.number][:2] for code in codes}) == 1 and not apart:
        yield _build_code(kind, codes[0], answers[codes[0].number], codes, None)
        return
    for code in codes:
        yield _build_code(kind, code, answers[code.number], [code], code.specimen)


def _build_code(
    kind: str, code: SeenCode, answer: _Answer, merged: Iterable[SeenCode], specimen: str | None
) -> CodeRow:
    count = sum(each.count for each in merged)
    results = f"; e.g. {code.examples}" if code.examples else ""
    return CodeRow.model_validate(
        {
            "row": "",
            "kind": kind,
            "system": code.system,
            "code": code.code,
            "text": code.text or None,
            "specimen": specimen,
            "to_system": answer.to_system,
            "to_code": answer.to_code or None,
            "field": answer.field or None,
            "status": "open" if answer.to_code is None else "proposed",
            "note": f"{answer.note}; {count} rows{results}",
        }
    )


def build_unit_rows(proposals: Proposals, site: str) -> list[UnitRow]:
    """A row for every unit that the common tables do not understand, per test where the answers differ."""
    groups: dict[str, dict[str, tuple[SeenUnit, Proposal]]] = {}
    for unit, proposal in proposals.units.items():
        if unit.site == site and not is_hidden(unit.spelling):
            groups.setdefault(normalise_unit(unit.spelling), {}).setdefault(unit.concept_id, (unit, proposal))
    rows = []
    for concepts in groups.values():
        chosen = {_pick(proposal) for _, proposal in concepts.values()}
        only = len(chosen) > 1 or any(
            unit.status == UNFIT or (p.chosen and p.chosen.concept_id) for unit, p in concepts.values()
        )
        listed = concepts.values() if only else [next(iter(concepts.values()))]
        rows += [_build_unit(unit, proposal, only=only) for unit, proposal in listed]
    return sorted(rows, key=lambda row: row.status != "open")


def _pick(proposal: Proposal) -> str | None:
    return proposal.chosen.to_code if proposal.chosen else None


def _build_unit(unit: SeenUnit, proposal: Proposal, *, only: bool) -> UnitRow:
    chosen = proposal.chosen
    return UnitRow.model_validate(
        {
            "row": "",
            "source_text": unit.spelling,
            "concept_id": (unit.concept_id or None) if only else None,
            "ucum": unit.unit_code if unit.unit_text and unit.unit_code else None,
            **_write_answer(chosen, proposal, "unit_value"),
        }
    )


def build_value_rows(proposals: Proposals, site: str) -> list[ValueRow]:
    """A row for every word or code that the common tables do not understand."""
    groups: dict[tuple[str, str, str], dict[str, tuple[SeenValue, Proposal]]] = {}
    for value, proposal in proposals.values.items():
        if value.site == site and value.source_text and not is_hidden(value.source_text):
            key = (value.codelist, value.system, value.source_text)
            groups.setdefault(key, {}).setdefault(value.concept_id, (value, proposal))
    rows = []
    for concepts in groups.values():
        only = len(concepts) > 1 or any(p.chosen and p.chosen.concept_id for _, p in concepts.values())
        rows += [_build_value(value, proposal, only=only) for value, proposal in concepts.values()]
    return sorted(rows, key=lambda row: row.status != "open")


def _build_value(value: SeenValue, proposal: Proposal, *, only: bool) -> ValueRow:
    answer = _write_answer(proposal.chosen, proposal, "submission_value")
    note = (
        f"{value.display}: {answer['note']}"
        if value.display not in ("", value.source_text)
        else answer["note"]
    )
    return ValueRow.model_validate(
        {
            "row": "",
            "codelist": value.codelist,
            "system": value.system or None,
            "source_text": value.source_text,
            "concept_id": (value.concept_id or None) if only else None,
            **answer,
            "note": note,
        }
    )


def _write_answer(chosen: Candidate | None, proposal: Proposal, column: str) -> dict[str, Any]:
    if chosen is None:
        return {column: OPEN, "status": "open", "note": _phrase_open(proposal)}
    note = f"score {chosen.score:g}: {chosen.reason}"
    return {column: chosen.to_code, "extension": chosen.extension or None, "status": "proposed", "note": note}
