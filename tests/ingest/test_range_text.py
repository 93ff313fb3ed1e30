"""Reference ranges that a laboratory wrote as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.range_text import read_range_text


@pytest.mark.parametrize(
    ("sent", "limits"),
    [
        ("0.270--4.200", ("0.270", "4.200")),
        ("3.50-5.30", ("3.50", "5.30")),
        (" 3.5 - 5.5 ", ("3.5", "5.5")),
        ("3.5~5.5", ("3.5", "5.5")),
        ("3.5～5.5", ("3.5", "5.5")),
        ("３．５－５．５", ("3.5", "5.5")),
        ("9〜50", ("9", "50")),
        ("9 至 50", ("9", "50")),
        ("9 to 50", ("9", "50")),
        ("9–50", ("9", "50")),
        ("9—50", ("9", "50")),
        ("(137.0-147.0)", ("137.0", "147.0")),
        ("[137.0--147.0]", ("137.0", "147.0")),
        ("-3~3", ("-3", "3")),
        ("-3~-1", ("-3", "-1")),
        ("-3-3", ("-3", "3")),
        ("0-1.0E+03", ("0", "1.0E+03")),
        ("5.5-3.5", ("5.5", "3.5")),  # impossible: told later, not hidden in a text
        ("<5.0", None),
        ("≤40", None),
        ("0-40 U/L", None),
        ("9-50(男)", None),
        ("9-", None),
        ("9", None),
        ("1-2-3", None),
        ("阴性", None),
        ("10²-10³", None),  # not 102 to 103
        ("①-⑤", None),
        ("½-1", None),
        ("-3--1", None),  # up to 1, or to -1
        ("", None),
    ],
)
def test_range_text(sent: str, limits: tuple[str, str] | None) -> None:
    assert read_range_text(sent) == limits


_DIGITS = st.from_regex(r"[0-9]{1,4}(\.[0-9]{1,4})?", fullmatch=True)


@given(_DIGITS, st.sampled_from(["-", "--", "~", "～", " - ", "－－", "—", "至"]), _DIGITS)
def test_digits_stay_as_sent(low: str, between: str, high: str) -> None:
    assert read_range_text(f"{low}{between}{high}") == (low, high)
