"""Diseases as Conditions and family histories."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.simulate.fhir.conditions import build_condition, build_family_history
from hbv_standards.simulate.fhir.conformance import Version
from hbv_standards.simulate.records import Illness

from ..literal import APPENDIX, HEPATITIS, MOTHER, NATURAL_MOTHER, REFUTED, check_all, list_codes


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_both_versions_hold_them(version: Version) -> None:
    conditions = [
        build_condition(illness, illness.key, "Patient/1") for illness in (HEPATITIS, APPENDIX, REFUTED)
    ]
    check_all([*conditions, build_family_history("foshan", MOTHER, "r1", "Patient/1", "2024-05-03")], version)


@pytest.mark.parametrize(
    ("illness", "clinical", "verification"),
    [
        (HEPATITIS, "active", "confirmed"),
        (APPENDIX, "resolved", "confirmed"),
        (REFUTED, "inactive", "refuted"),
        (replace(APPENDIX, end=""), "resolved", "confirmed"),  # over, nobody knows since when
    ],
)
def test_states(illness: Illness, clinical: str, verification: str) -> None:
    condition = build_condition(illness, "c", "Patient/1")
    assert list_codes(condition["clinicalStatus"]) == [("condition-clinical", clinical)]
    assert list_codes(condition["verificationStatus"]) == [("condition-ver-status", verification)]


def test_chinese_words_icd_10_and_partial_dates() -> None:
    condition = build_condition(APPENDIX, "c", "Patient/1")
    assert condition["code"]["text"] == "急性阑尾炎"
    assert list_codes(condition["code"]) == [("icd-10", "K35.8")]
    assert (condition["onsetDateTime"], condition["abatementDateTime"]) == ("2001-03", "2001-04")


def test_a_relative_has_several_diseases() -> None:
    history = build_family_history("zhongshan", NATURAL_MOTHER, "r1", "Patient/1", "2024-05-03")
    assert list_codes(history["relationship"]) == [("v3-RoleCode", "NMTH")]
    assert [c["code"]["text"] for c in history["condition"]] == ["慢性乙型病毒性肝炎", "肝细胞癌"]
    assert [c.get("onsetPeriod") for c in history["condition"]] == [{"start": "2010"}, None]
