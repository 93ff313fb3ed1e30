"""The epoch of the trial in which something happened: screening from consent, treatment from the first dose."""

from __future__ import annotations

from collections.abc import Callable

from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.truth.exposure import find_treatment_dates

_DAY, _SECOND = len("2024-01-01"), len("2024-01-01T08:30:00")


def build_epochs(subject: Subject) -> Callable[[str], str]:
    """What gives the EPOCH of an ISO text; empty before consent and where the day is not known.

    The hour decides on the day of first dose where both tell it; otherwise that day is treatment.
    """
    consent, first = subject.consent.isoformat(), find_treatment_dates(subject)[0]

    def name_epoch(dtc: str) -> str:
        if len(dtc) < _DAY or dtc[:_DAY] < consent:
            return ""
        known = min(len(dtc), len(first), _SECOND)
        return "TREATMENT" if first and dtc[:known] >= first[:known] else "SCREENING"

    return name_epoch
