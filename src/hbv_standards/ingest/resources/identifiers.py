"""identifier[] → table ``identifier``: by which numbers a resource is known. Never part of any output."""

from __future__ import annotations

from collections.abc import Iterable

from hbv_standards.ingest.elements import Identifier
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = ("system", "value")


def append_identifiers(identifiers: Iterable[Identifier], place: Place, rows: Rows) -> None:
    """One row per identifier that has a value."""
    source, anchor, path = place
    for at, identifier in enumerate(identifiers):
        if identifier.value:
            node = (source, anchor, f"{path}.identifier[{at}]")
            rows["identifier"].append((*node, identifier.system or None, identifier.value))
