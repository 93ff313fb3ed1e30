"""Foshan's social history, diseases and family history (R5)."""

from __future__ import annotations

from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.hospitals.foshan_background import build_background
from hbv_standards.simulate.hospitals.foshan_style import Style

from ..literal import (
    APPENDIX,
    DRINKER,
    HEPATITIS,
    MOTHER,
    SMOKER,
    TEETOTALLER,
    check_all,
    list_codes,
    make_subject,
)

SUBJECT = make_subject(
    "foshan",
    uses=(SMOKER, DRINKER, TEETOTALLER),
    illnesses=(HEPATITIS, APPENDIX),
    relatives=(MOTHER,),
    routes=("BLOOD TRANSFUSION",),
)
RESOURCES = list(build_background(Style("searchset"), SUBJECT))
SMOKING, DRINKING, NEVER, _, _, FAMILY, ROUTE = RESOURCES


def test_resources_are_fhir() -> None:
    check_all(RESOURCES, "R5")
    assert len({r["id"] for r in RESOURCES}) == len(RESOURCES)


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
