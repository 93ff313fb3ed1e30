"""From a true value to the result that a hospital reports: its unit, digits, limits and flags."""

from __future__ import annotations

import math
from decimal import Decimal

from hbv_standards.simulate.courses import Value
from hbv_standards.simulate.habits import LabHabit, read_factors, read_tests, read_unit
from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.records import Result, Specimen


def build_result(
    key: str, habit: LabHabit, value: Value, sex: str, when: Moment, specimen: Specimen | None
) -> Result:
    """One result as the hospital reports it.

    ``value`` is in the test's standard unit, or the submission value of a qualitative result;
    ``when`` is the time of collection or measurement.
    """
    if isinstance(value, str):
        if value.startswith("1:"):
            return Result(key, habit, "titre", when, number=value[2:], specimen=specimen)
        return Result(key, habit, "text", when, value=value, specimen=specimen)
    comparator, number = measure(habit, value)
    low, high = habit.read_limits(sex)
    return Result(
        key, habit, "quantity", when, unit=habit.unit, comparator=comparator, number=number,
        low=low, high=high, indicator=judge(comparator, number, low, high), specimen=specimen,
    )  # fmt: skip


def build_not_done(result: Result, reason: str) -> Result:
    """The same test without a result."""
    return Result(result.key, result.habit, "not done", result.when, reason=reason, specimen=result.specimen)


def measure(habit: LabHabit, value: float) -> tuple[str, str]:
    """Comparator and digits of a value, cut off at the assay's limits."""
    sent = convert_to_unit(habit, value)
    if habit.lloq and sent < float(habit.lloq):
        return "<", habit.lloq
    if habit.uloq and sent > float(habit.uloq):
        return ">", habit.uloq
    return "", print_number(sent, habit.decimals)


def print_number(number: float, decimals: str) -> str:
    """The number with the test's fixed digits; "E1" prints 1.2E+03."""
    if decimals.startswith("E"):
        return f"{number:.{decimals[1:]}E}"
    return f"{number:.{decimals}f}"


def convert_to_unit(habit: LabHabit, value: float) -> float:
    """A value in the test's standard unit → the number in the hospital's unit."""
    unit = read_unit(habit.unit, habit.concept_id)
    if unit in ("", read_tests()[habit.concept_id].std_unit):
        return value
    factor = read_factors()[habit.concept_id, unit]
    if factor.scale == "log10":
        return math.log10(value)
    return value * float(factor.divisor) / float(factor.multiplier) - float(factor.offset or 0)


def judge(comparator: str, number: str, low: str, high: str) -> str:
    """HIGH, LOW or NORMAL against the limits as printed; empty where it cannot be told.

    ``<x`` is LOW when no value below x reaches the lower limit, NORMAL when all of them lie inside.
    """
    if not (low or high):
        return ""
    value = Decimal(number)
    if comparator == "<":
        if low and value <= Decimal(low):
            return "LOW"
        return "NORMAL" if not low and value <= Decimal(high) else ""
    if comparator == ">":
        if high and value >= Decimal(high):
            return "HIGH"
        return "NORMAL" if not high and value >= Decimal(low) else ""
    if low and value < Decimal(low):
        return "LOW"
    return "HIGH" if high and value > Decimal(high) else "NORMAL"


def print_range(result: Result) -> str:
    """A reference range as a laboratory prints it."""
    return f"{result.low}--{result.high}"
