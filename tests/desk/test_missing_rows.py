"""Which rows count as speaking of something that was seen, whatever their status."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_standards.desk.missing_rows import has_row
from hbv_standards.desk.propose import Thing
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.rows import CodeRow, UnitRow, ValueRow

from .seeing import build_code, build_unit, build_value

CODE = build_code("谷丙", "ALT", code="A1", system="s", specimen="SERUM")
TEXT = build_code("谷丙")
UNIT = build_unit("u", "ALT", code="U/L")
VALUE = build_value("NRIND", "H", system="s", display="偏高")


def build_table(**cells: Any) -> LookupTable:
    if "to_system" in cells:
        return LookupTable(
            codes=(CodeRow.model_validate({"row": "", "kind": "test", "status": "open", **cells}),)
        )
    if "unit_value" in cells:
        return LookupTable(units=(UnitRow.model_validate({"row": "", "status": "open", **cells}),))
    return LookupTable(
        values=(ValueRow.model_validate({"row": "", "status": "open", "submission_value": "?", **cells}),)
    )


@pytest.mark.parametrize("status", ["proposed", "open", "rejected"])
@pytest.mark.parametrize(
    ("thing", "cells"),
    [
        (CODE, {"to_system": "CONCEPT", "code": "A1", "system": "s"}),
        (CODE, {"to_system": "CONCEPT", "code": "A1"}),  # whatever the system
        (CODE, {"to_system": "CONCEPT", "code": "A1", "system": "s", "specimen": "SERUM"}),
        (CODE, {"to_system": "CONCEPT", "text": "ALT"}),  # by one of its names
        (
            CODE,
            {"to_system": "TREATMENT", "code": "A1", "system": "s", "kind": "use"},
        ),  # a test may be a question
        (TEXT, {"to_system": "CONCEPT", "text": " 谷丙 "}),
        (UNIT, {"source_text": "u", "unit_value": "?"}),
        (UNIT, {"source_text": "U/L", "unit_value": "?", "concept_id": "ALT"}),  # by its code
        (VALUE, {"codelist": "NRIND", "source_text": "h"}),
        (VALUE, {"codelist": "NRIND", "source_text": "偏高"}),
    ],
)
def test_a_row(thing: Thing, cells: dict[str, str], status: str) -> None:
    assert has_row(build_table(**cells, status=status), thing)


@pytest.mark.parametrize(
    ("thing", "cells"),
    [
        (CODE, {"to_system": "CONCEPT", "code": "A2", "system": "s"}),
        (CODE, {"to_system": "CONCEPT", "code": "A1", "system": "t"}),
        (CODE, {"to_system": "CONCEPT", "code": "A1", "system": "s", "specimen": "URINE"}),
        (CODE, {"to_system": "TREATMENT", "code": "A1", "system": "s", "kind": "treatment"}),
        (CODE, {"to_system": "CONCEPT", "text": "ALT", "status": "accepted"}),  # of a part of its names alone
        (TEXT, {"to_system": "CONCEPT", "code": "谷丙"}),
        (UNIT, {"source_text": "u", "unit_value": "?", "concept_id": "AST"}),
        (UNIT, {"source_text": "v", "unit_value": "?"}),
        (
            UNIT,
            {"source_text": "u", "unit_value": "g/L", "status": "accepted"},
        ),  # the test's need another unit
        (VALUE, {"codelist": "NY", "source_text": "H"}),
        (VALUE, {"codelist": "NRIND", "source_text": "H", "concept_id": "ALT"}),
        (
            VALUE,
            {"codelist": "NRIND", "source_text": "H", "status": "accepted"},
        ),  # a text, the value is a code
    ],
)
def test_no_row(thing: Thing, cells: dict[str, str]) -> None:
    assert not has_row(build_table(**cells), thing)


def test_an_accepted_row_of_one_test_whose_unit_does_not_fit() -> None:
    cells = {"source_text": "u", "unit_value": "g/L", "concept_id": "ALT", "status": "accepted"}
    assert has_row(build_table(**cells), UNIT)
