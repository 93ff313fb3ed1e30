"""The tables of ``habits/`` as rows of text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

Row = dict[str, str]


def read_rows(name: str) -> Iterator[Row]:
    """The rows of a table in ``habits/``."""
    text = (files("hbv_standards.simulate") / "habits" / name).read_text(encoding="utf-8")
    return iter(csv.DictReader(text.splitlines()))


@cache
def read_spellings() -> dict[tuple[str, str], str]:
    """UNIT submission value by unit as the three hospitals send it and concept_id (empty: every test)."""
    return {(row["unit"], row["concept_id"]): row["unit_value"] for row in read_rows("units.csv")}


def find_unit(spellings: dict[tuple[str, str], str], unit: str, concept_id: str) -> str:
    """What a unit means for a test; empty for no unit, ``KeyError`` for an unknown one."""
    if not unit:
        return ""
    return spellings.get((unit, concept_id)) or spellings[unit, ""]
