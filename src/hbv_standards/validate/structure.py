"""Datasets and variables against SDTMIG 3.4 and SDTM 2.0: presence, order, types, labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from hbv_standards.standards import (
    SdtmVariable,
    generic_name,
    model_variable_names,
    read_model_variable,
)
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.validate.columns import Mask, TextColumn
from hbv_standards.validate.rules import Hit, any_dataset, dataset_rule, has_records
from hbv_standards.validate.submission import Submission, SubmissionDataset

# Texts over 200 bytes continue in numbered variables (SDTMIG 3.4 sections 5.1 and 7.4).
_CONTINUED = re.compile(r"(?:COVAL|TSVAL)[1-9][0-9]*")
_SUBSTITUTES = {"USUBJID": ("POOLID", "APID", "SPDEVID")}
# SDTM variables that are not for human trials, or not for this dataset, with the rule that says so.
_OUT_OF_PLACE = {
    "--USCHFL": "CG0507", "--IMPLBL": "CG0508", "FETUSID": "CG0509", "--NOMDY": "CG0510",
    "--NOMLBL": "CG0511", "--RSTIND": "CG0623", "--RSTMOD": "CG0624", "--DTHREL": "CG0352",
    "--EXCLFL": "CG0353", "--REASEX": "CG0354", "--DETECT": "CG0355",
    "SPECIES": "CG0356", "STRAIN": "CG0357", "SBSTRAIN": "CG0358", "--RESLOC": "CG0552",
    "RPHASE": "CG0631", "RPPLDY": "CG0632", "RPPLSTDY": "CG0633", "RPPLENDY": "CG0634", "--RPDY": "CG0637",
    "--RPSTDY": "CG0638", "--RPENDY": "CG0639", "AGETXT": "CG0641", "RPATHCD": "CG0533",
}  # fmt: skip


def _list_required(dataset: SubmissionDataset, core: str) -> list[SdtmVariable]:
    """Variables of a core designation that the guide, or for other domains the model, asks for."""
    if dataset.standard is not None:
        return [v for v in dataset.standard.variables if v.core == core]
    if not dataset.is_observation:
        return []
    generic = model_variable_names(dataset.cls)
    known = (read_model_variable(dataset.cls, name, dataset.domain) for name in generic)
    return [v for v in known if v.core == core]


@dataset_rule(
    101,
    "error",
    "Required variable is missing",
    cure="Add the variable; every record must have it.",
    source="IG 4.1.5; CG0014",
    of=any_dataset,
)
def check_required(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Variables with core Req are there."""
    for variable in _list_required(dataset, "Req"):
        instead = _SUBSTITUTES.get(variable.name, ())
        if not dataset.has(variable.name) and not any(map(dataset.has, instead)):
            yield Hit(dataset.name, variable.name, note=f"Required variable {variable.name} is missing")


@dataset_rule(
    102,
    "error",
    "Required variable has no value",
    cure="Fill it, or leave the record out if it says nothing.",
    source="IG 4.1.5; CG0014",
    of=has_records,
)
def check_required_values(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Variables with core Req have a value in every record."""
    for variable in _list_required(dataset, "Req"):
        if dataset.has(variable.name):
            empty = _find_empty(dataset, variable.name)
            for other in _SUBSTITUTES.get(variable.name, ()):
                empty &= ~dataset.text(other).filled
            yield Hit(dataset.name, variable.name, empty)


def _find_empty(dataset: SubmissionDataset, name: str) -> Mask:
    column = dataset.columns[name]
    return ~column.filled if isinstance(column, TextColumn) else np.isnan(column)


@dataset_rule(
    103,
    "error",
    "Expected variable is missing",
    cure="Add the variable, empty if nothing was collected.",
    source="IG 4.1.5; CG0016",
    of=any_dataset,
)
def check_expected(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Variables with core Exp are there."""
    for variable in _list_required(dataset, "Exp"):
        if not dataset.has(variable.name):
            yield Hit(dataset.name, variable.name, note=f"Expected variable {variable.name} is missing")


@dataset_rule(
    104,
    "info",
    "Permissible variable has no value in any record",
    cure="Leave it out, unless the protocol says that it is collected.",
    source="IG 4.1.5",
    of=has_records,
)
def check_permissible(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Variables with core Perm say something."""
    for variable in _list_required(dataset, "Perm"):
        if not dataset.has(variable.name) or _is_asked_for(variable.name, dataset):
            continue
        if _find_empty(dataset, variable.name).all():
            yield Hit(dataset.name, variable.name, note=f"{variable.name} is empty in all records")


def _is_asked_for(name: str, dataset: SubmissionDataset) -> bool:
    """Study days come with their dates even where no subject has a reference start (FB3201-FB3203)."""
    date = name.removesuffix("DY") + "DTC"
    return name.endswith("DY") and dataset.has(date)


@dataset_rule(
    105,
    "error",
    "Variable is not one of the dataset's class",
    cure="Move it to the supplemental qualifiers, or name it as SDTM does.",
    source="IG 2.5; CG0013; CG0351",
    of=any_dataset,
)
def check_known(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Variables are in the guide or in the model."""
    if not dataset.standard and not dataset.is_observation:
        return
    for name in dict.fromkeys(dataset.names):
        if not _is_known(name, dataset):
            known = [v.name for v in dataset.standard.variables] if dataset.standard else []
            note = f"{name} is not a variable of {dataset.cls} in SDTM 2.0{phrase_nearest(name, known)}"
            yield Hit(dataset.name, name, value=name, note=note)


def _is_known(name: str, dataset: SubmissionDataset) -> bool:
    if dataset.defined(name) is not None or _CONTINUED.fullmatch(name) or _is_out_of_place(name, dataset):
        return True
    # The model's identifiers and timing may be added to the special-purpose datasets, too: EPOCH in SV.
    generic = generic_name(name, dataset.domain)
    if dataset.cls != "SPECIAL PURPOSE" or generic not in model_variable_names("EVENTS"):
        return False
    return read_model_variable("EVENTS", generic).role in ("Identifier", "Timing")


def _is_out_of_place(name: str, dataset: SubmissionDataset) -> bool:
    return generic_name(name, dataset.domain) in _OUT_OF_PLACE


@dataset_rule(
    106,
    "error",
    "Variable is not for human clinical trials",
    cure="Leave it out; its content may go to the supplemental qualifiers.",
    source="IG 2.7; CG0352-CG0358; CG0507-CG0511",
    of=any_dataset,
)
def check_out_of_place(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No variables of animal studies."""
    for name in dict.fromkeys(dataset.names):
        if _is_out_of_place(name, dataset):
            source = _OUT_OF_PLACE[generic_name(name, dataset.domain)]
            yield Hit(dataset.name, name, value=name, note=f"{name} is not used in human trials ({source})")


@dataset_rule(
    107,
    "error",
    "Variable has the wrong type",
    cure="Write it with the type that the standard states.",
    source="IG 3.2.2; CG0012",
    of=any_dataset,
)
def check_types(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Char or Num as in the guide or the model."""
    for variable in dataset.variables:
        stated = dataset.defined(variable.name)
        if stated is not None and stated.type != variable.type:
            note = f"{variable.name} is {variable.type}, the standard says {stated.type}"
            yield Hit(dataset.name, variable.name, value=variable.type, note=note)


@dataset_rule(
    108,
    "warning",
    "Label is not the standard's",
    cure="Use the label of the implementation guide.",
    source="IG 3.2.2",
    of=any_dataset,
)
def check_labels(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """Labels of variables as in the guide; a build for NMPA has Chinese ones."""
    if submission.agency != "fda" or dataset.standard is None:
        return
    for variable in dataset.variables:
        stated = dataset.standard.variable(variable.name)
        if stated is not None and stated.label != variable.label:
            note = f"Label {variable.label!r} is {stated.label!r} in SDTMIG 3.4"
            yield Hit(dataset.name, variable.name, value=variable.label, note=note)


@dataset_rule(
    109,
    "error",
    "Variables are not in the standard's order",
    cure="Order them as SDTM does: identifiers, topic, qualifiers, timing.",
    source="IG 4.1.4; CG0330; CG0664",
    of=any_dataset,
)
def check_order(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """Every variable stands behind those that come before it in the standard."""
    placed = [(name, _find_order(dataset, name)) for name in dict.fromkeys(dataset.names)]
    known = [(name, order) for name, order in placed if order is not None]
    kept = _find_ascending([order for _, order in known])
    for place, (name, order) in enumerate(known):
        if place not in kept:
            behind = [known[other][0] for other in kept if known[other][1] < order]
            note = f"{name} belongs behind {behind[-1]}" if behind else f"{name} belongs at the front"
            yield Hit(dataset.name, name, value=name, note=note)


def _find_ascending(orders: list[int]) -> list[int]:
    """Places of a longest ascending run: what stands right, so that the fewest stand wrong."""
    longest: list[list[int]] = []
    for place, order in enumerate(orders):
        before = [run for run in longest if orders[run[-1]] <= order]
        longest.append([*max(before, key=len, default=[]), place])
    return max(longest, key=len, default=[])


def _find_order(dataset: SubmissionDataset, name: str) -> int | None:
    """Place in the class, which agrees with the order of each dataset; in the guide's dataset otherwise."""
    if dataset.is_observation:
        generic = generic_name(name, dataset.domain)
        names = model_variable_names(dataset.cls)
        return names.index(generic) if generic in names else None
    stated = dataset.defined(name)
    return None if stated is None else stated.order


@dataset_rule(
    115,
    "error",
    "Variable is in the dataset more than once",
    cure="Keep one of them.",
    source="IG 4.1.4",
    of=any_dataset,
)
def check_repeated_variables(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A name stands for one variable."""
    for name in dict.fromkeys(name for name in dataset.names if dataset.names.count(name) > 1):
        yield Hit(dataset.name, name, value=name)
