"""Look-up by key, and what CDISC CT answers by itself."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from hbv_standards.mapping.lookup import LookupTable, index_ct_units, index_ct_values
from hbv_standards.mapping.rows import CodeRow, UnitRow, ValueRow
from hbv_standards.standards import read_codelist


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("ng/mL", "ug/L"),  # synonyms, SDTMIG LB assumption 7
        ("mIU/mL", "IU/L"),
        ("uIU/mL", "mIU/L"),
        ("10^3/uL", "10^9/L"),
        ("kIU/L", "IU/mL"),
        ("AU/mL", "AU/mL"),  # its own value, though a synonym of Arbitrary U/mL
        ("G/L", "10^9/L"),
        ("g/L", "g/L"),
    ],
)
def test_units_that_ct_knows(spelling: str, value: str) -> None:
    assert index_ct_units()[spelling].value == value


@pytest.mark.parametrize("spelling", ["AU", "MFI", "mmol/l", "S/CO"])
def test_units_that_ct_does_not_tell(spelling: str) -> None:
    assert spelling not in index_ct_units()


def test_every_submission_value_of_unit_means_itself() -> None:
    index = index_ct_units()
    terms = read_codelist("UNIT").terms
    assert [t.value for t in terms if index["".join(t.value.split())].value != t.value] == []


def test_values_of_a_codelist() -> None:
    assert index_ct_values("LBSTRESC")["not detected"].value == "NOT DETECTED"
    assert "nicht nachweisbar" not in index_ct_values("LBSTRESC")


@pytest.mark.parametrize("status", ["accepted", "Accepted", "ACCEPTED"])
def test_a_status_in_any_letter_case(status: str) -> None:
    row = {"row": "u:2", "source_text": "格", "unit_value": "g/L", "status": status}
    assert LookupTable(units=(UnitRow.model_validate(row),)).find_unit("格", None) is not None


def test_a_misspelt_status_is_told_as_written() -> None:
    row = {"row": "u:2", "source_text": "格", "unit_value": "g/L", "status": "Acepted"}
    with pytest.raises(ValidationError, match="input_value='Acepted'"):
        UnitRow.model_validate(row)


@pytest.mark.parametrize("status", ["proposed", "rejected"])
def test_only_accepted_rows_are_used(status: str) -> None:
    row = {"row": "c:2", "kind": "test", "to_system": "CONCEPT", "to_code": "ALT"}
    table = LookupTable(
        codes=(
            CodeRow.model_validate({**row, "code": "1", "status": status}),
            CodeRow.model_validate({**row, "text": "alt", "status": status}),
        )
    )
    assert table.find_code("test", None, "1", None) is None
    assert table.find_text("test", "alt", None) is None


@pytest.mark.parametrize("status", ["proposed", "open", "rejected"])
def test_only_accepted_units_and_values_are_used(status: str) -> None:
    unit = {"row": "u:2", "source_text": "格", "unit_value": "g/L", "status": status}
    value = {"row": "v:2", "codelist": "SEX", "source_text": "甲", "submission_value": "M", "status": status}
    coded = {**value, "system": "http://clinic.example"}
    table = LookupTable(
        units=(UnitRow.model_validate(unit),),
        values=(ValueRow.model_validate(value), ValueRow.model_validate(coded)),
    )
    assert table.find_unit("格", None) is None
    assert table.find_value_text("SEX", "甲", None) is None
    assert table.find_value_code("SEX", "http://clinic.example", "甲", None) is None
