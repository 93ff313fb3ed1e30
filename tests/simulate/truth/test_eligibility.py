"""Unmet criteria of the truth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.simulate.records import Result, Subject
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.eligibility import list_unmet

SUBJECTS = {s.role.role: s for s in simulate_trial(24, 48, extent="brief").subjects}
UNMET = {"antigen above limit": "INCL03", "replicating": "INCL05", "variant": "INCL06"}
"""Why each of them fails; other criteria may be unmet beside it."""


@pytest.mark.parametrize("role", SUBJECTS)
def test_screen_failures_do_not_meet_a_criterion_and_others_meet_all(role: str) -> None:
    found = [row["IETESTCD"] for row in list_unmet(SUBJECTS[role])]
    assert UNMET[role] in found if role in UNMET else found == []


def with_antigen(*results: tuple[str, str, int]) -> Subject:
    """A subject of Guangzhou with these results (comparator, number in IU/mL, days after screening) alone."""
    subject = SUBJECTS["clearer"]
    contact = subject.contacts[0]
    model = next(r for r in contact.results if r.habit.concept_id == "HBSAG_QN")
    made = [_move(replace(model, comparator=sign, number=number), days) for sign, number, days in results]
    return replace(subject, contacts=(replace(contact, results=tuple(made)),))


def _move(result: Result, days: int) -> Result:
    tube = result.specimen
    moved = replace(tube, collected=tube.collected.shift(days=days)) if tube else None
    return replace(result, when=result.when.shift(days=days), specimen=moved)


@pytest.mark.parametrize(
    ("results", "unmet"),
    [
        ([("", "1500", 0)], []),
        ([("", "1500.1", 0)], ["INCL03"]),
        ([(">", "250", 0)], []),  # may be either
        ([(">", "52000", 0)], ["INCL03"]),
        ([("<", "0.05", 0)], []),
        ([("", "1600", 0), ("", "1400", 1)], []),  # the later one decides
        ([("", "1400", 0), ("", "1600", 1)], ["INCL03"]),
        ([("", "1400", 0), ("", "1600", 200)], []),  # after randomisation it is too late
        ([], []),
    ],
)
def test_the_last_result_before_randomisation_decides(results: list[tuple[str, str, int]], unmet: list[str]) -> None:
    assert [r["IETESTCD"] for r in list_unmet(with_antigen(*results))] == unmet


@pytest.mark.parametrize(("indicator", "unmet"), [("NORMAL", []), ("HIGH", ["INCL04"]), ("", [])])
def test_the_amount_of_hbeag_decides_by_its_limit_where_no_word_was_sent(indicator: str, unmet: list[str]) -> None:
    subject = SUBJECTS["clearer"]
    contact = subject.contacts[0]
    amount = next(r for r in contact.results if r.habit.concept_id == "HBEAG_QN")
    alone = replace(contact, results=(replace(amount, indicator=indicator),))
    assert [r["IETESTCD"] for r in list_unmet(replace(subject, contacts=(alone,)))] == unmet
