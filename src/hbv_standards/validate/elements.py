"""Elements and epochs: SE in itself, against TE and TA, and the EPOCH of every record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hbv_standards.validate.columns import Codes, Mask, Moments
from hbv_standards.validate.rules import Hit, dataset_rule, has_records, is_domain, is_observation, rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

_UNPLANNED = "UNPLAN"
_ALMOST_A_DAY = np.timedelta64(86_400_000_000 - 1, "us")
# Of a disposition the epoch is the one that it ends, not the one of its date (SDTMIG 3.4 section 6.2.3).
_EPOCH_NOT_OF_DATE = ("DS",)
_EPOCH_NOT_ASKED = ("DD", "PP", "MH")


@dataset_rule(
    740,
    "error",
    "Epoch is not one of the trial's",
    cure="Use an EPOCH of TA.",
    source="CG0009",
    of=has_records,
)
def check_epochs(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """EPOCH is in TA."""
    ta = submission.get("TA")
    if ta is not None and ta is not dataset and dataset.has("EPOCH"):
        epochs = set(ta.text("EPOCH").values)
        yield Hit(dataset.name, "EPOCH", dataset.text("EPOCH").where(lambda epoch: epoch not in epochs))


@dataset_rule(
    741,
    "error",
    "Element is not one of the trial's",
    cure="Use an ETCD of TE, or UNPLAN.",
    source="CG0414",
    of=is_domain("SE", "TA"),
)
def check_elements(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """ETCD is in TE."""
    te = submission.get("TE")
    if te is not None:
        known = {*te.text("ETCD").values, _UNPLANNED}
        yield Hit(dataset.name, "ETCD", dataset.text("ETCD").where(lambda code: code not in known))


@dataset_rule(
    742,
    "error",
    "Element has another name in TE",
    cure="Use the ELEMENT of TE.",
    source="CG0154; FB0914",
    of=is_domain("SE", "TA"),
)
def check_element_names(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """ELEMENT is that of TE."""
    te = submission.get("TE")
    if te is None or not dataset.has("ELEMENT"):
        return
    names, codes = dataset.text("ELEMENT"), dataset.text("ETCD")
    meant = {te.show("ETCD", row): names.place(te.show("ELEMENT", row)) for row in range(te.rows)}
    yield Hit(
        dataset.name, "ELEMENT", codes.is_in(meant) & names.filled & (codes.translate(meant) != names.codes)
    )


def _order_elements(dataset: SubmissionDataset) -> tuple[Codes, Codes]:
    """Records that follow one another within a subject, by start: each and the next one."""
    start, subjects = dataset.dates("SESTDTC"), dataset.text("USUBJID").codes
    order = np.lexsort((dataset.number("SESEQ"), start.earliest, subjects))
    before, after = order[:-1], order[1:]
    same = (subjects[before] == subjects[after]) & (subjects[before] != 0)
    return before[same], after[same]


@dataset_rule(
    743,
    "error",
    "Element does not end where the next one starts",
    cure="SEENDTC is the SESTDTC of the next element.",
    source="IG SE 8; CG0207",
    of=is_domain("SE"),
)
def check_gaps(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No gaps and no overlaps."""
    before, after = _order_elements(dataset)
    end, start = dataset.dates("SEENDTC"), dataset.dates("SESTDTC")
    apart = (end.earliest[before] >= start.end[after]) | (start.earliest[after] >= end.end[before])
    following = dict(zip(before.tolist(), after.tolist(), strict=True))

    def note(row: int) -> str:
        start = dataset.show("SESTDTC", following[row])
        return f"SEENDTC is {dataset.show('SEENDTC', row)}, the next element starts {start}"

    yield Hit(dataset.name, "SEENDTC", np.sort(before[apart]), note=note)


@dataset_rule(
    744,
    "error",
    "Element has no end though another one follows",
    cure="SEENDTC is the SESTDTC of the next element.",
    source="IG SE 8-9; CG0209",
    of=is_domain("SE"),
)
def check_open_elements(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Only the last element may be open."""
    before, _after = _order_elements(dataset)
    if dataset.has("SEENDTC"):
        yield Hit(dataset.name, "SEENDTC", np.sort(before[~dataset.text("SEENDTC").filled[before]]))


@dataset_rule(
    745,
    "error",
    "Unplanned element is not described as one",
    cure="With ETCD UNPLAN fill SEUPDES and leave ELEMENT and TAETORD missing; else leave out SEUPDES.",
    source="CG0152; CG0206; CG0210; CG0211",
    of=is_domain("SE"),
)
def check_unplanned_elements(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """UNPLAN and what goes with it."""
    unplanned, described = dataset.text("ETCD").is_in([_UNPLANNED]), dataset.text("SEUPDES").filled
    named = dataset.text("ELEMENT").filled | ~np.isnan(dataset.number("TAETORD"))
    yield Hit(dataset.name, "ETCD", (unplanned & (named | ~described)) | (~unplanned & described))


@dataclass(frozen=True, slots=True)
class _Elements:
    """The n-th element of every subject in DM: when it has surely begun, how long it lasts, its epoch."""

    begun: Moments
    lasts: Moments
    epoch: Codes  # place among SE's EPOCH values


def _list_elements(submission: Submission) -> list[_Elements]:
    se, dm = submission.get("SE"), submission.dm
    if se is None or dm is None or not se.rows or not se.has("EPOCH"):
        return []
    subjects, start, end = submission.dm_rows(se), se.dates("SESTDTC"), se.dates("SEENDTC")
    order = np.lexsort((start.earliest, subjects))
    order = order[subjects[order] >= 0]
    found: list[_Elements] = []
    while len(order):
        first = np.r_[True, subjects[order][1:] != subjects[order][:-1]]
        rows, owners = order[first], subjects[order[first]]
        each = _Elements(_build_unknown(dm.rows), _build_unknown(dm.rows), np.zeros(dm.rows, dtype=np.int64))
        # Whether a sample of the first day was taken before the dose is the sponsor's to say, so that the days
        # on which elements meet are left out.
        each.begun[owners], each.lasts[owners] = _ceil(start.end[rows]), _floor(end.earliest[rows])
        each.epoch[owners] = se.text("EPOCH").codes[rows]
        found.append(each)
        order = order[~first]
    return found


def _floor(moments: Moments) -> Moments:
    return moments.astype("datetime64[D]").astype("datetime64[us]")


def _ceil(moments: Moments) -> Moments:
    return _floor(moments + _ALMOST_A_DAY)


def _build_unknown(rows: int) -> Moments:
    return np.full(rows, "NaT", dtype="datetime64[us]")


def _compute_epochs(dataset: SubmissionDataset, submission: Submission) -> Codes:
    """For every record its epoch's place among SE's, where its date is surely within an element; else 0."""
    name = "--DTC" if dataset.is_findings else "--STDTC"
    subjects, dates = submission.dm_rows(dataset), dataset.dates(name)
    epochs = np.zeros(dataset.rows, dtype=np.int64)
    for each in _list_elements(submission):
        inside = (
            (subjects >= 0) & (dates.earliest >= each.begun[subjects]) & (dates.end <= each.lasts[subjects])
        )
        epochs[inside] = each.epoch[subjects[inside]]
    return epochs


def _compare_epochs(dataset: SubmissionDataset, submission: Submission) -> tuple[Codes, Mask, Mask]:
    """Epochs by date, and records where EPOCH is another one or missing."""
    epochs = _compute_epochs(dataset, submission)
    se = submission.get("SE")
    stated = dataset.text("EPOCH")
    names = se.text("EPOCH").values if se is not None else ("",)
    place = stated.translate({name: number for number, name in enumerate(names)})
    known = epochs > 0
    return epochs, known & stated.filled & (place != epochs), known & ~stated.filled


def _has_epochs(dataset: SubmissionDataset) -> bool:
    return dataset.has("EPOCH") and dataset.has("USUBJID") and dataset.domain not in _EPOCH_NOT_OF_DATE


@dataset_rule(
    746,
    "error",
    "Epoch is not that of the subject's element on that date",
    cure="Derive EPOCH from SE.",
    source="IG 4.1.3.1",
    of=is_observation,
)
def check_epoch_of_records(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """EPOCH against SE, where the date is surely within one element."""
    if not _has_epochs(dataset):
        return
    epochs, other, _ = _compare_epochs(dataset, submission)
    se = submission.get("SE")
    names = se.text("EPOCH").values if se is not None else ("",)
    yield Hit(
        dataset.name, "EPOCH", other, note=lambda row: f"By SE the record is in {names[int(epochs[row])]}"
    )


@dataset_rule(
    747,
    "warning",
    "Epoch is missing though the date is within an element",
    cure="Derive EPOCH from SE.",
    source="FB2201",
    of=is_observation,
)
def check_missing_epochs(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """EPOCH is filled where SE says it."""
    if _has_epochs(dataset) and dataset.domain not in _EPOCH_NOT_ASKED:
        yield Hit(dataset.name, "EPOCH", _compare_epochs(dataset, submission)[2])


@rule(
    748,
    "warning",
    "Subject has no elements",
    cure="Add the subject's elements to SE, screen failures included.",
    source="IG 5.3",
)
def check_subjects_have_elements(submission: Submission) -> Iterator[Hit]:
    """Every subject of DM is in SE."""
    dm, se = submission.dm, submission.get("SE")
    if dm is not None and se is not None:
        present = np.zeros(dm.rows, dtype=bool)
        rows = submission.dm_rows(se)
        present[rows[rows >= 0]] = True
        yield Hit("DM", "USUBJID", ~present & dm.text("USUBJID").filled)
