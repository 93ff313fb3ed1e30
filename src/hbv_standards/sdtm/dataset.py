"""A dataset as it is submitted: rows, what they mean and where each came from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.derive.sequence import compute_order, derive_seq
from hbv_standards.sdtm.spec import DatasetSpec, VariableSpec
from hbv_standards.sdtm.trace import TRACE_COLUMNS, conform_trace


@dataclass(frozen=True, slots=True)
class Split:
    """What a part of a domain is that is submitted in several datasets (SDTMIG 4.1.7).

    ``name`` and ``label`` are those of the part; ``whole`` has the rows of all parts, because a
    variable is the same in each of them.
    """

    name: str
    label: str
    whole: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Dataset:
    """Rows of one dataset.

    ``frame`` has the SDTM variables in the order of the spec, text as ``str`` and numbers as
    ``float64``, missing as NaN. ``trace`` has one row per source of a row: ``row`` (0-based row of
    ``frame``), ``variable`` ("" for the whole row), ``source_id``, ``path``, ``mapping_row``.
    ``qualifiers`` is what the rows have beyond the spec's variables, for the supplemental dataset:
    ``row`` and the columns of :mod:`hbv_standards.sdtm.qualifiers`. ``split`` is None unless the rows
    are a part of the domain of the spec.
    """

    spec: DatasetSpec
    frame: pd.DataFrame
    trace: pd.DataFrame
    qualifiers: pd.DataFrame | None = None
    split: Split | None = None

    @classmethod
    def conform(
        cls,
        frame: pd.DataFrame,
        spec: DatasetSpec,
        trace: pd.DataFrame | None = None,
        qualifiers: pd.DataFrame | None = None,
        order: Mapping[str, pd.Series] | None = None,
        collected: Collection[str] = (),
    ) -> Dataset:
        """Bring rows into the shape of the spec.

        Adds Required and Expected variables that are missing, drops Permissible ones without any
        value unless they were ``collected`` (SDTMIG 4.1.5), sorts by the keys and then by content,
        numbers --SEQ within the subject.
        ``trace`` and ``qualifiers`` refer to the rows of ``frame`` as given. ``order`` has columns that
        stand in for variables when the rows are sorted.
        """
        given = frame.reset_index(drop=True)
        shaped = pd.DataFrame({v.name: _shape_column(given, v) for v in spec.variables}, index=given.index)
        shaped["row"] = np.arange(len(shaped))
        ordered = shaped.iloc[_find_order(shaped, spec, qualifiers, order or {})].reset_index(drop=True)
        moved = np.empty(len(ordered), dtype="int64")
        moved[ordered["row"].to_numpy()] = np.arange(len(ordered))
        seq, subject = f"{spec.prefix}SEQ", next((n for n in ("USUBJID", "APID") if n in spec.names), None)
        if seq in spec.names and subject is not None:  # TSSEQ counts within a parameter (CG0268)
            ordered = derive_seq(ordered, seq, by=(subject,))
        kept = _find_kept(ordered, spec, collected)
        if qualifiers is not None:
            qualifiers = qualifiers.assign(row=moved[qualifiers["row"].to_numpy()])
        return cls(spec, ordered[kept], conform_trace(trace, moved), qualifiers)

    @property
    def name(self) -> str:
        """Name of the dataset: the spec's (LB), or the part's (LBCH)."""
        return self.spec.name if self.split is None else self.split.name

    @property
    def label(self) -> str:
        """Label of the dataset: the spec's, or the part's."""
        return self.spec.label if self.split is None else self.split.label

    @property
    def whole(self) -> pd.DataFrame:
        """The rows of the dataset and of all other parts of its domain."""
        return self.frame if self.split is None else self.split.whole

    @property
    def variables(self) -> Sequence[VariableSpec]:
        """Specs of the variables that the frame has, in order."""
        return [v for v in self.spec.variables if v.name in self.frame.columns]

    @property
    def keys(self) -> Sequence[str]:
        """Keys of the spec that the frame has: a Permissible one without any value is not submitted."""
        return [name for name in self.spec.keys if name in self.frame.columns]


def _find_order(
    shaped: pd.DataFrame, spec: DatasetSpec, qualifiers: pd.DataFrame | None, order: Mapping[str, pd.Series]
) -> npt.NDArray[np.intp]:
    """Positions of the rows in order; of equal rows the supplemental qualifiers decide."""
    by = shaped.assign(**{name: column.to_numpy() for name, column in order.items()})
    if qualifiers is not None:
        tied = by[by.duplicated(list(spec.keys), keep=False)]
        tied = tied[tied.duplicated(list(spec.names), keep=False)]
        told = qualifiers[qualifiers["row"].isin(tied.index)].sort_values(["row", "QNAM"])
        values = told["QVAL"].groupby(told["row"]).agg("\n".join)
        by = by.assign(QUALIFIERS=values.reindex(by.index).astype("str"))
    return compute_order(by, list(spec.keys))


def _find_kept(frame: pd.DataFrame, spec: DatasetSpec, collected: Collection[str]) -> list[str]:
    """Required, Expected and filled variables, and the study day of every date (FB1601, FB3201, FB3203)."""
    always = {v.name for v in spec.variables if v.core in ("Req", "Exp")}
    present = always | {name for name in spec.names if frame[name].notna().any() or name in collected}
    days = {f"{name.removesuffix('DTC')}DY" for name in present if name.endswith("DTC")}
    return [name for name in spec.names if name in present | days]


def _shape_column(frame: pd.DataFrame, variable: VariableSpec) -> pd.Series:
    column = frame.get(variable.name)
    if column is None:
        column = pd.Series([None] * len(frame), index=frame.index, dtype="object")
    return column.astype("float64") if variable.type == "Num" else column.astype("str")


__all__ = ["TRACE_COLUMNS", "Dataset", "Split"]
