"""Visits: records against the planned visits (TV) and the subject's own (SV)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import Mask
from hbv_standards.validate.rules import Hit, dataset_rule, has_records, is_domain
from hbv_standards.validate.submission import Submission, SubmissionDataset, show_number


def _read_planned(submission: Submission, name: str) -> dict[float, set[str]]:
    """What TV says of each VISITNUM, as text; empty without TV."""
    tv = submission.get("TV")
    planned: dict[float, set[str]] = {}
    if tv is not None:
        for row, number in enumerate(tv.number("VISITNUM").tolist()):
            planned.setdefault(number, set()).add(tv.show(name, row))
    return planned


def _has_visits(dataset: SubmissionDataset) -> bool:
    return dataset.rows > 0 and dataset.domain != "TV" and dataset.has("VISITNUM")


def _find_in(numbers: np.ndarray, planned: dict[float, set[str]]) -> Mask:
    return np.isin(numbers, np.array([*planned], dtype=np.float64))


@dataset_rule(
    730,
    "error",
    "Visit is not the planned one of its number",
    cure="Take VISIT and VISITDY from TV.",
    source="IG 4.4.5; CG0031; CG0032; CG0033",
    of=_has_visits,
)
def check_planned_visits(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """VISIT and VISITDY of a planned VISITNUM are those of TV."""
    for name in ("VISIT", "VISITDY"):
        planned = _read_planned(submission, name)
        tv = submission.get("TV")
        if tv is None or not tv.has(name) or not dataset.has(name):
            continue
        wrong = _differs(dataset, name, planned)

        def note(row: int, name: str = name, planned: dict[float, set[str]] = planned) -> str:
            number = float(dataset.number("VISITNUM")[row])
            stated = " or ".join(sorted(planned[number]))
            return (
                f"{name} is {dataset.show(name, row)!r}, TV has {stated!r} for VISITNUM {show_number(number)}"
            )

        yield Hit(dataset.name, name, wrong, note=note)


def _differs(dataset: SubmissionDataset, name: str, planned: dict[float, set[str]]) -> Mask:
    numbers, column = dataset.number("VISITNUM"), dataset.text(name)
    wrong = np.zeros(dataset.rows, dtype=bool)
    for number, stated in planned.items():
        here = numbers == number
        if here.any():
            wrong |= here & column.where(partial(_is_other, stated))
    return wrong


def _is_other(stated: set[str], value: str) -> bool:
    return value not in stated


@dataset_rule(
    731,
    "error",
    "Unplanned visit has a planned study day",
    cure="Leave VISITDY missing where the visit is not in TV.",
    source="IG 4.4.5; CG0225; CG0658",
    of=_has_visits,
)
def check_unplanned_days(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """VISITDY is of planned visits."""
    planned = _read_planned(submission, "VISIT")
    if planned:
        numbers = dataset.number("VISITNUM")
        unplanned = ~np.isnan(numbers) & ~_find_in(numbers, planned)
        yield Hit(dataset.name, "VISITDY", unplanned & ~np.isnan(dataset.number("VISITDY")))


@dataset_rule(
    732,
    "warning",
    "Visit of the record is not among the subject's visits",
    cure="Add the visit to SV, or correct VISITNUM.",
    source="IG 5.5; CG0034",
    of=lambda dataset: _has_visits(dataset) and dataset.domain != "SV" and dataset.has("USUBJID"),
)
def check_visit_happened(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Subject and VISITNUM are in SV."""
    sv = submission.get("SV")
    if sv is None or submission.dm is None:
        return
    numbers = dataset.number("VISITNUM")
    known = np.unique(sv.number("VISITNUM")[~np.isnan(sv.number("VISITNUM"))])
    held = _pair(submission, sv, known)
    subject_known = submission.dm_rows(dataset) >= 0
    missing = ~np.isin(_pair(submission, dataset, known), held[held >= 0])
    yield Hit(dataset.name, "VISITNUM", missing & ~np.isnan(numbers) & subject_known)


def _pair(submission: Submission, dataset: SubmissionDataset, known: np.ndarray) -> np.ndarray:
    """One number for subject and visit, -1 where the visit is not one of ``known``."""
    numbers = dataset.number("VISITNUM")
    place = np.searchsorted(known, numbers)
    found = np.isin(numbers, known)
    return np.where(found, submission.dm_rows(dataset) * (len(known) + 1) + place, -1)


@dataset_rule(
    733,
    "error",
    "Visit is planned in SV or in TV, not in both",
    cure="SVPRESP is Y for the visits of TV and missing for others.",
    source="CG0655; CG0656; CG0657",
    of=is_domain("SV"),
)
def check_prespecified(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """SVPRESP agrees with TV."""
    planned = _read_planned(submission, "VISIT")
    if planned and dataset.has("SVPRESP"):
        stated = dataset.text("SVPRESP").is_in(["Y"])
        yield Hit(dataset.name, "SVPRESP", stated != _find_in(dataset.number("VISITNUM"), planned))


@dataset_rule(
    734,
    "error",
    "Occurrence of a visit is not said, or said of an unplanned one",
    cure="SVOCCUR is Y or N where SVPRESP is Y, and missing elsewhere.",
    source="IG 5.5; CG0654",
    of=is_domain("SV"),
)
def check_occurrence(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """SVOCCUR goes with SVPRESP."""
    if dataset.has("SVPRESP") and dataset.has("SVOCCUR"):
        yield Hit(dataset.name, "SVOCCUR", dataset.text("SVPRESP").filled != dataset.text("SVOCCUR").filled)


@dataset_rule(
    735,
    "error",
    "Visit that did not happen has dates or results",
    cure="Correct SVOCCUR, or the dates.",
    source="IG 5.5",
    of=has_records,
)
def check_missed_visits(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A missed visit has no dates."""
    if dataset.domain == "SV":
        dated = dataset.text("SVSTDTC").filled | dataset.text("SVENDTC").filled
        yield Hit(dataset.name, "SVOCCUR", dataset.text("SVOCCUR").is_in(["N"]) & dated)
