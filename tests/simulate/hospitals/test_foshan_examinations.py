"""Foshan's procedures and imaging studies (R5)."""

from __future__ import annotations

from hbv_standards.simulate.hospitals.foshan_examinations import build_examinations, link_results
from hbv_standards.simulate.hospitals.foshan_style import Style

from ..literal import STIFFNESS, ULTRASOUND, check_all, make_subject

STYLE = Style("searchset")
SUBJECT = make_subject("foshan", examinations=(ULTRASOUND, STIFFNESS))
SCAN, STUDY, ELASTOGRAPHY = build_examinations(STYLE, SUBJECT)


def test_resources_are_fhir() -> None:
    check_all([SCAN, STUDY, ELASTOGRAPHY], "R5")


def test_an_ultrasound_has_a_study() -> None:
    assert STUDY["partOf"] == [{"reference": f"Procedure/{SCAN['id']}"}]
    assert SCAN["note"] == [{"text": "门静脉未见扩张。"}]
    assert ELASTOGRAPHY["code"] == {"text": "FibroScan"}


def test_results_are_part_of_the_study_or_the_procedure() -> None:
    assert link_results(STYLE, SUBJECT) == {
        "c02-PVDIAM": f"ImagingStudy/{STUDY['id']}",
        "c02-LSM": f"Procedure/{ELASTOGRAPHY['id']}",
    }
