"""Trial design: elements, arms, visits, criteria, and the trial's summary (SDTMIG 3.4 section 7)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from hbv_standards.standards import Codelist, read_codelist
from hbv_standards.standards.trial_summary import VALUE_CODELISTS
from hbv_standards.validate.rules import Hit, dataset_rule, is_domain
from hbv_standards.validate.submission import Submission, SubmissionDataset


def _is_outside(known: frozenset[str], value: str) -> bool:
    return value not in known


@dataset_rule(
    770,
    "error",
    "Element has neither an end rule nor a duration",
    cure="Fill TEENRL or TEDUR.",
    source="CG0328; CG0329",
    of=is_domain("TE"),
)
def check_element_end(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """An element ends."""
    yield Hit(dataset.name, "TEENRL", ~dataset.text("TEENRL").filled & ~dataset.text("TEDUR").filled)


@dataset_rule(
    771,
    "error",
    "Order of the element is no whole number",
    cure="Count the elements of the arm from 1.",
    source="CG0248",
    of=is_domain("TA"),
)
def check_element_order(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """TAETORD counts."""
    order = dataset.number("TAETORD")
    yield Hit(dataset.name, "TAETORD", ~np.isnan(order) & (order != np.floor(order)))


@dataset_rule(
    772,
    "error",
    "Arm of the visit is not one of the trial's",
    cure="Use an arm of TA, or none where the visit is for all.",
    source="CG0293; CG0294",
    of=is_domain("TV"),
)
def check_visit_arms(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """ARMCD and ARM of TV are in TA."""
    ta = submission.get("TA")
    if ta is not None:
        for name in ("ARMCD", "ARM"):
            outside = partial(_is_outside, frozenset(ta.text(name).values))
            yield Hit(dataset.name, name, dataset.text(name).where(outside))


@dataset_rule(
    773,
    "error",
    "Criterion is recorded as met",
    cure="IE holds unmet criteria only: N for inclusion, Y for exclusion, the same in IESTRESC.",
    source="CG0175; CG0176; CG0177",
    of=is_domain("IE"),
)
def check_criteria(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """IEORRES says that the criterion was not met."""
    answer, category = dataset.text("IEORRES"), dataset.text("IECAT")
    wrong = category.is_in(["INCLUSION"]) & ~answer.is_in(["N"])
    wrong |= category.is_in(["EXCLUSION"]) & ~answer.is_in(["Y"])
    result = dataset.text("IESTRESC")
    same = answer.translate({value: number for number, value in enumerate(result.values)}) == result.codes
    yield Hit(dataset.name, "IEORRES", wrong | ~same)


@dataset_rule(
    774,
    "error",
    "Criterion is not one of the trial's",
    cure="Take IETESTCD and IETEST from TI.",
    source="CG0178; CG0179",
    of=is_domain("IE"),
)
def check_criteria_known(dataset: SubmissionDataset, submission: Submission) -> Iterator[Hit]:
    """IE is about the criteria of TI."""
    ti = submission.get("TI")
    if ti is not None:
        for name in ("IETESTCD", "IETEST"):
            outside = partial(_is_outside, frozenset(ti.text(name).values))
            yield Hit(dataset.name, name, dataset.text(name).where(outside))


@dataset_rule(
    775,
    "error",
    "Parameter has a value and a reason for none, or neither",
    cure="Fill TSVAL or TSVALNF, one of them.",
    source="CG0259; CG0260",
    of=is_domain("TS"),
)
def check_parameter_value(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """TSVAL and TSVALNF exclude each other."""
    yield Hit(dataset.name, "TSVAL", dataset.text("TSVAL").filled == dataset.text("TSVALNF").filled)


def _list_controlled(dataset: SubmissionDataset) -> Iterator[tuple[int, str, Codelist]]:
    """Records whose parameter takes its value from a codelist: row, value, codelist."""
    parameters, values = dataset.text("TSPARMCD"), dataset.text("TSVAL")
    for row in np.flatnonzero(parameters.is_in(VALUE_CODELISTS) & values.filled).tolist():
        yield row, values.at(row), read_codelist(VALUE_CODELISTS[parameters.at(row)])


@dataset_rule(
    776,
    "error",
    "Value of the parameter is not in its codelist",
    cure="Map it to a submission value.",
    source="IG 7.4.2; CT 2025-03-28",
    of=is_domain("TS"),
)
def check_parameter_terms(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """TSVAL of controlled parameters."""
    for row, value, codelist in _list_controlled(dataset):
        meant = codelist.find(value)
        if codelist.term(value) is None and (meant is not None or not codelist.extensible):
            near = [meant.value] if meant is not None else codelist.nearest(value, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            note = (
                f"{dataset.show('TSPARMCD', row)} {value!r} is not in {codelist.name} ({codelist.code}){hint}"
            )
            yield Hit(dataset.name, "TSVAL", np.array([row]), note=note)


@dataset_rule(
    777,
    "error",
    "Code of the parameter's value is another one in the terminology",
    cure="TSVALCD is the NCI code of TSVAL.",
    source="IG 7.4.2; CG0265",
    of=is_domain("TS"),
)
def check_parameter_codes(dataset: SubmissionDataset, _: Submission) -> Iterator[Hit]:
    """TSVALCD of values that come from CDISC terminology."""
    for row, value, codelist in _list_controlled(dataset):
        term, code = codelist.term(value), dataset.show("TSVALCD", row)
        if term is not None and code and code != term.code:
            note = f"{value!r} has the code {term.code} in {codelist.name}"
            yield Hit(dataset.name, "TSVALCD", np.array([row]), note=note)
