"""Milestones and dispositions of subjects (DS, SDTMIG 3.4 section 6.2.3), from what is known of the subject."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.derive.dates import parse_dtc
from hbv_standards.derive.demographics import SCREEN_FAILURE, derive_death

MILESTONE, DISPOSITION, OTHER = "PROTOCOL MILESTONE", "DISPOSITION EVENT", "OTHER EVENT"
"""DSCAT C74558."""

PARTICIPATION, TREATMENT = "STUDY PARTICIPATION", "STUDY TREATMENT"
"""DSSCAT C170443."""

COMPLETED, DEATH = "COMPLETED", "DEATH"
"""DSDECOD, of NCOMPLT C66727."""

MILESTONES = {"consent_dtc": "INFORMED CONSENT OBTAINED", "randomized_dtc": "RANDOMIZED"}
"""Date of a subject → DSDECOD, of PROTMLST C114118."""

RANDOMIZED = MILESTONES["randomized_dtc"]
COLUMNS = ("subject_id", "DSCAT", "DSSCAT", "DSDECOD", "reason_text", "DSSTDTC", "field")


def derive_milestones(subjects: pd.DataFrame) -> pd.DataFrame:
    """Consent and randomisation of every subject who has the date: :data:`COLUMNS`."""
    parts = [
        _build_rows(subjects[subjects[field].notna()], MILESTONE, None, decod, field)
        for field, decod in MILESTONES.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _build_rows(
    subjects: pd.DataFrame, category: str, subcategory: str | None, decod: str | pd.Series, field: str
) -> pd.DataFrame:
    rows = subjects[["subject_id"]].assign(
        DSCAT=category,
        DSSCAT=subcategory,
        DSDECOD=decod,
        reason_text=None,
        DSSTDTC=subjects[field],
        field=field,
    )
    return rows.astype("str")


def derive_participation(subjects: pd.DataFrame) -> pd.DataFrame:
    """How participation ended, for subjects with ``ended``: :data:`COLUMNS`, DSDECOD missing where unknown.

    The reason that was sent, else the status COMPLETED or SCREEN FAILURE, else DEATH of who died. A death is
    dated by ``death_dtc``, so that it agrees with DM.DTHDTC (CG0069), everything else by ``end_dtc``.
    """
    over = subjects[subjects["ended"]]
    by_status = over["status"].where(over["status"].isin([COMPLETED, SCREEN_FAILURE]))
    by_death = pd.Series(DEATH, index=over.index).where(derive_death(over))
    decod = over["end_reason"].fillna(by_status).fillna(by_death).astype("str")
    dated = over.assign(ended_on=over["end_dtc"].mask(decod.eq(DEATH), over["death_dtc"]))
    rows = _build_rows(dated, DISPOSITION, PARTICIPATION, decod, "ended_on")
    return rows.assign(reason_text=over["end_reason_text"].astype("str")).reset_index(drop=True)


def derive_later_deaths(subjects: pd.DataFrame, participation: pd.DataFrame) -> pd.DataFrame:
    """Deaths of subjects whose participation ended for another reason: an event outside the dispositions."""
    reason = subjects["subject_id"].map(participation.set_index("subject_id")["DSDECOD"])
    died = derive_death(subjects) & reason.notna() & reason.ne(DEATH)
    return _build_rows(subjects[died], OTHER, None, DEATH, "death_dtc").reset_index(drop=True)


def derive_treatment_end(
    participation: pd.DataFrame, subjects: pd.DataFrame, exposure: pd.DataFrame, gap_days: Mapping[str, int]
) -> pd.DataFrame:
    """How study treatment ended, for treated subjects whose participation is over: :data:`COLUMNS`.

    Treatment that ran its planned time is COMPLETED; treatment that ran to the end of participation ended for
    the same reason. It ran to a day when no more days lie between the last dose and that day than
    the gap of the dosing (``gap_days``, by frequency, with "default"). DSDECOD is missing for treatment
    that ended earlier. The date is that of the last dose (RFXENDTC); a death keeps its own (CG0069).

    Args:
        participation: of :func:`derive_participation`.
        subjects: ``subject_id, RFXSTDTC, RFXENDTC, RFPENDTC, planned_end`` (datetime64: the day after the
            planned treatment, NaT where none is planned).
        exposure: intervals of study treatment: ``subject_id, frequency, ongoing``, the last one last.
    """
    treated = subjects[subjects["RFXSTDTC"].notna()]
    rows = participation.merge(
        treated[["subject_id", "RFXENDTC", "RFPENDTC", "planned_end"]], on="subject_id"
    )
    last = exposure.drop_duplicates("subject_id", keep="last").set_index("subject_id")["frequency"]
    frequency = rows["subject_id"].map(last)
    allowed = frequency.map(dict(gap_days)).astype("float64").fillna(gap_days["default"])
    goes_on = rows["subject_id"].isin(exposure.loc[exposure["ongoing"], "subject_id"])
    ended = parse_dtc(rows["DSSTDTC"].fillna(rows["RFPENDTC"]))["earliest"]
    dosed_until = parse_dtc(rows["RFXENDTC"])["end"]
    as_planned = (rows["planned_end"] <= ended) & (
        goes_on | _is_within(dosed_until, rows["planned_end"], allowed)
    )
    to_end = goes_on | _is_within(dosed_until, ended, allowed)
    decod = rows["DSDECOD"].where(to_end).mask(as_planned, COMPLETED)
    date = rows["RFXENDTC"].mask(goes_on | decod.eq(DEATH), rows["DSSTDTC"])
    text = rows["reason_text"].where(to_end & decod.eq(rows["DSDECOD"]))
    ends = rows.assign(DSSCAT=TREATMENT, DSDECOD=decod, reason_text=text, DSSTDTC=date, field="RFXENDTC")
    return ends[list(COLUMNS)].astype("str")


def _is_within(dosed_until: pd.Series, day: pd.Series, allowed: pd.Series) -> pd.Series:
    """Whether no more than ``allowed`` days lie between the last dose and ``day``."""
    idle = (day - dosed_until).dt.total_seconds() / 86400
    within: pd.Series = idle < allowed
    return within
