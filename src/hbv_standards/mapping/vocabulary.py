"""Lists of values that are the study's or this library's own: ``codelist`` names that CDISC CT has not."""

from __future__ import annotations

from hbv_standards.study import StudyConfig

SUBJECT_STATUS = ("SCREENING", "SCREEN FAILURE", "RANDOMIZED", "COMPLETED", "DISCONTINUED")
"""How far a subject has come; the hospital's words for it decide ARMNRS and the DS records."""

NOT_DONE_REASON = "NOT_DONE_REASON"
"""Reasons for which a test was not done (--REASND): free text, in the language of the submission."""

USE_STATUS = ("NEVER", "FORMER", "CURRENT")
"""What an answer says of a substance: never used, used and given up, used now (SUOCCUR, SUENRTPT)."""

EVENT_KIND = ("ADVERSE EVENT", "HISTORY", "NOT COLLECTED")
"""What the category of a disease makes of it: a row of AE, of MH, or none."""

PRIMARY_DIAGNOSIS, GENERAL_HISTORY = "PRIMARY DIAGNOSIS", "GENERAL MEDICAL HISTORY"
"""MHCAT: the disease that a criterion of the study asks for, and every other."""

TOXGR = ("1", "2", "3", "4", "5")
"""Grades of an adverse event (--TOXGR), as CTCAE numbers them."""

TERM, CAUSALITY, NOTE = "TERM", "CAUSALITY", "NOTE"
"""English names of diseases and events, judgements on their relation to treatment (AEREL), and notes in English
(COVAL): free text in ASCII, for every build must hold it."""

ENGLISH_LISTS = (TERM, CAUSALITY, NOTE)
OWN_LISTS = (
    "ARMCD", "SUBJECT_STATUS", "USE_STATUS", "EVENT_KIND", "TOXGR", *ENGLISH_LISTS, NOT_DONE_REASON,
)  # fmt: skip


def list_own_values(codelist: str, study: StudyConfig) -> tuple[str, ...] | None:
    """The values of one of :data:`OWN_LISTS`; ``None`` where it is free text or no own list."""
    if codelist == "ARMCD":
        return tuple(arm.armcd for arm in study.arms)
    return _VALUES.get(codelist)


_VALUES = {"SUBJECT_STATUS": SUBJECT_STATUS, "USE_STATUS": USE_STATUS, "EVENT_KIND": EVENT_KIND, "TOXGR": TOXGR}
