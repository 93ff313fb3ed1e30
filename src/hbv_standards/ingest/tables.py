"""The flat tables of FHIR elements: what reading gives and mapping takes.

Every table has ``source_id`` (int64), ``key``, ``site`` and ``path``. ``key`` names the resource:
``<site>|<Type>/<id>``, ``<source_id>#<id>`` for a contained resource, ``<source_id>`` for one
without id. ``path`` is the FHIRPath of the node inside the source. Reference columns hold the key
of their target, ``*_concept`` columns a ConceptText (:mod:`hbv_standards.canonical.concept_text`),
``*_concepts`` and ``result`` several joined by GS; dates and numbers are the text that was sent.
A component of an Observation has the key of the Observation, also as ``parent_key``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import pandas as pd

from hbv_standards.ingest.resources.kinds import BOOLEANS, COLUMNS
from hbv_standards.mapping.site import ENROLMENT_FIELDS

_KEYS: Final = ("source_id", "key", "site", "path")


def _final(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of a table as it is given away: after :mod:`.references` has put keys in."""
    return (*_KEYS, *(c for c in columns if c not in ("is_part", "members", "site")))


DRUG_USES: Final = frozenset(
    {"medicationadministration", "medicationrequest", "medicationstatement", "medicationdispense"}
)
OWNED: Final = frozenset({"identifier", "milestone"})  # long tables: several rows of one resource
TABLES: Final[dict[str, tuple[str, ...]]] = {
    **{name: _final(columns) for name, columns in COLUMNS.items()},
    **{name: (*_final(COLUMNS[name]), "owner_key") for name in sorted(OWNED)},
    "observation": (*_final(COLUMNS["observation"]), "parent_key", "member_of"),
    **{name: (*_final(COLUMNS[name]), "form_concept") for name in sorted(DRUG_USES)},
    "enrolment": (*_KEYS, *ENROLMENT_FIELDS),
}


@dataclass(slots=True)
class FhirTables:
    """What was read: the source table, and a flat table per resource type (all of :data:`TABLES`).

    ``sources`` has the columns of :data:`hbv_standards.provenance.SOURCE_COLUMNS`; its disposition is
    "superseded", "rejected" or still empty. Only resources whose disposition is empty have rows.
    ``faulted`` are the source ids in which the gate found fault, whether or not they were rejected. ``unread``
    holds, by source id, the paths of elements that nothing reads, joined by GS (:mod:`.unread`).
    """

    sources: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    faulted: frozenset[int] = frozenset()
    unread: pd.Series = field(default_factory=lambda: pd.Series([], dtype="str"))


def read_dtypes(table: str) -> dict[str, str]:
    """Column → pandas dtype of a table."""
    typed = {"source_id": "int64", **dict.fromkeys(BOOLEANS, "bool")}
    return {name: typed.get(name, "str") for name in TABLES[table]}


@cache
def _build_template(table: str) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in read_dtypes(table).items()})


def build_empty(table: str) -> pd.DataFrame:
    """A table without rows, with its columns and their types."""
    return _build_template(table).copy()
