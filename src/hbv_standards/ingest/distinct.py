"""Mapping once per distinct value: what keeps the look-ups out of the per-row path."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]


def spread(
    rows: pd.DataFrame, keys: Sequence[str], compute: Callable[..., Any], *, only: pd.Series | None = None
) -> list[Any]:
    """Call ``compute(*keys)`` once per distinct combination and give the result of every row.

    Missing cells are passed as None. Rows outside ``only`` give None without a call.
    """
    wanted = np.ones(len(rows), dtype=bool) if only is None else only.to_numpy(dtype=bool)
    group, firsts = group_rows(rows.loc[wanted, list(keys)])
    cells = rows.loc[wanted, list(keys)].iloc[firsts]
    results = [compute(*(_read_cell(v) for v in row)) for row in cells.itertuples(index=False, name=None)]
    out: list[Any] = [None] * len(rows)
    for place, number in zip(np.flatnonzero(wanted).tolist(), group.tolist(), strict=True):
        out[place] = results[number]
    return out


def group_rows(cells: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Number of the distinct combination that each row is, and the first row of each combination."""
    number = np.zeros(len(cells), dtype="int64")
    for name in cells:
        codes, distinct = pd.factorize(cells[name])
        # Compressed after every column, so that the product of many columns cannot overflow.
        _, number = np.unique(number * (len(distinct) + 1) + codes + 1, return_inverse=True)
    _, firsts = np.unique(number, return_index=True)
    return number, firsts


def _read_cell(value: Any) -> Any:
    return value if isinstance(value, str | bool | int) else None


def is_absent(values: Sequence[Any]) -> Mask:
    """Mask of the rows for which :func:`spread` gave nothing."""
    return build_mask(value is None for value in values)


def build_mask(flags: Iterable[bool]) -> Mask:
    """Boolean mask; a list would not do, since an empty list selects no columns instead of no rows."""
    return np.fromiter(flags, dtype=bool)


def build_mappers(catalog: Catalog) -> dict[str, SiteMapper]:
    """One mapper per hospital of the study."""
    return {site: SiteMapper(catalog, site) for site in catalog.sites}


def describe_concept(concept: object) -> str:
    """Short text of a coded concept for messages: "4711 谷丙转氨酶 (http://…)"."""
    if not isinstance(concept, str):
        return "(no code)"
    text, codings = split_concept(concept)
    if not codings:
        return text
    first = codings[0]
    name = " ".join(part for part in (first.code, first.display or text) if part)
    return f"{name} ({first.system})" if first.system else name
