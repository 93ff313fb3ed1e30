"""Results in all the ways in which laboratories write them: from FHIR to --ORRES and --STRESC, or an issue."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.sdtm.build import build_sdtm

CASES = yaml.safe_load((Path(__file__).parent / "cases/values/results.yaml").read_text(encoding="utf-8"))
SITE = "guangzhou"
NUMBERS = "https://guangzhou-hospital.example/his/patient-number"
LOINC = {"quantitative": "63557-3", "qualitative": "5195-3", "antibody": "5048-4", "alt": "1742-6", "dna": "42595-9"}
SHOWN = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU", "NRIND")


def build_observation(number: int, case: Mapping[str, Any]) -> dict[str, Any]:
    """One Observation; ``value`` is a valueString unless the case has a unit beside the text."""
    value: dict[str, Any] = {"valueString": case["sent"]}
    if "quantity" in case:
        value = {"valueQuantity": case["quantity"]}
    code = {"coding": [{"system": "http://loinc.org", "code": LOINC[case["test"]]}]}
    return {
        "resourceType": "Observation", "id": f"o{number}", "status": "final", "code": code,
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": f"2024-01-{number % 28 + 1:02d}T08:00:00+08:00",
        **value,
    }  # fmt: skip


@cache
def convert_cases(agency: str, folder: Path) -> tuple[dict[int, dict[str, Any]], dict[int, set[str]]]:
    """The row of every case by its number, and the codes of the issues about it."""
    source = folder / agency / SITE
    source.mkdir(parents=True)
    patient = {"resourceType": "Patient", "id": "p1", "identifier": [{"system": NUMBERS, "value": "P1"}], "gender": "male"}
    (source / "Patient.ndjson").write_text(json.dumps(patient), encoding="utf-8")
    lines = [json.dumps(build_observation(n, case), ensure_ascii=False) for n, case in enumerate(CASES)]
    (source / "Observation.ndjson").write_text("\n".join(lines), encoding="utf-8")
    (source / "enrolment.csv").write_text(
        "受试者编号,病历号,知情同意日期,随机日期,组别,状态,结束日期,结束原因\n02001,P1,2023-12-01,,,,,\n", encoding="utf-8"
    )
    catalog, log = read_catalog(locate_mappings()), IssueLog()
    fhir = read_fhir([source.parent], catalog, log)
    datasets = build_sdtm(to_canonical(fhir, catalog, log), catalog, log, agency=agency)
    names = dict(zip(fhir.sources["source_id"], fhir.sources["resource_id"], strict=True))
    rows: dict[int, dict[str, Any]] = {}
    for name in ("LB", "MB", "IS"):
        dataset = datasets[name]
        whole = dataset.trace[dataset.trace["variable"] == ""]
        for row, source_id in zip(whole["row"], whole["source_id"], strict=True):
            record = dataset.frame.iloc[row]
            rows[int(names[source_id][1:])] = {v: record.get(f"{name}{v}") for v in SHOWN}
    issues: dict[int, set[str]] = {}
    for issue in log.rows:
        told = names.get(issue.source_id, "")
        if told.startswith("o"):
            issues.setdefault(int(told[1:]), set()).add(issue.code)
    return rows, issues


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("values")


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c['test']} {c['sent']}" for c in CASES])
def test_result(number: int, folder: Path) -> None:
    case = CASES[number]
    rows, issues = convert_cases("fda", folder)
    row = rows[number]
    made = {name: None if row[name] != row[name] else row[name] for name in SHOWN}
    expected = {name: case.get(name.lower()) for name in SHOWN if name != "NRIND" or "nrind" in case}
    assert {name: made[name] for name in expected} == expected
    assert issues.get(number, set()) == set(case.get("issues", ()))


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c['test']} {c['sent']}" for c in CASES])
def test_chinese_build_carries_what_was_sent(number: int, folder: Path) -> None:
    case = CASES[number]
    rows, _ = convert_cases("nmpa", folder)
    fda, _ = convert_cases("fda", folder)
    assert rows[number]["ORRES"] == case.get("orres_zh", case["orres"])
    assert str(rows[number]["STRESN"]) == str(fda[number]["STRESN"])
