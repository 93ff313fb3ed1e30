"""Zhongshan's social history, diseases and family history (R4)."""

from __future__ import annotations

from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.hospitals.zhongshan_background import build_background
from hbv_standards.simulate.hospitals.zhongshan_links import link_resource

from ..literal import check_record, list_codes, make_asked

RESOURCES = list(build_background(make_asked("zhongshan", "VERTICAL TRANSMISSION", "UNKNOWN")))
OBSERVATIONS = [r for r in RESOURCES if r["resourceType"] == "Observation"]


def test_resources_are_fhir() -> None:
    check_record(RESOURCES, "R4")


def test_smoking_has_a_coded_status_and_components() -> None:
    smoking = OBSERVATIONS[0]
    assert list_codes(smoking["code"]) == [("loinc.org", "72166-2")]
    assert list_codes(smoking["valueCodeableConcept"]) == [("sct", "8517006")]
    assert smoking["encounter"]["reference"] == link_resource("encounter", "c02")
    amount, start, end = smoking["component"]
    assert encode_json(amount["valueQuantity"]) == '{"value":20,"unit":"支/天"}'.encode()
    assert (start["valueDateTime"], end["valueDateTime"]) == ("1998", "2015")


def test_drinking_is_told_by_observations_of_their_own() -> None:
    status, amount, start, never = OBSERVATIONS[1:5]
    assert list_codes(status["valueCodeableConcept"]) == [("sct", "219006")]
    assert (amount["valueQuantity"]["code"], start["valueDateTime"]) == ("g/d", "2000")
    assert list_codes(never["valueCodeableConcept"]) == [("sct", "783261004")]
    assert "component" not in never


def test_every_route_is_an_observation() -> None:
    routes = [list_codes(o["valueCodeableConcept"]) for o in OBSERVATIONS[5:]]
    assert routes == [[("transmission-route", "1")], [("transmission-route", "9")]]


def test_diseases_and_relatives() -> None:
    kinds = [r["resourceType"] for r in RESOURCES if r not in OBSERVATIONS]
    assert kinds == ["Condition", "Condition", "FamilyMemberHistory"]
