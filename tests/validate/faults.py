"""A planted fault: the rule that is broken, how, and where it must be found."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .breaking import Change


class Fault(NamedTuple):
    """``place`` is dataset, dataset.variable or dataset.variable:row; the rest says how to look."""

    rule: int
    place: str
    changes: tuple[Change, ...]
    agency: Literal["fda", "nmpa"] = "fda"
    in_memory: bool = False


def fault(
    rule: int, place: str, *changes: Change, agency: Literal["fda", "nmpa"] = "fda", in_memory: bool = False
) -> Fault:
    """One line of the table."""
    return Fault(rule, place, changes, agency, in_memory)
