"""Which rows of a dataset measure the same thing: the where-clauses of value-level metadata.

Rows belong together by --TESTCD, and within it by the variables that make another test of it
(--TSTDTL, --BDAGNT, --TSTOPO, --SYM) where they differ. Specimen, method and location make a
difference only where results in other units, or of another kind, come with them. Every row with a
test code belongs to exactly one identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.export.define.model import Comparator

DETAILS = ("TSTDTL", "BDAGNT", "TSTOPO", "SYM")
"""Endings of variables that tell tests of one --TESTCD apart (SDTMIG 6.3, MB, IS and GF)."""

QUALIFIERS = ("SPEC", "METHOD", "LOC")
"""Endings of variables that tell results apart where their units or kinds differ."""


class Condition(NamedTuple):
    """A condition on one variable of the dataset."""

    variable: str
    comparator: Comparator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Rows that measure the same: ``name`` is the test code, ``label`` says it in words."""

    name: str
    label: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Identities:
    """The identities of a dataset, and for each row the position of its own, -1 without test code."""

    members: tuple[Identity, ...]
    codes: npt.NDArray[np.int64]


Combination = tuple[str | None, ...]
Part = tuple[tuple["Condition", ...], list[int]]


def find_identities(frame: pd.DataFrame, code: str, name: str, prefix: str = "") -> Identities:
    """The identities of the rows of a frame.

    Args:
        frame: rows of a dataset.
        code: variable with the code of the test, parameter or qualifier (LBTESTCD, TSPARMCD, QNAM, DSCAT).
        name: variable with its name (LBTEST).
        prefix: two letters of a findings domain; empty where ``code`` alone tells rows apart.
    """
    details = [column for end in DETAILS if prefix and (column := f"{prefix}{end}") in frame]
    qualifiers = [column for end in QUALIFIERS if prefix and (column := f"{prefix}{end}") in frame]
    columns = [code, *details, *qualifiers]
    numbers, combinations = _number_combinations(frame, columns)
    signatures = _read_signatures(frame, numbers, prefix)
    labels = frame[frame[code].notna() & frame[name].notna()].groupby(code)[name].first().to_dict()
    members: list[Identity] = []
    owner = np.full(len(combinations) + 1, -1, dtype=np.int64)  # the last stands for rows without code
    order = sorted(range(len(combinations)), key=lambda n: _sort_key(combinations[n]))
    for test, same_test in groupby(order, key=lambda n: combinations[n][0]):
        positions = list(same_test)
        condition = Condition(code, "EQ", (str(test),))
        for rest, chosen in _split(columns, len(details), positions, combinations, signatures):
            owner[chosen] = len(members)
            members.append(
                Identity(str(test), _phrase(labels.get(test, str(test)), rest), (condition, *rest))
            )
    return Identities(tuple(members), owner[numbers])


def _number_combinations(
    frame: pd.DataFrame, columns: list[str]
) -> tuple[npt.NDArray[np.int64], list[Combination]]:
    """Number of each row's combination of values (-1 without code), and the combinations."""
    known = frame[columns[0]].notna().to_numpy()
    numbers = np.full(len(frame), -1, dtype=np.int64)
    rows = frame.loc[known, columns]
    numbers[known] = rows.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    unique = rows.drop_duplicates().astype(object)
    return numbers, [tuple(row) for row in unique.where(unique.notna(), None).to_numpy().tolist()]


def _sort_key(combination: Combination) -> tuple[tuple[bool, str], ...]:
    return tuple((value is None, value or "") for value in combination)


def _read_signatures(
    frame: pd.DataFrame, numbers: npt.NDArray[np.int64], prefix: str
) -> dict[int, frozenset[str]]:
    """What the results of a combination look like: their standard units, or that they are words."""
    results = [f"{prefix}{end}" for end in ("STRESC", "STRESU")]
    if not prefix or any(column not in frame for column in results):
        return {}
    seen = frame[results].assign(number=numbers)
    seen = seen[(numbers >= 0) & seen[results[0]].notna()]
    kinds = seen[results[1]].fillna("")  # words have no unit
    pairs = pd.DataFrame({"number": seen["number"], "kind": kinds}).drop_duplicates()
    return {number: frozenset(kinds) for number, kinds in _collect(pairs["number"], pairs["kind"]).items()}


def _split(
    columns: Sequence[str],
    details: int,
    positions: list[int],
    combinations: Sequence[Combination],
    signatures: dict[int, frozenset[str]],
) -> list[Part]:
    """Parts of one test by the first detail that varies, each split further by those behind it."""
    for at in range(1, details + 1):
        everything = {combinations[position][at] for position in positions}
        if len(everything) < 2:
            continue
        parts: list[Part] = []
        for value in sorted(everything, key=lambda v: (v is None, v or "")):
            condition = _state(columns[at], {value}, everything)
            chosen = [position for position in positions if combinations[position][at] == value]
            for conditions, members in _split(columns, details, chosen, combinations, signatures):
                parts.append(((condition, *conditions), members))
        return parts
    return _split_qualifier(columns, details, positions, combinations, signatures)


def _split_qualifier(
    columns: Sequence[str],
    details: int,
    positions: list[int],
    combinations: Sequence[Combination],
    signatures: dict[int, frozenset[str]],
) -> list[Part]:
    """Parts by the first qualifier whose values bring results of other units or kinds."""
    for at in range(details + 1, len(columns)):
        kinds: dict[str | None, frozenset[str]] = {}
        for position in positions:
            value = combinations[position][at]
            kinds[value] = kinds.get(value, frozenset()) | signatures.get(position, frozenset())
        known = sorted({tuple(sorted(kind)) for kind in kinds.values() if kind})
        if len(known) < 2:
            continue
        parts: list[Part] = []
        for kind in known:
            # Values without any result go with the first part: every row belongs to one.
            like = (kind, ()) if kind == known[0] else (kind,)
            own = {value for value, seen in kinds.items() if tuple(sorted(seen)) in like}
            chosen = [p for p in positions if combinations[p][at] in own]
            parts.append(((_state(columns[at], own, set(kinds)),), chosen))
        return parts
    return [((), positions)]


def _state(variable: str, own: set[str | None], everything: set[str | None]) -> Condition:
    """The condition that selects ``own`` among the values that occur; missing is told by what it is not."""
    if None in own:
        return Condition(variable, "NOTIN", tuple(sorted(v for v in everything - own if v is not None)))
    values = tuple(sorted(v for v in own if v is not None))
    return Condition(variable, "EQ" if len(values) == 1 else "IN", values)


def _phrase(label: str, rest: tuple[Condition, ...]) -> str:
    """The name of the test with what tells it apart: "Hepatitis B Virus Surface Antigen, DETECTION"."""
    told = [("not " if c.comparator == "NOTIN" else "") + ", ".join(c.values) for c in rest]
    return "; ".join([label, *told])


def select_values(frame: pd.DataFrame, variable: str, identities: Identities) -> dict[int, list[Any]]:
    """The distinct values of a variable by identity, sorted; identities without any are absent."""
    rows = pd.DataFrame({"identity": identities.codes, "value": frame[variable].array})
    pairs = rows[(rows["identity"] >= 0) & rows["value"].notna()].drop_duplicates()
    return {at: sorted(values) for at, values in sorted(_collect(pairs["identity"], pairs["value"]).items())}


def _collect(keys: pd.Series[Any], values: pd.Series[Any]) -> dict[int, list[Any]]:
    """Values by key."""
    found: dict[int, list[Any]] = {}
    for key, value in zip(keys.tolist(), values.tolist(), strict=True):
        found.setdefault(key, []).append(value)
    return found
