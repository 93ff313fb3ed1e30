"""The trial's plan as the simulator knows it, written down here a second time on purpose.

The truth tables must not lean on what they are to judge, so nothing of ``mappings/`` is read; a
test holds these facts against ``study.yaml``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

SITES = ("zhongshan", "guangzhou", "foshan")
SITE_NUMBERS = {"zhongshan": "01", "guangzhou": "02", "foshan": "03"}
STUDY = "HBV-PEG-48"

SPAN_DAYS = 3  # days after the day of a visit that still belong to it
GAP_DAYS = {"EVERY WEEK": 13, "QD": 7}  # days between doses of one constant-dosing interval

SCREENING, BASELINE = 1, 2


class Planned(NamedTuple):
    """A planned visit and its window in study days, both ends included."""

    number: int
    name: str
    day: int
    low: int
    high: int


PLANNED = (
    Planned(1, "SCREENING", -14, -42, -1),
    Planned(2, "BASELINE", 1, 1, 1),
    Planned(3, "WEEK 12", 85, 57, 113),
    Planned(4, "WEEK 24", 169, 141, 197),
    Planned(5, "WEEK 36", 253, 225, 281),
    Planned(6, "WEEK 48", 337, 309, 365),
)
VISITS = {visit.number: visit for visit in PLANNED}


def compute_day(day: date, reference: date) -> int:
    """Study day: 1 on the reference day, -1 the day before, no day 0 (SDTMIG 4.4.4)."""
    elapsed = (day - reference).days
    return elapsed + 1 if elapsed >= 0 else elapsed


def compute_date(study_day: int, reference: date) -> date:
    """The date of a study day."""
    return reference + timedelta(days=study_day - 1 if study_day > 0 else study_day)
