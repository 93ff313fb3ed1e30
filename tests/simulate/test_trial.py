"""The whole synthetic trial: equal seeds, every kind of subject, plausible courses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from hbv_standards.simulate.habits import read_cast
from hbv_standards.simulate.protocol import SITES, VISITS, compute_day
from hbv_standards.simulate.records import Result, Subject, Trial
from hbv_standards.simulate.trial import simulate_trial

SEEDS = (1, 2, 48)


@pytest.fixture(scope="module", params=SEEDS)
def trial(request: pytest.FixtureRequest) -> Trial:
    """24 subjects with few tests each, for several seeds."""
    return simulate_trial(24, request.param, extent="brief")


def list_results(trial: Trial) -> list[Result]:
    return [r for s in trial.subjects for c in s.contacts for r in c.results]


def find(trial: Trial, role: str) -> Subject:
    return next(subject for subject in trial.subjects if subject.role.role == role)


def read_numbers(subject: Subject, concept: str) -> list[tuple[int, float]]:
    """Study day and number (the limit where only that is known) of one test."""
    assert subject.day_one
    return [
        (compute_day(contact.day, subject.day_one), float(result.number))
        for contact in subject.contacts
        for result in contact.results
        if result.habit.concept_id == concept and result.number and not result.fault
    ]


def test_same_seed_gives_the_same_trial() -> None:
    assert simulate_trial(12, 5) == simulate_trial(12, 5)


def test_another_seed_gives_another_trial() -> None:
    assert simulate_trial(12, 5).subjects != simulate_trial(12, 6).subjects


def test_more_subjects_leave_the_first_ones_as_they_are() -> None:
    assert simulate_trial(30, 5).subjects[:24] == simulate_trial(24, 5).subjects


def test_numbers_and_result_keys_are_unique(trial: Trial) -> None:
    numbers = [s.number for s in trial.subjects]
    keys = [r.key for r in list_results(trial)]
    assert len(set(numbers)) == len(numbers)
    assert len(set(keys)) == len(keys)


def test_24_subjects_are_one_of_each_kind(trial: Trial) -> None:
    assert [s.role for s in trial.subjects] == list(read_cast())
    assert {s.site for s in trial.subjects} == set(SITES)


KINDS: dict[str, Callable[[Subject], bool]] = {
    "screen failure": lambda s: s.status == "SCREEN FAILURE" and s.randomised is None,
    "randomised, not treated": lambda s: s.randomised is not None and s.day_one is None and not s.doses,
    "death": lambda s: s.person.death != "" and s.end_reason == "DEATH",
    "withdrawal": lambda s: s.end_reason == "WITHDRAWAL BY SUBJECT" and s.day_one is not None,
    "lost": lambda s: s.end_reason == "LOST TO FOLLOW-UP",
    "stopped for an adverse event": lambda s: s.end_reason == "ADVERSE EVENT",
    "still treated": lambda s: s.status == "RANDOMIZED" and s.end is None,
    "missed visit": lambda s: (
        bool(s.role.missed)
        and int(s.role.missed) not in {c.planned for c in s.contacts}
        and s.status == "COMPLETED"
    ),
    "unscheduled visit": lambda s: any(c.purpose == "check" for c in s.contacts),
    "second screening day": lambda s: any(c.purpose == "screening again" for c in s.contacts),
    "elastography on another day": lambda s: any(c.purpose == "elastography" for c in s.contacts),
    "dose 180, 135, 90 and back": lambda s: (
        [d.amount for d in s.doses if d.given][-1:] == ["135"]
        and {d.amount for d in s.doses} == {"180", "135", "90"}
    ),
    "missed dose": lambda s: any(not d.given for d in s.doses),
    "rescue analogue": lambda s: bool(s.rescue) and s.role.arm == "PEGIFN",
    "change of analogue": lambda s: len({d.treatment for d in s.doses}) == 2,
    "partial date of earlier treatment": lambda s: any(len(d.start) < 10 for d in s.priors),
    "birth as year": lambda s: len(s.person.birth_sent) == 4,
    "birth as month": lambda s: len(s.person.birth_sent) == 7,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_subject_occurs(trial: Trial, kind: str) -> None:
    assert any(KINDS[kind](subject) for subject in trial.subjects)


RESULTS: dict[str, Callable[[Result], bool]] = {
    "below the limit": lambda r: r.comparator == "<" and r.number == r.habit.lloq,
    "above the limit": lambda r: r.comparator == ">" and r.number == r.habit.uloq,
    "not done": lambda r: r.kind == "not done" and r.reason != "",
    "titre": lambda r: r.kind == "titre",
    "qualitative": lambda r: r.value == "NEGATIVE",
    "not detected": lambda r: r.value == "NOT DETECTED" and r.habit.concept_id == "HBVDNA",
    "high": lambda r: r.indicator == "HIGH",
    "low": lambda r: r.indicator == "LOW",
    "corrected": lambda r: r.earlier is not None and r.earlier.number != r.number,
    "withdrawn": lambda r: r.fault == "withdrawn",
    "cancelled": lambda r: r.fault == "cancelled",
    "unknown code": lambda r: r.fault == "code",
    "unknown unit": lambda r: r.fault == "unit",
    "unknown word": lambda r: r.fault == "value",
    "without unit": lambda r: r.fault == "no unit",
    "not collected": lambda r: r.fault == "not collected",
    "fasting": lambda r: r.specimen is not None and r.specimen.fasting == "Y",
    "not fasting": lambda r: r.specimen is not None and r.specimen.fasting == "N",
    "body position": lambda r: r.position == "SITTING",
    "site of measurement": lambda r: r.location == "AXILLA",
}


@pytest.mark.parametrize("kind", RESULTS)
def test_every_kind_of_result_occurs(trial: Trial, kind: str) -> None:
    assert any(RESULTS[kind](result) for result in list_results(trial))


@pytest.mark.parametrize(
    "digits",
    ["0.12345678901234567891", "1.2345678901234567890", "6.30", "7.00", "0.050", "1.50E-2", "1.2E+03"],
)
def test_planted_digits_occur_as_written(trial: Trial, digits: str) -> None:
    assert digits in {r.number for r in list_results(trial) if not r.fault}


def test_a_sample_is_repeated_on_one_day(trial: Trial) -> None:
    contact = next(c for c in find(trial, "neutropenic").contacts if c.planned == 3)
    times = [r.when for r in contact.results if r.habit.concept_id == "PLT"]
    assert len(times) == 2
    assert times[0].when.date() == times[1].when.date()
    assert times[0] != times[1]


def test_hbsag_is_lost_and_anti_hbs_appears(trial: Trial) -> None:
    subject = find(trial, "seroconverter")
    antigen, antibody = read_numbers(subject, "HBSAG_QN"), read_numbers(subject, "HBSAB")
    assert antigen[0][1] > 10
    assert antigen[-1][1] == 0.05
    assert antibody[0][1] == 2.0
    assert antibody[-1][1] >= 10


def test_hbsag_falls_in_a_line_before_it_is_lost(trial: Trial) -> None:
    numbers = read_numbers(find(trial, "clearer"), "HBSAG_QN")
    known = [value for day, value in numbers if day >= 1 and value > 0.05]
    assert len(known) >= 2
    assert known == sorted(known, reverse=True)


def test_hbsag_hardly_moves_on_analogues(trial: Trial) -> None:
    values = [value for _, value in read_numbers(find(trial, "stable"), "HBSAG_QN")]
    assert max(values) / min(values) < 2


def test_alt_flares_early_on_peg_ifn(trial: Trial) -> None:
    subject = find(trial, "flaring")
    values = [value for day, value in read_numbers(subject, "ALT") if day <= 130]
    start = read_numbers(subject, "ALT")[0][1]
    assert max(values) > 5 * start


def test_neutrophils_fall_under_the_full_dose_and_recover_under_the_lower_one(trial: Trial) -> None:
    values = dict(read_numbers(find(trial, "neutropenic"), "NEUT"))
    before = max(value for day, value in values.items() if day <= 1)
    week_12 = next(value for day, value in values.items() if 75 < day < 95)
    end = [value for day, value in values.items() if day > 300][-1]
    assert week_12 < 0.5 * before
    assert end > week_12


def test_platelets_fall_below_100_in_the_thrombopenic(trial: Trial) -> None:
    values = [value for _, value in read_numbers(find(trial, "thrombopenic"), "PLT")]
    assert values[0] > 100 > min(values)


@pytest.mark.parametrize("seed", range(10, 16))
def test_who_is_randomised_met_the_criteria(seed: int) -> None:
    for subject in simulate_trial(40, seed, extent="brief").subjects:
        first = {r.habit.concept_id: r for r in subject.contacts[0].results if not r.fault}
        antigen = first["HBSAG_QN"]
        eligible = (
            float(antigen.number or 0) <= 1500
            and first["HBEAG_QL"].value != "POSITIVE"
            and float(first["HBVDNA"].number or 0) < 100
            and first["IFNA2"].value != "G/A"
        )
        assert eligible == (subject.randomised is not None) or any(
            result.kind == "not done" for result in first.values()
        )


@pytest.mark.parametrize("seed", range(20, 24))
def test_dates_follow_each_other(seed: int) -> None:
    for subject in simulate_trial(40, seed, extent="brief").subjects:
        days = [contact.day for contact in subject.contacts]
        assert days == sorted(days)
        assert subject.consent <= days[0]
        assert days[-1] <= (subject.end or date(2025, 12, 31))
        assert date(2023, 1, 1) <= subject.consent
        if subject.day_one:
            assert days[0] < subject.day_one
            assert VISITS[1].low <= compute_day(days[0], subject.day_one) <= VISITS[1].high
            assert all(d.start[:10] >= subject.day_one.isoformat() for d in subject.doses)
        assert all(d.start[:4] <= str(subject.consent.year - 1) for d in subject.priors)
