"""AE: Adverse Events: what happened to the subjects, as the hospitals report it (SDTMIG 6.2.1)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.events import (
    derive_days,
    derive_end_points,
    derive_start_epoch,
    map_decoded,
    map_events,
    select_events,
)
from hbv_standards.sdtm.findings import report_unplaced
from hbv_standards.sdtm.report import report_rows
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    events = drop_absent(select_events(view, "adverse event"), view)
    if events.empty:
        return None
    frame = (
        events.pipe(map_events, "AE", "AE", view)
        .pipe(map_coding, view)
        .pipe(derive_death)
        .pipe(derive_days, "AE", view)
        .pipe(derive_start_epoch, "AE", view)
        .pipe(derive_end_points, "AE", view)
    )
    report_unplaced(frame, view.specs["AE"], view.log)
    return view.conform("AE", frame, trace_rows(frame))


def drop_absent(events: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """AE holds events that occurred (SDTMIG AE 9, CG0040); a denied one is reported."""
    absent = events["occurred"].isin(["N", "U"])
    rows = events[absent]
    told = "did not occur, or it is not known: AE holds events that occurred (SDTMIG AE 9)"
    report_rows(view.log, "HBV-SDTM-001", rows, dataset="AE", value=rows["term"], message=told)
    return events[~absent].reset_index(drop=True)


def derive_death(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill AESDTH: an event of which the outcome is FATAL resulted in death (OUT C66768). What was sent stays."""
    fatal = pd.Series("Y", index=frame.index).where(frame["outcome"].eq("FATAL")).astype("str")
    return frame.assign(AESDTH=frame["AESDTH"].fillna(fatal))


def map_coding(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add AEDECOD and AEPRESP.

    AEDECOD is MedDRA's term where the hospital coded in MedDRA, else the English term of the mapping
    tables; without either it is missing, which is reported, for SDTM requires it.
    """
    decoded = map_decoded(frame).fillna(frame["term_value"])
    lost = frame[decoded.isna()]
    told = "not coded in MedDRA and without an English term in the mapping tables; AEDECOD is missing"
    report_rows(
        view.log, "HBV-SDTM-012", lost, dataset="AE", variable="AEDECOD", value=lost["term"], message=told
    )
    asked = pd.Series("Y", index=frame.index).where(frame["prespecified"]).astype("str")
    return frame.assign(AEDECOD=decoded, AEPRESP=asked)
