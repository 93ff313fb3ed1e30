"""The decoded columns of a run, before they are linked: by source, which is a row of the frame of sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hbv_standards.ingest.codes import ONLY_R4, ONLY_R5, ONLY_R5_COMPARATOR
from hbv_standards.ingest.columns import build_table_columns
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.issues import IssueLog

# Without their status nobody can tell whether the drug was taken (see .faults)
_ESSENTIAL = frozenset({("medicationrequest", "status"), ("medicationstatement", "status"),
                        ("observation", "comparator")})  # fmt: skip


class DecodedRows:
    """The decoded columns of a run. ``source`` cells are rows of the frame of sources, in rising order."""

    def __init__(self, parts: Mapping[str, list[pa.Table]], sources: pd.DataFrame) -> None:
        self._tables = {name: pa.concat_tables(listed) for name, listed in parts.items()}
        self._rows = {name: table.column("source").to_numpy() for name, table in self._tables.items()}
        self._sources = sources

    def are_equal(self, one: int, other: int) -> bool:
        """Whether two sources say the same in every column of every table; types that are not decoded never do."""
        types = self._sources["resource_type"]
        if types.iat[one] not in KINDS or types.iat[one] != types.iat[other]:
            return False
        return all(self._slice(name, one).equals(self._slice(name, other)) for name in self._tables)

    def _slice(self, name: str, row: int) -> pa.Table:
        start, end = np.searchsorted(self._rows[name], [row, row + 1])
        return self._tables[name].slice(start, end - start).drop_columns(["source"])

    def take_frame(self, name: str) -> pd.DataFrame:
        """The rows of sources that are in use, in the order of source ids, with source_id, key and site.

        Gives the table away.
        """
        table = self._tables.pop(name, None)
        table = table if table is not None else build_table_columns(name, [])
        rows = table.column("source").to_numpy()
        ids = self._sources["source_id"].to_numpy()
        chosen = np.flatnonzero((self._sources["disposition"] == "").to_numpy()[rows])
        order = chosen[np.argsort(ids[rows[chosen]], kind="stable")]
        if not np.array_equal(order, np.arange(len(rows))):
            table = table.take(pa.array(order))
            rows = rows[order]
        frame: pd.DataFrame = table.to_pandas()
        said = frame.rename(columns={"site": "for_site"})
        sites = self._sources["site"].take(rows).array
        return said.assign(source_id=ids[rows], key=self._build_keys(frame, rows, ids), site=sites)

    def _build_keys(self, frame: pd.DataFrame, rows: np.ndarray, ids: np.ndarray) -> pd.Series:
        """Key of each row's resource, ``<source_id>#<id>`` where it is a contained one."""
        keys = pd.Series(self._sources["_key"].take(rows).array)
        contained = frame["anchor"].notna()
        if not contained.any():
            return keys
        inside = pd.Series(ids[rows]).astype("str") + "#" + frame["anchor"]
        return keys.where(~contained, inside)

    def check_codes(self, log: IssueLog) -> None:
        """Codes that the resource's FHIR version does not have: rejected where essential, else left out.

        Changes the frame of sources.
        """
        pairs = [(name, "status", ONLY_R4.get(name), ONLY_R5.get(name)) for name in sorted({*ONLY_R4, *ONLY_R5})]
        for name, column, only_r4, only_r5 in [
            *pairs, ("observation", "comparator", None, frozenset({ONLY_R5_COMPARATOR})),
        ]:  # fmt: skip
            foreign = self._find_foreign(name, column, only_r4 or frozenset(), only_r5 or frozenset())
            if foreign.any():
                self._settle_foreign(name, column, foreign, log)

    def _find_foreign(self, name: str, column: str, only_r4: frozenset[str], only_r5: frozenset[str]) -> np.ndarray:
        if name not in self._tables:
            return np.zeros(0, dtype=bool)
        sent = self._tables[name].column(column)
        is_r5 = (self._sources["fhir_version"] == "R5").to_numpy()[self._rows[name]]
        of_r4, of_r5 = (
            pc.is_in(sent, value_set=pa.array(sorted(codes), sent.type)).to_numpy() for codes in (only_r4, only_r5)
        )
        return np.asarray((of_r4 & is_r5) | (of_r5 & ~is_r5))

    def _settle_foreign(self, name: str, column: str, foreign: np.ndarray, log: IssueLog) -> None:
        table, sources = self._tables[name], self._sources
        rejected = foreign & pc.is_null(table.column("anchor")).to_numpy() & ((name, column) in _ESSENTIAL)
        for at in np.flatnonzero(foreign):
            row = self._rows[name][at]
            version = sources["fhir_version"].iat[row]
            code = "HBV-ING-005" if rejected[at] else "HBV-ING-004"
            log.add(
                code,
                source_id=int(sources["source_id"].iat[row]),
                path=f"{table.column('path')[at].as_py()}.{column}",
                value=table.column(column)[at].as_py(),
                message=f"is not in the required value set of FHIR {version}",
            )
            sources.loc[row, "_faulted"] = True
            if rejected[at]:
                sources.loc[row, ["disposition", "reason"]] = ["rejected", code]
        emptied = pc.if_else(pa.array(foreign), pa.scalar(None, pa.large_string()), table.column(column))
        self._tables[name] = table.set_column(table.column_names.index(column), column, emptied)
