"""Units that no row of the tables knows: what to write where, in the same words for results, ranges and doses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from hbv_standards.issues import IssueLog
from hbv_standards.mapping.apply import SiteMapper

UNMAPPED_UNIT: Final = "unit {lost!r} is not mapped; add it to units.csv or sites/{site}/units.csv"


def report_unmapped_units(
    rows: pd.DataFrame,
    lost: pd.Series,
    sent: str,
    element: str,
    mappers: Mapping[str, SiteMapper],
    log: IssueLog,
) -> None:
    """HBV-MAP-002 for the rows of the mask ``lost``.

    ``sent`` begins the names of the columns that hold the unit as it was sent: ``<sent>_text``, ``<sent>_code``
    and, where it is kept, ``<sent>_system``.
    """
    wanted = rows[lost]
    units = wanted[f"{sent}_text"].fillna(wanted[f"{sent}_code"])
    for row, unit in zip(wanted.to_dict("records"), units, strict=True):
        told = UNMAPPED_UNIT.format(lost=str(unit), site=row["site"])
        code, system = (row.get(f"{sent}_{part}") for part in ("code", "system"))
        if isinstance(code, str) and isinstance(system, str):
            told = "; ".join(filter(None, (told, mappers[row["site"]].explain_unit(code, system))))
        path = f"{row['path']}.{element}"
        log.add("HBV-MAP-002", source_id=row["source_id"], path=path, value=str(unit), message=told)
