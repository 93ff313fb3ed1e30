"""Examinations with their results and words, and remarks beside results."""

from __future__ import annotations

from hbv_standards.simulate.habits import read_tests
from hbv_standards.simulate.records import Result, Subject
from hbv_standards.simulate.trial import simulate_trial

TRIAL = simulate_trial(24, 48)
EXAMINATIONS = [(s, e) for s in TRIAL.subjects for e in s.examinations]


def list_results(subject: Subject) -> dict[str, Result]:
    return {r.key: r for c in subject.contacts for r in c.results}


def test_both_examinations_of_a_day_share_it() -> None:
    for subject in TRIAL.subjects:
        keys = [e.contact for e in subject.examinations]
        assert keys == sorted(keys)
        assert all(keys.count(key) == 2 for key in keys)


def test_every_result_of_imaging_belongs_to_one_examination() -> None:
    panels = {"ABDOMINAL ULTRASOUND": "ULTRASOUND", "TRANSIENT ELASTOGRAPHY": "ELASTOGRAPHY"}
    for subject in TRIAL.subjects:
        results, tests = list_results(subject), read_tests()
        listed = [key for e in subject.examinations for key in e.results]
        imaging = {
            key
            for key, r in results.items()
            if r.habit.concept_id in tests and tests[r.habit.concept_id].panel in panels.values()
        }
        assert len(listed) == len(set(listed))
        assert set(listed) == imaging
        for examination in subject.examinations:
            found = {tests[results[key].habit.concept_id].panel for key in examination.results}
            assert found <= {panels[examination.procedure]}


def test_one_planned_ultrasound_was_not_done() -> None:
    undone = [(s, e) for s, e in EXAMINATIONS if not e.done]
    assert [(s.role.role, e.procedure, e.results) for s, e in undone] == [("stable", "ABDOMINAL ULTRASOUND", ())]
    assert undone[0][1].reason


def test_some_examiners_say_more_than_200_bytes() -> None:
    lengths = [len(e.conclusion.encode()) for s, e in EXAMINATIONS if e.conclusion]
    assert max(lengths) > 200
    assert len(lengths) < len(EXAMINATIONS)


def test_remarks_stand_beside_results_that_count() -> None:
    remarked = [(s.site, r) for s in TRIAL.subjects for r in list_results(s).values() if r.note]
    assert {site for site, _ in remarked} == {"zhongshan", "guangzhou", "foshan"}
    assert not any(r.fault for _, r in remarked)
    assert max(len(r.note.encode()) for _, r in remarked) > 200
    assert len(remarked) < 60
