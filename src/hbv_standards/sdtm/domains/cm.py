"""CM: treatment that is not study treatment: earlier, concomitant and rescue (SDTMIG 6.1.2)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.derive.relative_timing import derive_start_relation
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.interventions import derive_timing, map_dosing, map_name, trace_intervals
from hbv_standards.sdtm.study_view import StudyView

RANDOMIZATION, CONSENT = "RANDOMIZATION", "INFORMED CONSENT"


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    intervals = view.treatments.other
    if intervals.rows.empty:
        return None
    frame = intervals.rows.pipe(map_name, "CM", view, reported=True).pipe(map_dosing, "CM")
    frame = frame.pipe(map_categories, view).pipe(derive_timing, "CM", view)
    frame = frame.pipe(derive_end_points, view).pipe(derive_start_points, view)
    return view.conform("CM", frame, trace_intervals(intervals, "CM"))


def map_categories(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add CMDECOD, and CMCAT by the class of the drug as the spec assigns it."""
    classes = frame["treatment_id"].map(
        {d: row.treatment_class for d, row in view.catalog.treatments.items()}
    )
    categories = view.specs["CM"].assigned.get("CMCAT", {})
    return frame.assign(CMDECOD=frame["treatment_id"], CMCAT=classes.map(categories).astype("str"))


def derive_end_points(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add CMENRTPT and CMENTPT (SDTMIG 4.4.7).

    Earlier treatment that went on as study treatment ends, as CM, with randomisation; what still goes
    on is ONGOING at the data cut, or at the last contact where there is no cut. What a statement says to be
    over, without a date of the end, ended BEFORE the last contact; at a cut nobody knows that it was said already.
    """
    stopped, goes_on = frame["to_randomization"], frame["ongoing"]
    last = view.map_subject(frame, "RFPENDTC").str.slice(0, 10)
    point = last if view.cutoff is None else pd.Series(view.cutoff, index=frame.index)
    goes_on &= point.notna()
    over = frame["ceased"] & frame["end_dtc"].isna() & ~stopped & last.notna() & (view.cutoff is None)
    relation = pd.Series("COINCIDENT", index=frame.index).where(stopped).mask(goes_on, "ONGOING")
    named = pd.Series(RANDOMIZATION, index=frame.index).where(stopped).mask(goes_on | over, point)
    relation = relation.mask(over, "BEFORE")
    return frame.assign(
        CMENDTC=frame["CMENDTC"].where(~stopped),
        CMENDY=frame["CMENDY"].where(~stopped),
        CMENRTPT=relation.astype("str"),
        CMENTPT=named.astype("str"),
    )


def derive_start_points(frame: pd.DataFrame, view: StudyView) -> pd.DataFrame:
    """Add CMSTRTPT and CMSTTPT where no start was sent (SDTMIG 4.4.7).

    The part before randomisation of treatment that went on began BEFORE it; other treatment is told against informed
    consent.
    """
    told = derive_start_relation(frame, "CM", view.map_subject(frame, "RFICDTC"), CONSENT)
    stopped = frame["to_randomization"] & frame["CMSTDTC"].isna()
    return told.assign(
        CMSTRTPT=told["CMSTRTPT"].mask(stopped, "BEFORE"),
        CMSTTPT=told["CMSTTPT"].mask(stopped, RANDOMIZATION),
    )
