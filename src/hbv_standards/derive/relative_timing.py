"""Starts of which only the relation to a time point is known (SDTMIG 3.4 section 4.4.7)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.dates import compute_before

BEFORE, UNKNOWN = "BEFORE", "UNKNOWN"
"""Values of --STRTPT (STENRF C66728) that this module gives."""


def derive_start_relation(
    frame: pd.DataFrame, prefix: str, moment: pd.Series, name: str, known: pd.Series | None = None
) -> pd.DataFrame:
    """Add --STRTPT and --STTPT to records without --STDTC, against the time point called ``name``.

    BEFORE where the record ended surely before ``moment`` (ISO text by record), on a date or by the day of --ENTPT,
    or is ``known`` (bool) to have begun before it. UNKNOWN where only something of its end is told: an end does not
    stand without anything of the start (FB4301). Nothing where the moment is not known.

    ``frame`` has --STDTC, --ENDTC, --ENRTPT and --ENTPT.
    """
    ended = frame[f"{prefix}ENDTC"]
    known_end = frame[f"{prefix}ENTPT"].where(frame[f"{prefix}ENRTPT"].eq(BEFORE)).astype("str")
    before = compute_before(ended.fillna(known_end), moment.astype("str"))
    if known is not None:
        before |= known
    told = ended.notna() | frame[f"{prefix}ENRTPT"].notna()
    open_ones = frame[f"{prefix}STDTC"].isna() & moment.notna() & (before | told)
    relation = pd.Series(UNKNOWN, index=frame.index).mask(before, BEFORE).where(open_ones)
    named = pd.Series(name, index=frame.index).where(open_ones)
    return frame.assign(**{f"{prefix}STRTPT": relation.astype("str"), f"{prefix}STTPT": named.astype("str")})
