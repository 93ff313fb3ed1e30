"""Rows of a hospital's own table that are not accepted: proposed, open or rejected."""

from __future__ import annotations

from collections.abc import Iterable

from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import CodeRow


def find_undecided(
    table: LookupTable,
    kind: str,
    system: str | None,
    code: str | None,
    names: Iterable[str],
    specimen: str | None,
) -> CodeRow | None:
    """The hospital's row of this code that is not accepted: proposed, open or rejected."""
    known = {normalise_text(name) for name in names}
    for row in table.codes:
        of_code = row.code == code and row.system in (system, None) if row.code else False
        of_text = row.code is None and row.text is not None and normalise_text(row.text) in known
        if (
            row.status != "accepted"
            and row.kind == kind
            and (of_code or of_text)
            and row.specimen in (specimen, None)
        ):
            return row
    return None
