"""One issue for every row of a selection."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import pandas as pd

from hbv_standards.issues import IssueLog


def report_rows(
    log: IssueLog,
    code: str,
    rows: pd.DataFrame,
    *,
    dataset: str = "",
    variable: str = "",
    value: str | Iterable[object] = "",
    message: str | Iterable[str] = "",
) -> None:
    """Report ``rows`` (``source_id``, maybe ``path``) under one code.

    ``value`` and ``message`` are one text for all rows or one per row; a missing value is none.
    """
    if rows.empty:
        return
    paths = rows["path"].fillna("") if "path" in rows else repeat("")
    values = repeat(value) if isinstance(value, str) else value
    messages = repeat(message) if isinstance(message, str) else message
    for source, path, said, told in zip(rows["source_id"], paths, values, messages, strict=False):
        log.add(
            code,
            source_id=int(source),
            path=str(path),
            dataset=dataset,
            variable=variable,
            value=said if isinstance(said, str) else "",
            message=told,
        )
