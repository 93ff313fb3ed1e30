"""Names of tests made comparable."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hbv_standards.desk.names import (
    COUNT,
    QUALITATIVE,
    QUANTITATIVE,
    SERUM,
    SHARE,
    WHOLE_BLOOD,
    read_name,
    squeeze,
)


@pytest.mark.parametrize(
    ("text", "core", "facets", "beside"),
    [
        ("淋巴细胞百分比", "淋巴细胞", {SHARE}, ()),
        ("淋巴细胞绝对值", "淋巴细胞", {COUNT}, ()),
        ("LYM%", "lym", {SHARE}, ()),
        ("Lymphocytes (count)", "lymphocyte", {COUNT}, ()),
        ("乙肝表面抗原定量测定", "乙肝表面抗原", {QUANTITATIVE}, ()),
        ("HBsAg (定性)", "hbsag", {QUALITATIVE}, ()),
        ("HBsAg, quantitative", "hbsag", {QUANTITATIVE}, ()),
        ("血清丙氨酸氨基转移酶（速率法）", "丙氨酸氨基转移酶", {SERUM}, ()),
        ("全血葡萄糖", "葡萄糖", {WHOLE_BLOOD}, ()),
        ("Leukocytes in Blood", "leukocyte", {WHOLE_BLOOD}, ()),
        ("乳酸脱氢酶活性", "乳酸脱氢酶", set(), ()),
        ("白蛋白（ALB）", "白蛋白", set(), ("alb",)),
        ("葡萄糖(餐后2小时)", "葡萄糖", set(), ("餐后2小时",)),
        ("平均红细胞血红蛋白浓度", "平均红细胞血红蛋白浓度", set(), ()),  # no affix: MCHC is no MCH
        ("白蛋白/球蛋白", "白蛋白/球蛋白", set(), ()),
        ("Haematocrit", "hematocrit", set(), ()),
    ],
)
def test_parts_of_a_name(text: str, core: str, facets: set[str], beside: tuple[str, ...]) -> None:
    name = read_name(text)
    assert (name.core, name.facets, name.beside) == (core, facets, beside)


@pytest.mark.parametrize(
    ("one", "other"), [("HBV-DNA", "HBV DNA"), ("T-BIL", "TBIL"), ("抗-HBs", "抗HBs"), ("β-HCG", "β HCG")]
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert read_name(one).whole == read_name(other).whole


@pytest.mark.parametrize(
    ("one", "other"), [("NEUT#", "NEUT%"), ("A/G", "AG"), ("抗-HBs", "HBsAg"), ("总胆红素", "直接胆红素")]
)
def test_names_that_stay_apart(one: str, other: str) -> None:
    assert read_name(one).whole != read_name(other).whole


@given(st.one_of(st.text(max_size=30), st.text(alphabet="()[]（）【】a-. ", max_size=12)))
@example("([])")
def test_any_text_is_read(text: str) -> None:
    name = read_name(text)
    assert name == read_name(f" {text} ")
    assert squeeze(name.whole) == name.whole
