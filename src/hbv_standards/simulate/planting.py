"""Results that must occur whatever is drawn: special digits, corrections, faults, tests of no interest.

``habits/planted.csv`` gives them to the first subject of a role; ``habits/uncollected.csv`` lists
tests that hospitals send and the trial does not collect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from hbv_standards.simulate.habit_tables import read_rows
from hbv_standards.simulate.habits import LabHabit, read_laboratory, read_site_rows
from hbv_standards.simulate.laboratory import build_not_done, judge
from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.protocol import SCREENING
from hbv_standards.simulate.records import Attendee, Fault, Result, Specimen
from hbv_standards.simulate.schedule import Appointment

_NO_HABIT = dict.fromkeys(LabHabit.__dataclass_fields__, "")


@dataclass(frozen=True, slots=True)
class Planted:
    """A row of planted.csv."""

    role: str
    visit: str
    what: str
    concept_id: str
    comparator: str
    number: str
    text: str
    unit: str
    reason: str


@cache
def read_planted() -> tuple[Planted, ...]:
    """Rows of planted.csv."""
    return tuple(Planted(**row) for row in read_rows("planted.csv"))


def plant(
    results: list[Result], patient: Attendee, appointment: Appointment, key: str, start: Moment,
    tubes: dict[str, Specimen],
) -> list[Result]:  # fmt: skip
    """Put the planted results of this role and visit among the drawn ones."""
    if patient.role is None or appointment.purpose != "visit":
        return results
    for row in read_planted():
        if (row.role, row.visit) == (patient.role.role, str(appointment.planned)):
            blank = _start_result(row, patient, key, start, tubes)
            results = _PLANTERS[row.what](row, blank, results)
    return results


def _start_result(
    row: Planted, patient: Attendee, key: str, start: Moment, tubes: dict[str, Specimen]
) -> Result:
    """A quantity of the row's test; its key tells it from a drawn result of the same test."""
    habit = read_laboratory(patient.site)[row.concept_id] if row.concept_id else _name_unknown(row, patient)
    tube = tubes.get(habit.specimen)
    low, high = habit.read_limits(patient.sex)
    name = (row.concept_id or "unknown").replace("_", "-")
    return Result(
        f"{key}-{name}", habit, "quantity", tube.collected if tube else start, unit=row.unit or habit.unit,
        comparator=row.comparator, number=row.number, low=low, high=high, specimen=tube,
        indicator=judge(row.comparator, row.number, low, high) if row.number else "",
    )  # fmt: skip


def _name_unknown(row: Planted, patient: Attendee) -> LabHabit:
    """A test that no table of the hospital knows."""
    code = {"zhongshan": "ZS-9001", "guangzhou": "GZ9001", "foshan": "FS-9001"}[patient.site]
    said = {"site": patient.site, "system": "LOCAL", "code": code, "text": row.text, "form": "quantity"}
    return LabHabit(**{**_NO_HABIT, **said, "unit": row.unit})


def _swap(results: Iterable[Result], made: Result) -> list[Result]:
    """Put a result in the place of the drawn one of its test, or at the end."""
    kept = list(results)
    for place, result in enumerate(kept):
        if result.habit.concept_id == made.habit.concept_id and not result.fault:
            kept[place] = replace(made, key=result.key)
            return kept
    return [*kept, made]


def _plant_number(_row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    known = any(r.habit.concept_id == blank.habit.concept_id for r in results)
    return _swap(results, blank) if known else results


def _plant_titre(_row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    return _plant_number(_row, replace(blank, kind="titre", unit="", indicator=""), results)


def _plant_not_done(row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    return _swap(results, build_not_done(blank, row.reason))


def _plant_corrected(row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    right = next((r for r in results if r.habit.concept_id == blank.habit.concept_id), None)
    if right is None or right.kind != "quantity":
        return results
    wrong = replace(right, number=row.number, comparator="", earlier=None)
    return _swap(results, replace(right, earlier=wrong))


def _plant_words(row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    fault = replace(blank, kind="text", unit="", words=row.text, fault="value")
    return _swap(results, fault)


def _add_fault(fault: Fault) -> Callable[[Planted, Result, list[Result]], list[Result]]:
    def add(_row: Planted, blank: Result, results: list[Result]) -> list[Result]:
        return [*results, replace(blank, key=f"{blank.key}-x", fault=fault)]

    return add


def _plant_unit(_row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    return _swap(results, replace(blank, fault="unit"))


def _plant_no_unit(_row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    return _swap(results, replace(blank, unit="", fault="no unit"))


def _plant_other_unit(row: Planted, blank: Result, results: list[Result]) -> list[Result]:
    """A unit that is known and leads to no other: the cut-off of another laboratory is the limit."""
    limit = {"low": "", "high": "1.00", "indicator": judge(row.comparator, row.number, "", "1.00")}
    return _swap(results, replace(blank, fault="other unit", **limit))  # type: ignore[arg-type]  # limit holds texts


_PLANTERS: dict[str, Callable[[Planted, Result, list[Result]], list[Result]]] = {
    "number": _plant_number,
    "titre": _plant_titre,
    "not done": _plant_not_done,
    "corrected": _plant_corrected,
    "value": _plant_words,
    "no unit": _plant_no_unit,
    "other unit": _plant_other_unit,
    "unit": _plant_unit,
    "code": _add_fault("code"),
    "withdrawn": _add_fault("withdrawn"),
    "cancelled": _add_fault("cancelled"),
}


def list_uncollected(
    key: str, patient: Attendee, appointment: Appointment, start: Moment, tubes: dict[str, Specimen]
) -> list[Result]:
    """Results at screening that the trial does not collect."""
    if appointment.planned != SCREENING:
        return []
    rows = enumerate(read_site_rows("uncollected.csv", patient.site), 1)
    return [_report_uncollected(f"{key}-u{place}", row, start, tubes) for place, row in rows]


def _report_uncollected(key: str, row: dict[str, str], start: Moment, tubes: dict[str, Specimen]) -> Result:
    said = {name: row[name] for name in row if name in _NO_HABIT}
    habit = LabHabit(**{**_NO_HABIT, **said})
    tube = tubes.get(row["specimen"])
    return Result(
        key, habit, "text" if row["value"] else "quantity", tube.collected if tube else start,
        unit=row["unit"], number=row["number"], value=row["value"], specimen=tube, fault="not collected",
    )  # fmt: skip
