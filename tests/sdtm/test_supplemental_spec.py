"""The section ``supplemental`` of a spec, and what is refused in it."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.sdtm.spec import read_specs
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec, check_supplemental, is_variable
from hbv_standards.study import validate_part

from .cases import MAPPINGS

SOUND = {"qnam": "LBLOCCD", "label": "Local Code", "field": "local_code"}


def check(*entries: dict[str, Any], dataset: str = "LB", cls: str = "FINDINGS") -> None:
    made = [validate_part(SupplementalSpec, entry, "specs/lb.yaml") for entry in entries]
    check_supplemental(made, dataset, cls, "specs/lb.yaml")


def test_a_sound_section() -> None:
    check(SOUND, {**SOUND, "qnam": "LBX", "codelist": "ETHNICC", "evaluator": "INVESTIGATOR"})


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([SOUND, SOUND], "supplemental LBLOCCD: occurs twice"),
        ([{**SOUND, "qnam": "LBCAT"}], "supplemental LBCAT: is a variable of LB in SDTM"),
        ([{**SOUND, "qnam": "LBULOQ"}], "supplemental LBULOQ: is a variable of LB in SDTM"),
        ([{**SOUND, "field": "local_cod"}], "field 'local_cod' is in no record; did you mean 'local_code'?"),
        ([{**SOUND, "codelist": "ETHNIX"}], "supplemental LBLOCCD: .*ETHNIX"),
        ([{**SOUND, "evaluator": "NOBODY"}], "evaluator 'NOBODY' is no term of EVAL"),
        ([{**SOUND, "qnam": "1LB"}], "qnam"),
        ([{**SOUND, "qnam": "LBLOCCODE"}], "qnam"),
        ([{**SOUND, "label": "x" * 41}], "label"),
        ([{**SOUND, "when": "always"}], "when"),
    ],
)
def test_what_is_refused(entries: list[dict[str, Any]], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        check(*entries)


def test_relatives_have_no_qualifiers() -> None:
    with pytest.raises(ConfigurationError, match="qualifiers are joined to subjects"):
        check({**SOUND, "qnam": "MHCODE"}, dataset="APMH", cls="EVENTS")


@pytest.mark.parametrize(
    ("name", "dataset", "cls", "known"),
    [
        ("RACE", "DM", "SPECIAL PURPOSE", True),
        ("CETHNIC", "DM", "SPECIAL PURPOSE", False),
        ("AELLT", "AE", "EVENTS", True),
        ("MHSEV", "APMH", "EVENTS", True),
    ],
)
def test_variables_of_sdtm(name: str, dataset: str, cls: str, known: bool) -> None:  # noqa: FBT001 - a case
    assert is_variable(name, dataset, cls) is known


def test_the_trial_declares_what_it_submits_beyond_sdtm() -> None:
    declared = {
        name: [q.qnam for q in spec.supplemental] for name, spec in read_specs(MAPPINGS / "specs").items()
    }
    assert declared["DM"] == ["CETHNIC", "ETHNTXT", "CRACETXT"]
    assert declared["LB"] == ["LBLOCCD", "LBLOCTXT", "LBORTXT"]
    assert declared["AE"] == ["AECODE", "AECODSYS"]
