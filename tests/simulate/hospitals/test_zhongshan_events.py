"""Zhongshan's adverse events (R4)."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.simulate.hospitals.zhongshan_events import build_events
from hbv_standards.simulate.hospitals.zhongshan_links import link_resource
from hbv_standards.simulate.hospitals.zhongshan_treatment import build_treatment

from ..literal import LOWERED, check_all, list_codes, make_subject

SUBJECT = make_subject("zhongshan", reactions=(LOWERED,))
CONDITION, EVENT = build_events(SUBJECT)


def test_resources_are_fhir() -> None:
    check_all([CONDITION, EVENT], "R4")


def test_the_event_is_coded() -> None:
    assert list_codes(EVENT["seriousness"]) == [("adverse-event-seriousness", "Serious")]
    assert list_codes(EVENT["severity"]) == [("adverse-event-severity", "severe")]
    assert list_codes(EVENT["outcome"]) == [("adverse-event-outcome", "resolved")]
    assert EVENT["event"] == {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "D70"}],
                              "text": "中性粒细胞计数降低"}  # fmt: skip


def test_grade_and_action_stand_in_extensions() -> None:
    grade, action = EVENT["extension"]
    assert (bytes(grade["valueInteger"]), action["valueString"]) == (b"3", "减量")


def test_criteria_of_seriousness_stand_in_extensions_of_one_url() -> None:
    serious = replace(LOWERED, criteria=("AESHOSP", "AESMIE"))
    _, event = build_events(replace(SUBJECT, reactions=(serious,)))
    check_all([event], "R4")
    told = [(x["url"].rpartition("/")[2], x["valueString"]) for x in event["extension"][2:]]
    assert told == [
        ("seriousness-criterion", "需要住院或延长住院时间"),
        ("seriousness-criterion", "其他重要医学事件"),
    ]


def test_end_and_note_stand_in_the_condition() -> None:
    assert EVENT["resultingCondition"] == [{"reference": f"urn:uuid:{CONDITION['id']}"}]
    assert CONDITION["abatementDateTime"] == "2024-06-02"
    assert CONDITION["note"] == [{"text": "已复查血常规"}]


def test_the_suspect_is_the_last_dose_before() -> None:
    (suspect,) = EVENT["suspectEntity"]
    assert suspect["instance"]["reference"] == link_resource("administration", "01001", "peg01")
    assert suspect["causality"] == [{"assessment": {"text": "肯定有关"}}]


def test_without_study_treatment_nothing_is_suspected() -> None:
    _, event = build_events(replace(SUBJECT, doses=()))
    assert "suspectEntity" not in event


def test_the_changed_dose_names_the_condition() -> None:
    first, second = build_treatment(SUBJECT)
    assert "reasonReference" not in first
    assert second["reasonReference"] == EVENT["resultingCondition"]
    check_all([first, second], "R4")
