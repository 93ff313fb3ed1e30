"""When a subject is seen: planned visits with their jitter, missed, repeated and unplanned ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal

from hbv_standards.simulate.habits import Role
from hbv_standards.simulate.protocol import BASELINE, PLANNED, SCREENING, VISITS, compute_date

Purpose = Literal["visit", "elastography", "check", "screening again", "end of treatment"]

_FIRST_CONSENT = date(2023, 3, 6)
_RECRUITMENT_DAYS = 540
_LATE_CONSENT = date(2025, 5, 26)  # whoever is still treated when the data end
_STOPS = {  # study days between which an outcome ends the participation
    "ADVERSE EVENT": (116, 134),
    "LOST TO FOLLOW-UP": (150, 176),
    "WITHDRAWAL BY SUBJECT": (96, 110),
    "DEATH": (190, 214),
    "ONGOING": (180, 184),
}
_TREATED_UNTIL_END = 10_000


@dataclass(frozen=True, slots=True)
class Appointment:
    """A day on which the subject comes, and why; ``planned`` is the visit it is meant to be."""

    start: datetime
    planned: int | None
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Calendar:
    """All dates of a subject. ``stop`` is the study day after which nothing happens any more."""

    consent: date
    randomised: date | None
    day_one: date | None
    stop: int
    end: date | None
    appointments: tuple[Appointment, ...]


def build_calendar(role: Role, site: str, rng: Random) -> Calendar:
    """The calendar of one subject; days follow the visit windows but for what the role does otherwise."""
    late = role.outcome == "ONGOING"
    recruited = rng.randrange(_RECRUITMENT_DAYS)
    consent = _LATE_CONSENT if late else _FIRST_CONSENT + timedelta(days=recruited)
    lead = 15 if role.second_screening else rng.randint(13, 26)
    waits = 0 if role.outcome == "SCREEN FAILURE" else rng.choice((0, 0, 1, 2))
    screening = consent + timedelta(days=waits)
    first = screening + timedelta(days=lead)
    if role.outcome == "SCREEN FAILURE":
        seen = (_appoint(screening, SCREENING, "visit", rng),)
        return Calendar(consent, None, None, 0, screening + timedelta(days=rng.randint(4, 9)), seen)
    if role.outcome == "NOT TREATED":
        seen = (_appoint(screening, SCREENING, "visit", rng),)
        return Calendar(consent, first, None, 0, first + timedelta(days=rng.randint(2, 6)), seen)
    return _build_treated(role, site, consent, screening, first, rng)


def _build_treated(
    role: Role, site: str, consent: date, screening: date, first: date, rng: Random
) -> Calendar:
    stop = rng.randint(*_STOPS[role.outcome]) if role.outcome in _STOPS else _TREATED_UNTIL_END
    seen = [_appoint(screening, SCREENING, "visit", rng)]
    if role.second_screening:
        seen.append(_appoint(screening + timedelta(days=7), None, "screening again", rng))
    days = _draw_days(role, site, rng)
    for number, day in days.items():
        if day <= stop and str(number) != role.missed:
            seen += _attend(number, day, first, stop, rng)
    seen += [
        _appoint(compute_date(day, first), None, "check", rng)
        for day in _draw_checks(role, days, rng)
        if day <= stop
    ]
    if role.outcome == "ADVERSE EVENT":
        seen.append(_appoint(compute_date(stop, first), None, "end of treatment", rng))
    seen.sort(key=lambda a: a.start)
    return Calendar(consent, first, first, stop, _find_end(role, stop, first, seen), tuple(seen))


def _draw_days(role: Role, site: str, rng: Random) -> dict[int, int]:
    """Study day of every planned visit from baseline on."""
    days = {v.number: v.day + rng.randint(-5, 7) for v in PLANNED if v.number > BASELINE}
    if role.role == "late visitor" and site == "zhongshan":  # stated, though outside its window
        days[5] = VISITS[5].high + 4
    return {BASELINE: 1, **days}


def _attend(number: int, day: int, first: date, stop: int, rng: Random) -> list[Appointment]:
    visit = [_appoint(compute_date(day, first), number, "visit", rng)]
    later = day + rng.randint(1, 3)
    nearer = abs(later - VISITS[number].day) < abs(day - VISITS[number].day)  # would take the visit's place
    if number in (4, 6) and later <= stop and not nearer and rng.random() < 0.6:
        visit.append(_appoint(compute_date(later, first), number, "elastography", rng))
    return visit


def _draw_checks(role: Role, days: dict[int, int], rng: Random) -> list[int]:
    """Unscheduled days, well after a visit that took place and before the next window opens."""
    after = [days[3] + rng.randint(18, 44), days[4] + rng.randint(18, 40)]
    return after[: role.unscheduled]


def _find_end(role: Role, stop: int, first: date, seen: list[Appointment]) -> date | None:
    if role.outcome == "ONGOING":
        return None
    return seen[-1].start.date() if role.outcome == "COMPLETED" else compute_date(stop, first)


def _appoint(day: date, planned: int | None, purpose: Purpose, rng: Random) -> Appointment:
    clock = time(rng.choice((7, 7, 8, 8, 9)), rng.randrange(60))
    return Appointment(datetime.combine(day, clock), planned, purpose)
