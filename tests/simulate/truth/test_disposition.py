"""Milestones, ends, and doses as collected, of the truth."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.disposition import list_collected, list_dispositions

SUBJECTS = {s.role.role: s for s in simulate_trial(24, 48, extent="brief").subjects}
ENDS = {
    "still treated": [],
    "replicating": [("STUDY PARTICIPATION", "SCREEN FAILURE")],
    "never treated": [("STUDY PARTICIPATION", "WITHDRAWAL BY SUBJECT")],
    "stable": [("STUDY PARTICIPATION", "COMPLETED"), ("STUDY TREATMENT", "COMPLETED")],
    "death": [("STUDY PARTICIPATION", "DEATH"), ("STUDY TREATMENT", "DEATH")],
    "lost": [("STUDY PARTICIPATION", "LOST TO FOLLOW-UP")],
}


def list_ends(subject: Subject) -> list[tuple[str, str]]:
    rows = list_dispositions(subject)
    return [(r["DSSCAT"], r["DSDECOD"]) for r in rows if r["DSCAT"] == "DISPOSITION EVENT"]


@pytest.mark.parametrize("role", ENDS)
def test_ends(role: str) -> None:
    found = list_ends(SUBJECTS[role])
    assert found[: len(ENDS[role])] == ENDS[role]
    assert len(found) <= 2


@pytest.mark.parametrize("role", SUBJECTS)
def test_milestones(role: str) -> None:
    subject = SUBJECTS[role]
    rows = [r for r in list_dispositions(subject) if r["DSCAT"] == "PROTOCOL MILESTONE"]
    names = ["INFORMED CONSENT OBTAINED", "RANDOMIZED"] if subject.randomised else ["INFORMED CONSENT OBTAINED"]
    assert [r["DSDECOD"] for r in rows] == names
    assert rows[0]["DSSTDTC"] == subject.consent.isoformat()


def test_the_hospital_has_words_for_ends_only() -> None:
    for subject in SUBJECTS.values():
        for row in list_dispositions(subject):
            assert row["TERM_EN"] == row["DSDECOD"]
            assert row["DSCAT"] == "DISPOSITION EVENT" or row["TERM_ZH"] == row["DSDECOD"]


def test_missed_doses_have_a_reason_and_no_amount() -> None:
    subject = SUBJECTS["seroconverter"]
    rows = list(list_collected(subject))
    missed = [r for r in rows if r["ECOCCUR"] == "N"]
    assert len(missed) == sum(not d.given for d in subject.doses) > 0
    assert all(r["ECREASOC"] and "ECDOSE" not in r for r in missed)
    assert all(r["ECDOSE"] for r in rows if r["ECOCCUR"] == "Y")
