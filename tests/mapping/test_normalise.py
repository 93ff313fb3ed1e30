"""Spellings that mean the same compare equal, and no others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.mapping.normalise import normalise_text, normalise_unit

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(TEXT)
def test_text_once_is_enough(text: str) -> None:
    assert normalise_text(normalise_text(text)) == normalise_text(text)


@given(TEXT)
def test_unit_once_is_enough(text: str) -> None:
    assert normalise_unit(normalise_unit(text)) == normalise_unit(text)


@given(
    st.lists(st.sampled_from(["谷丙", "ALT", "Serum", "-"]), min_size=1),
    st.sampled_from([" ", "\t", "\u3000", "  "]),
)
def test_blanks_do_not_tell_texts_apart(words: list[str], blank: str) -> None:
    assert normalise_text(f"{blank}{blank.join(words)}{blank}") == normalise_text(" ".join(words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阴性（－）", "阴性(-)"),
        ("Not  Detected", "NOT DETECTED"),
        ("ＡＬＴ", "alt"),
        ("\ufeff阴性\u200b", "阴性"),
    ],
)
def test_same_text(one: str, other: str) -> None:
    assert normalise_text(one) == normalise_text(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("μmol/L", "umol/L"),  # Greek letter
        ("µmol/L", "umol/L"),  # micro sign
        ("％", "%"),
        ("10^9 / L", "10^9/L"),
        ("mL/min/1.73 m²", "mL/min/1.73m2"),
        ("℃", "°C"),
    ],
)
def test_same_unit(one: str, other: str) -> None:
    assert normalise_unit(one) == normalise_unit(other)


@pytest.mark.parametrize(
    ("one", "other"), [("g/L", "G/L"), ("m", "M"), ("mg", "Mg"), ("U/L", "IU/L"), ("1", "10")]
)
def test_different_units(one: str, other: str) -> None:
    assert normalise_unit(one) != normalise_unit(other)
