"""How bad laboratory results are, by the grades of CTCAE v5 for ALT, neutrophils and platelets.

Where CTCAE counts from the upper limit of normal or from the baseline, the limits are those that the
laboratory printed beside the result; every subject of the trial begins with normal ALT.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from hbv_standards.simulate.habits import read_tests, read_unit
from hbv_standards.simulate.records import Result, Subject

GRADED = {"flare": "ALT", "neutrophil": "NEUT", "platelet": "PLT"}
"""Kind of a disease in diseases.csv → the test that shows it."""

_EVENT = 2  # the lowest grade that the hospitals tell as an adverse event
_MULTIPLES = (1, 3, 5, 20)  # of the upper limit: above them lie grades 1 to 4
_COUNTS = {"NEUT": (1.5, 1.0, 0.5), "PLT": (75, 50, 25)}  # 10^9/L: below them lie grades 2 to 4


class Episode(NamedTuple):
    """The time between the first result of grade 2 or more and the first one below it that stays so."""

    grade: int  # the worst
    start: date
    end: date | None


def find_episode(subject: Subject, concept_id: str) -> Episode | None:
    """What the results under treatment of one test amount to; None where no grade calls for an event."""
    graded = [
        (contact.day, grade_result(result))
        for contact in subject.contacts
        for result in contact.results
        if result.habit.concept_id == concept_id and is_graded(result)
        if subject.day_one and contact.day > subject.day_one
    ]
    days = [day for day, grade in graded if grade >= _EVENT]
    if not days:
        return None
    later = [day for day, _ in graded if day > days[-1]]
    return Episode(max(grade for _, grade in graded), days[0], later[0] if later else None)


def is_graded(result: Result) -> bool:
    """Whether a grade can be told of the result: a number that counts, of a test with grades."""
    known = result.habit.concept_id in GRADED.values()
    return known and result.kind == "quantity" and not (result.fault or result.comparator)


def grade_result(result: Result) -> int:
    """The grade, 0 to 4, of a result of which :func:`is_graded` says yes."""
    concept = result.habit.concept_id
    assert read_unit(result.unit, concept) == read_tests()[concept].std_unit
    number = float(result.number)
    if concept == "ALT":
        return sum(number > multiple * float(result.high) for multiple in _MULTIPLES)
    return int(number < float(result.low)) + sum(number < count for count in _COUNTS[concept])
