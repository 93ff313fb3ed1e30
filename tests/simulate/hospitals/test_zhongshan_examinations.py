"""Zhongshan's procedures and reports (R4)."""

from __future__ import annotations

from hbv_standards.simulate.hospitals.zhongshan import build_bundle
from hbv_standards.simulate.hospitals.zhongshan_examinations import build_examinations
from hbv_standards.simulate.hospitals.zhongshan_links import link_resource

from ..literal import STIFFNESS, ULTRASOUND, UNDONE, check_all, list_codes, make_subject

SUBJECT = make_subject("zhongshan", examinations=(ULTRASOUND, STIFFNESS, UNDONE))
SCAN, REPORT, ELASTOGRAPHY, MISSED = build_examinations(SUBJECT)


def test_resources_are_fhir() -> None:
    check_all([SCAN, REPORT, ELASTOGRAPHY, MISSED], "R4")


def test_the_report_lists_results_and_holds_the_conclusion() -> None:
    assert SCAN["report"] == [{"reference": f"urn:uuid:{REPORT['id']}"}]
    assert list_codes(SCAN["code"]) == [("sct", "45036003")]
    assert REPORT["result"] == [{"reference": link_resource("observation", "c02-PVDIAM")}]
    assert REPORT["conclusion"] == "门静脉未见扩张。"
    assert "note" not in SCAN


def test_results_of_elastography_name_the_procedure() -> None:
    found = {
        entry["resource"]["id"]: entry["resource"].get("partOf") for entry in build_bundle(SUBJECT)["entry"]
    }
    lsm, pvdiam = (
        found[link_resource("observation", f"c02-{c}").removeprefix("urn:uuid:")] for c in ("LSM", "PVDIAM")
    )
    assert lsm == [{"reference": f"urn:uuid:{ELASTOGRAPHY['id']}"}]
    assert pvdiam is None
    assert ELASTOGRAPHY["note"] == [{"text": "10次有效"}]


def test_what_was_not_done_has_a_reason_and_no_time() -> None:
    assert MISSED["status"] == "not-done"
    assert list_codes(MISSED["statusReason"]) == [("data-absent-reason", "not-performed")]
    assert not {"performedDateTime", "report"} & set(MISSED)
