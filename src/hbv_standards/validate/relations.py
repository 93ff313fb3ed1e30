"""Supplemental qualifiers, related records, comments: what they point at is there (SDTMIG 3.4 section 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.validate.columns import Codes, Mask, TextColumn, group_rows, read_number
from hbv_standards.validate.rules import Hit, dataset_rule
from hbv_standards.validate.submission import Submission, SubmissionDataset

_POPULATION_FLAGS = ("COMPLT", "FULLSET", "ITT", "PPROT", "SAFETY")
_SEQUENCE = re.compile(r"[A-Z]{2}SEQ")
_RACES = re.compile(r"C?RACE[0-9A-Z]+")


def _is_supplemental(dataset: SubmissionDataset) -> bool:
    return dataset.is_supplemental and dataset.rows > 0


def _is_relation(dataset: SubmissionDataset) -> bool:
    return dataset.rows > 0 and (dataset.is_supplemental or dataset.name in ("RELREC", "CO"))


def _is_related(dataset: SubmissionDataset) -> bool:
    return dataset.rows > 0 and dataset.name == "RELREC"


@dataset_rule(
    801,
    "error",
    "Referenced dataset is not in the submission",
    cure="Add the dataset, or remove what refers to it.",
    source="CG0369; CG0373; CG0374",
    of=_is_relation,
)
def check_parent(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """RDOMAIN is a domain of the submission."""
    domains = {each.domain for each in submission}
    yield Hit(dataset.name, "RDOMAIN", dataset.text("RDOMAIN").where(lambda domain: domain not in domains))


@dataset_rule(
    802,
    "error",
    "Supplemental qualifiers are of another domain than the dataset's name says",
    cure="Write the domain that follows SUPP in the name.",
    source="IG 4.1.7; CG0334",
    of=_is_supplemental,
)
def check_supplemental_name(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """SUPPLB qualifies LB."""
    parent = dataset.name.removeprefix("SUPP").removeprefix("SQ")[:2]
    note = f"{dataset.name} qualifies records of {parent}"
    yield Hit(
        dataset.name, "RDOMAIN", dataset.text("RDOMAIN").where(lambda domain: domain != parent), note=note
    )


@dataset_rule(
    803,
    "error",
    "Referenced variable is not in the referenced dataset",
    cure="Use a variable of that dataset, --SEQ as a rule.",
    source="CG0370",
    of=_is_relation,
)
def check_parent_variable(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """IDVAR is a variable of the datasets of RDOMAIN."""
    for domain, name, rows in _list_references(dataset):
        parents = submission.of_domain(domain)
        if parents and not any(name in parent.columns for parent in parents):
            yield Hit(dataset.name, "IDVAR", rows, note=f"{name} is not a variable of {domain}")


def _list_references(dataset: SubmissionDataset) -> Iterator[tuple[str, str, Codes]]:
    """What is referred to: domain, variable, and the rows that do so."""
    domains, names = dataset.text("RDOMAIN"), dataset.text("IDVAR")
    groups = group_rows([domains, names])
    order = np.argsort(groups, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        first = int(rows[0])
        if domains.at(first) and names.at(first):
            yield domains.at(first), names.at(first), rows


@dataset_rule(
    804,
    "error",
    "Referenced record does not exist",
    cure="Correct IDVARVAL or USUBJID, or add the record.",
    source="CG0371",
    of=_is_relation,
)
def check_parent_record(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """A record of the subject has IDVARVAL in IDVAR."""
    for domain, name, rows in _list_references(dataset):
        parents = [parent for parent in submission.of_domain(domain) if name in parent.columns]
        if parents:
            found = np.zeros(dataset.rows, dtype=bool)
            for parent in parents:
                found |= _find_record(dataset, parent, name)
            missing = dataset.text("IDVARVAL").filled & ~found
            note = f"No record of {domain} has this {name} for the subject"
            yield Hit(dataset.name, "IDVARVAL", rows[missing[rows]], note=note)


def _find_record(dataset: SubmissionDataset, parent: SubmissionDataset, name: str) -> Mask:
    """Rows whose subject and IDVARVAL are those of a record of the parent."""
    subjects, width = parent.text("USUBJID"), parent.rows + 2
    column = parent.columns[name]
    wanted = dataset.text("IDVARVAL")
    if isinstance(column, TextColumn):
        held: Codes = column.codes
        value = wanted.translate({text: code for code, text in enumerate(column.values) if text})
    else:
        known = np.unique(column[~np.isnan(column)])
        held = np.where(np.isnan(column), -1, np.searchsorted(known, column))
        places = {number: place for place, number in enumerate(known.tolist())}
        value = wanted.translate({text: places.get(read_number(text), -1) for text in wanted.values})
    owner = dataset.text("USUBJID").translate({text: code for code, text in enumerate(subjects.values)})
    anyone = ~dataset.text("USUBJID").filled  # a relation of datasets names no subject
    there = np.isin(owner * width + value, subjects.codes * width + held) & (owner >= 0)
    return (value >= 0) & (there | (anyone & np.isin(value, held)))


@dataset_rule(
    805,
    "error",
    "Reference to the record is incomplete",
    cure="Fill IDVAR and IDVARVAL; both are missing only where the record is one of DM.",
    source="CG0203; CG0204; CG0163; CG0465",
    of=_is_relation,
)
def check_reference(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """IDVAR and IDVARVAL come together."""
    variable, value = dataset.text("IDVAR").filled, dataset.text("IDVARVAL").filled
    domain = dataset.text("RDOMAIN")
    yield Hit(dataset.name, "IDVAR", value & ~variable, note="IDVARVAL is filled, IDVAR is not (CG0465)")
    if not _is_related(dataset):
        yield Hit(
            dataset.name, "IDVARVAL", variable & ~value, note="IDVAR is filled, IDVARVAL is not (CG0204)"
        )
        needed = domain.filled & ~domain.is_in(["DM"]) & ~variable & ~value
        yield Hit(dataset.name, "IDVAR", needed, note="IDVAR is missing (CG0203; CG0163)")


@dataset_rule(
    806,
    "error",
    "Supplemental qualifier is a variable of SDTM",
    cure="Put the value into the dataset itself.",
    source="CG0314",
    of=_is_supplemental,
)
def check_qualifier_names(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """QNAM is not the name of a variable that the parent may have."""
    domain = dataset.text("RDOMAIN").at(0)
    parents = submission.of_domain(domain)
    if parents:
        own = dataset.text("QNAM").where(lambda name: parents[0].defined(name) is not None)
        yield Hit(dataset.name, "QNAM", own)


@dataset_rule(
    807,
    "error",
    "Population flag is a supplemental qualifier",
    cure="Population flags belong in the analysis datasets.",
    source="IG DM 5; CG0528",
    of=_is_supplemental,
)
def check_population_flags(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """No population flags in SUPPDM."""
    if dataset.name == "SUPPDM":
        yield Hit(dataset.name, "QNAM", dataset.text("QNAM").is_in(_POPULATION_FLAGS))


@dataset_rule(
    808,
    "error",
    "Relation has one end only",
    cure="Add the other record with the same RELID.",
    source="CG0200",
    of=_is_related,
)
def check_relation_ends(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """A RELID relates two records or datasets at least."""
    groups = group_rows([dataset.text("USUBJID"), dataset.text("RELID")])
    yield Hit(dataset.name, "RELID", (np.bincount(groups) == 1)[groups])


@dataset_rule(
    809,
    "error",
    "Relation of records and relation of datasets are mixed up",
    cure="With --SEQ name subject and value and leave out RELTYPE; for datasets use a linking variable.",
    source="CG0201; CG0419",
    of=_is_related,
)
def check_relation_kind(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """--SEQ relates records."""
    sequence = dataset.text("IDVAR").where(lambda name: _SEQUENCE.fullmatch(name) is not None)
    alone = ~dataset.text("IDVARVAL").filled & ~dataset.text("USUBJID").filled
    yield Hit(dataset.name, "IDVAR", sequence & (alone | dataset.text("RELTYPE").filled))


@dataset_rule(
    810,
    "error",
    "Several races are not listed",
    cure="Add one record for each race to SUPPDM.",
    source="IG DM 6; CG0531",
    of=lambda dataset: dataset.name == "DM" and dataset.rows > 0,
)
def check_races(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """RACE MULTIPLE has its races in SUPPDM."""
    listed: set[str] = set()
    supplemental = submission.get("SUPPDM")
    if supplemental is not None:
        races = supplemental.text("QNAM").where(lambda name: _RACES.fullmatch(name) is not None)
        owner = supplemental.text("USUBJID")
        listed = {owner.at(row) for row in np.flatnonzero(races).tolist()}
    several = dataset.text("RACE").is_in(["MULTIPLE"])
    yield Hit(dataset.name, "RACE", several & ~dataset.text("USUBJID").where(partial(_is_listed, listed)))


def _is_listed(listed: set[str], subject: str) -> bool:
    return subject in listed
