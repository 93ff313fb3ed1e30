"""Define-XML against the data: datasets, variables, terms and keys agree in both directions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from hbv_standards.validate.columns import TextColumn, find_repeats, group_rows
from hbv_standards.validate.define_document import DefineDataset, DefineVariable
from hbv_standards.validate.rules import Hit, rule
from hbv_standards.validate.submission import Submission, SubmissionDataset
from hbv_standards.validate.xpt_bytes import Variable

_NUMERIC_TYPES = ("integer", "float")


class _Described(NamedTuple):
    dataset: SubmissionDataset
    stated: DefineDataset


class _DescribedVariable(NamedTuple):
    dataset: SubmissionDataset
    variable: Variable
    stated: DefineVariable


def _list_described(submission: Submission) -> Iterator[_Described]:
    """Datasets that are both there and described."""
    if submission.define is not None:
        for dataset in submission:
            stated = submission.define.datasets.get(dataset.name)
            if stated is not None:
                yield _Described(dataset, stated)


def _list_variables(submission: Submission) -> Iterator[_DescribedVariable]:
    """Variables that are both there and described."""
    for dataset, described in _list_described(submission):
        known = {variable.name: variable for variable in described.variables}
        for variable in dataset.variables:
            if variable.name in known:
                yield _DescribedVariable(dataset, variable, known[variable.name])


@rule(
    901,
    "warning",
    "Define-XML is missing",
    cure="Put define.xml beside the datasets: the study is not accepted without it.",
    source="TRC1736",
)
def check_define(submission: Submission) -> Iterator[Hit]:
    """define.xml is there."""
    if submission.is_folder and submission.define is None:
        yield Hit("define.xml")


@rule(902, "error", "Define-XML cannot be read", cure="Write it again.", source="DEF")
def check_define_readable(submission: Submission) -> Iterator[Hit]:
    """It is XML and has a MetaDataVersion."""
    if submission.define is not None and submission.define.problem:
        yield Hit(submission.define.path.name, note=submission.define.problem)


@rule(
    903,
    "error",
    "Reference in Define-XML leads nowhere, or is not unique",
    cure="Define what is referred to, once.",
    source="DEF",
)
def check_define_references(submission: Submission) -> Iterator[Hit]:
    """Every OID resolves."""
    if submission.define is not None:
        for broken in submission.define.broken:
            yield Hit(submission.define.path.name, value=broken.oid, note=broken.told)


@rule(
    904,
    "error",
    "Described dataset is not in the submission",
    cure="Add the dataset, or remove its description.",
    source="DEF; IG 3.2",
)
def check_described_datasets(submission: Submission) -> Iterator[Hit]:
    """Datasets of Define-XML are there, unless said to have no data."""
    if submission.define is not None:
        for name, stated in submission.define.datasets.items():
            if name not in submission.datasets and not stated.has_no_data:
                yield Hit(name)


@rule(905, "error", "Dataset is not described in Define-XML", cure="Describe it.", source="DEF")
def check_datasets_described(submission: Submission) -> Iterator[Hit]:
    """Datasets are in Define-XML."""
    define = submission.define
    if define is not None and not define.problem:
        for dataset in submission:
            if dataset.name not in define.datasets:
                yield Hit(dataset.name)


@rule(
    906,
    "error",
    "Described variable is not in the dataset",
    cure="Add the variable, or remove its description.",
    source="DEF",
)
def check_described_variables(submission: Submission) -> Iterator[Hit]:
    """Variables of Define-XML are there."""
    for dataset, stated in _list_described(submission):
        for variable in stated.variables:
            if variable.name not in dataset.columns:
                yield Hit(dataset.name, variable.name, value=variable.name)


@rule(907, "error", "Variable is not described in Define-XML", cure="Describe it.", source="DEF")
def check_variables_described(submission: Submission) -> Iterator[Hit]:
    """Variables are in Define-XML."""
    for dataset, stated in _list_described(submission):
        known = {variable.name for variable in stated.variables}
        for name in dict.fromkeys(dataset.names):
            if name not in known:
                yield Hit(dataset.name, name, value=name)


@rule(
    908, "warning", "Variables stand in another order in Define-XML", cure="Order both alike.", source="DEF"
)
def check_described_order(submission: Submission) -> Iterator[Hit]:
    """Order of the variables that are in both."""
    for dataset, described in _list_described(submission):
        stated = [v.name for v in described.variables if v.name in dataset.columns]
        held = [name for name in dict.fromkeys(dataset.names) if name in set(stated)]
        other = next((pair for pair in zip(held, stated, strict=False) if pair[0] != pair[1]), None)
        if other is not None:
            note = f"{other[0]} stands in the dataset where Define-XML has {other[1]}"
            yield Hit(dataset.name, other[0], value=other[0], note=note)


@rule(909, "warning", "Label differs from Define-XML", cure="Use one label in both.", source="DEF")
def check_described_labels(submission: Submission) -> Iterator[Hit]:
    """Labels of datasets and variables."""
    for dataset, described in _list_described(submission):
        if described.label and described.label != dataset.label:
            note = f"Dataset label {dataset.label!r} is {described.label!r} in Define-XML"
            yield Hit(dataset.name, value=dataset.label, note=note)
    for dataset, variable, stated in _list_variables(submission):
        if stated.label != variable.label:
            note = f"Label {variable.label!r} is {stated.label!r} in Define-XML"
            yield Hit(dataset.name, variable.name, value=variable.label, note=note)


@rule(
    910,
    "error",
    "Type differs from Define-XML",
    cure="Describe numbers as integer or float and everything else as text or dates.",
    source="DEF",
)
def check_described_types(submission: Submission) -> Iterator[Hit]:
    """Char or Num as the DataType says."""
    for dataset, variable, stated in _list_variables(submission):
        if (stated.data_type in _NUMERIC_TYPES) != (variable.type == "Num"):
            note = f"{variable.name} is {variable.type} in the dataset and {stated.data_type} in Define-XML"
            yield Hit(dataset.name, variable.name, value=variable.type, note=note)


@rule(
    911,
    "error",
    "Number is no integer though Define-XML says so",
    cure="Describe it as float with its significant digits.",
    source="DEF",
)
def check_described_integers(submission: Submission) -> Iterator[Hit]:
    """Values of integer variables are whole."""
    for dataset, variable, stated in _list_variables(submission):
        column = dataset.columns[variable.name]
        if stated.data_type == "integer" and not isinstance(column, TextColumn):
            yield Hit(dataset.name, variable.name, ~np.isnan(column) & (column != np.floor(column)))


@rule(
    912,
    "warning",
    "Length differs from Define-XML",
    cure="State the length that the variable has in the file.",
    source="DEF; IG 4.2.9",
)
def check_described_lengths(submission: Submission) -> Iterator[Hit]:
    """Lengths of text variables."""
    for dataset, variable, stated in _list_variables(submission):
        if stated.data_type == "text" and variable.type == "Char" and stated.length != variable.length:
            note = (
                f"{variable.name} has {variable.length} bytes in the file and {stated.length} in Define-XML"
            )
            yield Hit(dataset.name, variable.name, value=str(variable.length), note=note)


@rule(
    913,
    "error",
    "Value is not in the codelist that Define-XML gives the variable",
    cure="Add the term to the codelist, or map the value.",
    source="DEF; IG 4.3",
)
def check_described_terms(submission: Submission) -> Iterator[Hit]:
    """Terms of the data are terms of the document."""
    for dataset, variable, stated in _list_variables(submission):
        codelist = stated.codelist
        if codelist is not None and not codelist.external:
            outside = dataset.text(variable.name).where(partial(_is_outside, codelist.terms))
            yield Hit(dataset.name, variable.name, outside, note=f"{codelist.oid} does not have the value")


def _is_outside(terms: frozenset[str], value: str) -> bool:
    return value not in terms


@rule(
    914,
    "error",
    "Records share the key that Define-XML states",
    cure="Add to the key what tells the records apart, or keep one of them.",
    source="DEF; IG 3.2",
)
def check_described_keys(submission: Submission) -> Iterator[Hit]:
    """Keys are unique."""
    for dataset, described in _list_described(submission):
        key = sorted((v for v in described.variables if v.key), key=lambda v: v.key)
        names = [v.name for v in key if v.name in dataset.columns]
        if names and dataset.rows:
            repeated = find_repeats(group_rows([dataset.columns[name] for name in names]))
            yield Hit(
                dataset.name, names[-1], repeated, note=f"Key {', '.join(names)} is that of an earlier record"
            )


@rule(
    915,
    "error",
    "Mandatory variable has no value",
    cure="Fill it, or describe it with Mandatory No.",
    source="DEF",
)
def check_described_mandatory(submission: Submission) -> Iterator[Hit]:
    """Mandatory variables are filled; the guide's required ones have a rule of their own."""
    for dataset, variable, stated in _list_variables(submission):
        known = dataset.defined(variable.name)
        if stated.mandatory and (known is None or known.core != "Req"):
            column = dataset.columns[variable.name]
            yield Hit(
                dataset.name,
                variable.name,
                ~column.filled if isinstance(column, TextColumn) else np.isnan(column),
            )


@rule(
    916,
    "error",
    "File that Define-XML names is not there",
    cure="Name the dataset's file, relative to define.xml.",
    source="DEF",
)
def check_described_files(submission: Submission) -> Iterator[Hit]:
    """Leaves of datasets lead to their files."""
    if submission.folder is not None:
        for dataset, described in _list_described(submission):
            if described.href != dataset.file:
                note = f"Define-XML names {described.href or 'no file'}, the dataset is in {dataset.file}"
                yield Hit(dataset.name, value=described.href, note=note)
