"""What the protocol names is measured in every subject when it is due, in small fixtures too."""

from __future__ import annotations

import pytest

from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.trial import simulate_trial

SUBJECTS = [s for seed in (2, 48) for s in simulate_trial(24, seed, extent="brief").subjects]
EVERY_VISIT = [
    {"ALT"}, {"AST"}, {"TBIL"}, {"ALB"}, {"CREA"}, {"UREA", "BUN"}, {"WBC"}, {"NEUT"}, {"HGB"}, {"PLT"},
    {"CCCDNA_PBMC"}, {"HBVRNA"}, {"HBVDNA"}, {"HBSAG_QN"}, {"HBEAG_QN"}, {"HBEAG_QL"},
]  # fmt: skip
ENTRY = [{"BMI"}, {"HEIGHT"}, {"WEIGHT"}, {"HBVGT"}, {"IFNA2"}, {"ISG"}]
IMAGING = [{"LSM"}, {"PVDIAM"}]
UNDONE = ("stable", 4)
"""Role and visit of the ultrasound that was planned and not done."""
of_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.role.role)


def list_done(subject: Subject, planned: int) -> set[str]:
    """Tests of a planned visit; elastography may have a day of its own."""
    contacts = [c for c in subject.contacts if c.planned == planned]
    return {result.habit.concept_id for contact in contacts for result in contact.results}


def list_attended(subject: Subject) -> list[int]:
    return [c.planned for c in subject.contacts if c.planned and c.purpose == "visit"]


@of_subject
def test_every_visit(subject: Subject) -> None:
    for planned in list_attended(subject):
        done = list_done(subject, planned)
        assert [wanted for wanted in EVERY_VISIT if not wanted & done] == [], planned


@of_subject
def test_entry(subject: Subject) -> None:
    done = list_done(subject, 1)
    assert [wanted for wanted in ENTRY if not wanted & done] == []
    assert not any("BMI" in list_done(subject, planned) for planned in (2, 3, 4, 5, 6))


@of_subject
def test_imaging_every_24_weeks(subject: Subject) -> None:
    first = subject.role.role == UNDONE[0]
    for planned in set(list_attended(subject)) & {2, 4, 6}:
        wanted = IMAGING[:1] if first and planned == UNDONE[1] else IMAGING
        assert [test for test in wanted if not test & list_done(subject, planned)] == [], planned


def test_one_subject_of_each_hospital_has_all_tests() -> None:
    wide = [s.number for s in SUBJECTS if "GGT" in list_done(s, 1)]
    assert set(wide) == {"01001", "02001", "03001"}
