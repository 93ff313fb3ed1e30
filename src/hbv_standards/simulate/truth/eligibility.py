"""Criteria that were not met (IE), judged on the last results before randomisation.

The diagnosis and more than a year of earlier treatment are met by every subject of the trial.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from hbv_standards.simulate.habits import read_unit
from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.records import Result, Subject
from hbv_standards.simulate.truth.numbers import standardise

Row = dict[str, str]
COLUMNS = ("SUBJID", "IETESTCD", "IECAT", "IEORRES", "IESTRESC", "IEDTC")


def list_unmet(subject: Subject) -> Iterator[Row]:
    """IE rows of a subject: inclusion criteria that the deciding result surely does not meet."""
    for criterion, (concepts, is_met) in _CRITERIA.items():
        for result in _find_deciding(subject, concepts, is_met):
            if is_met(result) is False:
                when = _find_moment(result).dtc
                cells = (subject.number, criterion, "INCLUSION", "N", "N", when)
                yield dict(zip(COLUMNS, cells, strict=True))


def _find_deciding(
    subject: Subject, concepts: tuple[str, ...], is_met: Callable[[Result], bool | None]
) -> list[Result]:
    """The last result that decides, of the last day before randomisation, else of its day; none or one."""
    found = [
        r
        for contact in subject.contacts
        for r in contact.results
        if r.habit.concept_id in concepts and not r.fault and r.kind != "not done"
    ]
    until = subject.randomised
    before = [r for r in found if until is None or _find_moment(r).when.date() < until]
    known = before or [r for r in found if _find_moment(r).when.date() == until]
    last = max((_find_moment(r).when.date() for r in known), default=None)
    of_day = [r for r in known if _find_moment(r).when.date() == last]
    decided = [r for r in of_day if is_met(r) is not None] or of_day
    return sorted(decided, key=lambda r: _find_moment(r).when)[-1:]


def _find_moment(result: Result) -> Moment:
    return result.specimen.collected if result.specimen else result.when


def _compare(result: Result, limit: str, *, below: bool, inclusive: bool) -> bool | None:
    """Whether every value that the result allows lies on the right side; None where some do and some do not."""
    if result.kind != "quantity":
        return True if result.value == "NOT DETECTED" else None
    concept = result.habit.concept_id
    number = Decimal(standardise(result.number, concept, read_unit(result.unit, concept)))
    edge = Decimal(limit)
    if not result.comparator:
        right = number < edge if below else number > edge
        return right or (inclusive and number == edge)
    if (result.comparator == "<") == below:
        return True if number <= edge else None
    return False if number >= edge else None


def _is_small_antigen(result: Result) -> bool | None:
    return _compare(result, "1500", below=True, inclusive=True)


def _is_low_load(result: Result) -> bool | None:
    return _compare(result, "100", below=True, inclusive=False)


def _is_high_score(result: Result) -> bool | None:
    return _compare(result, "0.05", below=False, inclusive=False)


def _is_negative(result: Result) -> bool | None:
    """A number is negative below the limit that the laboratory sends with it."""
    if result.kind == "quantity":
        return {"NORMAL": True, "HIGH": False}.get(result.indicator)
    return {"NEGATIVE": True, "POSITIVE": False}.get(result.value)


def _is_wild_type(result: Result) -> bool | None:
    return {"G/G": True, "G/A": False}.get(result.value)


_CRITERIA: dict[str, tuple[tuple[str, ...], Callable[[Result], bool | None]]] = {
    "INCL03": (("HBSAG_QN",), _is_small_antigen),
    "INCL04": (("HBEAG_QL", "HBEAG_QN"), _is_negative),
    "INCL05": (("HBVDNA",), _is_low_load),
    "INCL06": (("IFNA2",), _is_wild_type),
    "INCL07": (("ISG",), _is_high_score),
}
