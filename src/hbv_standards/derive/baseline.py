"""--LOBXFL: the last observation before first exposure (SDTMIG 4.5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.derive.dates import parse_dtc
from hbv_standards.derive.sequence import compute_order

Mask: TypeAlias = npt.NDArray[np.bool_]


def derive_lobxfl(
    frame: pd.DataFrame,
    prefix: str,
    reference: str,
    identity: Sequence[str],
    *,
    baseline_visitnum: float | None = None,
) -> pd.DataFrame:
    """Add --LOBXFL: "Y" on the last result before first exposure, else missing (CG0541).

    ``reference``: column with the subject's RFXSTDTC; subjects without one get no flag.
    ``identity``: the variables that tell one test from another, beside USUBJID (--TESTCD, --CAT,
    --SPEC, --METHOD, --TSTDTL ... as the domain uses them); missing cells are values of their own.
    At most one record per USUBJID and identity is flagged.

    A record qualifies with --ORRES (or --DRVFL "Y") and --STRESC (CG0553, CG0569) and a --DTC
    that lies surely before RFXSTDTC: by the times where both have them, by the dates otherwise.
    Where the day is the same and the order is not known (a time is missing, or both name the same
    minute), the sample of the scheduled baseline visit (VISITNUM ``baseline_visitnum``) counts as
    taken before the dose, as a protocol orders it, and any other sample does not.

    The last record is the one with the latest --DTC; a partial date counts by the first moment
    that it allows. Of records with the same --DTC the last by --SEQ wins; where the frame has no
    --SEQ yet the last by VISITNUM and then by all other SDTM variables, so that the order of the
    rows never matters. Raises ``KeyError`` for a column that the frame does not have.
    """
    dtc, first_dose = parse_dtc(frame[f"{prefix}DTC"]), parse_dtc(frame[reference])
    before = _is_before(dtc, first_dose) | (
        _is_undecided(dtc, first_dose) & _is_baseline_visit(frame, baseline_visitnum)
    )
    candidates = np.flatnonzero(before & _has_result(frame, prefix))
    test = ["USUBJID", *identity]
    rows = frame.assign(_earliest=dtc["earliest"].array, _end=dtc["end"].array).iloc[candidates]
    tie = next(([name] for name in (f"{prefix}SEQ", "VISITNUM") if name in frame), [])
    order = compute_order(rows, [*test, "_earliest", "_end", *tie])
    last = ~rows[test].iloc[order].duplicated(keep="last").to_numpy()
    flags = np.full(len(frame), None, dtype=object)
    flags[candidates[order[last]]] = "Y"
    return frame.assign(**{f"{prefix}LOBXFL": pd.array(flags, dtype="str")})


def _is_before(dtc: pd.DataFrame, first_dose: pd.DataFrame) -> Mask:
    before: Mask = dtc["end"].to_numpy() <= first_dose["earliest"].to_numpy()
    return before


def _is_undecided(dtc: pd.DataFrame, first_dose: pd.DataFrame) -> Mask:
    """On the day of first dose, where the texts do not tell which came first."""
    same_day: Mask = dtc["date"].to_numpy() == first_dose["date"].to_numpy()
    after: Mask = dtc["earliest"].to_numpy() >= first_dose["end"].to_numpy()
    return same_day & ~after & ~_is_before(dtc, first_dose)


def _is_baseline_visit(frame: pd.DataFrame, visitnum: float | None) -> Mask:
    if visitnum is None:
        return np.zeros(len(frame), dtype=bool)
    return frame["VISITNUM"].eq(visitnum).to_numpy(dtype=bool)


def _has_result(frame: pd.DataFrame, prefix: str) -> Mask:
    collected = frame[f"{prefix}ORRES"].notna()
    if f"{prefix}DRVFL" in frame:
        collected |= frame[f"{prefix}DRVFL"].eq("Y")
    return (collected & frame[f"{prefix}STRESC"].notna()).to_numpy(dtype=bool)
