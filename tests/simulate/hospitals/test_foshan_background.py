"""Foshan's social history, diseases and family history (R5)."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.hospitals.foshan_background import build_background
from hbv_standards.simulate.hospitals.foshan_style import Style

from ..literal import APPENDIX, check_record, list_codes, make_asked

STYLE, SUBJECT = Style("searchset"), make_asked("foshan", "BLOOD TRANSFUSION")
RESOURCES = list(build_background(STYLE, SUBJECT))
SMOKING, DRINKING, NEVER, _, _, FAMILY, ROUTE = RESOURCES


def test_resources_are_fhir() -> None:
    check_record(RESOURCES, "R5")


def test_everything_of_a_use_stands_in_components() -> None:
    assert not any(name.startswith("value") for name in SMOKING)
    questions = [list_codes(part["code"])[0][1] for part in SMOKING["component"]]
    assert questions == ["SMOKING-STATUS", "SMOKING-PER-DAY", "SMOKING-FROM", "SMOKING-UNTIL"]
    status, amount, start, end = SMOKING["component"]
    assert status["valueCodeableConcept"] == {"text": "former smoker"}
    assert bytes(amount["valueInteger"]) == b"20"
    assert (start["valueDateTime"], end["valueDateTime"]) == ("1998", "2015")
    assert SMOKING["encounter"] == {"reference": "Encounter/c02-enc"}


def test_alcohol_has_a_unit() -> None:
    assert encode_json(DRINKING["component"][1]["valueQuantity"]) == b'{"value":12.5,"unit":"g"}'
    assert [part["valueCodeableConcept"]["text"] for part in NEVER["component"]] == ["never drinker"]


def test_relatives_and_routes_are_words() -> None:
    assert FAMILY["relationship"] == {"text": "母亲"}
    assert len(FAMILY["condition"]) == 2
    assert ROUTE["valueCodeableConcept"] == {"text": "transfusion"}


def test_a_disease_without_its_end_is_inactive_since_it_was_told() -> None:
    over = replace(APPENDIX, end="", stated="2024-05-03")
    *_, condition, _, _ = list(build_background(STYLE, replace(SUBJECT, illnesses=(over,))))
    check_record([condition], "R5")
    assert list_codes(condition["clinicalStatus"]) == [("condition-clinical", "inactive")]
    assert condition["meta"] == {"lastUpdated": "2024-05-03T09:00:00Z"}
    assert "abatementDateTime" not in condition
