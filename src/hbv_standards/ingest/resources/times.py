"""Times of an element, checked and carried as they were sent."""

from __future__ import annotations

from typing import Protocol

from msgspec import UNSET, UnsetType

from hbv_standards.ingest.elements import Period, Timing
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.primitives import is_date, is_datetime, is_instant

Span = tuple[str | None, str | None]


class Effective(Protocol):
    """A resource with effective[x]."""

    effective_date_time: str
    effective_period: Period | UnsetType


def read_datetime(text: str, path: str) -> str | None:
    """A ``dateTime``. Raises :class:`ElementFault`."""
    if not text:
        return None
    if not is_datetime(text):
        raise ElementFault(path, "is not a date or time")
    return text


def read_date(text: str, path: str) -> str | None:
    """A ``date``. Raises :class:`ElementFault`."""
    if text and not is_date(text):
        raise ElementFault(path, "is not a date")
    return text or None


def read_instant(text: str, path: str) -> str | None:
    """An ``instant``. Raises :class:`ElementFault`."""
    if text and not is_instant(text):
        raise ElementFault(path, "is not an instant")
    return text or None


def read_period(period: Period | UnsetType, path: str) -> Span:
    """Start and end of a Period."""
    if period is UNSET:
        return None, None
    return read_datetime(period.start, f"{path}.start"), read_datetime(period.end, f"{path}.end")


def read_moment_or_period(moment: str, period: Period | UnsetType, name: str) -> Span:
    """The dateTime and Period of ``name``[x] as start and end. A moment is a start without an end.

    Raises :class:`ElementFault` when both were sent.
    """
    if moment and period is not UNSET:
        raise ElementFault(f"{name}Period", f"was sent beside {name}DateTime")
    if moment:
        return read_datetime(moment, f"{name}DateTime"), None
    return read_period(period, f"{name}Period")


def read_effective(o: Effective) -> Span:
    """effective[x] as start and end. A moment is a start without an end.

    Raises :class:`ElementFault` when both a moment and a period were sent.
    """
    if o.effective_date_time or o.effective_period is not UNSET:
        return read_moment_or_period(o.effective_date_time, o.effective_period, "effective")
    return read_instant(getattr(o, "effective_instant", ""), "effectiveInstant"), None


def read_timing(timing: Timing | UnsetType, path: str) -> Span:
    """A Timing as start and end: its bounds, or its only event."""
    if timing is UNSET:
        return None, None
    events = [read_datetime(event, f"{path}.event[{at}]") for at, event in enumerate(timing.event)]
    if len(events) == 1:
        return events[0], None
    bounds = timing.repeat.bounds_period if timing.repeat is not UNSET else UNSET
    return read_period(bounds, f"{path}.repeat.boundsPeriod")
