"""Texts that a submission can carry."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.spec import read_specs
from hbv_standards.sdtm.text import MAX_BYTES, cut_text, fit_text, fit_value, order_as_ascii, split_text

from .cases import MAPPINGS

TV = read_specs(MAPPINGS / "specs")["TV"]


@pytest.mark.parametrize(
    ("value", "agency", "fitted", "codes"),
    [
        ("plain", "fda", "plain", []),
        ("  blank before", "fda", "blank before", []),
        ("检验科", "fda", None, ["HBV-SDTM-003"]),
        ("检验科", "nmpa", "检验科", []),
        ("＜２０", "fda", "<20", []),
        ("word " * 50, "fda", ("word " * 40).strip(), ["HBV-SDTM-004"]),
        ("x" * 201, "fda", "x" * 200, ["HBV-SDTM-004"]),
        ("中" * 70, "nmpa", "中" * 66, ["HBV-SDTM-004"]),
        ("   ", "fda", None, []),
    ],
)
def test_value(value: str, agency: Literal["fda", "nmpa"], fitted: str | None, codes: list[str]) -> None:
    told: list[str] = []
    assert fit_value(value, agency, lambda code, _: told.append(code)) == fitted
    assert told == codes


@given(st.text())
def test_a_cut_text_fits_and_is_a_beginning(text: str) -> None:
    cut = cut_text(text)
    assert len(cut.encode("utf-8")) <= MAX_BYTES
    assert text.startswith(cut)


def test_each_value_is_reported_once_with_its_rows() -> None:
    frame = pd.DataFrame(
        {"VISIT": ["基线", "基线", "WEEK 12", None], "VISITNUM": [1.0, 1.0, 2.0, 3.0], "note": "注"}
    )
    log = IssueLog()
    fitted = fit_text(frame, TV, "fda", log)
    assert fitted["VISIT"].fillna("").tolist() == ["", "", "WEEK 12", ""]
    assert fitted["note"].tolist() == ["注"] * 4
    assert [(row.code, row.dataset, row.variable, row.value) for row in log.rows] == [
        ("HBV-SDTM-003", "TV", "VISIT", "基线")
    ]
    assert "2 rows" in log.rows[0].message


@given(st.text(alphabet=st.sampled_from("ab 中，"), max_size=900), st.integers(4, 200))
def test_pieces_fit_and_hold_every_word(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(0 < len(piece.encode("utf-8")) <= limit for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_chinese_build_is_ordered_as_the_other() -> None:
    frame = pd.DataFrame({"VISIT": ["基线", "B"], "TVSTRL": ["中", "文"], "order_TVSTRL": ["Z", "A"]})
    assert order_as_ascii(frame, TV, "fda") == {}
    order = order_as_ascii(frame, TV, "nmpa")
    assert {name: column.fillna("").tolist() for name, column in order.items()} == {
        "VISIT": ["", "B"], "TVSTRL": ["Z", "A"]
    }  # fmt: skip
