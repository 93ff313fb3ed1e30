"""Lists of values that are the study's or this library's own: ``codelist`` names that CDISC CT has not."""

from __future__ import annotations

from hbv_standards.study import StudyConfig

SUBJECT_STATUS = ("SCREENING", "SCREEN FAILURE", "RANDOMIZED", "COMPLETED", "DISCONTINUED")
"""How far a subject has come; the hospital's words for it decide ARMNRS and the DS records."""

NOT_DONE_REASON = "NOT_DONE_REASON"
"""Reasons for which a test was not done (--REASND): free text, in the language of the submission."""

USE_STATUS = ("NEVER", "FORMER", "CURRENT")
"""What an answer says of a substance: never used, used and given up, used now (SUOCCUR, SUENRTPT)."""

OWN_LISTS = ("ARMCD", "SUBJECT_STATUS", "USE_STATUS", NOT_DONE_REASON)


def list_own_values(codelist: str, study: StudyConfig) -> tuple[str, ...] | None:
    """The values of one of :data:`OWN_LISTS`; ``None`` where it is free text or no own list."""
    if codelist == "ARMCD":
        return tuple(arm.armcd for arm in study.arms)
    if codelist == "USE_STATUS":
        return USE_STATUS
    return SUBJECT_STATUS if codelist == "SUBJECT_STATUS" else None
