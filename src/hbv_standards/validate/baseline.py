"""--LOBXFL: the last observation before the first dose (SDTMIG 3.4 section 4.5.9).

A date may be partial and a day has many hours; a record counts as before or after the first dose only
where that is certain, so that the sponsor's rule for samples of day 1 is not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from hbv_standards.validate.columns import Codes, Mask, compute_surely_after, find_repeats, group_rows
from hbv_standards.validate.rules import Hit, dataset_rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

# What makes a test a test of its own: two flags in one such group are one too many.
_IDENTITY = (
    "--TESTCD", "--TSTDTL", "--TSTCND", "--BDAGNT", "--OBJ", "--SYM", "--CAT", "--SCAT", "--SPEC", "--METHOD",
    "--LOC", "--LAT", "--DIR", "--POS", "--EVAL", "--EVALID", "FOCID", "NHOID",
)  # fmt: skip


def _has_flag(dataset: SubmissionDataset) -> bool:
    return dataset.is_findings and dataset.rows > 0 and dataset.has("--LOBXFL") and dataset.has("USUBJID")


def _find_flagged(dataset: SubmissionDataset) -> Mask:
    return dataset.text("--LOBXFL").is_in(["Y"])


def _group_tests(dataset: SubmissionDataset, names: tuple[str, ...]) -> Codes:
    return group_rows([dataset.text(name) for name in ("USUBJID", *names) if dataset.has(name)])


def _find_before(dataset: SubmissionDataset, submission: Submission) -> Mask:
    """Records with a result that were surely made before the subject's first dose."""
    first_dose = submission.dm_dates(dataset, "RFXSTDTC")
    return compute_surely_after(first_dose, dataset.dates("--DTC")) & dataset.text("--STRESC").filled


@dataset_rule(
    601,
    "error",
    "Last observation before exposure has no result",
    cure="Flag the last record that has a result.",
    source="CG0553; CG0569; FB2602",
    of=_has_flag,
)
def check_flag_has_result(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A flagged record has --ORRES (or is derived) and --STRESC."""
    original = dataset.text("--ORRES").filled | dataset.text("--DRVFL").is_in(["Y"])
    complete = original & dataset.text("--STRESC").filled
    yield Hit(dataset.name, dataset.specific("--LOBXFL"), _find_flagged(dataset) & ~complete)


@dataset_rule(
    602,
    "error",
    "Test has two last observations before exposure",
    cure="Flag one record for each subject and test.",
    source="IG 4.5.9",
    of=_has_flag,
)
def check_flag_once(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """One flag for each subject and test, method and specimen and the like told apart."""
    rows = np.flatnonzero(_find_flagged(dataset))
    repeated = find_repeats(_group_tests(dataset, _IDENTITY)[rows])
    yield Hit(
        dataset.name,
        dataset.specific("--LOBXFL"),
        rows[repeated],
        note=_note_test(dataset, "is flagged twice"),
    )


def _note_test(dataset: SubmissionDataset, told: str) -> Callable[[int], str]:
    return lambda row: f"{dataset.show('--TESTCD', row)} of {dataset.show('--DTC', row) or 'no date'} {told}"


@dataset_rule(
    603,
    "error",
    "Last observation before exposure lies after the first dose",
    cure="Flag the last record before RFXSTDTC.",
    source="IG 4.5.9",
    of=_has_flag,
)
def check_flag_before_dose(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """A flagged record is before RFXSTDTC."""
    late = compute_surely_after(dataset.dates("--DTC"), submission.dm_dates(dataset, "RFXSTDTC"))
    note = _note_test(dataset, "is flagged")
    yield Hit(dataset.name, dataset.specific("--LOBXFL"), _find_flagged(dataset) & late, note=note)


@dataset_rule(
    604,
    "error",
    "Flagged observation is not the last one before exposure",
    cure="Move the flag to the later record.",
    source="IG 4.5.9",
    of=_has_flag,
)
def check_flag_is_last(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """No result of the same test lies between the flagged one and the first dose."""
    flagged, dates = _find_flagged(dataset), dataset.dates("--DTC")
    groups = _group_tests(dataset, _IDENTITY)
    end = np.full(int(groups.max(initial=-1)) + 1, "NaT", dtype="datetime64[us]")
    end[groups[flagged]] = dates.end[flagged]
    later = _find_before(dataset, submission) & ~flagged & (dates.earliest >= end[groups])
    note = _note_test(dataset, "is later than the flagged record and before the first dose")
    yield Hit(dataset.name, dataset.specific("--LOBXFL"), later, note=note)


@dataset_rule(
    605,
    "warning",
    "Test has no last observation before exposure",
    cure="Flag the last result before RFXSTDTC.",
    source="IG 4.5.9",
    of=_has_flag,
)
def check_flag_given(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """A treated subject with results before the first dose has a flag for the test."""
    groups = _group_tests(dataset, ("--TESTCD", "--TSTDTL"))
    has_flag = np.zeros(int(groups.max(initial=-1)) + 1, dtype=bool)
    has_flag[groups[_find_flagged(dataset)]] = True
    rows = np.flatnonzero(_find_before(dataset, submission) & ~has_flag[groups])
    once = rows[~find_repeats(groups[rows])]
    note = _note_test(dataset, "is before the first dose, none of the test is flagged")
    yield Hit(dataset.name, dataset.specific("--LOBXFL"), once, note=note)


@dataset_rule(
    606,
    "error",
    "Untreated subject has a last observation before exposure",
    cure="Remove the flag: without a dose there is none before it.",
    source="IG 4.5.9",
    of=_has_flag,
)
def check_flag_of_treated(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Subjects without RFXSTDTC have no flag."""
    if submission.dm is None or not submission.dm.has("RFXSTDTC"):
        return
    rows = submission.dm_rows(dataset)
    untreated = (rows >= 0) & ~submission.dm.text("RFXSTDTC").filled[rows]
    yield Hit(dataset.name, dataset.specific("--LOBXFL"), _find_flagged(dataset) & untreated)


@dataset_rule(
    607,
    "error",
    "Baseline record has no result",
    cure="Flag a record that has a result.",
    source="FB2601; FB2603",
    of=lambda dataset: dataset.is_findings and dataset.rows > 0 and dataset.has("--BLFL"),
)
def check_baseline_result(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--BLFL goes with --STRESC."""
    empty = dataset.text("--BLFL").is_in(["Y"]) & ~dataset.text("--STRESC").filled
    yield Hit(dataset.name, dataset.specific("--BLFL"), empty)
