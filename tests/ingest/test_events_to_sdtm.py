"""Diseases, adverse events and families from FHIR to AE, MH and APMH, in both builds, and their books."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.issues import IssueLog
from hbv_standards.pipeline import ConvertOptions, convert
from hbv_standards.sdtm.build import build_sdtm

from .trial import Built, build, list_dataset, write_trial

SEVERITY = "http://terminology.hl7.org/CodeSystem/adverse-event-severity"
SERIOUSNESS = "http://terminology.hl7.org/CodeSystem/adverse-event-seriousness"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
SUBJECT = {"subject": {"reference": "Patient/p"}}


def code(system: str, value: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": value}], **({"text": text} if text else {})}


RESOURCES: list[dict[str, Any]] = [
    {
        "resourceType": "AdverseEvent", "id": "r4", **SUBJECT, "actuality": "actual", "event": {"text": "中性粒细胞减少"},
        "date": "2024-03-01", "severity": code(SEVERITY, "moderate"), "seriousness": code(SERIOUSNESS, "non-serious"),
        "resultingCondition": [{"reference": "Condition/behind"}], "outcome": {"text": "好转"},
        "suspectEntity": [{"instance": {"display": "drug"}, "causality": [{"assessment": {"text": "有关"}}]}],
    },
    {"resourceType": "Condition", "id": "behind", **SUBJECT, "code": code(ICD10, "D70"), "onsetDateTime": "2024-03-01",
     "clinicalStatus": {"coding": [{"code": "active"}]}},
    {
        "resourceType": "AdverseEvent", "id": "r5", **SUBJECT, "status": "completed", "actuality": "actual",
        "code": {"text": "发热", "coding": [{"system": "https://www.meddra.org", "code": "10037660", "display": "Pyrexia"}]},
        "occurrencePeriod": {"start": "2024-02-01", "end": "2024-02-03"}, "outcome": [{"text": "痊愈"}],
    },
    {"resourceType": "Condition", "id": "bad", **SUBJECT, "category": [{"text": "不良反应"}], "code": {"text": "皮疹"},
     "severity": {"text": "3级"}, "onsetDateTime": "2024-02"},
    {"resourceType": "Condition", "id": "cause", **SUBJECT, "code": code(ICD10, "B18.1", "慢性乙型肝炎"),
     "onsetString": "2008年", "recordedDate": "2023-12-01", "clinicalStatus": {"coding": [{"code": "active"}]}},
    {"resourceType": "Condition", "id": "denied", **SUBJECT, "code": {"text": "高血压"},
     "verificationStatus": {"coding": [{"code": "refuted"}]}},
    {"resourceType": "FamilyMemberHistory", "id": "mother", "status": "completed", "patient": {"reference": "Patient/p"},
     "relationship": {"text": "母亲"}, "condition": [{"code": {"text": "乙肝"}}, {"code": {"text": "肝癌", "coding": [
         {"system": ICD10, "code": "C22.0"}]}}]},
]  # fmt: skip
AE = [  # AETERM of the Chinese build apart
    {"AEDECOD": "Neutropenia", "AESEV": "MODERATE", "AESER": "N", "AEREL": "RELATED", "AEOUT": "RECOVERING/RESOLVING",
     "AETOXGR": None, "AESTDTC": "2024-03-01", "AEENDTC": None, "AEENRTPT": "ONGOING"},
    {"AEDECOD": "Pyrexia", "AESEV": None, "AESER": None, "AEREL": None, "AEOUT": "RECOVERED/RESOLVED",
     "AETOXGR": None, "AESTDTC": "2024-02-01", "AEENDTC": "2024-02-03", "AEENRTPT": None},
    {"AEDECOD": "Rash", "AESEV": None, "AESER": None, "AEREL": None, "AEOUT": None,
     "AETOXGR": "3", "AESTDTC": "2024-02", "AEENDTC": None, "AEENRTPT": None},
]
MH = {"MHCAT": "PRIMARY DIAGNOSIS", "MHEVDTYP": "DIAGNOSIS", "MHSTDTC": "2008", "MHDTC": "2023-12-01",
      "MHENRTPT": "ONGOING"}
TERMS = {  # in the order of both builds
    "AE": (["Neutropenia", "Pyrexia", "Rash"], ["中性粒细胞减少", "发热", "皮疹"]),
    "MH": (["Chronic hepatitis B"], ["慢性乙型肝炎"]),
    "APMH": (["C22.0", "Hepatitis B"], ["肝癌", "乙肝"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("trial")
    return build(RESOURCES, folder / "in", write_trial(folder / "mappings"))


@pytest.mark.parametrize("agency", ["fda", "nmpa"])
def test_rows_of_both_builds(built: Built, agency: Any) -> None:
    made = build_sdtm(built.data, built.catalog, IssueLog(), agency=agency)
    for name, terms in TERMS.items():
        assert made[name].frame[f"{name[-2:]}TERM"].tolist() == terms[agency == "nmpa"]
    assert list_dataset(made["AE"], list(AE[0])) == AE
    assert list_dataset(made["MH"], list(MH)) == [MH]
    assert list_dataset(made["APMH"], ["SREL"]) == [{"SREL": "MOTHER"}] * 2


def test_issues_and_books(built: Built) -> None:
    assert built.issues == [
        ["HBV-ING-016", "AdverseEvent.suspectEntity.instance", ""],
        ["HBV-MAP-005", "FamilyMemberHistory.condition[1].code", f"C22.0 肝癌 ({ICD10})"],
    ]
    assert built.supports("group") == [["AdverseEvent/r4", "Condition/behind", "group"]]
    outcomes = built.outcomes()
    assert outcomes.pop("Condition/denied") == ["out of scope", "the diagnosis was refuted"]
    assert set(map(tuple, outcomes.values())) == {("converted", "")}


def test_the_condition_behind_an_event_after_the_cut_is_no_loss(built: Built, tmp_path: Path) -> None:
    build(RESOURCES, tmp_path / "in", built.catalog)
    options = ConvertOptions(study=built.catalog.folder, cutoff="2024-02-15", conformance="none")
    result = convert([tmp_path / "in"], tmp_path / "out", options)
    assert result.datasets["AE"].frame["AEDECOD"].tolist() == ["Pyrexia", "Rash"]
    assert "HBV-CAN-006" not in set(result.issues["code"])
    counted = result.outcomes.set_index("resource_type")[["converted", "out of scope", "rejected"]]
    books = counted.T.to_dict("list")
    assert (books["AdverseEvent"], books["Condition"]) == ([1, 1, 0], [2, 2, 0])
