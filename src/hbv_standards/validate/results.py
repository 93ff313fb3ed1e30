"""Results of findings: original and standardized, limits, what was not done (SDTMIG 3.4 section 4.5)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import compute_close
from hbv_standards.validate.rules import Hit, dataset_rule, is_findings
from hbv_standards.validate.submission import Submission, SubmissionDataset, show_number

NOT_DONE = "NOT DONE"
_REASON_WITHOUT_STATUS = ("EX", "AE", "DS", "DV", "IE")


@dataset_rule(
    501,
    "error",
    "Standardized result is missing",
    cure="Fill --STRESC wherever --ORRES or --DRVFL is.",
    source="CG0397",
    of=is_findings,
)
def check_standardized(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STRESC follows --ORRES."""
    if dataset.has("--STRESC"):
        given = dataset.text("--ORRES").filled | dataset.text("--DRVFL").is_in(["Y"])
        name = dataset.specific("--ORRES")
        yield Hit(
            dataset.name,
            dataset.specific("--STRESC"),
            given & ~dataset.text("--STRESC").filled,
            value=partial(dataset.show, name),
        )


@dataset_rule(
    502,
    "error",
    "Numeric result is missing",
    cure="Fill --STRESN with the number of --STRESC.",
    source="FB3101",
    of=is_findings,
)
def check_number_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A number in --STRESC is in --STRESN, too."""
    if dataset.has("--STRESN"):
        missing = ~np.isnan(dataset.number("--STRESC")) & np.isnan(dataset.number("--STRESN"))
        name = dataset.specific("--STRESC")
        yield Hit(dataset.name, dataset.specific("--STRESN"), missing, value=partial(dataset.show, name))


@dataset_rule(
    503,
    "error",
    "Numeric result is given though the result is no number",
    cure="Leave --STRESN missing: what lies behind < or > is not known.",
    source="FB3103; IG 4.5.1",
    of=is_findings,
)
def check_number_real(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """<20 has no number; neither has a blank."""
    column = dataset.text("--STRESC")
    wrong = ~np.isnan(dataset.number("--STRESN")) & np.isnan(dataset.number("--STRESC"))

    def note(row: int) -> str:
        return (
            f"{dataset.specific('--STRESN')} is filled, {dataset.specific('--STRESC')} is {column.at(row)!r}"
        )

    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=note)


@dataset_rule(
    504,
    "error",
    "Numeric and character result differ",
    cure="Derive both from the same number.",
    source="FB3102",
    of=is_findings,
)
def check_number_equal(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STRESN is the number that --STRESC shows."""
    number, text = dataset.number("--STRESN"), dataset.number("--STRESC")
    wrong = ~np.isnan(number) & ~np.isnan(text) & ~compute_close(number, text)

    def note(row: int) -> str:
        shown = dataset.show("--STRESC", row)
        return f"{dataset.specific('--STRESN')} is {show_number(float(number[row]))}, --STRESC is {shown!r}"

    yield Hit(dataset.name, dataset.specific("--STRESN"), wrong, note=note)


@dataset_rule(
    506,
    "error",
    "Test not done has a result",
    cure="Remove --STAT, or the result.",
    source="CG0422; FB4201",
    of=is_findings,
)
def check_not_done(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--STAT goes with no result at all."""
    result = (
        dataset.text("--ORRES").filled
        | dataset.text("--STRESC").filled
        | ~np.isnan(dataset.number("--STRESN"))
    )
    yield Hit(dataset.name, dataset.specific("--STAT"), dataset.text("--STAT").filled & result)


@dataset_rule(
    507, "warning", "Test not done has no reason", cure="Fill --REASND.", source="FB4202", of=is_findings
)
def check_reason(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--REASND says why."""
    missing = dataset.text("--STAT").is_in([NOT_DONE]) & ~dataset.text("--REASND").filled
    yield Hit(dataset.name, dataset.specific("--REASND"), missing)


@dataset_rule(
    508,
    "error",
    "Reason not done is given for what was done",
    cure="Set --STAT to NOT DONE, or remove the reason.",
    source="CG0094",
    of=lambda dataset: dataset.is_observation and dataset.rows > 0,
)
def check_reason_alone(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--REASND goes with --STAT."""
    if dataset.domain not in _REASON_WITHOUT_STATUS:
        alone = dataset.text("--REASND").filled & ~dataset.text("--STAT").is_in([NOT_DONE])
        yield Hit(dataset.name, dataset.specific("--REASND"), alone)


@dataset_rule(
    509,
    "error",
    "Record has neither a result nor NOT DONE",
    cure="Fill --ORRES, or say with --STAT that the test was not done.",
    source="CG0348",
    of=is_findings,
)
def check_result_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A finding finds something."""
    said = dataset.text("--STAT").filled | dataset.text("--DRVFL").is_in(["Y"])
    if dataset.has("--ORRES"):
        yield Hit(dataset.name, dataset.specific("--ORRES"), ~dataset.text("--ORRES").filled & ~said)


@dataset_rule(
    510,
    "error",
    "Upper limit of the reference range is not above the lower one",
    cure="Ask the laboratory for the range.",
    source="FB3901; FB3902",
    of=is_findings,
)
def check_limits(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Limits in both units."""
    for low, high in (("--STNRLO", "--STNRHI"), ("--ORNRLO", "--ORNRHI")):
        least, most = dataset.number(low), dataset.number(high)
        name, other = dataset.specific(low), dataset.specific(high)

        def note(row: int, name: str = name, other: str = other) -> str:
            return f"{name} is {dataset.show(name, row)}, {other} is {dataset.show(other, row)}"

        yield Hit(dataset.name, name, most <= least, note=note)


@dataset_rule(
    511,
    "error",
    "Reference range indicator contradicts the limits",
    cure="Derive it from the result and the limits in one unit.",
    source="IG LB 2-3",
    of=is_findings,
)
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
