"""Result texts as laboratories write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.result_text import ResultText, read_result_text

CASES = {
    "6.30": ResultText("6.30", None, "6.30"),
    "1.2E+03": ResultText("1.2E+03", None, "1.2E+03"),
    "-0.50": ResultText("-0.50", None, "-0.50"),
    "<20": ResultText("<20", "<", "20"),
    "＜20": ResultText("<20", "<", "20"),
    "≤5": ResultText("<=5", "<=", "5"),
    "> 250.00": ResultText(">250.00", ">", "250.00"),
    "<20 IU/mL": ResultText("<20", "<", "20", "IU/mL"),
    "12.5↑": ResultText("12.5", None, "12.5", None, "↑"),
    "3.1 ↓↓": ResultText("3.1", None, "3.1", None, "↓"),
    "<20 检出": ResultText("<20", "<", "20", "检出"),
    "１２．５": ResultText("12.5", None, "12.5"),
    "阴性": ResultText("阴性"),
    "阴性(-)": ResultText("阴性(-)"),
    "1:320": ResultText("1:320"),
    ">1:1000": ResultText(">1:1000"),
    "5-10": ResultText("5-10"),
    "0.02(阴性)": ResultText("0.02", None, "0.02", "(阴性)"),
    "+++": ResultText("+++"),
    "-": ResultText("-"),
    "2023-05-01": ResultText("2023-05-01"),
    "5.": ResultText("5."),
}


@pytest.mark.parametrize(("sent", "parts"), CASES.items(), ids=CASES)
def test_reads_parts(sent: str, parts: ResultText) -> None:
    assert read_result_text(sent) == parts


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_digits_stay_as_sent(number: str) -> None:
    assert read_result_text(number).number == number
    assert read_result_text("<" + number).text == "<" + number


@given(st.text())
def test_never_raises_and_loses_no_word(sent: str) -> None:
    parts = read_result_text(sent)
    if parts.number is None and parts.arrow is None:
        assert parts.text == sent.strip()
