"""Columns of the canonical model, read from its pydantic models.

Text is pandas ``str`` (missing is NaN), ``int | None`` is ``Int64``, ``float | None`` is
``float64``, ``bool`` is ``bool`` and a required ``int`` is ``int64``.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, Literal

import pandas as pd

from hbv_standards.canonical.model import RECORDS


@cache
def read_schema(record: str) -> dict[str, str]:
    """Column name → pandas dtype of one kind of record ("findings", "visits", ...)."""
    hints = typing.get_type_hints(RECORDS[record], include_extras=False)
    return {name: _read_dtype(hints[name]) for name in RECORDS[record].model_fields}


def _read_dtype(hint: Any) -> str:
    args = [a for a in typing.get_args(hint) if a is not types.NoneType]
    optional = len(args) != len(typing.get_args(hint))
    if typing.get_origin(hint) is Literal:
        return "str"
    base = args[0] if optional else hint
    if base is bool:
        return "bool"
    if base is int:
        return "Int64" if optional else "int64"
    return "float64" if base is float else "str"


def build_frame(record: str, columns: Mapping[Any, Any] | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Frame of one kind of record with every column of the model, typed and in the model's order.

    ``columns`` is a mapping of columns or an iterable of records; columns that are absent are
    filled with missing values (``bool`` with its default). Raises ``KeyError`` for a column that
    the model does not have.
    """
    schema = read_schema(record)
    data = dict(columns) if isinstance(columns, Mapping) else _read_columns(schema, columns)
    unknown = sorted(set(data) - set(schema))
    if unknown:
        raise KeyError(f"{record} has no column {unknown}")
    rows = max((len(values) for values in data.values()), default=0)
    made = {}
    for name, dtype in schema.items():
        default = RECORDS[record].model_fields[name].default if dtype == "bool" else None
        values = data.get(name)
        made[name] = pd.Series([default] * rows if values is None else list(values), dtype=dtype)
    return pd.DataFrame(made)


def _read_columns(schema: Mapping[str, str], records: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    listed = list(records)
    names = set().union(*listed) if listed else set()
    default = {name: (False if schema.get(name) == "bool" else None) for name in names}
    return {name: [record.get(name, default[name]) for record in listed] for name in sorted(names)}


@dataclass(slots=True)
class CanonicalData:
    """All canonical records of a run, one frame per kind, columns as :func:`read_schema` says."""

    subjects: pd.DataFrame = field(default_factory=lambda: build_frame("subjects", {}))
    visits: pd.DataFrame = field(default_factory=lambda: build_frame("visits", {}))
    findings: pd.DataFrame = field(default_factory=lambda: build_frame("findings", {}))
    interventions: pd.DataFrame = field(default_factory=lambda: build_frame("interventions", {}))
    events: pd.DataFrame = field(default_factory=lambda: build_frame("events", {}))
    contributions: pd.DataFrame = field(default_factory=lambda: build_frame("contributions", {}))
    supports: pd.DataFrame = field(default_factory=lambda: build_frame("supports", {}))

    def counts(self) -> dict[str, int]:
        """Rows per kind of record."""
        return {f.name: len(getattr(self, f.name)) for f in fields(self)}
