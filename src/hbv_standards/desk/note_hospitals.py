"""Notes about all hospitals together: one code for different things, and tests that nobody sends."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import TypeVar

from hbv_standards.desk.note import Note, build_note, pair_rows
from hbv_standards.desk.row_keys import (
    Things,
    name_shared_code,
    name_text,
    name_unit,
    name_value,
    say_unit,
)
from hbv_standards.mapping.rows import CodeRow, MappingRow, list_accepted
from hbv_standards.mapping.tables import BASE, Tables

Row = TypeVar("Row", bound=MappingRow)


def note_hospitals(tables: Tables, things: Things) -> Iterator[Note]:
    """Codes, texts, units and values that two hospitals use for different things; tests without a source."""
    sites = [rows for name, rows in tables.sites.items() if name != BASE]
    codes = [row for site in sites for row in list_accepted(site.codes) if row.to_system != "NOT COLLECTED"]
    units = [row for site in sites for row in list_accepted(site.units)]
    values = [row for site in sites for row in list_accepted(site.values)]
    yield from _note_different(codes, name_shared_code, things.say_code, _phrase_code)
    yield from _note_different(codes, name_text, things.say_code, lambda row: f"text {row.text!r}")
    yield from _note_different(units, name_unit, say_unit, lambda row: f"unit {row.source_text!r}")
    yield from _note_different(
        values,
        name_value,
        lambda row: row.submission_value,
        lambda row: f"{row.codelist} {row.source_text!r}",
    )
    yield from _note_unused(tables, things)


def _phrase_code(row: CodeRow) -> str:
    return f"code {row.code!r} of {row.system}"


def _note_different(
    rows: list[Row],
    key: Callable[[Row], Hashable | None],
    says: Callable[[Row], str],
    what: Callable[[Row], str],
) -> Iterator[Note]:
    for row, other in pair_rows(rows, key):
        if says(row) != says(other) and _place(row) != _place(other):
            message = f"{what(row)} is {says(row)!r} here and {says(other)!r} in {other.row}"
            yield build_note(row, f"{message}; ask the hospitals, unless both are meant so")


def _place(row: MappingRow) -> str:
    return row.row.rpartition(":")[0]


def _note_unused(tables: Tables, things: Things) -> Iterator[Note]:
    """Tests that no accepted row leads to."""
    codes = [row for site in tables.sites.values() for row in list_accepted(site.codes)]
    named = {things.say_code(row).partition(" ")[0] for row in codes}
    for concept in tables.concepts:
        if concept.concept_id in named:
            continue
        if concept.loinc:
            cure = f"it comes only where a hospital sends LOINC {' or '.join(concept.loinc)} itself"
        else:
            cure = "it has no LOINC code either, so nothing becomes this test; map a code to it"
        yield build_note(concept, f"{concept.concept_id} stands in no hospital's codes.csv; {cure}")
