"""Results of findings: original and standardized, units, limits, what was not done (SDTMIG 3.4 section 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import Mask, Numbers, find_minority, group_rows
from hbv_standards.validate.rules import Hit, dataset_rule, is_findings
from hbv_standards.validate.submission import Submission, SubmissionDataset, show_number

NOT_DONE = "NOT DONE"
# What makes two records results of the same assessment (FB3001, and the details that the guide adds).
ASSESSMENT = ("--TESTCD", "--TSTDTL", "--CAT", "--SCAT", "--SPEC", "--METHOD")
_EXACT = 1e-9  # relative: a Num variable holds a double, the text its decimal digits
_FAR = 1.5  # a conversion that differs by more is no rounding
_REASON_WITHOUT_STATUS = ("EX", "AE", "DS", "DV", "IE")


def _is_close(first: Numbers, second: Numbers) -> Mask:
    return np.isclose(first, second, rtol=_EXACT, atol=0)


def group_assessments(dataset: SubmissionDataset, *names: str) -> np.ndarray:
    """A number for every row: which assessment it is a result of, ``names`` in place of the usual ones."""
    used = [dataset.text(name) for name in names or ASSESSMENT if dataset.has(name)]
    return group_rows(used) if used else np.zeros(dataset.rows, dtype=np.int64)


@dataset_rule(501, "error", "Standardized result is missing",
              cure="Fill --STRESC wherever --ORRES or --DRVFL is.", source="CG0397", of=is_findings)
def check_standardized(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STRESC follows --ORRES."""
    if dataset.has("--STRESC"):
        given = dataset.text("--ORRES").filled | dataset.text("--DRVFL").is_in(["Y"])
        name = dataset.specific("--ORRES")
        yield Hit(dataset.name, dataset.specific("--STRESC"), given & ~dataset.text("--STRESC").filled,
                  value=partial(dataset.show, name))


@dataset_rule(502, "error", "Numeric result is missing",
              cure="Fill --STRESN with the number of --STRESC.", source="FB3101", of=is_findings)
def check_number_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A number in --STRESC is in --STRESN, too."""
    if dataset.has("--STRESN"):
        missing = ~np.isnan(dataset.number("--STRESC")) & np.isnan(dataset.number("--STRESN"))
        name = dataset.specific("--STRESC")
        yield Hit(dataset.name, dataset.specific("--STRESN"), missing, value=partial(dataset.show, name))


@dataset_rule(503, "error", "Numeric result is given though the result is no number",
              cure="Leave --STRESN missing: what lies behind < or > is not known.", source="FB3103; IG 4.5.1",
              of=is_findings)
def check_number_real(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """<20 has no number; neither has a blank."""
    column = dataset.text("--STRESC")
    wrong = ~np.isnan(dataset.number("--STRESN")) & np.isnan(dataset.number("--STRESC"))

    def note(row: int) -> str:
        return f"{dataset.specific('--STRESN')} is filled, {dataset.specific('--STRESC')} is {column.at(row)!r}"

    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=note)


@dataset_rule(504, "error", "Numeric and character result differ",
              cure="Derive both from the same number.", source="FB3102", of=is_findings)
def check_number_equal(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STRESN is the number that --STRESC shows."""
    number, text = dataset.number("--STRESN"), dataset.number("--STRESC")
    wrong = ~np.isnan(number) & ~np.isnan(text) & ~_is_close(number, text)

    def note(row: int) -> str:
        shown = dataset.show("--STRESC", row)
        return f"{dataset.specific('--STRESN')} is {show_number(float(number[row]))}, --STRESC is {shown!r}"

    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=note)


@dataset_rule(505, "error", "Assessment has more than one standard unit",
              cure="Convert all its results to one unit.", source="FB3001; IG 4.5.1", of=is_findings)
def check_one_unit(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """One --STRESU for a test of one specimen by one method."""
    column = dataset.text("--STRESU")
    wrong, usual = find_minority(group_assessments(dataset), column.codes, column.filled)

    def note(row: int) -> str:
        test = dataset.show("--TESTCD", row)
        return f"{test} has the unit {column.at(row)!r} here and {column.at(int(usual[row]))!r} mostly"

    yield Hit(dataset.name, dataset.specific("--STRESU"), wrong, note=note)


@dataset_rule(506, "error", "Test not done has a result",
              cure="Remove --STAT, or the result.", source="CG0422; FB4201", of=is_findings)
def check_not_done(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STAT goes with no result at all."""
    result = dataset.text("--ORRES").filled | dataset.text("--STRESC").filled | ~np.isnan(dataset.number("--STRESN"))
    yield Hit(dataset.name, dataset.specific("--STAT"), dataset.text("--STAT").filled & result)


@dataset_rule(507, "warning", "Test not done has no reason",
              cure="Fill --REASND.", source="FB4202", of=is_findings)
def check_reason(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--REASND says why."""
    missing = dataset.text("--STAT").is_in([NOT_DONE]) & ~dataset.text("--REASND").filled
    yield Hit(dataset.name, dataset.specific("--REASND"), missing)


@dataset_rule(508, "error", "Reason not done is given for what was done",
              cure="Set --STAT to NOT DONE, or remove the reason.", source="CG0094",
              of=lambda dataset: dataset.is_observation and dataset.rows > 0)
def check_reason_alone(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--REASND goes with --STAT."""
    if dataset.domain not in _REASON_WITHOUT_STATUS:
        alone = dataset.text("--REASND").filled & ~dataset.text("--STAT").is_in([NOT_DONE])
        yield Hit(dataset.name, dataset.specific("--REASND"), alone)


@dataset_rule(509, "error", "Record has neither a result nor NOT DONE",
              cure="Fill --ORRES, or say with --STAT that the test was not done.", source="CG0348", of=is_findings)
def check_result_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A finding finds something."""
    said = dataset.text("--STAT").filled | dataset.text("--DRVFL").is_in(["Y"])
    if dataset.has("--ORRES"):
        yield Hit(dataset.name, dataset.specific("--ORRES"), ~dataset.text("--ORRES").filled & ~said)


@dataset_rule(510, "error", "Upper limit of the reference range is not above the lower one",
              cure="Ask the laboratory for the range.", source="FB3901; FB3902", of=is_findings)
def check_limits(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Limits in both units."""
    for low, high in (("--STNRLO", "--STNRHI"), ("--ORNRLO", "--ORNRHI")):
        least, most = dataset.number(low), dataset.number(high)
        name, other = dataset.specific(low), dataset.specific(high)

        def note(row: int, name: str = name, other: str = other) -> str:
            return f"{name} is {dataset.show(name, row)}, {other} is {dataset.show(other, row)}"

        yield Hit(dataset.name, name, most <= least, note=note)


@dataset_rule(511, "error", "Reference range indicator contradicts the limits",
              cure="Derive it from the result and the limits in one unit.", source="IG LB 2-3", of=is_findings)
def check_indicator(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """LOW, NORMAL and HIGH against number and limits; ABNORMAL is left to the laboratory."""
    number, low, high = (dataset.number(name) for name in ("--STRESN", "--STNRLO", "--STNRHI"))
    said = dataset.text("--NRIND")
    below, above = number < low, number > high
    inside = (number >= low) & (number <= high)
    wrong = (below & said.is_in(["NORMAL", "HIGH"])) | (above & said.is_in(["NORMAL", "LOW"]))
    wrong |= inside & said.is_in(["LOW", "HIGH"])

    def note(row: int) -> str:
        limits = f"{show_number(float(low[row]))} to {show_number(float(high[row]))}"
        return f"{show_number(float(number[row]))} is said to be {said.at(row)}, the limits are {limits}"

    yield Hit(dataset.name, dataset.specific("--NRIND"), wrong, note=note)


@dataset_rule(512, "warning", "Number has no unit though the test has one elsewhere",
              cure="Fill the unit that the result was reported in.", source="IG 4.5.1", of=is_findings)
def check_unit_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A unit for every number of a test that has units at all; pH and ratios have none."""
    for result, unit in (("--ORRES", "--ORRESU"), ("--STRESC", "--STRESU")):
        if dataset.has(result) and dataset.has(unit):
            numbered, given = ~np.isnan(dataset.number(result)), dataset.text(unit).filled
            groups = group_assessments(dataset)
            with_unit = np.zeros(int(groups.max(initial=-1)) + 1, dtype=bool)
            with_unit[groups[numbered & given]] = True
            name = dataset.specific(result)
            yield Hit(dataset.name, dataset.specific(unit), numbered & ~given & with_unit[groups],
                      value=partial(dataset.show, name))


@dataset_rule(513, "error", "Result changed though its unit did not",
              cure="Carry the number over as it is where both units are the same.", source="IG 4.5.1", of=is_findings)
def check_same_unit(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Original and standardized number in one unit are one number."""
    original, standard = dataset.text("--ORRESU"), dataset.text("--STRESU")
    same = original.filled & (original.translate(_number_texts(standard.values)) == standard.codes)
    before, after = dataset.number("--ORRES"), dataset.number("--STRESC")
    wrong = same & ~np.isnan(before) & ~np.isnan(after) & ~_is_close(before, after)
    yield Hit(dataset.name, dataset.specific("--STRESC"), wrong, note=partial(_note_conversion, dataset))


def _number_texts(texts: tuple[str, ...]) -> dict[str, int]:
    return {text: number for number, text in enumerate(texts)}


def _note_conversion(dataset: SubmissionDataset, row: int) -> str:
    shown = dataset.show
    return (
        f"{shown('--TESTCD', row)}: {shown('--ORRES', row)} {shown('--ORRESU', row)} "
        f"became {shown('--STRESC', row)} {shown('--STRESU', row)}"
    )


@dataset_rule(514, "warning", "Result is converted by another factor than the other results of the test",
              cure="Check the original unit of the record and the conversion.", source="IG 4.5.1", of=is_findings)
def check_conversion(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Standardized over original number is one factor for each test and pair of units, rounding aside."""
    before, after = dataset.number("--ORRES"), dataset.number("--STRESN")
    linear = ~(dataset.text("--ORRESU").where(_is_logarithmic) | dataset.text("--STRESU").where(_is_logarithmic))
    known = (before > 0) & (after > 0) & linear
    if not known.any():
        return
    factor = np.divide(after, before, out=np.ones_like(after), where=known)
    groups = group_assessments(dataset, *ASSESSMENT, "--ORRESU", "--STRESU")
    usual = _compute_medians(groups, factor, known)
    wrong = known & ((factor > usual * _FAR) | (factor < usual / _FAR))
    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=partial(_note_conversion, dataset))


def _is_logarithmic(unit: str) -> bool:
    return "log" in unit.lower()


def _compute_medians(groups: np.ndarray, numbers: Numbers, known: Mask) -> Numbers:
    """The lower median of the known numbers of each row's group, NaN for a group without any."""
    order = np.lexsort((numbers[known], groups[known]))
    ordered, values = groups[known][order], numbers[known][order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    size = np.diff(np.r_[first, len(ordered)])
    medians = np.full(int(groups.max(initial=-1)) + 1, np.nan)
    medians[ordered[first]] = values[first + (size - 1) // 2]
    spread: Numbers = medians[groups]
    return spread
