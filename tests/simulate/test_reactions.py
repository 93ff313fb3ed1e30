"""Adverse events: within participation, with what their hospital tells, and with all that must occur."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.records import Reaction, Subject
from hbv_standards.simulate.trial import simulate_trial

SUBJECTS = [s for seed in (3, 48) for s in simulate_trial(40, seed, extent="brief").subjects]
REACTIONS = [(s, r) for s in SUBJECTS for r in s.reactions]


def find(role: str) -> Subject:
    return next(s for s in SUBJECTS if s.role.role == role)


def is_undated(subject: Subject, reaction: Reaction) -> bool:
    """Over, nobody knows since when: of some roles, and without an outcome."""
    illness = reaction.illness
    return subject.role.role in ("seroconverter", "thrombopenic") and not illness.ongoing and not illness.end


@pytest.mark.parametrize(("subject", "reaction"), REACTIONS, ids=lambda x: getattr(x, "key", ""))
def test_dates_lie_within_participation(subject: Subject, reaction: Reaction) -> None:
    illness, last = reaction.illness, (subject.end or subject.contacts[-1].day).isoformat()
    assert subject.day_one
    assert subject.day_one.isoformat() <= illness.start <= last
    assert is_undated(subject, reaction) or illness.ongoing == (illness.end == "")
    assert not illness.end or illness.start <= illness.end <= last


@pytest.mark.parametrize(("subject", "reaction"), REACTIONS, ids=lambda x: getattr(x, "key", ""))
def test_guangzhou_tells_severity_and_dates(subject: Subject, reaction: Reaction) -> None:
    rest = (reaction.serious, reaction.action, reaction.outcome, reaction.causality)
    if subject.site == "guangzhou":
        assert not any(rest)
        assert bool(reaction.grade) == (reaction.severity == "SEVERE")
    else:
        told = (reaction.serious, reaction.action, reaction.causality, reaction.grade)
        assert all(told)
        assert bool(reaction.outcome) != is_undated(subject, reaction)


def test_who_is_not_treated_has_none() -> None:
    assert not any(s.reactions for s in SUBJECTS if s.day_one is None)


def test_a_dose_is_changed_for_an_event() -> None:
    for role in ("neutropenic", "flaring"):
        subject = find(role)
        changed = next(r for r in subject.reactions if r.changed)
        dose = next(d for d in subject.doses if d.key == changed.changed)
        assert (changed.action, dose.amount) == ("DOSE REDUCED", "135")
        assert changed.illness.start < dose.start


def test_the_end_of_some_events_is_not_known() -> None:
    for role in ("seroconverter", "thrombopenic"):
        assert is_undated(find(role), find(role).reactions[-1])


def test_why_an_event_is_serious_is_told_by_zhongshan_alone() -> None:
    told = {s.site for s, r in REACTIONS if r.criteria}
    assert told == {"zhongshan"}
    assert all(r.serious == "Y" for _, r in REACTIONS if r.criteria)
    assert find("intolerant").reactions[0].criteria == ("AESHOSP", "AESMIE")


def test_a_death_is_fatal() -> None:
    event = find("death").reactions[0]
    assert (event.illness.end, event.grade) == (find("death").person.death, "5")


def test_foshan_corrects_one_event_and_withdraws_another() -> None:
    corrected = find("plain responder").reactions[-1]
    assert corrected.earlier
    assert (corrected.earlier.severity, corrected.severity) == ("MILD", "MODERATE")
    assert corrected.earlier.key == corrected.key
    assert [r.fault for r in find("flaring").reactions][-1] == "withdrawn"


def test_keys_are_unique() -> None:
    keys = [r.key for r in find("flaring").reactions]
    assert len(set(keys)) == len(keys) > 2
