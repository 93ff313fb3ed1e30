"""Files and bytes: what a transport file must be to be opened, and what its texts may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from hbv_standards.validate.columns import TextColumn
from hbv_standards.validate.rules import Hit, any_dataset, dataset_rule, rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

SIZE_LIMITS = {"fda": 5_000_000_000, "nmpa": 4_000_000_000}
"""Bytes above which a dataset is split (FB2401; the NMPA draft of 2019)."""

MOST_BYTES = 200
MOST_LABEL_BYTES = 40
_VARIABLE_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
_DATASET_NAME = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_CONTROL = re.compile(rb"(?s:.*?)[\x00-\x1f\x7f]")
_LEADING_BLANK = re.compile(rb" .")
_LONE_STOP = re.compile(rb"\.\Z")
# Lengths that the guide gives outright; they are no waste where the texts are shorter (SDTMIG 4.2.9).
_FIXED_LENGTHS = {"--TESTCD": 8, "IETESTCD": 8, "QNAM": 8, "IDVAR": 8, "ETCD": 8, "TSPARMCD": 8}
_FIXED_LENGTHS |= {"--TEST": 40, "QLABEL": 40, "TSPARM": 40, "ARMCD": 20, "ACTARMCD": 20}


def _find_problems(submission: Submission, *kinds: str) -> Iterator[Hit]:
    for problem in submission.problems:
        if problem.kind in kinds:
            yield Hit(problem.dataset, note=problem.seen)


@rule(
    1,
    "error",
    "File is no readable SAS transport file of version 5",
    cure="Write the dataset again as XPT v5.",
    source="TS-140; TCG 3.3",
)
def check_readable(submission: Submission) -> Iterator[Hit]:
    """The header leads to the observations."""
    yield from _find_problems(submission, "unreadable")


@rule(
    2,
    "error",
    "File ends in the middle of a record",
    cure="The file was cut or damaged on its way: copy or write it again.",
    source="TS-140",
)
def check_whole(submission: Submission) -> Iterator[Hit]:
    """Whole observations and nothing but padding behind them."""
    yield from _find_problems(submission, "cut", "position")


@rule(
    3,
    "error",
    "File holds more than one dataset",
    cure="Write every dataset to a file of its own.",
    source="TCG 3.3",
)
def check_single(submission: Submission) -> Iterator[Hit]:
    """One dataset a file."""
    yield from _find_problems(submission, "members")


@rule(
    4,
    "error",
    "Two files hold a dataset of the same name",
    cure="Keep one of them; only the first was checked.",
    source="IG 4.1.7",
)
def check_name_once(submission: Submission) -> Iterator[Hit]:
    """A dataset is in one file."""
    yield from _find_problems(submission, "twice")


@dataset_rule(
    5,
    "error",
    "File is not named after its dataset",
    cure="Name the file like the dataset in it, with the ending .xpt.",
    source="IG 4.1.7",
    of=any_dataset,
)
def check_file_name(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """lb.xpt holds LB."""
    if dataset.file and dataset.file.rsplit(".", 1)[0].upper() != dataset.name.upper():
        yield Hit(
            dataset.name, value=dataset.file, note=f"File {dataset.file} holds the dataset {dataset.name}"
        )


@dataset_rule(
    6,
    "warning",
    "File name is not in lower case",
    cure="Name it in lower case: file systems that tell the cases apart will look for it so.",
    source="NMPA",
    of=any_dataset,
)
def check_file_case(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Lower case letters and digits."""
    if dataset.file != dataset.file.lower():
        yield Hit(dataset.name, value=dataset.file)


@dataset_rule(
    7,
    "error",
    "Dataset name breaks the rules of names",
    cure="Use 1 to 8 of A-Z and 0-9, starting with a letter.",
    source="IG 4.1.7; NMPA",
    of=any_dataset,
)
def check_dataset_name(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Names of datasets."""
    if not _DATASET_NAME.fullmatch(dataset.name):
        yield Hit(dataset.name, value=dataset.name)


@dataset_rule(
    8,
    "error",
    "Variable name breaks the rules of names",
    cure="Use 1 to 8 of A-Z, 0-9 and _, starting with a letter.",
    source="CG0310; TCG 3.3",
    of=any_dataset,
)
def check_variable_names(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Names of variables."""
    for name in dataset.names:
        if not _VARIABLE_NAME.fullmatch(name):
            yield Hit(dataset.name, name, value=name)


@dataset_rule(
    9, "error", "Label is longer than 40 bytes", cure="Shorten it.", source="CG0311; TS-140", of=any_dataset
)
def check_label_lengths(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Labels of the dataset and its variables; in a file of version 5 they cannot be longer."""
    for name, label in [("", dataset.label), *((v.name, v.label) for v in dataset.variables)]:
        if len(label.encode("utf-8", "replace")) > MOST_LABEL_BYTES:
            yield Hit(dataset.name, name, value=label)


@dataset_rule(
    10,
    "error",
    "Character variable is longer than 200 bytes",
    cure="Keep the first 200 bytes and carry the rest in supplemental qualifiers.",
    source="IG 4.5.3.2",
    of=any_dataset,
)
def check_longest(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """The longest text that version 5 has."""
    for variable in dataset.variables:
        if variable.type == "Char" and variable.length > MOST_BYTES:
            yield Hit(dataset.name, variable.name, value=str(variable.length))


@rule(
    11,
    "warning",
    "Character variable is longer than its longest text",
    cure="Allot the longest length that occurs in the study.",
    source="IG 4.2.9; TCG 3.3.3",
)
def check_waste(submission: Submission) -> Iterator[Hit]:
    """Length against the longest text of the variable in any dataset."""
    used = [(v.name, _measure(d, v.name)) for d in submission for v in d.variables if v.type == "Char"]
    longest = {
        name: max(n for _, n in group) for name, group in groupby(sorted(used), key=lambda pair: pair[0])
    }
    for dataset in submission:
        for variable in dataset.variables:
            if variable.type != "Char" or not dataset.rows:
                continue
            generic = f"--{variable.name.removeprefix(dataset.domain)}"
            allowed = max(longest[variable.name], 1)
            fixed = _FIXED_LENGTHS.get(variable.name, _FIXED_LENGTHS.get(generic, 0))
            if variable.length > max(allowed, fixed):
                note = f"{variable.name} has {variable.length} bytes, its longest text has {allowed}"
                yield Hit(dataset.name, variable.name, value=str(variable.length), note=note)


def _measure(dataset: SubmissionDataset, name: str) -> int:
    column = dataset.columns.get(name)
    return max(map(len, column.raw)) if isinstance(column, TextColumn) else 0


@dataset_rule(
    12,
    "error",
    "Text is not ASCII",
    cure="Map it to an English text; the original belongs in the NMPA build.",
    source="TCG 3.3.5",
    of=any_dataset,
)
def check_ascii(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Printable ASCII in values, names and labels of a build for FDA."""
    if submission.agency != "fda":
        return
    for name, label in [("", dataset.label), *((v.name, v.label) for v in dataset.variables)]:
        if not label.isascii():
            yield Hit(dataset.name, name, value=label, note="Label is not ASCII")
    for name, column in dataset.columns.items():
        if isinstance(column, TextColumn) and not all(map(bytes.isascii, column.raw)):
            yield Hit(dataset.name, name, column.where_raw(lambda raw: not raw.isascii()))


@dataset_rule(
    13,
    "error",
    "Texts are in no encoding that the agency reads",
    cure="Write the file in one encoding, UTF-8 or GB 18030.",
    source="NMPA",
    of=any_dataset,
)
def check_encoding(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """One encoding for all texts of a file of a build for NMPA."""
    if submission.agency == "nmpa" and dataset.encoding is None:
        yield Hit(dataset.name)


def _find_raw(dataset: SubmissionDataset, pattern: re.Pattern[bytes]) -> Iterator[Hit]:
    """Rows whose stored bytes match, shown with their bytes."""
    for name, column in dataset.columns.items():
        if isinstance(column, TextColumn) and any(map(pattern.match, column.raw)):
            rows = column.where_raw(lambda raw: pattern.match(raw) is not None)
            yield Hit(dataset.name, name, rows, value=partial(_show_raw, column))


def _show_raw(column: TextColumn, row: int) -> str:
    return ascii(column.raw[column.codes[row]])[2:-1]


@dataset_rule(
    14,
    "error",
    "Text holds a control character",
    cure="Replace it by a blank where the value is mapped.",
    source="TCG 3.3.5",
    of=any_dataset,
)
def check_control_characters(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Line feeds, tabs, NUL and their like."""
    yield from _find_raw(dataset, _CONTROL)


@dataset_rule(
    15,
    "warning",
    "Text starts with a blank",
    cure="Remove the blank where the value is mapped.",
    source="FB1501",
    of=any_dataset,
)
def check_leading_blanks(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No blank at the front of a text."""
    yield from _find_raw(dataset, _LEADING_BLANK)


@dataset_rule(
    16,
    "warning",
    "Text is a lone full stop",
    cure="Leave the value missing: a full stop reads as a missing number.",
    source="FB1502",
    of=any_dataset,
)
def check_lone_stops(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A full stop is not a value."""
    yield from _find_raw(dataset, _LONE_STOP)


@dataset_rule(
    17,
    "warning",
    "File is larger than the agency takes",
    cure="Split the dataset by its category into files that keep the variables and lengths.",
    source="FB2401; TCG 3.3.2; NMPA",
    of=any_dataset,
)
def check_size(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Size of the transport file."""
    limit = SIZE_LIMITS[submission.agency]
    if dataset.size > limit:
        note = f"{dataset.file} has {dataset.size:,} bytes, the limit is {limit:,}"
        yield Hit(dataset.name, value=str(dataset.size), note=note)
