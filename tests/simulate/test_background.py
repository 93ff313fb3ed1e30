"""What is asked at screening: plausible, as the hospital asks it, and with all that must occur."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.diseases import list_diseases
from hbv_standards.simulate.protocol import SITES
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.trial import simulate_trial

OVER = {disease.english for disease in list_diseases("history") if disease.course == "over"}
SUBJECTS = [s for seed in (1, 48) for s in simulate_trial(30, seed, extent="brief").subjects]


def find(role: str, place: int = 0) -> Subject:
    return [s for s in SUBJECTS if s.role.role == role][place]


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.number)
def test_both_substances_are_asked_for_at_the_first_contact(subject: Subject) -> None:
    assert [use.substance for use in subject.uses] == ["CIGARETTE", "ALCOHOLIC BEVERAGE"]
    assert {use.contact for use in subject.uses} == {subject.contacts[0].key}
    for use in subject.uses:
        details = (use.amount, use.start, use.end)
        assert use.status != "NEVER" or not any(details)
        assert not use.end or (use.status == "FORMER" and use.start <= use.end < str(subject.consent.year))
        assert not use.start or subject.person.birth.year < int(use.start)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.number)
def test_the_disease_of_the_trial_comes_first_and_before_its_treatment(subject: Subject) -> None:
    first, *others = subject.illnesses
    assert first.primary
    assert first.ongoing
    assert not any(illness.primary for illness in others)
    assert all(first.start[:4] <= dose.start[:4] for dose in subject.priors)
    assert all(illness.start < str(subject.consent.year) for illness in subject.illnesses)
    over = [illness for illness in others if illness.english in OVER]
    assert all(illness.ongoing == (illness not in over) for illness in others if not illness.fault)
    known = subject.place % 2 == 0 or subject.role.role == "clearer"
    assert all(bool(illness.end) for illness in over) or not known
    assert all(bool(illness.stated) == (subject.site == "foshan") for illness in over if not illness.end)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.number)
def test_guangzhou_has_no_codes_and_asks_for_each_relative(subject: Subject) -> None:
    told = [i for r in subject.relatives for i in (*r.illnesses, *r.absent)]
    if subject.site == "guangzhou":
        assert not any(illness.icd10 for illness in (*subject.illnesses, *told))
        assert len(subject.relatives) == len(told) == 3
    else:
        assert all(illness.icd10 for illness in (*subject.illnesses, *told))
        assert not any(relative.absent for relative in subject.relatives)


def test_what_must_occur_occurs() -> None:
    assert find("clearer").routes == ("VERTICAL TRANSMISSION", "BLOOD TRANSFUSION")
    assert [i.end != "" for i in find("clearer").illnesses] == [False, False, True]
    assert {len(i.start) for i in find("clearer").illnesses[1:]} == {4}
    assert find("clearer").uses[0].status == "FORMER"
    assert find("seroconverter").uses[0].status == "CURRENT"
    assert find("stable").illnesses[-1].fault == "refuted"
    assert find("rescued").illnesses[-1].fault == "unmapped"
    assert len(find("late seroconverter").relatives[0].illnesses) == 3


def test_every_hospital_has_diseases_of_which_the_end_is_not_known() -> None:
    assert {s.site for s in SUBJECTS for i in s.illnesses if not i.end and i.english in OVER} == set(SITES)


def test_answers_differ_between_seeds() -> None:
    one, other = simulate_trial(12, 5, extent="brief"), simulate_trial(12, 6, extent="brief")
    assert [s.uses for s in one.subjects] != [s.uses for s in other.subjects]
