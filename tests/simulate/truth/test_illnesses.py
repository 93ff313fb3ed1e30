"""Diseases of the truth: terms of both builds, what is no row, and how long a disease goes on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.simulate.records import Illness, Reaction, Relative
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.illnesses import (
    list_adverse,
    list_family,
    list_history,
    list_unknown_terms,
    name_terms,
)

SUBJECTS = simulate_trial(9, 3, extent="brief").subjects
ZHONGSHAN = next(s for s in SUBJECTS if s.site == "zhongshan")
GUANGZHOU = next(s for s in SUBJECTS if s.site == "guangzhou")
FATTY_LIVER = Illness("k", "Fatty liver", "脂肪肝", "K76.0", start="2015", recorded="2024-01-02", ongoing=True)


@pytest.mark.parametrize(
    ("changes", "english"),
    [({}, "Fatty liver"), ({"fault": "unmapped"}, "K76.0"), ({"fault": "unmapped", "icd10": ""}, "")],
)
def test_terms(changes: dict[str, str], english: str) -> None:
    assert name_terms(replace(FATTY_LIVER, **changes)) == {"TERM_EN": english, "TERM_ZH": "脂肪肝"}  # type: ignore[arg-type]  # fault is a literal


def test_history_goes_on_at_the_last_contact_and_leaves_out_what_was_refuted() -> None:
    over = replace(FATTY_LIVER, end="2020", ongoing=False)
    refuted = replace(FATTY_LIVER, fault="refuted")
    subject = replace(ZHONGSHAN, illnesses=(replace(FATTY_LIVER, primary=True), over, refuted))
    rows = list(list_history(subject))
    last = str(subject.end)
    assert [(r["MHCAT"], r["MHEVDTYP"]) for r in rows] == [
        ("PRIMARY DIAGNOSIS", "DIAGNOSIS"),
        ("GENERAL MEDICAL HISTORY", ""),
    ]
    assert [(r.get("MHENRTPT"), r.get("MHENTPT")) for r in rows] == [("ONGOING", last), (None, None)]
    assert rows[1]["MHENDTC"] == "2020"


def test_what_is_over_without_a_date_was_so_when_it_was_told() -> None:
    over = replace(FATTY_LIVER, ongoing=False)
    subject = replace(ZHONGSHAN, illnesses=(over, replace(over, stated="2024-01-05")))
    told = [(r["MHENDTC"], r["MHENRTPT"], r["MHENTPT"]) for r in list_history(subject)]
    assert told == [("", "BEFORE", str(subject.end)), ("", "BEFORE", "2024-01-05")]


def test_criteria_and_death() -> None:
    event = Reaction("e", FATTY_LIVER, "SEVERE", serious="Y", criteria=("AESHOSP",), outcome="FATAL")
    (row,) = list_adverse(replace(ZHONGSHAN, reactions=(event,)))
    assert (row["AESDTH"], row["AESHOSP"], "AESLIFE" in row) == ("Y", "Y", False)


def test_adverse_events_are_the_last_version_of_those_that_happened() -> None:
    event = Reaction("e", replace(FATTY_LIVER, start="2024-03-01"), "MILD", grade="1", outcome="RECOVERED/RESOLVED")
    wrong = replace(event, key="w", fault="withdrawn")
    right = replace(event, severity="SEVERE", earlier=event)
    rows = list(list_adverse(replace(ZHONGSHAN, reactions=(right, wrong))))
    assert [(r["AESEV"], r["AEDECOD"], r["AECODE"]) for r in rows] == [("SEVERE", "Fatty liver", "K76.0")]


def test_only_answers_to_questions_have_an_occurrence() -> None:
    told = (Relative("r", "MOTHER, BIOLOGICAL", (FATTY_LIVER,)),)
    denied = (Relative("r", "MOTHER, BIOLOGICAL", (), (FATTY_LIVER,)),)
    answers = [
        [(r["MHPRESP"], r["MHOCCUR"]) for r in list_family(replace(subject, relatives=relatives))]
        for subject, relatives in ((ZHONGSHAN, told), (ZHONGSHAN, denied), (GUANGZHOU, told), (GUANGZHOU, denied))
    ]
    assert answers == [[("", "")], [("Y", "N")], [("Y", "Y")], [("Y", "N")]]


def test_unknown_terms() -> None:
    unknown = replace(FATTY_LIVER, fault="unmapped")
    rows = list(list_unknown_terms(replace(GUANGZHOU, illnesses=(FATTY_LIVER, unknown))))
    assert [(r["SITE"], r["SENT"], r["DOMAIN"]) for r in rows] == [("guangzhou", "脂肪肝", "MH")]
