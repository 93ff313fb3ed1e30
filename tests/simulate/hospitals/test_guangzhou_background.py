"""Guangzhou's questionnaire, list of problems and reports of examinations."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_standards.simulate.fhir.conformance import check_conformance
from hbv_standards.simulate.fhir.encode import encode_json
from hbv_standards.simulate.hospitals.guangzhou_background import build_background
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.trial import simulate_trial

SUBJECTS = [s for s in simulate_trial(24, 48, extent="brief").subjects if s.site == "guangzhou"]
FIRST = SUBJECTS[0]  # a former smoker with two routes


def gather(subject: Subject, kind: str) -> list[dict[str, Any]]:
    return [r for r in build_background(subject) if r["resourceType"] == kind]


def list_answers(subject: Subject) -> dict[str, list[dict[str, Any]]]:
    (survey,) = gather(subject, "QuestionnaireResponse")
    items = [i for group in survey["item"] for i in (group, *group.get("item", []))]
    return {i["linkId"]: i["answer"] for i in items if "answer" in i}


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda s: s.number)
def test_everything_conforms(subject: Subject) -> None:
    for resource in build_background(subject):
        check_conformance(encode_json(resource), "R4")


def test_the_questionnaire_tells_everything_that_was_asked() -> None:
    answers = list_answers(FIRST)
    smoking, drinking = FIRST.uses
    assert answers["1.1"] == [{"valueString": "已戒"}]
    assert answers["1.3"] == [{"valueString": f"{smoking.start}年"}]
    assert answers["1.4"] == [{"valueDate": smoking.end}]
    assert ("2.2" in answers) == bool(drinking.amount)
    assert [a["valueCoding"]["display"] for a in answers["3"]] == ["母婴传播", "输血"]
    assert {answers[link][0]["valueCoding"]["display"] for link in ("4.1", "4.2", "4.3")} <= {"有", "无"}


def test_a_year_alone_is_written_in_chinese() -> None:
    conditions = [c for s in SUBJECTS for c in gather(s, "Condition")]
    assert any(c.get("onsetString", "").endswith("年") for c in conditions)
    assert not any(len(c.get("onsetDateTime", "")) == 4 for c in conditions)
    assert not any("coding" in c["code"] for c in conditions)


def test_problems_are_told_apart_by_their_category() -> None:
    for subject in SUBJECTS:
        words = [c["category"][0]["text"] for c in gather(subject, "Condition")]
        assert words.count("既往史") == len(subject.illnesses)
        assert words.count("不良反应") == len(subject.reactions)


def test_grades_stand_beside_severe_words() -> None:
    severities = [c["severity"] for s in SUBJECTS for c in gather(s, "Condition") if "severity" in c]
    graded = {s["coding"][0]["display"]: s["text"] for s in severities if "coding" in s}
    assert graded["5级"] == "重度"
    assert {s["text"] for s in severities if "coding" not in s} <= {"轻度", "中度"}


def test_reports_list_the_results_and_hold_the_words() -> None:
    reports = gather(FIRST, "DiagnosticReport")
    assert len(reports) == len(FIRST.examinations)
    said = [r["conclusion"] for r in reports if "conclusion" in r]
    assert max(len(text.encode()) for text in said) > 200
    assert sum(len(r.get("result", [])) for r in reports) == sum(len(e.results) for e in FIRST.examinations)
