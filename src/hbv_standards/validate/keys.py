"""Identity: subjects, sequence numbers, natural keys (SDTMIG 3.4 sections 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from hbv_standards.validate.columns import (
    Codes,
    Mask,
    Numbers,
    TextColumn,
    compute_first_rows,
    find_repeats,
    group_rows,
)
from hbv_standards.validate.rules import (
    ByRow,
    Hit,
    dataset_rule,
    has_records,
    is_domain,
    is_observation,
    rule,
)
from hbv_standards.validate.submission import Submission, SubmissionDataset

# Datasets whose natural key the guide fixes.
NATURAL_KEYS = (
    ("DM", ("USUBJID",), "IG 5.2; CG0151"),
    ("SV", ("USUBJID", "VISITNUM"), "CG0410"),
    ("SE", ("USUBJID", "ETCD", "SESTDTC"), "IG 5.3"),
    ("TA", ("ARMCD", "TAETORD"), "CG0247"),
    ("TE", ("ETCD",), "IG 7.2.2"),
    ("TV", ("ARMCD", "VISITNUM"), "IG 7.3.1"),
    ("TI", ("IETESTCD", "TIVERS"), "CG0255; CG0256"),
    ("TS", ("TSPARMCD", "TSSEQ"), "CG0268"),
)
_SUPPLEMENTAL_KEY = ("USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL", "QNAM")
_NOT_CONTENT = ("--SEQ", "--SPID")


def _has_sequence(dataset: SubmissionDataset) -> bool:
    return dataset.rows > 0 and dataset.has("--SEQ") and dataset.domain != "TS"


@rule(
    401,
    "error",
    "Sequence number is used twice for a subject",
    cure="Number the records of each subject anew, over all files of the domain.",
    source="CG0028",
)
def check_sequence_once(submission: Submission) -> Iterator[Hit]:
    """--SEQ is unique per subject and domain, also over split files."""
    domains: dict[str, list[SubmissionDataset]] = {}
    for dataset in filter(_has_sequence, submission):
        domains.setdefault(dataset.domain, []).append(dataset)
    for datasets in domains.values():
        yield from _check_sequences(datasets)


def _check_sequences(datasets: list[SubmissionDataset]) -> Iterator[Hit]:
    numbered: dict[str, int] = {"": -1}
    for dataset in datasets:
        for subject in _subject_column(dataset).values:
            numbered.setdefault(subject, len(numbered))
    subjects = np.concatenate([_subject_column(each).translate(numbered) for each in datasets])
    sequences = np.concatenate([each.number("--SEQ") for each in datasets])
    known = (subjects >= 0) & ~np.isnan(sequences)
    repeated = np.zeros(len(known), dtype=bool)
    repeated[known] = find_repeats(group_rows([subjects[known], sequences[known]]))
    first = 0
    for dataset in datasets:
        name = dataset.sequence_name
        yield Hit(dataset.name, name, repeated[first : first + dataset.rows])
        first += dataset.rows


def _subject_column(dataset: SubmissionDataset) -> TextColumn:
    return (
        dataset.text("USUBJID")
        if dataset.has("USUBJID") or not dataset.has("POOLID")
        else dataset.text("POOLID")
    )


@dataset_rule(
    402,
    "error",
    "Sequence number is no whole number from 1",
    cure="Number the records of each subject from 1.",
    source="CG0028",
    of=_has_sequence,
)
def check_sequence_whole(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--SEQ counts."""
    sequence = dataset.number("--SEQ")
    known = ~np.isnan(sequence)
    yield Hit(
        dataset.name, dataset.sequence_name, known & ((sequence < 1) | (sequence != np.floor(sequence)))
    )


@dataset_rule(
    403,
    "error",
    "Subject is not in DM",
    cure="Add the subject to DM, or correct USUBJID.",
    source="IG 4.2.3; CG0029",
    of=has_records,
)
def check_subject_known(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Every USUBJID is one of DM's."""
    if submission.dm is not None and dataset.has("USUBJID") and not dataset.name.startswith("AP"):
        unknown = (submission.dm_rows(dataset) < 0) & dataset.text("USUBJID").filled
        yield Hit(dataset.name, "USUBJID", unknown)


@dataset_rule(
    404,
    "error",
    "Subject number is used twice",
    cure="SUBJID is unique in the study: correct it.",
    source="CG0150",
    of=is_domain("DM"),
)
def check_subject_number(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """SUBJID is unique."""
    column = dataset.text("SUBJID")
    yield Hit(dataset.name, "SUBJID", find_repeats(column.codes) & column.filled)


@dataset_rule(
    405,
    "error",
    "Study identifier is not that of DM",
    cure="Write the same STUDYID in all records.",
    source="CG0409",
    of=has_records,
)
def check_study(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """One study, one STUDYID."""
    base = submission.dm or dataset
    column = base.text("STUDYID")
    studies = {value for value in column.values if value}
    study = column.at(0) if base is dataset or len(studies) > 1 else next(iter(studies), "")
    if study:
        note = f"STUDYID is not {study!r}"
        yield Hit(
            dataset.name, "STUDYID", dataset.text("STUDYID").where(lambda value: value != study), note=note
        )


@dataset_rule(
    406,
    "error",
    "DOMAIN is not the dataset's",
    cure="Write the code that the dataset's name starts with.",
    source="CG0413; CG0308",
    of=has_records,
)
def check_domain_value(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Names of datasets start with their domain, which is the same in all records."""
    if dataset.has("DOMAIN"):
        domain = dataset.domain
        note = f"DOMAIN is not {domain!r} in the dataset {dataset.name}"
        yield Hit(
            dataset.name, "DOMAIN", dataset.text("DOMAIN").where(lambda value: value != domain), note=note
        )


@dataset_rule(
    407,
    "error",
    "Two records have the same key",
    cure="Keep one, or correct what tells them apart.",
    source="IG 3.2; CG0410; CG0411; CG0268",
    of=has_records,
)
def check_natural_keys(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Keys that the guide fixes are unique."""
    key, source = _find_key(dataset)
    columns = [dataset.columns[name] for name in key if dataset.has(name)]
    if columns and dataset.has(key[0]):
        groups = group_rows(columns)
        yield Hit(
            dataset.name,
            key[-1] if len(key) > 1 else key[0],
            find_repeats(groups),
            value=_show_key(dataset, key),
            note=_note_first(groups, f"Key {', '.join(key)} is that of record", source),
        )


def _find_key(dataset: SubmissionDataset) -> tuple[tuple[str, ...], str]:
    if dataset.is_supplemental:
        return _SUPPLEMENTAL_KEY, "CG0411"
    fixed = ((key, source) for domain, key, source in NATURAL_KEYS if domain == dataset.domain)
    return next(fixed, ((), ""))


def _show_key(dataset: SubmissionDataset, key: tuple[str, ...]) -> ByRow:
    return lambda row: " ".join(dataset.show(name, row) for name in key)


def _note_first(groups: Codes, told: str, source: str) -> ByRow:
    first = compute_first_rows(groups)
    return lambda row: (
        f"{told} {int(first[row]) + 1} ({source})" if source else f"{told} {int(first[row]) + 1}"
    )


@dataset_rule(
    408,
    "warning",
    "Record equals another one but for its sequence number",
    cure="Keep one of them, unless both were observed.",
    source="IG 3.2",
    of=is_observation,
)
def check_repeated_records(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """The same content twice."""
    left_out = {dataset.specific(name) for name in _NOT_CONTENT}
    columns = [column for name, column in dataset.columns.items() if name not in left_out]
    repeated = _find_equal(columns, dataset.rows)
    if repeated.any():
        groups = group_rows(columns)
        name = dataset.sequence_name if dataset.has("--SEQ") else ""
        note = _note_first(groups, "Record has the content of record", "")
        yield Hit(dataset.name, name, find_repeats(groups), note=note)


def _find_equal(columns: list[TextColumn | Numbers], rows: int) -> Mask:
    """Rows that may equal an earlier one: by a hash, so that the usual answer (none) is quick."""
    key = np.zeros(rows, dtype=np.uint64)
    for column in columns:
        codes = column.codes if isinstance(column, TextColumn) else _read_bits(column)
        key = (key ^ (key >> np.uint64(31))) * np.uint64(0x9E37_79B9_7F4A_7C15) + codes.astype(np.uint64)
    return pd.Series(key).duplicated().to_numpy()


def _read_bits(column: Numbers) -> Codes:
    return np.nan_to_num(column, nan=-1.5e300).view(np.int64)


@dataset_rule(
    409,
    "error",
    "Sequence numbers do not follow the dates",
    cure="Number the subject's records in the order of their start.",
    source="CG0620; CG0662",
    of=is_domain("SE", "SM"),
)
def check_sequence_order(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--SEQ of SE and SM is chronological."""
    subjects, sequence = dataset.text("USUBJID").codes, dataset.number("--SEQ")
    order = np.lexsort((sequence, subjects))
    start = dataset.dates("--STDTC")
    before, after = order[:-1], order[1:]
    wrong = (subjects[before] == subjects[after]) & (start.earliest[before] >= start.end[after])
    yield Hit(dataset.name, dataset.sequence_name, np.sort(after[wrong]))
