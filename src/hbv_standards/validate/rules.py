"""The registry: every rule is data (id, severity, title, cure, source) and one function that finds breaches.

A function yields :class:`Hit` and never raises.  The ids are stable: a number is never given to another
rule.  Numbers by subject: 0xx files and bytes, 1xx structure, 2xx terminology, 3xx dates, 4xx keys,
5xx results, 6xx baseline, 7xx between datasets, 8xx relations, 9xx Define-XML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from hbv_standards.issues import Severity
from hbv_standards.validate.columns import Codes, Mask
from hbv_standards.validate.submission import Submission, SubmissionDataset

ByRow: TypeAlias = Callable[[int], str]


class Hit(NamedTuple):
    """Breaches of one rule in one variable.

    ``rows``: a mask or row positions from 0; None is a breach of the dataset as a whole.  ``value``: what
    was found (None: the variable's own value).  ``note``: what is wrong, in place of the rule's title.
    ``value`` and ``note`` may be functions of the row position, called for the shown rows only.
    """

    dataset: str
    variable: str = ""
    rows: Mask | Codes | None = None
    value: str | ByRow | None = None
    note: str | ByRow = ""


Check: TypeAlias = Callable[[Submission], Iterable[Hit]]
DatasetCheck: TypeAlias = Callable[[SubmissionDataset, Submission], Iterable[Hit]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its stable number, what it rests on, what is wrong when it is broken and what cures it."""

    number: int
    severity: Severity
    title: str
    cure: str
    source: str
    check: Check

    @property
    def code(self) -> str:
        """The id that findings carry."""
        return f"HBV-VAL-{self.number:03d}"


RULES: dict[int, Rule] = {}


def rule(number: int, severity: Severity, title: str, *, cure: str, source: str) -> Callable[[Check], Check]:
    """Register a function that looks at the whole submission."""

    def register(check: Check) -> Check:
        _add(Rule(number, severity, title, cure, source, check))
        return check

    return register


def dataset_rule(
    number: int,
    severity: Severity,
    title: str,
    *,
    cure: str,
    source: str,
    of: Callable[[SubmissionDataset], bool],
) -> Callable[[DatasetCheck], DatasetCheck]:
    """Register a function that looks at one dataset; it is called for those of which ``of`` is true."""

    def register(check: DatasetCheck) -> DatasetCheck:
        def check_all(submission: Submission) -> Iterator[Hit]:
            for dataset in submission:
                if of(dataset):
                    yield from check(dataset, submission)

        _add(Rule(number, severity, title, cure, source, check_all))
        return check

    return register


def _add(new: Rule) -> None:
    if new.number in RULES:
        raise ValueError(f"rule {new.code} is defined twice")
    RULES[new.number] = new


def any_dataset(_: SubmissionDataset) -> bool:
    """Every dataset."""
    return True


def has_records(dataset: SubmissionDataset) -> bool:
    """Datasets with records."""
    return dataset.rows > 0


def is_observation(dataset: SubmissionDataset) -> bool:
    """Datasets of the general observation classes, with records."""
    return dataset.is_observation and dataset.rows > 0


def is_findings(dataset: SubmissionDataset) -> bool:
    """Findings and Findings About, with records."""
    return dataset.is_findings and dataset.rows > 0


def is_domain(*domains: str) -> Callable[[SubmissionDataset], bool]:
    """Datasets of these domains, with records."""

    def holds(dataset: SubmissionDataset) -> bool:
        return dataset.domain in domains and dataset.rows > 0

    return holds
