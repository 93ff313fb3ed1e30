"""Names and words of values, controlled or not: codes, lengths, words for missing, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hbv_standards.validate.columns import TextColumn
from hbv_standards.validate.rules import Hit, dataset_rule, has_records, is_observation
from hbv_standards.validate.submission import Submission, SubmissionDataset

_MISSING_WORDS = frozenset({"nan", "NaN", "<NA>", "NaT", "NULL", "null", "N/A", "n/a", "#N/A", "None"})
_TEST_CODE = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
_LONG_NAMES = ("--TEST", "QLABEL", "TSPARM")
_NOT_TOPICS = ("OTHER", "MULTIPLE")


@dataset_rule(
    207,
    "error",
    "Test code breaks the rules of names",
    cure="Use 1 to 8 of A-Z, 0-9 and _, not starting with a digit.",
    source="IG 4.2.1; CG0372; CG0417",
    of=has_records,
)
def check_test_codes(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--TESTCD and QNAM can become names of variables."""
    for generic in ("--TESTCD", "QNAM", "IETESTCD"):
        if dataset.has(generic):
            name = dataset.specific(generic)
            yield Hit(
                dataset.name, name, dataset.text(name).where(lambda value: not _TEST_CODE.fullmatch(value))
            )


@dataset_rule(
    208,
    "error",
    "Name is longer than 40 characters",
    cure="Shorten it and give the full text in Define-XML.",
    source="CG0406; CG0416; CG0258",
    of=has_records,
)
def check_long_names(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--TEST, QLABEL and TSPARM can become labels of variables; the criteria of IE may be longer."""
    for generic in _LONG_NAMES:
        if dataset.has(generic) and dataset.domain != "IE":
            name = dataset.specific(generic)
            yield Hit(dataset.name, name, dataset.text(name).where(lambda value: len(value) > 40))


@dataset_rule(
    209,
    "warning",
    "Text stands for a missing value",
    cure="Leave the value missing.",
    source="IG 4.2.5",
    of=has_records,
)
def check_missing_words(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """What programs write for missing is no value."""
    for name, column in dataset.columns.items():
        if isinstance(column, TextColumn) and name != "TSVALNF":
            words = column.is_in(_MISSING_WORDS)
            if words.any():
                yield Hit(dataset.name, name, words)


@dataset_rule(
    210,
    "error",
    "Topic is OTHER or MULTIPLE",
    cure="Name what was meant; one record for each.",
    source="CG0341-CG0346",
    of=is_observation,
)
def check_topics(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A record is about one thing that has a name."""
    for generic in ("--TESTCD", "--TRT", "--TERM"):
        if dataset.has(generic):
            name = dataset.specific(generic)
            yield Hit(dataset.name, name, dataset.text(name).is_in(_NOT_TOPICS))


@dataset_rule(
    211,
    "error",
    "Country is not an ISO 3166-1 alpha-3 code",
    cure="Write it as CHN.",
    source="IG 5.2",
    of=lambda dataset: dataset.domain == "DM",
)
def check_country(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Three letters."""
    wrong = dataset.text("COUNTRY").where(lambda value: re.fullmatch("[A-Z]{3}", value) is None)
    yield Hit(dataset.name, "COUNTRY", wrong)


@dataset_rule(
    212,
    "error",
    "Reference to a time point is not of its codelist",
    cure="Use BEFORE, COINCIDENT or AFTER; for the end also ONGOING, else U.",
    source="IG 4.4.7; CG0232-CG0235",
    of=is_observation,
)
def check_time_point_relations(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """The start is never ONGOING."""
    name = dataset.specific("--STRTPT")
    yield Hit(dataset.name, name, dataset.text(name).is_in(["ONGOING"]), note=f"{name} ONGOING is for an end")
