"""Column field of questions about a substance."""

from __future__ import annotations

import pytest

from hbv_standards.mapping.use_field import UseField, read_use_field

UNITS = frozenset({"CIGARETTE", "g"})
CASES = [
    (None, UseField("occurred")),
    ("start_dtc", UseField("start_dtc")),
    ("dose", UseField("dose")),
    ("dose;CIGARETTE;QD", UseField("dose", "CIGARETTE", "QD")),
    ("dose; EVERY WEEK ; g", UseField("dose", "g", "EVERY WEEK")),
    ("dose;pack", UseField("dose", wrong="pack")),
    ("dose;", UseField("dose", wrong="")),
    ("occurred;QD", UseField("occurred", wrong="QD")),
    ("amount", UseField("amount", wrong="amount")),
]


@pytest.mark.parametrize(("cell", "expected"), CASES)
def test_parts(cell: str | None, expected: UseField) -> None:
    assert read_use_field(cell, UNITS) == expected


def test_without_a_list_of_units_every_other_part_is_one() -> None:
    assert read_use_field("dose;pack") == UseField("dose", "pack")
