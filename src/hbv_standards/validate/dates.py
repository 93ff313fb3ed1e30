"""ISO 8601 texts, study days and the order of dates (SDTMIG 3.4 section 4.4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import DateColumn, Mask, Numbers, compute_surely_after
from hbv_standards.validate.rules import Hit, any_dataset, dataset_rule, has_records, is_domain
from hbv_standards.validate.submission import Submission, SubmissionDataset, show_number

STUDY_DAYS = (("--DTC", "--DY"), ("--STDTC", "--STDY"), ("--ENDTC", "--ENDY"))
# Date, study day, and the rules that ask for the day where the date is, and for the date where the day is.
_COLUMN_SOURCES = (
    ("--DTC", "--DY", "FB1601; FB3201", "FB3204"),
    ("--STDTC", "--STDY", "FB3202", "FB3205"),
    ("--ENDTC", "--ENDY", "FB3203", "FB3206"),
)
_DM_ORDER = (
    ("RFSTDTC", "RFENDTC", "FB3404"),
    ("RFXSTDTC", "RFXENDTC", "FB3408"),
    ("RFICDTC", "RFSTDTC", "FB3411"),
    ("RFICDTC", "RFXSTDTC", "FB3412"),
    ("RFCSTDTC", "RFCENDTC", "FB3413"),
    ("RFICDTC", "RFPENDTC", "IG 5.2"),
    ("BRTHDTC", "RFICDTC", "IG 5.2"),
    ("RFXENDTC", "RFPENDTC", "IG 5.2"),
)
# Looks like a date but for its calendar.
_SHAPE = re.compile(
    r"(?:\d{4}|-)(?:-(?:\d\d|-)){0,2}(?:T(?:\d\d|-)(?::(?:\d\d|-)){0,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?"
)
_DURATION = re.compile(
    r"[-+]?P(?=[0-9T])(?:[0-9]+(?:\.[0-9]+)?W|(?:[0-9.]+Y)?(?:[0-9.]+M)?(?:[0-9.]+D)?"
    r"(?:T(?=[0-9])(?:[0-9.]+H)?(?:[0-9.]+M)?(?:[0-9.]+S)?)?)"
)


def _find_wrong_dates(dataset: SubmissionDataset, name: str) -> Mask:
    wrong: Mask = dataset.text(name).filled & ~dataset.dates(name).valid
    return wrong


def _has_shape(text: str) -> bool:
    return all(_SHAPE.fullmatch(part) for part in text.split("/"))


@dataset_rule(
    301,
    "error",
    "Date is not ISO 8601",
    cure="Write it as 2024-03-05T08:30, cut from the right where parts are unknown.",
    source="IG 4.4.1; IG 4.4.2",
    of=has_records,
)
def check_iso8601(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Texts of all --DTC variables."""
    for name in dataset.date_names:
        wrong = _find_wrong_dates(dataset, name)
        if wrong.any():
            yield Hit(dataset.name, name, wrong & ~dataset.text(name).where(_has_shape))


@dataset_rule(
    302,
    "error",
    "Date does not exist",
    cure="Correct it at its source; leave out the part that is not known.",
    source="IG 4.4.1",
    of=has_records,
)
def check_calendar(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No 30 February, no month 13, no interval that ends before it starts."""
    for name in dataset.date_names:
        wrong = _find_wrong_dates(dataset, name)
        if wrong.any():
            yield Hit(dataset.name, name, wrong & dataset.text(name).where(_has_shape))


@dataset_rule(
    303,
    "error",
    "Duration is not ISO 8601",
    cure="Write it as P48W or PT2H.",
    source="IG 4.4.3",
    of=has_records,
)
def check_durations(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Texts of --DUR, --ELTM, TEDUR and their like."""
    for name in dict.fromkeys(dataset.names):
        stated = dataset.defined(name)
        if stated is not None and stated.format_or_value_list.startswith("ISO 8601 duration"):
            wrong = dataset.text(name).where(lambda text: not any(map(_DURATION.fullmatch, text.split("/"))))
            yield Hit(dataset.name, name, wrong)


def _list_study_days(dataset: SubmissionDataset) -> Iterator[tuple[str, str]]:
    """Pairs of date and study day of a dataset of subjects."""
    if dataset.has("USUBJID"):
        for date, day in STUDY_DAYS:
            if dataset.has(date) and dataset.has(day):
                yield dataset.specific(date), dataset.specific(day)


def _compute_days(dataset: SubmissionDataset, submission: Submission, date: str) -> Numbers:
    """Study day by the guide's algorithm, NaN unless both dates are complete."""
    elapsed = dataset.dates(date).day - submission.dm_dates(dataset, "RFSTDTC").day
    days = np.where(np.isnat(elapsed), np.nan, elapsed.astype("int64"))
    return np.where(days >= 0, days + 1, days)


@dataset_rule(
    304,
    "error",
    "Study day is not the one that the dates give",
    cure="Days count from RFSTDTC: 1 on that day, -1 on the day before.",
    source="IG 4.4.4; CG0006; CG0220; CG0222",
    of=has_records,
)
def check_study_days(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Study days computed anew from the dates."""
    for date, day in _list_study_days(dataset):
        stated, computed = dataset.number(day), _compute_days(dataset, submission, date)
        wrong = ~np.isnan(stated) & ~np.isnan(computed) & (stated != computed) & (stated != 0)
        yield Hit(dataset.name, day, wrong, note=partial(_note_day, dataset, date, day, computed))


def _note_day(dataset: SubmissionDataset, date: str, day: str, computed: Numbers, row: int) -> str:
    shown = dataset.show
    return (
        f"{day} is {shown(day, row)}, {date} {shown(date, row)!r} gives {show_number(float(computed[row]))}"
    )


@dataset_rule(
    305,
    "error",
    "Study day is given though a date is incomplete",
    cure="Leave the study day missing unless the date and RFSTDTC are known to the day.",
    source="CG0007; CG0221; CG0223",
    of=has_records,
)
def check_days_of_partial_dates(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """No study day is imputed."""
    if submission.dm is None:
        return
    for date, day in _list_study_days(dataset):
        unknown = np.isnan(_compute_days(dataset, submission, date))
        in_dm = submission.dm_rows(dataset) >= 0
        yield Hit(dataset.name, day, unknown & in_dm & ~np.isnan(dataset.number(day)))


@dataset_rule(
    306,
    "warning",
    "Study day is missing though both dates are complete",
    cure="Derive it.",
    source="FB1602; CG0006",
    of=has_records,
)
def check_missing_days(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Study days are there where they can be."""
    for date, day in _list_study_days(dataset):
        known = ~np.isnan(_compute_days(dataset, submission, date))
        yield Hit(dataset.name, day, known & np.isnan(dataset.number(day)), value="")


@dataset_rule(
    307,
    "error",
    "Study day is 0",
    cure="The day before RFSTDTC is -1, RFSTDTC is 1.",
    source="IG 4.4.4; CG0006",
    of=has_records,
)
def check_day_zero(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """There is no day 0."""
    for _date, generic in STUDY_DAYS:
        if dataset.has(generic):
            day = dataset.specific(generic)
            yield Hit(dataset.name, day, dataset.number(day) == 0)


@dataset_rule(
    308,
    "warning",
    "Date and study day do not come together",
    cure="Add the study day of the date, or the date of the study day.",
    source="FB1601; FB3201-FB3206",
    of=any_dataset,
)
def check_day_columns(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--DTC and --DY, --STDTC and --STDY, --ENDTC and --ENDY."""
    if not dataset.has("USUBJID") or dataset.standard is None:
        return
    for date, day, needs_day, needs_date in _COLUMN_SOURCES:
        names = dataset.specific(date), dataset.specific(day)
        if dataset.has(date) and not dataset.has(day) and dataset.defined(names[1]) is not None:
            yield Hit(dataset.name, names[1], note=f"{names[0]} is there, {names[1]} is not ({needs_day})")
        if dataset.has(day) and not dataset.has(date):
            yield Hit(dataset.name, names[0], note=f"{names[1]} is there, {names[0]} is not ({needs_date})")


@dataset_rule(
    309,
    "error",
    "Start lies after the end",
    cure="Ask the site which date holds.",
    source="FB3209; FB3210",
    of=has_records,
)
def check_start_before_end(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STDTC before --ENDTC; in findings, --DTC before --ENDTC."""
    for start in ("--STDTC", "--DTC") if dataset.is_findings else ("--STDTC",):
        if dataset.has(start) and dataset.has("--ENDTC"):
            yield _compare(dataset, dataset.specific(start), dataset.specific("--ENDTC"))


def _compare(dataset: SubmissionDataset, first: str, second: str, source: str = "") -> Hit:
    late = compute_surely_after(dataset.dates(first), dataset.dates(second))

    def note(row: int) -> str:
        told = f"{first} {dataset.show(first, row)!r} lies after {second} {dataset.show(second, row)!r}"
        return f"{told} ({source})" if source else told

    return Hit(dataset.name, first, late, note=note)


@dataset_rule(
    310,
    "warning",
    "Date lies after the end of participation",
    cure="Correct the date, or RFPENDTC in DM.",
    source="FB3406; FB3407",
    of=has_records,
)
def check_participation(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Nothing is collected after RFPENDTC."""
    if dataset.domain in ("DM", "DS") or not dataset.has("USUBJID"):
        return
    last: DateColumn = submission.dm_dates(dataset, "RFPENDTC")
    for generic in ("--DTC", "--STDTC", "--ENDTC"):
        if dataset.has(generic):
            name = dataset.specific(generic)
            late = compute_surely_after(dataset.dates(name), last)
            yield Hit(dataset.name, name, late)


@dataset_rule(
    311,
    "error",
    "Reference dates of a subject are out of order",
    cure="Ask the site which date holds.",
    source="IG 5.2; FB3404-FB3413",
    of=is_domain("DM"),
)
def check_reference_dates(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Consent, start, end and last contact follow one another."""
    for first, second, source in _DM_ORDER:
        if dataset.has(first) and dataset.has(second):
            yield _compare(dataset, first, second, source)
