"""Which source, element and mapping row stand behind a row or a variable of a dataset."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

TRACE_COLUMNS = {"row": "int64", "variable": "str", "source_id": "int64", "path": "str", "mapping_row": "str"}


def trace_rows(
    frame: pd.DataFrame,
    variable: str = "",
    *,
    source: str = "source_id",
    path: str | None = "path",
    mapping: str | None = "mapping_row",
    row: str | None = None,
) -> pd.DataFrame:
    """Trace of the rows of a frame whose ``source`` column is filled.

    ``row`` names the column with the row of the dataset; without it the position counts.
    """
    known = frame[source].notna().to_numpy()
    wanted = [name for name in (source, path, mapping, row) if name is not None]
    part = frame[wanted] if known.all() else frame.loc[known, wanted]
    position = np.flatnonzero(known) if row is None else part[row]
    return _build_trace(
        {
            "row": position,
            "variable": [variable] * len(part),
            "source_id": part[source].array,
            "path": [""] * len(part) if path is None else part[path].array,
            "mapping_row": [None] * len(part) if mapping is None else part[mapping].array,
        }
    )


def join_traces(traces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All traces as one."""
    filled = [trace for trace in traces if len(trace)]
    return pd.concat(filled, ignore_index=True) if filled else _build_trace({})


def conform_trace(trace: pd.DataFrame | None, moved: npt.NDArray[np.int64]) -> pd.DataFrame:
    """The trace after rows have moved: row ``i`` is now ``moved[i]``; sorted, typed."""
    if trace is None or trace.empty:
        return _build_trace({})
    row = moved[trace["row"].to_numpy()]
    variable, path = (pd.factorize(trace[name], sort=True)[0] for name in ("variable", "path"))
    order = np.lexsort((path, trace["source_id"].to_numpy(), variable, row))
    rows = trace.assign(row=row).iloc[order].reset_index(drop=True)
    return rows[list(TRACE_COLUMNS)].astype(TRACE_COLUMNS)


def _build_trace(columns: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame({name: columns.get(name, []) for name in TRACE_COLUMNS}).astype(TRACE_COLUMNS)
