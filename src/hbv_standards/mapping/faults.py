"""How a fault of a mapping table is told: file, line, value and what cures it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import MappingRow
from hbv_standards.standards import Codelist
from hbv_standards.standards.tables import phrase_nearest

Row = TypeVar("Row", bound=MappingRow)


def build_fault(row: MappingRow, message: str, value: str = "") -> ConfigurationError:
    """The fault of one row, with its place."""
    file, _, line = row.row.rpartition(":")
    return ConfigurationError(message, file=file, row=int(line), value=value)


def phrase_term(value: str, codelist: Codelist) -> str:
    """``is not in UNIT (C71620); did you mean 'mmol/L'?``"""
    same = [term.value for term in codelist.terms if term.value.casefold() == value.casefold()]
    near = same or codelist.nearest(value, 1)
    guess = f"; did you mean {near[0]!r}?" if near else ""
    return f"is not in {codelist.name} ({codelist.code}){guess}"


def phrase_unknown(value: str, known: Iterable[str], what: str, file: str) -> str:
    """``is no test of concepts; did you mean 'ALT'?``, for a value that must be a row elsewhere."""
    return f"is no {what} of {file}{phrase_nearest(value, known)}"


def check_repeats(
    rows: Iterable[Row], key: Callable[[Row], Hashable], target: Callable[[Row], object], what: str
) -> Iterator[ConfigurationError]:
    """Rows whose key an earlier row has with another target: which one holds could not be told."""
    first: dict[Hashable, Row] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if target(earlier) != target(row):
            message = f"{what} is mapped to {target(row)!r} here and to {target(earlier)!r} in {earlier.row}"
            yield build_fault(row, f"{message}; keep one of the rows")
