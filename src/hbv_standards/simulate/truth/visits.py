"""Which visit every day of a subject belongs to.

A hospital that states the visit is believed (Zhongshan's Encounters). Elsewhere the day of a
window nearest to the planned day makes the visit, of two equally near the earlier; days of the same
window up to three days after it belong to it. Every other day is unscheduled and numbered after the
planned visit before it: 3.1, 3.2. Who has no day 1 counts from randomisation; who has neither is
in screening from consent on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from hbv_standards.simulate.hospital_names import is_invented
from hbv_standards.simulate.invented_rows import draw_visits_stated
from hbv_standards.simulate.protocol import PLANNED, SPAN_DAYS, VISITS, Planned, compute_day
from hbv_standards.simulate.records import Subject

Row = dict[str, str]
COLUMNS = ("SUBJID", "VISITNUM", "VISIT", "VISITDY", "SVSTDTC", "SVENDTC", "SVOCCUR")
_STATING_SITES = frozenset({"zhongshan"})


def assign_visits(subject: Subject) -> dict[date, str]:
    """VISITNUM by day, for all days on which the subject was seen."""
    days = sorted({contact.day for contact in subject.contacts})
    if subject.randomised is None:
        return dict.fromkeys(days, str(PLANNED[0].number))
    stated = (
        {c.day: c.planned for c in subject.contacts if c.planned} if _states_visits(subject.site) else {}
    )
    windows = {day: _find_window(day, subject) for day in days}
    numbers = dict(stated)
    for visit in PLANNED:
        if visit.number not in stated.values():
            numbers |= _choose_day(visit, windows, stated, subject)
    for day, number in sorted(numbers.items()):
        near = [d for d in days if 0 < (d - day).days <= SPAN_DAYS and d not in numbers]
        numbers |= {d: number for d in near if windows[d] == number}
    return _number_unscheduled(days, numbers)


def _states_visits(site: str) -> bool:
    return site in _STATING_SITES or (is_invented(site) and draw_visits_stated(site))


def _find_window(day: date, subject: Subject) -> int | None:
    study_day = _count(day, subject)
    return next((v.number for v in PLANNED if v.low <= study_day <= v.high), None)


def _count(day: date, subject: Subject) -> int:
    return compute_day(day, subject.day_one or subject.randomised or subject.consent)


def _choose_day(
    visit: Planned, windows: dict[date, int | None], stated: dict[date, int], subject: Subject
) -> dict[date, int]:
    free = [day for day, number in windows.items() if number == visit.number and day not in stated]
    if not free:
        return {}
    return {min(free, key=lambda day: (abs(_count(day, subject) - visit.day), day)): visit.number}


def _number_unscheduled(days: list[date], numbers: dict[date, int]) -> dict[date, str]:
    found: dict[date, str] = {}
    before, count = 0, 0
    for day in days:
        if day in numbers:
            count = count if numbers[day] == before else 0
            before = numbers[day]
            found[day] = str(before)
        else:
            count += 1
            found[day] = f"{before}.{count}"
    return found


def name_visit(number: str) -> str:
    """VISIT of a VISITNUM."""
    return VISITS[int(number)].name if number.isdigit() else f"UNSCHEDULED {number}"


def list_visits(subject: Subject) -> Iterator[Row]:
    """Visits that took place and planned ones that were due and did not."""
    by_number: dict[str, list[date]] = {}
    for day, number in assign_visits(subject).items():
        by_number.setdefault(number, []).append(day)
    rows = {number: (min(days).isoformat(), max(days).isoformat()) for number, days in by_number.items()}
    missed = {str(number): ("", "") for number in list_missed(subject, set(by_number))}
    for number, (start, end) in sorted({**rows, **missed}.items(), key=lambda item: float(item[0])):
        occurred = "" if "." in number else "Y" if start else "N"
        planned_day = str(VISITS[int(number)].day) if number.isdigit() else ""
        cells = (subject.number, number, name_visit(number), planned_day, start, end, occurred)
        yield dict(zip(COLUMNS, cells, strict=True))


def list_missed(subject: Subject, seen: set[str]) -> list[int]:
    """Planned visits whose window closed before the participation ended."""
    if subject.randomised is None:
        return []
    until = _count(subject.end or subject.contacts[-1].day, subject)
    return [v.number for v in PLANNED if v.high < until and str(v.number) not in seen]
