"""Code and decode, one to one: two tables of pairs, checked wherever both variables are."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hbv_standards.validate.columns import Codes, TextColumn, find_minority, group_rows
from hbv_standards.validate.rules import Hit, dataset_rule, has_records
from hbv_standards.validate.submission import Submission, SubmissionDataset

# One variable, the other, source.
PAIRS = (
    ("--TESTCD", "--TEST", "FB0901"),
    ("ARMCD", "ARM", "FB0902"),
    ("ACTARMCD", "ACTARM", "FB0903"),
    ("--CLASCD", "--CLAS", "FB0905"),
    ("--LLTCD", "--LLT", "FB0906"),
    ("--HLTCD", "--HLT", "FB0907"),
    ("--HLGTCD", "--HLGT", "FB0908"),
    ("--PTCD", "--DECOD", "CG0049; FB0909"),
    ("--BDSYCD", "--BODSYS", "CG0083; FB0910"),
    ("--SOCCD", "--SOC", "FB0911"),
    ("INVID", "INVNAM", "FB0912"),
    ("ETCD", "ELEMENT", "CG0154; FB0914"),
    ("TSPARMCD", "TSPARM", "CG0307; FB0916"),
    ("IETESTCD", "IETEST", "FB0918"),
    ("VISITNUM", "VISIT", "CG0035; FB0919"),
    ("QNAM", "QLABEL", "FB0920"),
)
# Time points are one to one within the visit and the reference.
_TIME_POINT = ("--TPTNUM", "--TPT", "CG0240; FB0922-FB0925")


@dataset_rule(
    213,
    "error",
    "Code and name are not one to one",
    cure="Give every code one name and every name one code.",
    source="IG 4.2.5; FB0901-FB0925",
    of=has_records,
)
def check_pairs(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A code has one name throughout the dataset, and a name one code."""
    for first, second, source in PAIRS:
        if dataset.has(first) and dataset.has(second):
            yield from _check_pair(dataset, first, second, source, ())
    first, second, source = _TIME_POINT
    if dataset.has(first) and dataset.has(second):
        yield from _check_pair(dataset, first, second, source, ("VISITNUM", "--TPTREF"))


def _check_pair(
    dataset: SubmissionDataset, first: str, second: str, source: str, within: tuple[str, ...]
) -> Iterator[Hit]:
    code, name = dataset.specific(first), dataset.specific(second)
    codes, names = _number_values(dataset, code), _number_values(dataset, name)
    both = (codes >= 0) & (names >= 0)
    around = [_number_values(dataset, each) for each in within if dataset.has(each)]
    for variable, group, value, other in ((name, codes, names, code), (code, names, codes, name)):
        differs, example = find_minority(group_rows([group, *around]), value, both)
        if differs.any():
            yield Hit(dataset.name, variable, differs, note=_Note(dataset, variable, other, example, source))
            return  # one direction tells it


class _Note:
    """What most records of the same code say."""

    def __init__(
        self, dataset: SubmissionDataset, variable: str, other: str, example: Codes, source: str
    ) -> None:
        self._dataset, self._variable, self._other = dataset, variable, other
        self._example, self._source = example, source

    def __call__(self, row: int) -> str:
        shown, usual = self._dataset.show, int(self._example[row])
        here, there = shown(self._variable, row), shown(self._variable, usual)
        told = f"{self._other} {shown(self._other, row)!r} has {self._variable} {here!r} here"
        return f"{told} and {there!r} in record {usual + 1} ({self._source})"


def _number_values(dataset: SubmissionDataset, name: str) -> Codes:
    """A number for every row's value, -1 where it is missing."""
    column = dataset.columns[dataset.specific(name)]
    if isinstance(column, TextColumn):
        return column.codes - 1
    return pd.factorize(column)[0].astype("int64")
