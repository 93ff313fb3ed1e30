"""The simulator's plan of the trial agrees with study.yaml, of which it knows nothing."""

from __future__ import annotations

from datetime import date

import pytest

from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.simulate import protocol
from hbv_standards.simulate.habits import read_cast
from hbv_standards.study import read_study

STUDY = read_study(locate_mappings())


def test_visits_and_windows() -> None:
    stated = [(v.visitnum, v.visit, v.visitdy, *v.window) for v in STUDY.visits]
    assert [tuple(visit) for visit in protocol.PLANNED] == stated


def test_rules_and_names() -> None:
    assert STUDY.studyid == protocol.STUDY
    assert STUDY.visit_span_days == protocol.SPAN_DAYS
    assert protocol.GAP_DAYS.items() <= STUDY.exposure.gap_days.items()
    assert {name: site.siteid for name, site in STUDY.sites.items()} == protocol.SITE_NUMBERS


def test_arms() -> None:
    assert {role.arm for role in read_cast()} - {""} == {arm.armcd for arm in STUDY.arms}


@pytest.mark.parametrize(("day", "study_day"), [("2024-05-02", -1), ("2024-05-03", 1), ("2024-05-04", 2)])
def test_there_is_no_day_0(day: str, study_day: int) -> None:
    reference = date(2024, 5, 3)
    assert protocol.compute_day(date.fromisoformat(day), reference) == study_day
    assert protocol.compute_date(study_day, reference) == date.fromisoformat(day)
