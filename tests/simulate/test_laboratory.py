"""From a true value to what a laboratory prints."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.habits import read_laboratory
from hbv_standards.simulate.laboratory import judge, measure, print_number


@pytest.mark.parametrize(
    ("site", "concept", "value", "sent"),
    [
        ("zhongshan", "ALT", 25.6, ("", "26")),
        ("zhongshan", "K", 4.1, ("", "4.10")),
        ("zhongshan", "HBSAG_QN", 0.049, ("<", "0.05")),
        ("zhongshan", "HBSAB", 1000.1, (">", "1000.00")),
        ("guangzhou", "HBVRNA", 1234.0, ("", "1.2E+03")),
        ("guangzhou", "CHE", 8000.0, ("", "8.00")),  # kU/L
        ("foshan", "HGB", 141.0, ("", "14.1")),  # g/dL
        ("foshan", "CREA", 88.40, ("", "1.00")),  # mg/dL
        ("foshan", "HBVRNA", 1000.0, ("", "3.00")),  # log10
        ("foshan", "TEMP", 37.0, ("", "98.6")),  # Fahrenheit
    ],
)
def test_measure(site: str, concept: str, value: float, sent: tuple[str, str]) -> None:
    assert measure(read_laboratory(site)[concept], value) == sent


@pytest.mark.parametrize(
    ("comparator", "number", "low", "high", "indicator"),
    [
        ("", "9", "9", "50", "NORMAL"),
        ("", "8", "9", "50", "LOW"),
        ("", "51", "9", "50", "HIGH"),
        ("<", "5", "9", "50", "LOW"),
        ("<", "20", "9", "50", ""),
        ("<", "0.05", "", "0.05", "NORMAL"),
        (">", "1000", "", "10", "HIGH"),
        (">", "1000", "2000", "", ""),
        ("", "5", "", "", ""),
    ],
)
def test_judge(comparator: str, number: str, low: str, high: str, indicator: str) -> None:
    assert judge(comparator, number, low, high) == indicator


@pytest.mark.parametrize(("decimals", "text"), [("0", "1250"), ("2", "1250.00"), ("E1", "1.2E+03")])
def test_print_number(decimals: str, text: str) -> None:
    assert print_number(1250.0, decimals) == text
