"""Which planned visit a contact is proposed to be."""

from __future__ import annotations

import pytest

from hbv_standards.desk.propose_visits import VisitProposer
from hbv_standards.mapping.catalog import Catalog

from .seeing import build_code

FIRST = {"1": "2024-01-01", "2": "2024-02-01"}


@pytest.mark.parametrize(
    ("name", "visit"),
    [
        ("第12周", "3"), ("第12周访视", "3"), ("W24", "4"), ("Week 48 visit", "6"), ("12周(±7天)", "3"),
        ("基线访视", "2"), ("筛选期", "1"), ("WEEK 36", "5"),
        ("V3(W12)", "3"), ("访视4（第24周）", "4"), ("V1筛选", "1"), ("基线(D1)", "2"), ("筛选(-2周)", "1"),
        ("治疗48周末", "6"), ("W12 D85", "3"), ("Day 169", "4"),
        ("W12-W24", None), ("第4-12周", None), ("基线(W12)", None), ("V3 D90", None), ("V3复查", None),
        ("停药后12周", None), ("随访12周", None), ("follow-up week 24", None), ("第13周", None), ("专科门诊", None),
        ("计划外就诊", None), ("第72周", None),
    ],
)  # fmt: skip
def test_what_a_contact_says(desk_catalog: Catalog, name: str, visit: str | None) -> None:
    code = build_code(name, kind="visit")
    chosen = VisitProposer(desk_catalog.study, [code]).propose(code).chosen
    assert (chosen.to_code if chosen else None) == visit


@pytest.mark.parametrize(
    ("days", "visit"),
    [
        ({"1": "2024-03-26", "2": "2024-04-25"}, "3"),  # days 86 and 85
        ({"1": "2024-01-29", "2": "2024-02-28"}, None),  # day 29: this hospital counts otherwise
        ({"9": "2024-03-26"}, None),  # nobody's first day is known
        ({"1": "2024-03"}, None),
    ],
)
def test_a_number_is_believed_by_its_days(
    desk_catalog: Catalog, days: dict[str, str], visit: str | None
) -> None:
    first = build_code(code="V2", kind="visit", number=1, days=FIRST)
    third = build_code(code="V3", kind="visit", number=2, days=days)
    chosen = VisitProposer(desk_catalog.study, [first, third]).propose(third).chosen
    assert (chosen.to_code if chosen else None) == visit


def test_a_number_that_is_not_planned(desk_catalog: Catalog) -> None:
    code = build_code(code="V17", kind="visit", days=FIRST)
    assert "plans no visit 17" in VisitProposer(desk_catalog.study, [code]).propose(code).why
