"""Trial summary parameters and the codelists of their values."""

from __future__ import annotations

import pytest

from hbv_standards.standards.trial_summary import (
    DURATIONS,
    VALUE_CODELISTS,
    find_value_codelist,
    name_parameter,
)


@pytest.mark.parametrize(
    ("parameter", "name"),
    [("TITLE", "Trial Title"), ("FCNTRY", "Planned Country of Investigational Sites"), ("PCLASS", None), ("title", None)],
)
def test_name(parameter: str, name: str | None) -> None:
    assert name_parameter(parameter) == name


@pytest.mark.parametrize("parameter", [*VALUE_CODELISTS, *DURATIONS])
def test_listed_parameters_are_published(parameter: str) -> None:
    assert name_parameter(parameter) is not None


@pytest.mark.parametrize(
    ("parameter", "value"),
    [("TBLIND", "OPEN LABEL"), ("SDTIGVER", "3.4"), ("RANDOM", "Y"), ("DOSU", "ug"), ("SEXPOP", "BOTH"), ("TTYPE", "SAFETY")],
)
def test_codelist_holds_the_values(parameter: str, value: str) -> None:
    codelist = find_value_codelist(parameter)
    assert codelist is not None
    assert codelist.term(value) is not None


def test_free_parameters_have_no_codelist() -> None:
    assert find_value_codelist("TITLE") is None
