"""PE: body systems and single signs, in the words of the hospital and as terms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.pipeline import ConvertOptions, convert
from hbv_standards.standards import read_codelist

from ..cases import MAPPINGS, read_rows
from .conftest import Run
from .views import read_trial

SIGN = {
    "result_kind": "text", "number": None, "unit": None, "unit_value": None, "collected_dtc": "2023-03-02",
}  # fmt: skip
COLUMNS = ["PETESTCD", "PETEST", "PECAT", "PESCAT", "PELOC", "PEORRES", "PESTRESC", "PESTAT", "EPOCH"]
SIGNS = "SIGN OF LIVER DISEASE"
FINDINGS: list[dict[str, Any]] = [
    {**SIGN, "concept_id": "PE_PALM", "result": "阳性", "result_value": "POSITIVE"},
    {**SIGN, "concept_id": "PE_SPIDER", "result": "Absent", "result_value": "ABSENT"},
    {**SIGN, "concept_id": "PE_LIVER", "result": "2 cm below the costal margin, soft"},
    {**SIGN, "concept_id": "PE_SPLEEN", "result": None, "not_done": True, "not_done_reason": "Refused"},
]


def test_signs_and_body_systems(run: Run) -> None:
    datasets, log = run({"findings": FINDINGS}, "pe")
    rows = [tuple(row.values()) for row in read_rows(datasets["PE"], COLUMNS)]
    assert rows == [
        ("LIVER", "Liver", "BODY SYSTEM", None, None, "2 cm below the costal margin, soft",
         "2 cm below the costal margin, soft", None, "SCREENING"),
        ("SKIN", "Skin", SIGNS, "PALMAR ERYTHEMA", "SKIN OF THE PALM", "POSITIVE", "POSITIVE", None, "SCREENING"),
        ("SKIN", "Skin", SIGNS, "SPIDER NAEVI", None, "Absent", "ABSENT", None, "SCREENING"),
        ("SPLEEN", "Spleen", "BODY SYSTEM", None, None, None, None, "NOT DONE", "SCREENING"),
    ]  # fmt: skip
    assert log.rows == []


def test_both_builds_have_the_same_rows(run: Run) -> None:
    fda, nmpa = (run({"findings": FINDINGS}, "pe", agency=agency)[0] for agency in ("fda", "nmpa"))
    names = [name for name in COLUMNS if name != "PEORRES"]
    assert read_rows(fda["PE"], names) == read_rows(nmpa["PE"], names)
    assert read_rows(nmpa["PE"], ["PEORRES"])[1] == {"PEORRES": "阳性"}
    assert read_rows(nmpa["SUPPPE"], ["QNAM", "QVAL"]) == [{"QNAM": "PEORTXT", "QVAL": "阳性"}]
    assert "SUPPPE" not in fda


def test_body_systems_are_names_of_the_terminology() -> None:
    """There is no codelist of PETESTCD; what is examined has its name in LOC (C74456)."""
    terms = {word.casefold() for term in read_codelist("LOC").terms for word in (term.value, term.preferred_term)}
    catalog, _ = read_trial()
    examined = {c.test for c in catalog.concepts.values() if c.domain == "PE"}
    assert {name for name in examined if name.casefold() not in terms} == set()


@pytest.mark.parametrize(
    ("text", "concept", "word", "value"),
    [("肝掌", "PE_PALM", "阴性(-)", "NEGATIVE"), ("蜘蛛痣", "PE_SPIDER", "未见", "ABSENT"),
     ("移动性浊音", "PE_ASCITES", "阳性", "POSITIVE"), ("双下肢水肿", "PE_EDEMA", "无", "ABSENT")],
)  # fmt: skip
def test_words_of_every_hospital(text: str, concept: str, word: str, value: str) -> None:
    mapper = SiteMapper(read_trial()[0], "guangzhou")
    sent = join_concept(text, [])
    assert sent is not None
    found = mapper.map_test(sent, None)
    assert found is not None
    assert found.concept_id == concept
    match = mapper.map_value("LBSTRESC", word, concept_id=concept)
    assert match is not None
    assert match.value == value


def test_where_sent(tmp_path: Path) -> None:
    """From an Observation of category exam to PE and its trace; no other file knows of the domain."""
    delivery = tmp_path / "zhongshan"
    delivery.mkdir()
    source = sorted((MAPPINGS.parent / "fixtures" / "hospitals" / "zhongshan").glob("bundle-*.json"))[0]
    bundle = json.loads(source.read_text(encoding="utf-8"))
    patient = next(e["resource"]["id"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
    exam = {
        "resourceType": "Observation", "id": "exam-1", "status": "final", "code": {"text": "肝掌"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "exam"}]}],
        "subject": {"reference": f"Patient/{patient}"}, "effectiveDateTime": "2023-03-16",
        "valueCodeableConcept": {"text": "阳性(+)"},
    }  # fmt: skip
    bundle["entry"].append({"fullUrl": "urn:uuid:6f2a0a52-52d5-4d0e-8d0b-0d8f8a1f6a11", "resource": exam})
    (delivery / source.name).write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    result = convert([delivery], tmp_path / "out", ConvertOptions(site="zhongshan", conformance="none"))
    pe = result.datasets["PE"]
    assert read_rows(pe, ["PESCAT", "PEORRES", "PESTRESC"]) == [
        {"PESCAT": "PALMAR ERYTHEMA", "PEORRES": "POSITIVE", "PESTRESC": "POSITIVE"}
    ]
    assert pe.trace.loc[pe.trace["variable"] == "", "mapping_row"].str.startswith("sites/_base/codes.csv:").all()
    assert (tmp_path / "out" / "sdtm" / "pe.xpt").exists()
    assert 'Name="PE"' in (tmp_path / "out" / "sdtm" / "define.xml").read_text("utf-8")
    checked = pd.read_csv(tmp_path / "out" / "validation.csv", encoding="utf-8-sig")
    assert "PE" not in set(checked["dataset"])
