"""The tables of the hospitals' habits fit together."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.habits import (
    LabHabit,
    list_texts,
    read_cast,
    read_drugs,
    read_factors,
    read_laboratory,
    read_tests,
    read_unit,
)
from hbv_standards.simulate.planting import read_planted
from hbv_standards.simulate.protocol import SITES

HABITS = [habit for site in SITES for habit in read_laboratory(site).values()]


@pytest.mark.parametrize("habit", HABITS, ids=lambda h: f"{h.site}-{h.concept_id}")
def test_a_test_of_a_hospital_is_known_and_its_unit_converts(habit: LabHabit) -> None:
    facts = read_tests()[habit.concept_id]
    unit = read_unit(habit.unit, habit.concept_id)
    assert unit in ("", facts.std_unit) or (habit.concept_id, unit) in read_factors()
    assert (
        bool(habit.unit) == bool(facts.std_unit)
        or facts.std_unit == "titer"
        or habit.form in ("coded", "string")
    )


@pytest.mark.parametrize("site", SITES)
def test_codes_name_one_test_each(site: str) -> None:
    codes = [(h.system, h.code or h.text) for h in read_laboratory(site).values()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("site", SITES)
def test_methods_are_words_of_the_hospital(site: str) -> None:
    known = {text.said for text in list_texts(site, "METHOD")}
    assert {h.method for h in read_laboratory(site).values()} - {""} <= known


def test_limits_lie_in_order() -> None:
    for habit in HABITS:
        for low, high in (habit.read_limits("M"), habit.read_limits("F"), (habit.lloq, habit.uloq)):
            assert not (low and high) or float(low) < float(high), habit


@pytest.mark.parametrize("site", SITES)
def test_doses_and_drugs_are_the_same_everywhere(site: str) -> None:
    """But for drugs that a hospital counts in tablets."""
    usual = {name: (drug.dose, drug.frequency) for name, drug in read_drugs("zhongshan").items()}
    counted = {name for name, drug in read_drugs(site).items() if read_unit(drug.unit, "") == "TABLET"}
    doses = {name: (drug.dose, drug.frequency) for name, drug in read_drugs(site).items()}
    assert doses == {**usual, **dict.fromkeys(counted, ("1", "QD"))}
    assert counted == ({"TENOFOVIR DISOPROXIL FUMARATE"} if site == "foshan" else set())


def test_planted_results_belong_to_known_roles_and_tests() -> None:
    roles = {role.role: role.site for role in read_cast()}
    for row in read_planted():
        assert row.concept_id == "" or row.concept_id in read_laboratory(roles[row.role])
