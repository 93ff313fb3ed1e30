"""onset[x] and abatement[x]: when a disease began or ended, as it was sent.

A period says that it began somewhere within it, which ISO 8601 writes as an interval. Ages and ranges
of age are no dates; they are carried as words beside the date, and reported where there is none.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec import UNSET, UnsetType

from hbv_standards.ingest.elements import Period, Quantity, Range
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import read_number
from hbv_standards.ingest.resources.times import read_datetime, read_period


class Onset(NamedTuple):
    """A moment as sent: a date, an interval ``start/end``, or a text; and an age in words."""

    when: str | None = None
    age: str | None = None


def read_onset(
    name: str,
    *,
    moment: str = "",
    period: Period | UnsetType = UNSET,
    text: str = "",
    age: Quantity | UnsetType = UNSET,
    ages: Range | UnsetType = UNSET,
) -> Onset:
    """onset[x] or abatement[x], as ``name`` says.

    Raises :class:`ElementFault` when a date is none, or it was sent in two types: what says less is the
    fault, and is left out.
    """
    sent = {
        "DateTime": bool(moment),
        "Period": period is not UNSET,
        "String": bool(text),
        "Age": age is not UNSET,
        "Range": ages is not UNSET,
    }
    first, *more = [kind for kind, told in sent.items() if told] or [""]
    if more:
        raise ElementFault(f"{name}{more[-1]}", f"was sent beside {name}{first}")
    if age is not UNSET:
        return Onset(age=read_age(age, f"{name}Age"))
    if ages is not UNSET:
        return Onset(age=_read_ages(ages, f"{name}Range"))
    if period is not UNSET:
        return Onset(_join_interval(*read_period(period, f"{name}Period")))
    return Onset(read_datetime(moment, f"{name}DateTime") or text.strip() or None)


def _join_interval(start: str | None, end: str | None) -> str | None:
    """``start/end``; the start alone where only that is known. Before what it began alone is no date."""
    if start is None:
        return f"/{end}" if end is not None else None
    return start if end is None or end == start else f"{start}/{end}"


def read_age(age: Quantity, path: str) -> str | None:
    """An age in words: "52 years"."""
    number = read_number(age.value, f"{path}.value")
    unit = age.unit or age.code
    return " ".join(filter(None, (number, unit))) if number is not None else None


def _read_ages(ages: Range, path: str) -> str | None:
    sides = [
        read_age(side, f"{path}.{name}")
        for name, side in (("low", ages.low), ("high", ages.high))
        if side is not UNSET
    ]
    return " - ".join(side for side in sides if side) or None
