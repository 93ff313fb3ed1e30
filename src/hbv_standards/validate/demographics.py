"""Demographics: arms, why there is none, reference dates, age (SDTMIG 3.4 section 5.2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from hbv_standards.derive.dates import derive_age
from hbv_standards.validate.columns import Mask
from hbv_standards.validate.rules import Hit, dataset_rule, is_domain
from hbv_standards.validate.submission import Submission, SubmissionDataset, show_number

_ARMS = (("ARMCD", "ARM"), ("ACTARMCD", "ACTARM"))
_NO_ARM_TEXTS = frozenset({"SCREEN FAILURE", "NOT ASSIGNED", "UNPLANNED TREATMENT", "NOT TREATED"})
_UNPLANNED = "UNPLANNED TREATMENT"


@dataset_rule(
    701,
    "error",
    "Arm is not one of the trial's",
    cure="Use code and name of an arm in TA.",
    source="CG0512; CG0514; CG0516",
    of=is_domain("DM"),
)
def check_arms_in_design(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Arm codes are in TA, with the name that they have there."""
    ta = submission.get("TA")
    if ta is None:
        return
    named = {ta.show("ARMCD", row): ta.show("ARM", row) for row in range(ta.rows)}
    for code_name, name in _ARMS:
        codes, names = dataset.text(code_name), dataset.text(name)
        yield Hit(dataset.name, code_name, codes.where(lambda code: code not in named))
        meant = codes.translate({code: names.place(arm) for code, arm in named.items()})
        known = codes.is_in(named) & names.filled
        yield Hit(
            dataset.name,
            name,
            known & (meant != names.codes),
            note=f"{name} is not that of {code_name} in TA",
        )


@dataset_rule(
    702,
    "error",
    "Arm has a code or a name, not both",
    cure="Fill both, or neither and ARMNRS.",
    source="IG DM 4; CG0521; CG0522",
    of=is_domain("DM"),
)
def check_arm_pairs(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Code and name of an arm come together."""
    for code_name, name in _ARMS:
        wrong = dataset.text(code_name).filled != dataset.text(name).filled
        yield Hit(
            dataset.name, code_name, wrong, note=f"{code_name} and {name} are not both filled or both missing"
        )


@dataset_rule(
    703,
    "error",
    "Reason for a missing arm and the arms contradict each other",
    cure="ARMNRS is filled where ARM or ACTARM is missing, and only there.",
    source="CG0513; CG0515; CG0517; CG0519; CG0520",
    of=is_domain("DM"),
)
def check_arm_reason(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """ARMNRS says why an arm is missing."""
    if dataset.has("ARMCD") and dataset.has("ACTARMCD"):
        complete = dataset.text("ARMCD").filled & dataset.text("ACTARMCD").filled
        wrong = complete == dataset.text("ARMNRS").filled

        def note(row: int) -> str:
            return (
                "ARMNRS is filled though there are both arms"
                if complete[row]
                else "An arm is missing without ARMNRS"
            )

        yield Hit(dataset.name, "ARMNRS", wrong, note=note)


@dataset_rule(
    704,
    "error",
    "Arm is called by the reason why there is none",
    cure="Leave the arm missing and say it in ARMNRS.",
    source="IG DM 4; CG0570",
    of=is_domain("DM", "TA", "TV"),
)
def check_arm_names(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A screen failure is no arm."""
    for name in ("ARM", "ACTARM"):
        yield Hit(dataset.name, name, dataset.text(name).where(lambda arm: arm.upper() in _NO_ARM_TEXTS))


@dataset_rule(
    705,
    "warning",
    "Subject without treatment has a reference start date",
    cure="Leave RFSTDTC missing where it means the first dose.",
    source="IG DM 9; CG0534; FB6401",
    of=is_domain("DM"),
)
def check_reference_start(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """ARMNRS and RFSTDTC exclude each other, unplanned treatment aside."""
    never = dataset.text("ARMNRS").where(lambda reason: reason != _UNPLANNED)
    yield Hit(dataset.name, "RFSTDTC", never & dataset.text("RFSTDTC").filled)


@dataset_rule(
    706,
    "warning",
    "Reference end date does not fit the arm",
    cure="Fill RFENDTC for subjects with an arm, leave it missing where ARMNRS is filled.",
    source="CG0529; CG0530",
    of=is_domain("DM"),
)
def check_reference_end(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """RFENDTC is filled for subjects with an arm."""
    if not dataset.has("RFENDTC"):
        return
    without, given = dataset.text("ARMNRS").filled, dataset.text("RFENDTC").filled
    missing = dataset.text("ARM").filled & ~without & ~given

    def note(row: int) -> str:
        return (
            "RFENDTC is missing though there is an arm" if missing[row] else "RFENDTC is filled, ARMNRS too"
        )

    yield Hit(dataset.name, "RFENDTC", missing | (without & given), note=note)


@dataset_rule(
    707,
    "warning",
    "Age does not follow from the date of birth",
    cure="Derive AGE in whole years, at one moment for all subjects.",
    source="IG 5.2",
    of=is_domain("DM"),
)
def check_age(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """AGE lies within a year of the age at consent or at the reference start."""
    if not (dataset.has("AGE") and dataset.has("BRTHDTC")):
        return
    age, years = dataset.number("AGE"), dataset.text("AGEU").is_in(["YEARS"])
    computed = np.full(dataset.rows, np.nan)
    for anchor in ("RFICDTC", "RFSTDTC"):
        computed = np.where(np.isnan(computed), _compute_age(dataset, anchor), computed)

    def note(row: int) -> str:
        return f"AGE is {show_number(float(age[row]))}, BRTHDTC gives {show_number(float(computed[row]))}"

    yield Hit(dataset.name, "AGE", years & (np.abs(age - computed) > 1), note=note)


def _compute_age(dataset: SubmissionDataset, anchor: str) -> np.ndarray:
    texts = {
        name: [dataset.show(name, row) or None for row in range(dataset.rows)] for name in ("BRTHDTC", anchor)
    }
    frame = pd.DataFrame(texts, dtype="str")
    return derive_age(frame, "BRTHDTC", anchor, "AGE")["AGE"].to_numpy()


@dataset_rule(
    708,
    "error",
    "Unplanned treatment is not described",
    cure="Fill ACTARMUD.",
    source="IG DM 4a",
    of=is_domain("DM"),
)
def check_unplanned_arm(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """UNPLANNED TREATMENT needs ACTARMUD."""
    unplanned: Mask = dataset.text("ARMNRS").is_in([_UNPLANNED])
    yield Hit(dataset.name, "ACTARMUD", unplanned & ~dataset.text("ACTARMUD").filled)


@dataset_rule(
    709,
    "warning",
    "Age is missing",
    cure="Ask the site for the date of birth or the age; only screen failures may go without.",
    source="FB0501",
    of=is_domain("DM"),
)
def check_age_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Subjects who are no screen failures have AGE, or AGETXT."""
    failed = dataset.text("ARMNRS").is_in(["SCREEN FAILURE"])
    given = ~np.isnan(dataset.number("AGE")) | dataset.text("AGETXT").filled
    yield Hit(dataset.name, "AGE", ~given & ~failed)
