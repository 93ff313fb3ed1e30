"""Result texts as laboratories write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.result_text import ResultText, find_leading_words, list_splits, read_result_text

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
    "120↑ U/L": ResultText("120", None, "120", "U/L", "↑"),
    "5～10": ResultText("5～10"),
    "5至10": ResultText("5至10"),
    "1:100 阳性": ResultText("1:100", words="阳性"),
    ">1:1000 阳性↑": ResultText(">1:1000", words="阳性", arrow="↑"),
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("阴性(0.05)", "阴性"),
        ("未检出（<10 IU/mL）", "未检出"),
        ("阳性 (12.3)", "阳性"),
        ("阴性(-)", None),
        ("12(5)", None),
        ("阴性", None),
    ],
)
def test_words_before_a_number_in_brackets(text: str, words: str | None) -> None:
    assert find_leading_words(text) == words


@pytest.mark.parametrize(
    ("words", "splits"),
    [
        ("S/CO 阴性", [("S/CO", "阴性")]),
        ("IU/mL(检出)", [("IU/mL", "检出")]),
        ("U/L H 复查", [("U/L H", "复查"), ("U/L", "H 复查")]),
        ("检出", []),
        ("U/L", []),
    ],
)
def test_unit_and_words_part_at_borders(words: str, splits: list[tuple[str, str]]) -> None:
    assert sorted(set(list_splits(words)), reverse=True) == splits
