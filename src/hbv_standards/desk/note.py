"""What a person should look at although nothing is wrong: notes about mapping tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from hbv_standards.mapping.rows import MappingRow

Row = TypeVar("Row", bound=MappingRow)


@dataclass(frozen=True, slots=True)
class Note:
    """``row`` is 0 where the whole file is meant."""

    file: str
    row: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file} row {self.row}" if self.row else self.file
        return f"{place}: {self.message}"


def build_note(row: MappingRow, message: str) -> Note:
    """The note about one row, with its place."""
    file, _, line = row.row.rpartition(":")
    return Note(file, int(line), message)


def pair_rows(
    rows: Iterable[Row],
    key: Callable[[Row], Hashable | None],
    others: Iterable[Row] | None = None,
) -> Iterator[tuple[Row, Row]]:
    """(row, other) of one key: the first of ``others``, or else the first of ``rows`` before it.

    A row whose key is ``None`` is passed over.
    """
    first: dict[Hashable, Row] = {}
    for row in others if others is not None else ():
        found = key(row)
        if found is not None:
            first.setdefault(found, row)
    for row in rows:
        found = key(row)
        if found is None:
            continue
        other = first.get(found) if others is not None else first.setdefault(found, row)
        if other is not None and other is not row:
            yield row, other
