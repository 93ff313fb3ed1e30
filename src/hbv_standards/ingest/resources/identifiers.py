"""identifier[] → table ``identifier``: by which numbers a resource is known. Never part of any output."""

from __future__ import annotations

from collections.abc import Iterable

from hbv_standards.canonical.concept_text import US
from hbv_standards.ingest.elements import ABSENT, Concept, Identifier
from hbv_standards.ingest.fragments import read_concept
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = ("system", "value")
_ACCESSION = "ACSN"  # v2-0203, the type of the number under which a department does an examination


class TypedIdentifier(Identifier):
    """Identifier with its type, of resources that an accession number may join."""

    type: Concept = ABSENT


def read_accession(identifiers: Iterable[TypedIdentifier]) -> str | None:
    """System and value of the first accession number as one text."""
    for at, identifier in enumerate(identifiers):
        kind = read_concept(identifier.type, f"identifier[{at}].type")
        if identifier.value and kind and f"{US}{_ACCESSION}{US}" in kind:
            return f"{identifier.system}{US}{identifier.value}"
    return None


def append_identifiers(identifiers: Iterable[Identifier], place: Place, rows: Rows) -> None:
    """One row per identifier that has a value."""
    source, anchor, path = place
    for at, identifier in enumerate(identifiers):
        if identifier.value:
            node = (source, anchor, f"{path}.identifier[{at}]")
            rows["identifier"].append((*node, identifier.system or None, identifier.value))
