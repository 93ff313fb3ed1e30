"""Datasets and variables: which of them a cut has, and what their headers say."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hbv_standards.compare.data_cut import CutDataset
from hbv_standards.validate.xpt_bytes import Variable

_ATTRIBUTES = ("label", "type", "length")


def compare_headers(name: str, old: CutDataset | None, new: CutDataset | None) -> pd.DataFrame:
    """Changes of a dataset's header: columns dataset, change, variable, old, new, all text.

    The label of a dataset in parts is that of none of them and is not compared.
    """
    return pd.DataFrame(
        [{"dataset": name, **change} for change in _list_changes(old, new)],
        columns=["dataset", "change", "variable", "old", "new"],
        dtype=object,
    )


def _list_changes(old: CutDataset | None, new: CutDataset | None) -> Iterator[dict[str, str]]:
    if old is None or new is None:
        yield _tell("dataset added" if old is None else "dataset removed", "", _phrase(old), _phrase(new))
        return
    if old.parts != new.parts:
        yield _tell("dataset parts changed", "", " ".join(old.parts), " ".join(new.parts))
    if old.label and new.label and old.label != new.label:
        yield _tell("dataset label changed", "", old.label, new.label)
    for name in dict.fromkeys([*new.variables, *old.variables]):
        yield from _compare_variable(name, old.variables.get(name), new.variables.get(name))


def _compare_variable(name: str, old: Variable | None, new: Variable | None) -> Iterator[dict[str, str]]:
    if old is None or new is None:
        stated = [each.label if each is not None else "" for each in (old, new)]
        yield _tell("variable added" if old is None else "variable removed", name, *stated)
        return
    for attribute in _ATTRIBUTES:
        before, after = str(getattr(old, attribute)), str(getattr(new, attribute))
        if before != after:
            yield _tell(f"{attribute} changed", name, before, after)


def _tell(change: str, variable: str, old: str, new: str) -> dict[str, str]:
    return {"change": change, "variable": variable, "old": old, "new": new}


def _phrase(dataset: CutDataset | None) -> str:
    return "" if dataset is None else dataset.label or " ".join(dataset.parts)
