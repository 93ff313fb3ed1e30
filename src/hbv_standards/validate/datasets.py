"""Datasets as a whole: those that must be there, their labels, domains and timing (SDTMIG 3.4)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hbv_standards.standards import dataset_names, read_codelist
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.validate.columns import compute_surely_after
from hbv_standards.validate.rules import Hit, any_dataset, dataset_rule, is_observation, rule
from hbv_standards.validate.submission import OBSERVATION_CLASSES, Submission, SubmissionDataset

_EPOCH_NOT_ASKED = ("DD", "PP", "MH")


@dataset_rule(
    110,
    "warning",
    "Dataset label is missing or not the standard's",
    cure="Use the label of the implementation guide.",
    source="IG 3.2",
    of=any_dataset,
)
def check_dataset_label(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Label of the dataset; a split dataset has its own."""
    stated = dataset.standard.label if dataset.standard is not None else ""
    if not dataset.label:
        yield Hit(dataset.name, note="Dataset has no label")
    elif submission.agency == "fda" and _is_whole(dataset) and stated and dataset.label != stated:
        note = f"Dataset label {dataset.label!r} is {stated!r} in SDTMIG 3.4"
        yield Hit(dataset.name, value=dataset.label, note=note)


def _is_whole(dataset: SubmissionDataset) -> bool:
    """Not one of several files of a domain, nor the supplemental qualifiers of such a file."""
    return dataset.name == dataset.domain and not (dataset.is_supplemental and len(dataset.name) > 6)


@dataset_rule(
    111,
    "error",
    "Dataset has no records",
    cure="Do not submit it and do not describe it.",
    source="IG 3.2; CG0408",
    of=any_dataset,
)
def check_empty(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No empty datasets."""
    if dataset.rows == 0:
        yield Hit(dataset.name)


@rule(
    112,
    "error",
    "Demographics (DM) is missing",
    cure="Add dm.xpt: the study is not accepted without it.",
    source="CG0368; TRC1736",
)
def check_dm(submission: Submission) -> Iterator[Hit]:
    """DM is there."""
    if submission.get("DM") is None:
        yield Hit("DM")


@dataset_rule(
    113,
    "error",
    "Domain is not a published one",
    cure="Use the published code; a domain of your own starts with X, Y or Z.",
    source="IG 2.6; CG0001",
    of=any_dataset,
)
def check_domain(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Domain codes are in the codelist DOMAIN (C66734)."""
    domain = dataset.domain
    published = dataset.standard is not None or read_codelist("C66734").term(domain) is not None
    if not published and domain[:1] not in ("X", "Y", "Z") and not dataset.name.startswith("AP"):
        note = f"{domain} is not a published domain{phrase_nearest(domain, dataset_names())}"
        yield Hit(dataset.name, "DOMAIN", value=domain, note=note)


@rule(
    114,
    "error",
    "Study start date is missing",
    cure="Add ts.xpt with TSPARMCD SSTDTC and a complete date: the study is not accepted without it.",
    source="CG0285; TRC1734",
)
def check_study_start(submission: Submission) -> Iterator[Hit]:
    """TS says when the study began, to the day."""
    ts = submission.get("TS")
    if ts is None:
        yield Hit("TS", note="Trial Summary (TS) is missing")
        return
    stated = ts.text("TSPARMCD").is_in(["SSTDTC"])
    complete = ~np.isnat(ts.dates("TSVAL").day)
    if not (stated & complete).any():
        rows = np.flatnonzero(stated)[:1] if stated.any() else None
        yield Hit("TS", "TSVAL", rows, note="SSTDTC has no complete date")


@dataset_rule(
    116,
    "warning",
    "EPOCH is missing",
    cure="Add EPOCH, derived from the subject's elements.",
    source="FB2201",
    of=is_observation,
)
def check_epoch(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """FDA wants EPOCH where the guide's dataset has it and a record may lie in the trial."""
    if dataset.standard is None or dataset.standard.variable("EPOCH") is None or dataset.has("EPOCH"):
        return
    if dataset.domain not in _EPOCH_NOT_ASKED and _may_lie_in_trial(dataset, submission):
        yield Hit(dataset.name, "EPOCH")


def _may_lie_in_trial(dataset: SubmissionDataset, submission: Submission) -> bool:
    """Whether a record may have begun on or after informed consent: what began before has no epoch (IG 4.1.3.1)."""
    dates = dataset.dates("--DTC" if dataset.is_findings else "--STDTC")
    told = ~np.isnat(dates.earliest)
    before = compute_surely_after(submission.dm_dates(dataset, "RFICDTC"), dates)
    return bool((told & ~before).any()) or (dataset.is_findings and not told.any())


@dataset_rule(
    117,
    "warning",
    "No timing variable",
    cure="Add the date or visit of the observation.",
    source="IG 4.4; CG0219",
    of=is_observation,
)
def check_timing(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Observations happen at some time; eligibility and characteristics may go without."""
    stated = (dataset.defined(name) for name in dataset.names)
    timed = any(v is not None and v.role == "Timing" for v in stated)
    if dataset.cls in OBSERVATION_CLASSES and dataset.domain not in ("IE", "SC") and not timed:
        yield Hit(dataset.name)
