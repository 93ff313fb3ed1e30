"""Which substance a question is proposed to be about."""

from __future__ import annotations

import pytest

from hbv_standards.desk.propose_uses import UseProposer
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

from .seeing import NEW, build_code


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> UseProposer:
    return UseProposer(desk_catalog, SiteMapper(desk_catalog, NEW))


@pytest.mark.parametrize(
    ("name", "answers", "substance", "field"),
    [
        ("是否吸烟", {"words": ["从不", "已戒"]}, "CIGARETTE", "occurred"),
        ("吸烟史", {"words": ["是", "否"]}, "CIGARETTE", "occurred"),
        ("饮酒情况", {"words": ["从不饮酒"]}, "ALCOHOLIC BEVERAGE", "occurred"),
        ("开始吸烟年份", {"words": ["2001年", "1998"]}, "CIGARETTE", "start_dtc"),
        ("每日吸烟量", {"unit": "支", "numbers": (5, 10, 20)}, "CIGARETTE", "dose;QD"),
        ("每日吸烟量", {"unit": "支/天", "numbers": (5, 10, 20)}, "CIGARETTE", "dose"),
        (
            "Alcohol use: amount per day",
            {"unit": "g", "numbers": (5, 10, 20)},
            "ALCOHOLIC BEVERAGE",
            "dose;QD",
        ),
        ("每日吸烟支数", {"numbers": (5, 10, 20)}, None, None),  # of what, the numbers do not say
        ("日吸烟量（支）", {"numbers": (5, 10, 20)}, "CIGARETTE", "dose;CIGARETTE;QD"),
        ("平均每日吸烟(支/天)", {"numbers": (5, 10, 20)}, "CIGARETTE", "dose;CIGARETTE;QD"),
        ("何年戒烟", {"words": ["2015年"]}, "CIGARETTE", "end_dtc"),
        ("戒酒时间", {"words": ["2015"]}, "ALCOHOLIC BEVERAGE", "end_dtc"),
        ("饮酒状态", {"words": ["从不饮酒", "见病历"]}, "ALCOHOLIC BEVERAGE", "occurred"),  # one answer is known
        ("戒烟前每日吸烟量（支）", {"numbers": (5, 10, 20)}, None, None),
        ("每周吸烟量（支）", {"numbers": (5, 10, 20)}, None, None),
        ("是否戒烟", {"words": ["是", "否"]}, None, None),
        ("是否吸烟", {"words": ["见病历"]}, None, None),
        ("是否吸烟", {"numbers": (5, 10, 20)}, None, None),
        ("家属是否吸烟", {"words": ["是"]}, None, None),
        ("吸烟饮酒史", {"words": ["是"]}, None, None),
        ("开始吸烟年份", {"words": ["很久"]}, None, None),
        ("恩替卡韦", {"words": ["是"]}, None, None),  # a drug is no substance that one is asked about
    ],
)
def test_a_question(
    proposer: UseProposer, name: str, answers: dict[str, object], substance: str | None, field: str | None
) -> None:
    chosen = proposer.propose(build_code(name, **answers)).chosen  # type: ignore[arg-type]  # a case table
    assert ((chosen.to_code, chosen.field) if chosen else (None, None)) == (substance, field)
