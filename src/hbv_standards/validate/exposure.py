"""Exposure against demographics, and doses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np

from hbv_standards.validate.columns import DateColumn, Mask
from hbv_standards.validate.rules import Hit, dataset_rule, has_records, is_domain, rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

_NEVER_TREATED = ("SCREEN FAILURE", "NOT ASSIGNED", "ASSIGNED, NOT TREATED")
_NOT_NEGATIVE = (("AGE", "FB4001"), ("--DOSE", "FB4002"), ("--DOSTOT", "FB4003"), ("--VAMT", "FB4004"))


def _is_apart(first: DateColumn, second: DateColumn) -> Mask:
    """Rows where two dates cannot be the same moment whatever their unknown parts are."""
    apart: Mask = (first.earliest >= second.end) | (second.earliest >= first.end)
    return apart


def _compare_reference(submission: Submission, name: str, which: Literal["first", "last"]) -> Iterator[Hit]:
    """A reference date of DM against the earliest or latest date of the subject's exposure."""
    dm, ex = submission.dm, submission.get("EX")
    if dm is None or ex is None or not ex.rows or not dm.has(name):
        return
    texts, dates = _pick_dates(submission, dm, ex, which)

    def note(row: int) -> str:
        return f"{name} is {dm.show(name, row) or 'missing'}, the {which} dose in EX is {texts[row]}"

    dosed = ~np.isnat(dates.earliest)
    yield Hit("DM", name, dosed & (_is_apart(dm.dates(name), dates) | ~dm.text(name).filled), note=note)


def _pick_dates(
    submission: Submission, dm: SubmissionDataset, ex: SubmissionDataset, which: Literal["first", "last"]
) -> tuple[list[str], DateColumn]:
    """Text and date of the first or last exposure of every subject in DM."""
    names = ("EXSTDTC",) if which == "first" else ("EXSTDTC", "EXENDTC")
    columns = [(name, ex.dates(name)) for name in names]
    spans = (
        np.concatenate([dates.earliest for _, dates in columns]),
        np.concatenate([dates.end for _, dates in columns]),
    )
    subjects = np.tile(submission.dm_rows(ex), len(names))
    known = np.flatnonzero((subjects >= 0) & ~np.isnat(spans[0]))
    order = known[np.lexsort((spans[1][known], spans[0][known]))]
    picked = np.full(dm.rows, -1, dtype=np.int64)
    turned = order[::-1] if which == "first" else order  # the last assignment to a subject holds
    picked[subjects[turned]] = turned
    texts = [ex.show(names[at // ex.rows], at % ex.rows) if at >= 0 else "" for at in picked.tolist()]
    every = DateColumn(np.ones(len(subjects), dtype=bool), spans[0].astype("datetime64[D]"), *spans)
    return texts, every.take(picked)


@rule(
    720,
    "error",
    "First treatment in DM is not the first dose in EX",
    cure="RFXSTDTC is the earliest EXSTDTC of the subject.",
    source="IG DM 10b; CG0148",
)
def check_first_dose(submission: Submission) -> Iterator[Hit]:
    """RFXSTDTC against EX."""
    yield from _compare_reference(submission, "RFXSTDTC", "first")


@rule(
    721,
    "error",
    "Last treatment in DM is not the last dose in EX",
    cure="RFXENDTC is the latest EXSTDTC or EXENDTC of the subject.",
    source="IG DM 10b; CG0147",
)
def check_last_dose(submission: Submission) -> Iterator[Hit]:
    """RFXENDTC against EX."""
    yield from _compare_reference(submission, "RFXENDTC", "last")


def _find_dosed(submission: Submission, dm: SubmissionDataset) -> Mask:
    """Subjects in DM with records in EX."""
    dosed = np.zeros(dm.rows, dtype=bool)
    ex = submission.get("EX")
    if ex is not None:
        rows = submission.dm_rows(ex)
        dosed[rows[rows >= 0]] = True
    return dosed


@rule(
    722,
    "error",
    "Treated subject has no exposure",
    cure="Add the doses to EX, or remove RFXSTDTC.",
    source="FB2302; CG0407",
)
def check_exposure_of_treated(submission: Submission) -> Iterator[Hit]:
    """RFXSTDTC means records in EX."""
    dm = submission.dm
    if dm is not None:
        yield Hit("DM", "RFXSTDTC", dm.text("RFXSTDTC").filled & ~_find_dosed(submission, dm))


@rule(
    723,
    "error",
    "Subject with exposure is said to be untreated",
    cure="Correct ARMNRS, or the doses in EX.",
    source="FB2304",
)
def check_exposure_of_untreated(submission: Submission) -> Iterator[Hit]:
    """Doses contradict these reasons for a missing arm."""
    dm = submission.dm
    if dm is not None:
        yield Hit("DM", "ARMNRS", dm.text("ARMNRS").is_in(_NEVER_TREATED) & _find_dosed(submission, dm))


@rule(
    724,
    "error",
    "Subject has neither exposure nor a reason",
    cure="Fill ARMNRS, for example with ASSIGNED, NOT TREATED, or add the doses.",
    source="FB2306",
)
def check_untreated_reason(submission: Submission) -> Iterator[Hit]:
    """Who has no dose has ARMNRS."""
    dm = submission.dm
    if dm is not None and submission.get("EX") is not None:
        silent = ~dm.text("ARMNRS").filled & ~dm.text("RFXSTDTC").filled
        yield Hit("DM", "ARMNRS", silent & ~_find_dosed(submission, dm))


@dataset_rule(
    725,
    "error",
    "Value is negative",
    cure="Ask the site for the value.",
    source="FB4001-FB4004",
    of=has_records,
)
def check_negative(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Age, doses and volumes are not below zero."""
    for generic, source in _NOT_NEGATIVE:
        if dataset.has(generic):
            name = dataset.specific(generic)
            yield Hit(dataset.name, name, dataset.number(name) < 0, note=f"{name} is negative ({source})")


@dataset_rule(
    726,
    "error",
    "Dose is given as a number and as a text",
    cure="Keep the number; --DOSTXT is for doses that are none.",
    source="CG0110; CG0111",
    of=lambda dataset: dataset.cls == "INTERVENTIONS" and dataset.rows > 0,
)
def check_dose_text(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--DOSE and --DOSTXT exclude each other."""
    both = ~np.isnan(dataset.number("--DOSE")) & dataset.text("--DOSTXT").filled
    yield Hit(dataset.name, dataset.specific("--DOSTXT"), both)


@dataset_rule(
    727,
    "warning",
    "Exposure lies before the reference start",
    cure="Treatment before the study belongs in CM; check EXSTDTC and RFSTDTC.",
    source="FB3601",
    of=is_domain("EX", "EC"),
)
def check_exposure_days(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Study days of exposure are positive."""
    for generic in ("--STDY", "--ENDY"):
        if dataset.has(generic):
            yield Hit(dataset.name, dataset.specific(generic), dataset.number(generic) < 0)
