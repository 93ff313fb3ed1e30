"""Guangzhou's habits: NDJSON, LIS codes without LOINC, texts, panels, a CSV of enrolment."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import Any

import pytest

from hbv_standards.simulate.hospitals.guangzhou import build_lines
from hbv_standards.simulate.hospitals.guangzhou_enrolment import encode_enrolment
from hbv_standards.simulate.hospitals.guangzhou_style import GUANGZHOU
from hbv_standards.simulate.trial import simulate_trial

TRIAL = simulate_trial(24, 1, extent="brief")
LINES = list(build_lines(TRIAL))
OBSERVATIONS = [r for _, r in LINES if r["resourceType"] == "Observation"]
STRINGS = [o["valueString"] for o in OBSERVATIONS if "valueString" in o]


def gather(kind: str) -> list[dict[str, Any]]:
    return [r for _, r in LINES if r["resourceType"] == kind]


def test_a_file_holds_one_type() -> None:
    files: dict[str, set[str]] = {}
    for name, resource in LINES:
        files.setdefault(name, set()).add(resource["resourceType"])
    assert all(len(kinds) == 1 for kinds in files.values())
    assert {name.endswith(".gz") for name in files} == {True, False}


def test_no_loinc() -> None:
    codings = [c for o in OBSERVATIONS for c in o["code"].get("coding", [])]
    assert codings
    assert "http://loinc.org" not in {c["system"] for c in codings}


@pytest.mark.parametrize(
    "text", ["<20 IU/mL", "阴性", "未检出", "1:320", "1.2E+03 拷贝/mL", "<20", "可疑待复查", "野生型"]
)
def test_texts_as_results(text: str) -> None:
    assert text in STRINGS


def test_arrows_and_wide_signs() -> None:
    assert any(text.endswith("↑") for text in STRINGS)
    assert any(text.startswith("＜") for text in STRINGS)
    flags = Counter(i.get("text") for o in OBSERVATIONS for i in o.get("interpretation", []))
    assert flags["↑"] > 0
    assert flags["↓"] > 0


def test_comparators_too() -> None:
    assert "<" in {o["valueQuantity"].get("comparator") for o in OBSERVATIONS if "valueQuantity" in o}


def test_ranges_are_limits_or_text() -> None:
    kinds = Counter(tuple(sorted(r)) for o in OBSERVATIONS for r in o.get("referenceRange", []))
    assert {("text",), ("high", "low"), ("high",)} <= set(kinds)


def test_the_specimen_has_the_time_of_collection() -> None:
    lab = [o for o in OBSERVATIONS if "specimen" in o]
    known = {s["id"] for s in gather("Specimen")}
    assert {o["specimen"]["reference"].removeprefix("Specimen/") for o in lab} <= known
    stated = [o for o in lab if "effectiveDateTime" in o]
    assert 1 <= len(stated) < 5  # disagreeing times are rare
    assert all("collectedDateTime" in s["collection"] for s in gather("Specimen"))


def test_vital_signs_have_the_day_alone() -> None:
    times = {
        len(o["effectiveDateTime"])
        for o in OBSERVATIONS
        if o["category"][0]["coding"][0]["code"] == "vital-signs"
    }
    assert times == {10}


def test_panels_and_reports_list_results_that_exist() -> None:
    ids = {f"Observation/{o['id']}" for o in OBSERVATIONS}
    panels = [m["reference"] for o in OBSERVATIONS for m in o.get("hasMember", [])]
    reports = [m["reference"] for r in gather("DiagnosticReport") for m in r.get("result", [])]
    assert panels
    assert reports
    assert {*panels, *reports} <= ids


def test_one_line_is_sent_twice_and_one_result_was_cancelled() -> None:
    assert sorted(Counter(o["id"] for o in OBSERVATIONS).values())[-2:] == [1, 2]
    assert Counter(o["status"] for o in OBSERVATIONS)["cancelled"] == 1


def test_encounters_state_no_visit() -> None:
    assert {t["text"] for e in gather("Encounter") for t in e["type"]} == {"专科门诊"}


def test_enrolment_names_the_subjects_by_patient_number() -> None:
    rows = list(csv.DictReader(io.StringIO(encode_enrolment(TRIAL).decode(GUANGZHOU.encoding))))
    assert tuple(rows[0]) == tuple(GUANGZHOU.header.values())
    patients = {p["identifier"][0]["value"] for p in gather("Patient")}
    assert {row["病历号"] for row in rows} < patients
    assert len(rows) == 8
    assert [row["结束原因"] for row in rows].count("死亡") == 1
    assert all("/" in row["知情同意日期"] for row in rows)


def test_orders_have_a_span_and_dispensings_a_supply() -> None:
    spans = [
        d["timing"]["repeat"]["boundsPeriod"]
        for r in gather("MedicationRequest")
        for d in r["dosageInstruction"]
    ]
    assert all({"start", "end"} == set(span) for span in spans)
    assert {d["status"] for d in gather("MedicationDispense")} == {"completed", "preparation"}
