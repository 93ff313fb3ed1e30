"""Adverse events of a laboratory kind agree with the results that show them, and doses with both."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from hbv_standards.simulate.diseases import list_diseases
from hbv_standards.simulate.grading import GRADED, find_episode, grade_result, is_graded
from hbv_standards.simulate.habits import read_laboratory
from hbv_standards.simulate.records import Contact, Reaction, Result, Subject
from hbv_standards.simulate.trial import simulate_trial

from .literal import MORNING, make_subject

SUBJECTS = [s for seed in (3, 48) for s in simulate_trial(40, seed, extent="brief").subjects if s.day_one]
LOWERED = {"NEUT": 0.75, "PLT": 50.0}
"""Counts (10^9/L) below which the label of peg-IFN has the dose lowered."""
of_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.number)


def report(concept: str, number: str, day: int = 0) -> Result:
    habit = read_laboratory("zhongshan")[concept]
    low, high = habit.read_limits("M")
    key = f"{concept}-{day}"
    return Result(key, habit, "quantity", MORNING.shift(days=day), unit=habit.unit, number=number, low=low, high=high)


@pytest.mark.parametrize(
    ("concept", "number", "grade"),
    [
        ("ALT", "50", 0), ("ALT", "51", 1), ("ALT", "150", 1), ("ALT", "151", 2), ("ALT", "250", 2),
        ("ALT", "251", 3), ("ALT", "1000", 3), ("ALT", "1001", 4),
        ("NEUT", "1.80", 0), ("NEUT", "1.79", 1), ("NEUT", "1.50", 1), ("NEUT", "1.49", 2), ("NEUT", "1.00", 2),
        ("NEUT", "0.99", 3), ("NEUT", "0.50", 3), ("NEUT", "0.49", 4),
        ("PLT", "125", 0), ("PLT", "124", 1), ("PLT", "75", 1), ("PLT", "74", 2), ("PLT", "50", 2), ("PLT", "49", 3),
        ("PLT", "25", 3), ("PLT", "24", 4),
    ],
)  # fmt: skip
def test_grades(concept: str, number: str, grade: int) -> None:
    assert grade_result(report(concept, number)) == grade


@pytest.mark.parametrize(
    ("numbers", "episode"),
    [
        (["2.00", "1.60"], None),
        (["1.20", "0.60", "1.30", "1.70"], (3, 0, 3)),
        (["1.20", "1.70", "0.90", "1.70"], (3, 0, 3)),  # one event, with a better day within
        (["2.00", "1.20", "0.40"], (4, 1, None)),
    ],
)
def test_an_episode_lasts_until_results_stay_well(
    numbers: list[str], episode: tuple[int, int, int | None] | None
) -> None:
    first = MORNING.when.date()
    contacts = tuple(
        Contact(f"c{day}", MORNING.shift(days=day), None, "check", (report("NEUT", number, day),))
        for day, number in enumerate(numbers)
    )
    found = find_episode(make_subject("zhongshan", contacts=contacts, day_one=first - timedelta(days=9)), "NEUT")
    days = [None if day is None else first + timedelta(days=day) for day in episode[1:]] if episode else []
    assert found == ((episode[0], *days) if episode else None)


def list_graded(subject: Subject, concept: str) -> list[tuple[date, int, float]]:
    """Day, grade and number of the results under treatment."""
    return [
        (contact.day, grade_result(r), float(r.number))
        for contact in subject.contacts
        for r in contact.results
        if r.habit.concept_id == concept and is_graded(r) and subject.day_one and contact.day > subject.day_one
    ]


def find_events(subject: Subject, kind: str) -> list[Reaction]:
    term = list_diseases(kind)[0].english
    return [r for r in subject.reactions if r.illness.english == term and not r.fault]


@pytest.mark.parametrize("kind", GRADED)
@of_subject
def test_events_agree_with_results(subject: Subject, kind: str) -> None:
    """Every grade from 2 on lies within the event, which has the worst of them and begins with the first."""
    bad = [(day, grade) for day, grade, _ in list_graded(subject, GRADED[kind]) if grade >= 2]
    events = find_events(subject, kind)
    assert len(events) == bool(bad)
    for event in events:
        worst = max(grade for _, grade in bad)
        told = {2: "MODERATE", 3: "SEVERE", 4: "SEVERE"}[worst]
        assert (event.severity, event.grade or str(worst)) == (told, str(worst))
        assert event.illness.start == bad[0][0].isoformat()
        assert event.illness.ongoing or event.illness.end > bad[-1][0].isoformat() or not event.illness.end


@pytest.mark.parametrize("concept", LOWERED)
@of_subject
def test_a_dose_is_lowered_where_the_label_has_it(subject: Subject, concept: str) -> None:
    """Within two weeks of the first count below the limit, and in nobody else."""
    low = [day for day, _, number in list_graded(subject, concept) if number < LOWERED[concept]]
    given = [dose for dose in subject.doses if dose.given and subject.arm == "PEGIFN"]
    lowered = [date.fromisoformat(b.start[:10]) for a, b in pairwise(given) if int(b.amount) < int(a.amount)]
    kind = {"NEUT": "neutrophil", "PLT": "platelet"}[concept]
    assert bool(low) == (subject.role.reduction == kind)
    assert not low or timedelta(0) < lowered[0] - low[0] <= timedelta(days=14)


@of_subject
def test_alt_stays_below_ten_times_its_limit(subject: Subject) -> None:
    """Up to there the label leaves the dose to the physician: none is changed for a flare."""
    limits = [float(r.high) for c in subject.contacts for r in c.results if r.habit.concept_id == "ALT" and r.high]
    assert all(number < 10 * min(limits) for _, _, number in list_graded(subject, "ALT"))
    assert bool(find_events(subject, "flare")) == subject.role.flare
