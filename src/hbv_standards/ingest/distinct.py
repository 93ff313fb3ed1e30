"""Mapping once per distinct value: what keeps the look-ups out of the per-row path."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]


def spread(
    rows: pd.DataFrame, keys: Sequence[str], compute: Callable[..., Any], *, only: pd.Series | None = None
) -> list[Any]:
    """Call ``compute(*keys)`` once per distinct combination and give the result of every row.

    Missing cells are passed as None. Rows outside ``only`` give None without a call.
    """
    cells = [[v if isinstance(v, str | bool | int) else None for v in rows[key]] for key in keys]
    known: dict[Hashable, Any] = {}
    wanted = [True] * len(rows) if only is None else list(only)
    out = []
    for combination, take in zip(zip(*cells, strict=True), wanted, strict=True):
        if not take:
            out.append(None)
            continue
        if combination not in known:
            known[combination] = compute(*combination)
        out.append(known[combination])
    return out


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
