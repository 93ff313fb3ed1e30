"""Procedures and comments of the truth."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.examinations import list_comments, list_procedures

TRIAL = simulate_trial(9, 48, extent="brief")
STABLE = next(s for s in TRIAL.subjects if s.role.role == "stable")


def test_what_was_not_done_has_a_visit_and_a_reason_and_no_time() -> None:
    rows = list(list_procedures(STABLE))
    undone = [row for row in rows if row["PROCCUR"] == "N"]
    assert [(r["PRTRT"], r["VISITNUM"], r["PRSTDTC"]) for r in undone] == [("ABDOMINAL ULTRASOUND", "4", "")]
    assert undone[0]["PRREASOC"]
    assert all(row["PRSTDTC"] for row in rows if row["PROCCUR"] == "Y")


def test_a_comment_belongs_to_the_domain_of_what_it_stands_beside() -> None:
    contact = STABLE.contacts[0]
    result = next(r for r in contact.results if r.habit.concept_id == "ALT")
    noted = replace(contact, results=(replace(result, note="复核"), replace(result, note="x", fault="unit")))
    examination = replace(STABLE.examinations[0], conclusion="normal")
    rows = list(list_comments(replace(STABLE, contacts=(noted,), examinations=(examination,), reactions=())))
    assert [(r["RDOMAIN"], r["TEXT_EN"], r["TEXT_ZH"]) for r in rows] == [
        ("LB", "", "复核"),
        ("PR", "normal", "normal"),
    ]
