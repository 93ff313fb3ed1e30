"""Whose a resource is and which FHIR its server speaks, where the resource itself tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from hbv_standards.ingest.elements import Identifier
from hbv_standards.ingest.fhir_version import read_stated_version
from hbv_standards.ingest.raw import RawEntry

HINTS: Final = frozenset({"CapabilityStatement", "ImplementationGuide", "StructureDefinition"})


def find_origin(entry: RawEntry, source: str, systems: Iterable[tuple[str, str]]) -> set[str]:
    """Sites whose identifier systems a resource names, in its identifiers, its fullUrl or its ``meta.source``."""
    named = [entry.full_url, source, *_read_systems(entry.json)]
    return {site for system, site in systems for text in named if text.startswith(system)}


def _read_systems(raw: bytes) -> Iterator[str]:
    """Systems of the resource's own identifiers."""
    try:
        listed = msgspec.json.decode(raw, type=_Identified).identifier
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    yield from (i.system for i in (listed if isinstance(listed, list) else [listed]))


class _Identified(msgspec.Struct):
    identifier: list[Identifier] | Identifier = []


class _Stating(msgspec.Struct):
    fhir_version: Any = msgspec.field(default="", name="fhirVersion")


def read_hint(kind: str, raw: bytes) -> str:
    """FHIR version that a CapabilityStatement or the like says of its server; empty for other resources."""
    if kind not in HINTS:
        return ""
    try:
        said = msgspec.json.decode(raw, type=_Stating).fhir_version
    except (msgspec.DecodeError, RecursionError):
        return ""
    said = said[0] if isinstance(said, list) and said else said
    return read_stated_version(said) if isinstance(said, str) else ""
