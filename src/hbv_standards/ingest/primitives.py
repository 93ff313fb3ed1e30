"""FHIR primitives: is a text a date, an instant, a code, an id?

Dates and times are accepted as hospitals send them as long as ISO 8601 allows it: FHIR also wants
seconds and a time zone with every time (R4 datatypes, ``dateTime``), whose absence loses nothing
and is left to the full conformance check. The calendar is checked, so ``2023-02-29`` is no date.

Answers are remembered: the same few thousand times and codes come a million times.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_DATETIME = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?)?)?)?"
)
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]+)?)?")
_CODE = re.compile(r"\S+(?:\s\S+)*")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_REMEMBERED = 1 << 16


def is_date(text: str) -> bool:
    """``date``: year, year and month, or a day that the calendar has."""
    return "T" not in text and is_datetime(text)


@lru_cache(maxsize=_REMEMBERED)
def is_datetime(text: str) -> bool:
    """``dateTime``: a ``date``, or a full day with a time."""
    match = _DATETIME.fullmatch(text)
    if match is None:
        return False
    year, month, day, _ = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def is_instant(text: str) -> bool:
    """``instant``: a full day with a time."""
    return "T" in text and is_datetime(text)


def is_time(text: str) -> bool:
    """``time``: a time of day, without zone."""
    return _TIME.fullmatch(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def is_code(text: str) -> bool:
    """``code``: no blank outside, none doubled inside."""
    return _CODE.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """``id``: 1 to 64 letters, digits, ``-`` and ``.``."""
    return _ID.fullmatch(text) is not None
