"""Where values come from: the source table.

Every resource that was read, in whatever version, is one row. Canonical and SDTM rows point to it
by ``source_id``; together with the variable's origin in its spec and the mapping row that was used
this tells the whole way of a value. Source ids follow (site, file, position), so they depend on
the input's content and names but never on the order in which files were given.
"""

from __future__ import annotations

from typing import Literal

Disposition = Literal["converted", "out of scope", "superseded", "rejected"]

SOURCE_COLUMNS: dict[str, str] = {
    "source_id": "int64",
    "site": "str",  # folder of the hospital in mappings/sites; empty when unknown
    "file": "str",  # path below the input folder, with forward slashes
    "position": "str",  # "entry[3].resource", "line 12", "" for a lone resource
    "fhir_version": "str",  # R4, R4B, R5
    "resource_type": "str",
    "resource_id": "str",
    "version_id": "str",
    "last_updated": "str",
    "full_url": "str",
    "sha256": "str",  # of the resource's bytes as read
    "disposition": "str",  # one of Disposition, filled when the run ends
    "reason": "str",  # issue code or short phrase behind a disposition other than converted
}
