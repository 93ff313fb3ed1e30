"""Foshan's adverse events (R5): versions, extensions, and reasons of changed doses."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.simulate.hospitals.foshan_events import build_effects, list_event_versions
from hbv_standards.simulate.hospitals.foshan_style import Style
from hbv_standards.simulate.hospitals.foshan_treatment import build_treatment
from hbv_standards.simulate.records import Reaction

from ..literal import LOWERED, check_all, make_subject

STYLE = Style("searchset")
SUBJECT = make_subject("foshan", reactions=(LOWERED,))
((EVENT,),) = list_event_versions(STYLE, SUBJECT)


def list_versions(reaction: Reaction) -> list[dict[str, object]]:
    (versions,) = list_event_versions(STYLE, replace(SUBJECT, reactions=(reaction,)))
    check_all(versions, "R5")
    return versions


def test_an_event_of_one_version_has_no_meta() -> None:
    check_all([EVENT], "R5")
    assert "meta" not in EVENT
    assert EVENT["occurrencePeriod"] == {"start": "2024-05-20", "end": "2024-06-02"}
    assert (EVENT["seriousness"], EVENT["outcome"]) == ({"text": "SAE"}, [{"text": "resolved"}])
    assert EVENT["note"] == [{"text": "已复查血常规"}]


def test_words_of_the_form_stand_in_extensions() -> None:
    said = {x["url"].rpartition("/")[2]: x["valueString"] for x in EVENT["extension"]}
    assert said == {"severity": "severe", "ctcae-grade": "CTCAE grade 3", "action-taken": "dose reduced"}


def test_the_suspect_is_judged_once() -> None:
    assert EVENT["suspectEntity"] == [
        {
            "instanceReference": {"reference": "MedicationAdministration/01001-peg01"},
            "causality": {"entityRelatedness": {"text": "related"}},
        }
    ]


def test_a_correction_is_a_second_version() -> None:
    first = replace(LOWERED, severity="MODERATE", grade="2")
    one, two = list_versions(replace(LOWERED, earlier=first))
    assert [v["id"] for v in (one, two)] == ["ae1-event"] * 2
    assert [v["status"] for v in (one, two)] == ["in-progress", "completed"]
    assert [v["meta"] for v in (one, two)] == [
        {"versionId": "1", "lastUpdated": "2024-05-21T09:00:00Z"},
        {"versionId": "2", "lastUpdated": "2024-05-28T09:00:00Z"},
    ]
    assert one["extension"] != two["extension"]


def test_what_was_entered_in_error_is_taken_back() -> None:
    versions = list_versions(replace(LOWERED, fault="withdrawn"))
    assert [v["status"] for v in versions] == ["completed", "entered-in-error"]
    assert "resultingEffect" not in versions[1]


def test_the_changed_dose_names_the_condition() -> None:
    (effect,) = build_effects(STYLE, SUBJECT)
    link = {"reference": f"Condition/{effect['id']}"}
    assert EVENT["resultingEffect"] == [link]
    first, second = build_treatment(STYLE, SUBJECT)
    assert "reason" not in first
    assert second["reason"] == [{"reference": link}]
    check_all([effect, first, second], "R5")
