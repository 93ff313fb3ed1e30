"""Verdicts on single results and spans of treatment."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.criteria import (
    MET,
    NOT_EVALUABLE,
    NOT_MET,
    Bounds,
    ResultCells,
    compute_duration_verdicts,
    compute_plus,
    is_duration,
    judge_bounds,
    judge_number,
    judge_word,
    read_bounds,
)
from hbv_standards.derive.units import Conversion
from hbv_standards.study_rules import ResultRule, ValueRule

OPEN = NOT_EVALUABLE
DNA = ResultRule(kind="result", concepts=("D",), comparator="<", value="100", unit="IU/mL", met_by=("NOT DETECTED",))
ANTIGEN = ResultRule(kind="result", concepts=("S",), comparator="<=", value="1500", unit="IU/mL")
SCORE = ResultRule(kind="result", concepts=("I",), comparator=">", value="0.05")
E_ANTIGEN = ValueRule(kind="value", concepts=("E",), met=("NEGATIVE",), not_met=("POSITIVE",), below_range=True)
GENE = ValueRule(kind="value", concepts=("G",), met=("G/G",), not_met=("G/A",))


def cells(**given: str) -> ResultCells:
    return ResultCells(*(given.get(name) for name in ResultCells._fields))


@pytest.mark.parametrize(
    ("rule", "sent", "verdict"),
    [
        (DNA, {"number": "99.9"}, MET),
        (DNA, {"number": "100"}, NOT_MET),
        (DNA, {"number": "20", "comparator": "<"}, MET),
        (DNA, {"number": "100", "comparator": "<"}, MET),
        (DNA, {"number": "100", "comparator": "<="}, OPEN),
        (DNA, {"number": "500", "comparator": "<"}, OPEN),
        (DNA, {"number": "100", "comparator": ">"}, NOT_MET),
        (DNA, {"number": "50", "comparator": ">"}, OPEN),
        (DNA, {"result_value": "NOT DETECTED"}, MET),
        (DNA, {"result_value": "NOT DETECTED", "lloq": "20"}, MET),
        (DNA, {"result_value": "NOT DETECTED", "lloq": "500"}, OPEN),
        (DNA, {"result_value": "NOT DETECTED", "number": "20", "comparator": "<"}, MET),
        (DNA, {"result_value": "NOT DETECTED", "number": "1000", "comparator": "<"}, OPEN),
        (DNA, {"result_value": "NOT DETECTED", "number": "0"}, MET),
        (DNA, {"result_value": "DETECTED"}, OPEN),
        (DNA, {"result_value": "DETECTED", "number": "20", "comparator": "<"}, MET),
        (ANTIGEN, {"number": "1500"}, MET),
        (ANTIGEN, {"number": "1500.00"}, MET),
        (ANTIGEN, {"number": "1500.01"}, NOT_MET),
        (ANTIGEN, {"number": "250", "comparator": ">"}, OPEN),
        (ANTIGEN, {"number": "1500", "comparator": ">"}, NOT_MET),
        (ANTIGEN, {"number": "1500", "comparator": ">="}, OPEN),
        (ANTIGEN, {"number": "0.05", "comparator": "<"}, MET),
        (ANTIGEN, {"result_value": "NOT DETECTED"}, OPEN),
        (ANTIGEN, {}, OPEN),
        (SCORE, {"number": "0.05"}, NOT_MET),
        (SCORE, {"number": "0.0500000000000000000001"}, MET),
        (SCORE, {"number": "0.05", "comparator": ">"}, MET),
        (SCORE, {"number": "0.05", "comparator": "<"}, NOT_MET),
        (SCORE, {"number": "0.1", "comparator": "<"}, OPEN),
    ],
)
def test_number(rule: ResultRule, sent: dict[str, str], verdict: str) -> None:
    assert judge_number(rule, cells(**sent), Conversion()) == verdict


def test_number_is_compared_in_the_unit_of_the_criterion() -> None:
    kilo = Conversion(factor=Fraction(1000))
    assert judge_number(DNA, cells(number="0.0999"), kilo) == MET
    assert judge_number(DNA, cells(number="0.1"), kilo) == NOT_MET
    assert judge_number(DNA, cells(result_value="NOT DETECTED", lloq="0.2"), kilo) == OPEN


def test_number_in_an_unknown_unit_decides_nothing() -> None:
    assert judge_number(DNA, cells(number="20"), None) == OPEN
    assert judge_number(DNA, cells(number="20", comparator="<", result_value="NOT DETECTED"), None) == OPEN
    assert judge_number(DNA, cells(result_value="NOT DETECTED"), None) == MET


@pytest.mark.parametrize(
    ("rule", "sent", "verdict"),
    [
        (E_ANTIGEN, {"result_value": "NEGATIVE"}, MET),
        (E_ANTIGEN, {"result_value": "POSITIVE"}, NOT_MET),
        (E_ANTIGEN, {"result_value": "INDETERMINATE"}, OPEN),
        (E_ANTIGEN, {"result_value": "INDETERMINATE", "number": "0.1", "range_high": "1"}, OPEN),
        (E_ANTIGEN, {"result_value": "NEGATIVE", "number": "7", "range_high": "1"}, MET),
        (E_ANTIGEN, {"number": "0.09", "range_high": "1"}, MET),
        (E_ANTIGEN, {"number": "0.10", "comparator": "<", "range_high": "1"}, MET),
        (E_ANTIGEN, {"number": "1", "comparator": "<", "range_high": "1"}, MET),
        (E_ANTIGEN, {"number": "1", "range_high": "1"}, OPEN),
        (E_ANTIGEN, {"number": "1.2", "range_high": "1"}, NOT_MET),
        (E_ANTIGEN, {"number": "0.09", "range_text": "<1.00 (阴性)"}, MET),
        (E_ANTIGEN, {"number": "3", "range_text": "≤ 1.00"}, NOT_MET),
        (E_ANTIGEN, {"number": "3", "range_text": "阴性"}, OPEN),
        (E_ANTIGEN, {"number": "0.3", "indicator": "NORMAL"}, MET),
        (E_ANTIGEN, {"number": "0.3", "indicator": "HIGH"}, NOT_MET),
        (E_ANTIGEN, {"number": "9", "comparator": "<", "indicator": "NORMAL"}, OPEN),
        (E_ANTIGEN, {"number": "0.3"}, OPEN),
        (GENE, {"result_value": "G/G"}, MET),
        (GENE, {"result_value": "G/A"}, NOT_MET),
        (GENE, {"number": "0.3", "range_high": "1"}, OPEN),
        (GENE, {}, OPEN),
    ],
)
def test_word(rule: ValueRule, sent: dict[str, str], verdict: str) -> None:
    assert judge_word(rule, cells(**sent)) == verdict


numbers = st.integers(-20, 20).map(Fraction)


@given(number=numbers, comparator=st.sampled_from([None, "<", "<=", ">", ">="]), limit=numbers, at=numbers)
def test_verdict_holds_for_every_value_that_the_result_allows(
    number: Fraction, comparator: str | None, limit: Fraction, at: Fraction
) -> None:
    """Whatever the true value is, it does not contradict the verdict."""
    holds = {"<": at < number, "<=": at <= number, ">": at > number, ">=": at >= number, None: at == number}
    checks = {"<": at < limit, "<=": at <= limit, ">": at > limit, ">=": at >= limit}
    for wanted, fulfilled in checks.items():
        verdict = judge_bounds(read_bounds(number, comparator), wanted, limit)
        if holds[comparator]:
            assert verdict != (NOT_MET if fulfilled else MET)
        if comparator is None:
            assert verdict != OPEN


def test_bounds() -> None:
    assert read_bounds(Fraction(20), "<") == Bounds(None, Fraction(20), high_in=False)
    assert read_bounds(Fraction(20), ">=") == Bounds(Fraction(20), None)


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2023-03-01", "P1Y", "2024-03-01"),
        ("2024-02-29", "P1Y", "2025-02-28"),
        ("2023-01-31", "P1M", "2023-02-28"),
        ("2023-11-30", "P3M", "2024-02-29"),
        ("2023-03-15", "P48W", "2024-02-14"),
        ("2023-03-15", "P90D", "2023-06-13"),
    ],
)
def test_plus(start: str, duration: str, end: str) -> None:
    days = np.array([start, "NaT"], dtype="datetime64[D]")
    later = compute_plus(days, duration)
    assert str(later[0]) == end
    assert np.isnat(later[1])


@given(start=st.dates(pd.Timestamp("1950-01-01").date(), pd.Timestamp("2050-01-01").date()), years=st.integers(1, 30))
def test_plus_years_is_the_anniversary(start: Any, years: int) -> None:
    later = compute_plus(np.array([start], dtype="datetime64[D]"), f"P{years}Y")[0]
    assert pd.Timestamp(later) == pd.Timestamp(start) + pd.DateOffset(years=years)


@pytest.mark.parametrize("text", ["P1Y6M", "1Y", "P", "PT5H", ""])
def test_other_durations_are_refused(text: str) -> None:
    assert not is_duration(text)
    with pytest.raises(ValueError, match="no duration of one part"):
        compute_plus(np.array(["2023-01-01"], dtype="datetime64[D]"), text)


@pytest.mark.parametrize(
    ("first", "last", "verdicts"),
    [
        # first day, last day, treated for at least a year, for longer than one
        (("2022-02-28", "2022-02-28"), ("2023-03-01", "2023-03-01"), (MET, MET)),
        (("2022-03-01", "2022-03-01"), ("2023-03-01", "2023-03-01"), (MET, NOT_MET)),
        (("2022-03-02", "2022-03-02"), ("2023-03-01", "2023-03-01"), (NOT_MET, NOT_MET)),
        (("2022-02-01", "2022-03-01"), ("2023-03-01", "2023-03-01"), (MET, OPEN)),
        (("2022-03-01", "2022-03-31"), ("2023-03-01", "2023-03-01"), (OPEN, NOT_MET)),
        (("2022-01-01", "2022-12-31"), ("2023-03-01", "2023-03-01"), (OPEN, OPEN)),
        (("2021-01-01", "2021-12-31"), ("2023-03-01", "2023-03-01"), (MET, MET)),
        (("2021-01-01", "2021-01-01"), ("2021-06-01", "2023-03-01"), (OPEN, OPEN)),
        (("2021-01-01", "2021-01-01"), ("NaT", "2023-03-01"), (OPEN, OPEN)),
    ],
)
def test_durations(first: tuple[str, str], last: tuple[str, str], verdicts: tuple[str, str]) -> None:
    days = [np.array([day], dtype="datetime64[D]") for day in (*first, *last)]
    made = [compute_duration_verdicts(*days, "P1Y", longer=longer).tolist() for longer in (False, True)]
    assert made == [[verdict] for verdict in verdicts]
