"""Eligibility criteria judged on single results and on spans of treatment: MET, NOT MET or NOT EVALUABLE.

A verdict is given only where every value that the record allows agrees: ``<20`` is below 100, ``<500``
may be either. Numbers are compared exactly, after conversion to the unit of the criterion.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from hbv_standards.derive.number_text import read_number
from hbv_standards.derive.units import Conversion, convert_number
from hbv_standards.study_rules import ResultRule, ValueRule

Verdict = Literal["MET", "NOT MET", "NOT EVALUABLE"]
Days: TypeAlias = npt.NDArray[np.datetime64]

MET: Verdict = "MET"
NOT_MET: Verdict = "NOT MET"
NOT_EVALUABLE: Verdict = "NOT EVALUABLE"

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_LIMIT = re.compile(r"[<≤＜]\s*=?\s*(?P<number>\d+(?:\.\d+)?)")  # <1.00, <= 1, ≤1, ＜1
_DURATION = re.compile(r"P(\d+)([YMWD])")
_DAYS = {"W": 7, "D": 1}
_MONTHS = {"Y": 12, "M": 1}


class Bounds(NamedTuple):
    """The values that a result allows; None is no limit, ``*_in`` says whether the limit is one of them."""

    low: Fraction | None
    high: Fraction | None
    low_in: bool = True
    high_in: bool = True


class ResultCells(NamedTuple):
    """What a finding tells of its result; texts as in the canonical model, missing is None."""

    number: str | None
    comparator: str | None
    result_value: str | None
    lloq: str | None
    range_high: str | None
    range_text: str | None
    indicator: str | None


def read_bounds(number: Fraction, comparator: str | None) -> Bounds:
    """The values that a number with a comparator allows: ``<20`` is everything below 20."""
    if comparator in ("<", "<="):
        return Bounds(None, number, high_in=comparator == "<=")
    if comparator in (">", ">="):
        return Bounds(number, None, low_in=comparator == ">=")
    return Bounds(number, number)


def is_whole(bounds: Bounds, comparator: str, limit: Fraction) -> bool:
    """Whether all values within the bounds are ``comparator`` ``limit``."""
    edge, attained = (
        (bounds.high, bounds.high_in) if comparator.startswith("<") else (bounds.low, bounds.low_in)
    )
    if edge is None:
        return False
    if edge == limit:
        return comparator.endswith("=") or not attained
    return edge < limit if comparator.startswith("<") else edge > limit


def judge_bounds(bounds: Bounds, comparator: str, limit: Fraction) -> Verdict:
    """MET where all allowed values fulfil ``value comparator limit``, NOT MET where none does."""
    if is_whole(bounds, comparator, limit):
        return MET
    return NOT_MET if is_whole(bounds, _OPPOSITE[comparator], limit) else NOT_EVALUABLE


def judge_number(rule: ResultRule, cells: ResultCells, conversion: Conversion | None) -> Verdict:
    """The verdict of one result on a criterion about a number.

    ``conversion`` leads from the unit of the result to that of the criterion, None where no way is
    known. A word of ``rule.met_by`` counts as below the laboratory's own limit where one was sent, and as
    met where none was.
    """
    limit = read_number(rule.value)
    if limit is None:
        return NOT_EVALUABLE
    number, comparator = cells.number, cells.comparator
    word = cells.result_value in rule.met_by
    if word and number is None:
        if cells.lloq is None:
            return MET
        number, comparator = cells.lloq, "<"
    value = convert_number(number, conversion) if number is not None and conversion is not None else None
    if value is None:
        return MET if word and cells.lloq is None and cells.comparator is None else NOT_EVALUABLE
    return judge_bounds(read_bounds(value, comparator), rule.comparator, limit)


def judge_word(rule: ValueRule, cells: ResultCells) -> Verdict:
    """The verdict of one result on a criterion about a word.

    With ``rule.below_range`` a number without a word is judged by the upper limit that the laboratory
    sent with it (in the unit of the result; as a number, else as text), else by the laboratory's flag.
    A number on the limit itself decides nothing: laboratories differ in whether it is in or out.
    """
    if cells.result_value in rule.met:
        return MET
    if cells.result_value in rule.not_met:
        return NOT_MET
    if not rule.below_range or cells.number is None or cells.result_value is not None:
        return NOT_EVALUABLE
    by_limit = _judge_by_limit(cells)
    if by_limit != NOT_EVALUABLE or cells.comparator is not None:
        return by_limit
    flags: dict[str | None, Verdict] = {"NORMAL": MET, "HIGH": NOT_MET}
    return flags.get(cells.indicator, NOT_EVALUABLE)


def _judge_by_limit(cells: ResultCells) -> Verdict:
    sent = cells.range_high
    if sent is None and cells.range_text is not None:
        stated = _LIMIT.search(cells.range_text)
        sent = stated["number"] if stated else None
    number, limit = read_number(cells.number or ""), read_number(sent or "")
    if number is None or limit is None:
        return NOT_EVALUABLE
    bounds = read_bounds(number, cells.comparator)
    if bounds == Bounds(limit, limit):
        return NOT_EVALUABLE
    return judge_bounds(bounds, "<", limit)


def is_duration(text: str) -> bool:
    """Whether :func:`compute_plus` can add it."""
    return _DURATION.fullmatch(text) is not None


def compute_plus(days: Days, duration: str) -> Days:
    """Days (datetime64[D]) later by an ISO 8601 duration of one part (P1Y, P6M, P48W, P90D).

    A day that the month does not have becomes its last. Raises ``ValueError`` for any other text.
    """
    match = _DURATION.fullmatch(duration)
    if match is None:
        raise ValueError(f"{duration!r} is no duration of one part such as P1Y")
    count, unit = int(match[1]), match[2]
    if unit in _DAYS:
        return days + np.timedelta64(count * _DAYS[unit], "D")
    months = days.astype("datetime64[M]")
    later = months + np.timedelta64(count * _MONTHS[unit], "M")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    shifted: Days = np.minimum(later.astype("datetime64[D]") + (days - months.astype("datetime64[D]")), last)
    return shifted


def compute_duration_verdicts(
    first_from: Days, first_to: Days, last_from: Days, last_to: Days, duration: str, *, longer: bool = False
) -> npt.NDArray[np.object_]:
    """Verdicts on "treated for at least ``duration``", or ``longer`` than it (datetime64[D], spans with both ends).

    The first day of treatment lies within ``first_*``, the last within ``last_*``: of a year from 1 March the last
    is 1 March at least, and later if it is to be longer. NaT decides nothing.
    """
    found = np.full(len(first_from), NOT_EVALUABLE, dtype=object)
    soonest, latest = compute_plus(first_from, duration), compute_plus(first_to, duration)
    found[soonest >= last_to if longer else soonest > last_to] = NOT_MET
    found[latest < last_from if longer else latest <= last_from] = MET
    return found
