"""Units of findings: one for each assessment, and conversions that agree (SDTMIG 3.4 section 4.5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import Codes, Mask, Numbers, compute_close, find_minority, group_rows
from hbv_standards.validate.rules import Hit, dataset_rule, is_findings
from hbv_standards.validate.submission import Submission, SubmissionDataset

# What makes two records results of the same assessment (FB3001, and the details that the guide adds).
_ASSESSMENT = ("--TESTCD", "--TSTDTL", "--BDAGNT", "--SYM", "--LOC", "--CAT", "--SCAT", "--SPEC", "--METHOD")
_FAR = 1.5  # a conversion that differs by more is no rounding


def _group_assessments(dataset: SubmissionDataset, *names: str) -> Codes:
    """A number for every row: which assessment it is a result of, ``names`` in place of the usual ones."""
    used = [dataset.text(name) for name in names or _ASSESSMENT if dataset.has(name)]
    return group_rows(used) if used else np.zeros(dataset.rows, dtype=np.int64)


@dataset_rule(
    505,
    "error",
    "Assessment has more than one standard unit",
    cure="Convert all its results to one unit.",
    source="FB3001; IG 4.5.1",
    of=is_findings,
)
def check_one_unit(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """One --STRESU for a test of one specimen by one method."""
    column = dataset.text("--STRESU")
    wrong, usual = find_minority(_group_assessments(dataset), column.codes, column.filled)

    def note(row: int) -> str:
        test = dataset.show("--TESTCD", row)
        return f"{test} has the unit {column.at(row)!r} here and {column.at(int(usual[row]))!r} mostly"

    yield Hit(dataset.name, dataset.specific("--STRESU"), wrong, note=note)


@dataset_rule(
    512,
    "warning",
    "Number has no unit though the test has one elsewhere",
    cure="Fill the unit that the result was reported in.",
    source="IG 4.5.1",
    of=is_findings,
)
def check_unit_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A unit for every number of a test that has units at all; pH and ratios have none."""
    for result, unit in (("--ORRES", "--ORRESU"), ("--STRESC", "--STRESU")):
        if dataset.has(result) and dataset.has(unit):
            numbered, given = ~np.isnan(dataset.number(result)), dataset.text(unit).filled
            groups = _group_assessments(dataset)
            with_unit = np.zeros(int(groups.max(initial=-1)) + 1, dtype=bool)
            with_unit[groups[numbered & given]] = True
            name = dataset.specific(result)
            yield Hit(
                dataset.name,
                dataset.specific(unit),
                numbered & ~given & with_unit[groups],
                value=partial(dataset.show, name),
            )


@dataset_rule(
    513,
    "error",
    "Result changed though its unit did not",
    cure="Carry the number over as it is where both units are the same.",
    source="IG 4.5.1",
    of=is_findings,
)
def check_same_unit(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Original and standardized number in one unit are one number."""
    original, standard = dataset.text("--ORRESU"), dataset.text("--STRESU")
    same = original.filled & (original.translate(_number_texts(standard.values)) == standard.codes)
    before, after = dataset.number("--ORRES"), dataset.number("--STRESC")
    wrong = same & ~np.isnan(before) & ~np.isnan(after) & ~compute_close(before, after)
    yield Hit(dataset.name, dataset.specific("--STRESC"), wrong, note=partial(_note_conversion, dataset))


def _number_texts(texts: tuple[str, ...]) -> dict[str, int]:
    return {text: number for number, text in enumerate(texts)}


def _note_conversion(dataset: SubmissionDataset, row: int) -> str:
    shown = dataset.show
    return (
        f"{shown('--TESTCD', row)}: {shown('--ORRES', row)} {shown('--ORRESU', row)} "
        f"became {shown('--STRESC', row)} {shown('--STRESU', row)}"
    )


@dataset_rule(
    514,
    "warning",
    "Result is converted by another factor than the other results of the test",
    cure="Check the original unit of the record and the conversion.",
    source="IG 4.5.1",
    of=is_findings,
)
def check_conversion(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Standardized over original number is one factor for each test and pair of units, rounding aside."""
    before, after = dataset.number("--ORRES"), dataset.number("--STRESN")
    linear = ~(
        dataset.text("--ORRESU").where(_is_logarithmic) | dataset.text("--STRESU").where(_is_logarithmic)
    )
    known = (before > 0) & (after > 0) & linear
    if not known.any():
        return
    factor = np.divide(after, before, out=np.ones_like(after), where=known)
    groups = _group_assessments(dataset, *_ASSESSMENT, "--ORRESU", "--STRESU")
    usual = _compute_medians(groups, factor, known)
    wrong = known & ((factor > usual * _FAR) | (factor < usual / _FAR))
    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=partial(_note_conversion, dataset))


def _is_logarithmic(unit: str) -> bool:
    return "log" in unit.lower()


def _compute_medians(groups: Codes, numbers: Numbers, known: Mask) -> Numbers:
    """The lower median of the known numbers of each row's group, NaN for a group without any."""
    order = np.lexsort((numbers[known], groups[known]))
    ordered, values = groups[known][order], numbers[known][order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    size = np.diff(np.r_[first, len(ordered)])
    medians = np.full(int(groups.max(initial=-1)) + 1, np.nan)
    medians[ordered[first]] = values[first + (size - 1) // 2]
    spread: Numbers = medians[groups]
    return spread
