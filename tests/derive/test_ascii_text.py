"""What an ASCII build can hold, and what it must refuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.derive.ascii_text import convert_encodable

# sent, in the FDA build, in the NMPA build
TEXTS = [
    ("6.30", "6.30", "6.30"),
    (" NEG ", "NEG", "NEG"),
    ("＜２０", "<20", "＜２０"),
    ("≤0.5", "<=0.5", "≤0.5"),
    ("≧1.00", ">=1.00", "≧1.00"),
    ("（－）", "(-)", "（－）"),
    ("1.2×10^5", "1.2x10^5", "1.2×10^5"),
    ("阴性", None, "阴性"),
    ("阴性(-)", None, "阴性(-)"),
    ("μmol/L", None, "μmol/L"),
    ("24 kg/m²", "24 kg/m2", "24 kg/m²"),
    ("10²", None, "10²"),  # not 102
    ("①", None, "①"),
    ("H₂O", None, "H₂O"),
    ("a\r\nb\tc", "a b c", "a b c"),
    ("第一\n第二", None, "第一 第二"),
    ("a  b", "a  b", "a  b"),
    ("  ", None, None),
    ("", None, None),
]


@pytest.mark.parametrize(("sent", "fda", "nmpa"), TEXTS)
def test_encodable(sent: str, fda: str | None, nmpa: str | None) -> None:
    assert convert_encodable(sent, "fda") == fda
    assert convert_encodable(sent, "nmpa") == nmpa


@given(st.text(max_size=20))
def test_fda_is_printable_ascii_without_outer_blanks(sent: str) -> None:
    made = convert_encodable(sent, "fda")
    assert made is None or (made.isascii() and made.isprintable() and made == made.strip() != "")


@given(st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=1))
def test_ascii_stays_as_sent(sent: str) -> None:
    assert convert_encodable(sent, "fda") == convert_encodable(sent, "nmpa") == sent
