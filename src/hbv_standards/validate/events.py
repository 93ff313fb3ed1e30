"""Death, disposition and adverse events, in themselves and against demographics."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hbv_standards.validate.columns import Mask, compute_surely_after, find_repeats, group_rows
from hbv_standards.validate.rules import Hit, dataset_rule, is_domain, rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

# Dataset, variable, value that means death, source; without a variable every record means it.
_DEATHS = (
    ("AE", "AEOUT", "FATAL", "CG0134; FB0603"),
    ("AE", "AESDTH", "Y", "CG0135; FB0604"),
    ("DS", "DSDECOD", "DEATH", "CG0136; FB0605"),
    ("DD", "", "", "CG0133; FB0602"),
    ("SS", "SSSTRESC", "DEAD", "CG0132; FB0601"),
)
_DEATH_DATES = (
    ("DS", "DSDECOD", "DEATH", "DSSTDTC", "CG0069; FB0611"),
    ("AE", "AEOUT", "FATAL", "AEENDTC", "FB0612"),
)
_SERIOUS = ("AESCAN", "AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESOD", "AESMIE", "AESINTV")
_CONSENT = "INFORMED CONSENT OBTAINED"


@dataset_rule(
    750,
    "error",
    "Death has a date but no flag",
    cure="Set DTHFL to Y.",
    source="CG0435; FB0606",
    of=is_domain("DM"),
)
def check_death_flag(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """DTHDTC goes with DTHFL."""
    yield Hit(dataset.name, "DTHFL", dataset.text("DTHDTC").filled & ~dataset.text("DTHFL").is_in(["Y"]))


@dataset_rule(
    751,
    "warning",
    "Death has a flag but no date",
    cure="Fill DTHDTC as far as it is known.",
    source="FB0610",
    of=is_domain("DM"),
)
def check_death_date(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """DTHFL goes with DTHDTC."""
    yield Hit(dataset.name, "DTHDTC", dataset.text("DTHFL").is_in(["Y"]) & ~dataset.text("DTHDTC").filled)


@rule(
    752,
    "error",
    "Record says death, DM does not",
    cure="Set DTHFL in DM to Y, or correct the record.",
    source="CG0132-CG0136; FB0601-FB0605",
)
def check_deaths_in_dm(submission: Submission) -> Iterator[Hit]:
    """Who dies in AE, DS, DD or SS dies in DM."""
    dm = submission.dm
    if dm is None:
        return
    dead = np.r_[dm.text("DTHFL").is_in(["Y"]), True]  # the last entry is for subjects who are not in DM
    for name, variable, value, source in _DEATHS:
        dataset = submission.get(name)
        if dataset is not None:
            says = dataset.text(variable).is_in([value]) if variable else np.ones(dataset.rows, dtype=bool)
            note = f"The record says that the subject died, DTHFL in DM does not ({source})"
            yield Hit(name, variable or "USUBJID", says & ~dead[submission.dm_rows(dataset)], note=note)


@rule(
    753,
    "error",
    "Subject died but has no disposition of death",
    cure="Add the record DEATH to DS.",
    source="FB0608",
)
def check_death_disposition(submission: Submission) -> Iterator[Hit]:
    """DTHFL in DM means DEATH in DS."""
    dm, ds = submission.dm, submission.get("DS")
    if dm is None or ds is None:
        return
    told = np.zeros(dm.rows, dtype=bool)
    rows = submission.dm_rows(ds)[ds.text("DSDECOD").is_in(["DEATH"])]
    told[rows[rows >= 0]] = True
    yield Hit("DM", "DTHFL", dm.text("DTHFL").is_in(["Y"]) & ~told)


@rule(
    754,
    "error",
    "Date of death differs from DM",
    cure="Ask the site for the date; write it in both places.",
    source="CG0069; FB0611; FB0612",
)
def check_death_dates(submission: Submission) -> Iterator[Hit]:
    """Death in DS and AE is on DTHDTC."""
    dm = submission.dm
    for name, variable, value, date, source in _DEATH_DATES:
        dataset = submission.get(name)
        if dm is None or dataset is None or not dataset.has(date):
            continue
        other, own = submission.dm_dates(dataset, "DTHDTC"), dataset.dates(date)
        apart = compute_surely_after(own, other) | compute_surely_after(other, own)
        note = f"{date} is not DTHDTC of DM ({source})"
        yield Hit(name, date, dataset.text(variable).is_in([value]) & apart, note=note)


@rule(
    755,
    "error",
    "Date of informed consent differs from DM",
    cure="RFICDTC is the date of the first INFORMED CONSENT OBTAINED in DS.",
    source="CG0068; CG0143",
)
def check_consent(submission: Submission) -> Iterator[Hit]:
    """The earliest consent in DS is on RFICDTC."""
    dm, ds = submission.dm, submission.get("DS")
    if dm is None or ds is None or not ds.has("DSSTDTC"):
        return
    dates, other = ds.dates("DSSTDTC"), submission.dm_dates(ds, "RFICDTC")
    consents = np.flatnonzero(ds.text("DSDECOD").is_in([_CONSENT]) & ~np.isnat(dates.earliest))
    subjects = submission.dm_rows(ds)
    order = consents[np.lexsort((dates.end[consents], dates.earliest[consents], subjects[consents]))]
    first = order[~find_repeats(subjects[order])]
    apart = compute_surely_after(dates, other) | compute_surely_after(other, dates)
    yield Hit("DS", "DSSTDTC", np.sort(first[apart[first]]))


@dataset_rule(
    756,
    "error",
    "Disposition has no category",
    cure="Fill DSCAT: PROTOCOL MILESTONE, DISPOSITION EVENT or OTHER EVENT.",
    source="FB1401",
    of=is_domain("DS"),
)
def check_disposition_category(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """DSCAT is never missing."""
    if dataset.has("DSCAT"):
        yield Hit(dataset.name, "DSCAT", ~dataset.text("DSCAT").filled)


@dataset_rule(
    757,
    "error",
    "Subject has two dispositions of one kind in one epoch",
    cure="Keep one for each DSSCAT and EPOCH.",
    source="CG0536-CG0539",
    of=is_domain("DS"),
)
def check_one_disposition(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """One disposition event for subject, subcategory and epoch."""
    rows = np.flatnonzero(dataset.text("DSCAT").is_in(["DISPOSITION EVENT"]) & dataset.text("EPOCH").filled)
    keys = group_rows([dataset.text(name) for name in ("USUBJID", "DSSCAT", "EPOCH")])
    yield Hit(dataset.name, "DSDECOD", rows[find_repeats(keys[rows])])


@rule(
    758,
    "error",
    "Subject with an arm has no disposition",
    cure="Add the subject's disposition to DS.",
    source="CG0540",
)
def check_disposition_given(submission: Submission) -> Iterator[Hit]:
    """Who was assigned has a record in DS."""
    dm, ds = submission.dm, submission.get("DS")
    if dm is None or ds is None:
        return
    present = np.zeros(dm.rows, dtype=bool)
    rows = submission.dm_rows(ds)
    present[rows[rows >= 0]] = True
    yield Hit("DM", "ACTARMCD", dm.text("ACTARMCD").filled & ~present)


@dataset_rule(
    759,
    "error",
    "Seriousness and its criteria contradict each other",
    cure="AESER is Y if and only if one of the criteria is Y.",
    source="CG0041; CG0042",
    of=is_domain("AE"),
)
def check_seriousness(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """AESER and AESCAN to AESINTV."""
    criteria = [dataset.text(name).is_in(["Y"]) for name in _SERIOUS if dataset.has(name)]
    if criteria:
        met: Mask = np.logical_or.reduce(criteria)
        serious = dataset.text("AESER").is_in(["Y"])
        yield Hit(dataset.name, "AESER", met != serious)


@dataset_rule(
    760,
    "error",
    "Outcome and end of the event contradict each other",
    cure="A recovered event has an end, one that goes on has none.",
    source="FB3409; FB3410",
    of=is_domain("AE"),
)
def check_outcome(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """AEOUT and AEENDTC."""
    if dataset.has("AEENDTC"):
        outcome, ended = dataset.text("AEOUT"), dataset.text("AEENDTC").filled
        open_end = outcome.is_in(["RECOVERED/RESOLVED"]) & ~ended
        yield Hit(dataset.name, "AEENDTC", open_end | (outcome.is_in(["NOT RECOVERED/NOT RESOLVED"]) & ended))


@dataset_rule(
    761,
    "error",
    "Completion is coded as something else",
    cure="DSTERM COMPLETED has DSDECOD COMPLETED.",
    source="CG0065",
    of=is_domain("DS"),
)
def check_completed(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """DSTERM and DSDECOD of completion."""
    completed = dataset.text("DSTERM").is_in(["COMPLETED"])
    yield Hit(dataset.name, "DSDECOD", completed & ~dataset.text("DSDECOD").is_in(["COMPLETED"]))


@dataset_rule(
    762,
    "warning",
    "Seriousness of the adverse event is missing",
    cure="Ask the site: AESER is Y or N.",
    source="IG 6.2.1",
    of=is_domain("AE"),
)
def check_seriousness_given(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Every adverse event is serious or not."""
    if dataset.has("AESER"):
        yield Hit(dataset.name, "AESER", ~dataset.text("AESER").filled)


@dataset_rule(
    763,
    "warning",
    "Grade says that the event was fatal, its outcome does not",
    cure="Ask the site for outcome and seriousness: grade 5 is death by the event.",
    source="IG 6.2.1",
    of=is_domain("AE"),
)
def check_fatal_grade(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """AETOXGR 5 is death (CTCAE) and goes with AEOUT FATAL."""
    if dataset.has("AETOXGR"):
        fatal = dataset.text("AETOXGR").is_in(["5"])
        yield Hit(dataset.name, "AEOUT", fatal & ~dataset.text("AEOUT").is_in(["FATAL"]))
