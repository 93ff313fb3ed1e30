"""Notes about single tables and a hospital's against those of every hospital."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, TypeVar

from hbv_standards.desk.note import Note, build_note, pair_rows
from hbv_standards.desk.row_keys import Things, name_code, name_unit, name_value, say_unit
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import CodeRow, LabelRow, MappingRow, list_accepted
from hbv_standards.mapping.tables import BASE, SiteRows, Tables, is_lent

Row = TypeVar("Row", bound=MappingRow)
_LABEL_BYTES = 40  # of a label in a transport file
_LOINC = "http://loinc.org"


def note_waiting(tables: Tables) -> Iterator[Note]:
    """Rows that nobody accepted yet, by table."""
    for site in tables.sites.values():
        parts: tuple[list[Any], ...] = (site.codes, site.units, site.values)
        for rows in parts:
            yield from _note_status(rows, "proposed", "set them accepted or rejected")
            yield from _note_status(rows, "open", "write the answers, then set them accepted")


def _note_status(rows: list[Any], status: str, cure: str) -> Iterator[Note]:
    waiting = [row for row in rows if row.status == status]
    if waiting:
        many = "1 row is" if len(waiting) == 1 else f"{len(waiting)} rows are"
        file = waiting[0].row.rpartition(":")[0]
        yield Note(file, 0, f"{many} {status} and not used, the first in row {_line(waiting[0])}; {cure}")


def note_doubles(tables: Tables) -> Iterator[Note]:
    """Rows that say what an earlier row of the same table says; other spellings of a text are none."""
    sites = tables.sites.values()
    for site in sites:
        yield from _note_same(
            list_accepted(site.codes),
            lambda row: (name_code(row), row.text if row.code is None else None),
            lambda row: (row.to_system, row.to_code, row.field),
        )
    for units in (*(site.units for site in sites), _own(tables.units)):
        yield from _note_same(list_accepted(units), lambda row: (row.source_text, row.concept_id), say_unit)
    for values in (*(site.values for site in sites), _own(tables.values)):
        yield from _note_same(
            list_accepted(values),
            lambda row: (name_value(row), row.source_text),
            lambda row: row.submission_value,
        )
    yield from _note_same(_own(tables.labels), lambda row: (row.dataset, row.variable), lambda row: row.label)
    yield from _note_same(_own(tables.texts), lambda row: row.key, lambda row: row.chinese)


def _note_same(
    rows: list[Row], key: Callable[[Row], Hashable], says: Callable[[Row], object]
) -> Iterator[Note]:
    for row, other in pair_rows(rows, key):
        if says(row) == says(other):
            yield build_note(row, f"says what {other.row} says already; delete one of the rows")


def _own(rows: list[Row]) -> list[Row]:
    return [row for row in rows if not is_lent(row)]


def _line(row: MappingRow) -> str:
    return row.row.rpartition(":")[2]


def note_overruled(tables: Tables, things: Things) -> Iterator[Note]:
    """Rows of a hospital that say other than the rows for every hospital, or than a code that is a standard's."""
    base = tables.sites.get(BASE, SiteRows())
    units, values = base.units + tables.units, base.values + tables.values
    for name, site in tables.sites.items():
        codes = list_accepted(site.codes)
        if name != BASE:
            yield from _note_other(codes, list_accepted(base.codes), name_code, things.say_code)
            yield from _note_other(list_accepted(site.units), list_accepted(units), name_unit, say_unit)
            yield from _note_other(
                list_accepted(site.values),
                list_accepted(values),
                name_value,
                lambda row: row.submission_value,
            )
        yield from _note_standard(codes, things)


def _note_other(
    rows: Iterable[Row], others: Iterable[Row], key: Callable[[Row], Hashable], says: Callable[[Row], str]
) -> Iterator[Note]:
    for row, other in pair_rows(rows, key, others):
        if says(row) != says(other):
            meant = f"{says(row)!r} here goes before {says(other)!r} of {other.row}"
            yield build_note(row, f"{meant}; delete this row unless the hospital means it")


def _note_standard(rows: list[CodeRow], things: Things) -> Iterator[Note]:
    for row in rows:
        said = things.say_code(row)
        meant = things.of_loinc.get(row.code or "") if row.system == _LOINC and row.kind == "test" else None
        if meant is not None and row.to_system != "NOT COLLECTED" and said != meant:
            message = f"LOINC {row.code} is {said!r} here and {meant!r} in concepts"
            yield build_note(row, f"{message}; delete this row unless the hospital misuses the code")
        drug = things.of_name.get(normalise_text(row.text)) if row.kind == "treatment" and row.text else None
        if drug is not None and row.to_system != "NOT COLLECTED" and said != drug.treatment_id:
            message = f"text {row.text!r} is {said!r} here and a name of {drug.treatment_id!r} in {drug.row}"
            yield build_note(row, f"{message}; correct one of the rows")


def note_labels(rows: list[LabelRow]) -> Iterator[Note]:
    """Labels that a transport file cuts."""
    for row in _own(rows):
        size = len(row.label.encode())
        if size > _LABEL_BYTES:
            kept = row.label.encode()[:_LABEL_BYTES].decode(errors="ignore")
            message = f"label {row.label!r} has {size} bytes and is cut to {kept!r}"
            yield build_note(row, f"{message}; shorten it to {_LABEL_BYTES} (13 Chinese characters)")


def note_rows(tables: Tables, things: Things) -> Iterator[Note]:
    """All notes of this file, in the order of their urgency."""
    yield from note_waiting(tables)
    yield from note_overruled(tables, things)
    yield from note_doubles(tables)
    yield from note_labels(tables.labels)
