"""The decoded columns of a run, before they are linked: by source, which is a row of the frame of sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from hbv_standards.ingest.codes import ONLY_R4, ONLY_R5, ONLY_R5_COMPARATOR
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.versions import settle_rows
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

    def digest_content(self, rows: np.ndarray) -> dict[int, int]:
        """A number for each of the sources (``rows`` of the frame) of a decoded type: equal where everything
        that was read of two sources is equal."""
        kinds = self._sources["resource_type"].take(rows).isin(KINDS).to_numpy()
        digest = dict.fromkeys(rows[kinds].tolist(), 0)
        for at, (name, table) in enumerate(self._tables.items(), 1):
            chosen = np.isin(self._rows[name], rows)
            if not chosen.any():
                continue
            frame = table.filter(pa.array(chosen)).drop_columns(["source"]).to_pandas()
            hashes = pd.util.hash_pandas_object(frame, index=False).to_numpy()
            for row, value in zip(self._rows[name][chosen].tolist(), hashes.tolist(), strict=True):
                if row in digest:
                    digest[row] = hash((digest[row], at, value))  # numbers only: the same in every process
        return digest

    def take_frame(self, name: str) -> pd.DataFrame | None:
        """The rows of sources that are in use, in the order of source ids, with source_id, key and site.

        Gives the table away. None when it has no row.
        """
        table = self._tables.pop(name, None)
        if table is None:
            return None
        rows = table.column("source").to_numpy()
        ids = self._sources["source_id"].to_numpy()
        chosen = np.flatnonzero((self._sources["disposition"] == "").to_numpy()[rows])
        order = chosen[np.argsort(ids[rows[chosen]], kind="stable")]
        if len(order) == 0:
            return None
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
        pairs = [
            (name, "status", ONLY_R4.get(name), ONLY_R5.get(name)) for name in sorted({*ONLY_R4, *ONLY_R5})
        ]
        for name, column, only_r4, only_r5 in [
            *pairs, ("observation", "comparator", None, frozenset({ONLY_R5_COMPARATOR})),
        ]:  # fmt: skip
            foreign = self._find_foreign(name, column, only_r4 or frozenset(), only_r5 or frozenset())
            if foreign.any():
                self._settle_foreign(name, column, foreign, log)

    def _find_foreign(
        self, name: str, column: str, only_r4: frozenset[str], only_r5: frozenset[str]
    ) -> np.ndarray:
        if name not in self._tables:
            return np.zeros(0, dtype=bool)
        sent = self._tables[name].column(column)
        is_r5 = (self._sources["fhir_version"] == "R5").to_numpy()[self._rows[name]]
        of_r4, of_r5 = (
            pc.is_in(sent, value_set=pa.array(sorted(codes), sent.type)).to_numpy()
            for codes in (only_r4, only_r5)
        )
        return np.asarray((of_r4 & is_r5) | (of_r5 & ~is_r5))

    def _settle_foreign(self, name: str, column: str, foreign: np.ndarray, log: IssueLog) -> None:
        table, sources = self._tables[name], self._sources
        rejected = foreign & pc.is_null(table.column("anchor")).to_numpy() & ((name, column) in _ESSENTIAL)
        rows = self._rows[name][foreign]
        cells = (
            sources["source_id"].take(rows).tolist(),
            sources["fhir_version"].take(rows).tolist(),
            table.column("path").filter(pa.array(foreign)).to_pylist(),
            table.column(column).filter(pa.array(foreign)).to_pylist(),
            rejected[foreign].tolist(),
        )
        for source_id, version, path, value, is_rejected in zip(*cells, strict=True):
            log.add(
                "HBV-ING-005" if is_rejected else "HBV-ING-004",
                source_id=source_id,
                path=f"{path}.{column}",
                value=value,
                message=f"is not in the required value set of FHIR {version}",
            )
        sources["_faulted"] |= np.isin(np.arange(len(sources)), rows)
        settle_rows(sources, dict.fromkeys(self._rows[name][rejected].tolist(), "HBV-ING-005"), "rejected")
        emptied = pc.if_else(pa.array(foreign), pa.scalar(None, pa.large_string()), table.column(column))
        self._tables[name] = table.set_column(table.column_names.index(column), column, emptied)
