"""Criteria and trial summary against concepts, treatments, units and terminology."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.check_trial import check_trial
from hbv_standards.study import StudyConfig, read_study

MAPPINGS = Path(__file__).parents[2] / "mappings"
RESULT = {"kind": "result", "concepts": ["ALT"], "comparator": "<", "value": "5", "unit": "U/L"}


def build_study(tmp_path: Path, **parts: Any) -> StudyConfig:
    raw = yaml.safe_load((MAPPINGS / "study.yaml").read_text(encoding="utf-8"))
    (tmp_path / "study.yaml").write_text(yaml.safe_dump({**raw, **parts}, allow_unicode=True), encoding="utf-8")
    return read_study(tmp_path)


def list_faults(study: StudyConfig) -> list[str]:
    catalog = read_catalog(MAPPINGS)
    classes = {row.treatment_class for row in catalog.treatments.values()}
    units = {row.unit_value for row in catalog.dimensions}
    return [str(fault) for fault in check_trial(study, catalog.concepts, classes, units)]


def test_the_trial_has_no_fault() -> None:
    assert list_faults(read_study(MAPPINGS)) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (RESULT, None),
        ({**RESULT, "concepts": ["ALTT"]}, "criteria C1: 'ALTT' is no test of concepts; did you mean 'ALT'"),
        ({**RESULT, "unit": "U/l"}, "criteria C1: unit 'U/l' has no row in unit_dimensions.csv; did you mean 'U/L'"),
        ({**RESULT, "unit": None}, "criteria C1: ALT has the unit U/L; say the unit of the value"),
        ({"kind": "value", "concepts": ["HBEAG"], "met": ["NEGATIVE"]}, "'HBEAG' is no test of concepts"),
        ({"kind": "treatment duration", "treatment_classes": ["NAS"], "at_least": "P1Y", "before": "consent"},
         "criteria C1: 'NAS' is no treatment_class of treatments.csv; did you mean 'NA'?"),
    ],
)  # fmt: skip
def test_criteria(tmp_path: Path, rule: dict[str, Any], said: str | None) -> None:
    criterion = {"testcd": "C1", "text": "Text", "category": "INCLUSION", "rule": rule}
    faults = list_faults(build_study(tmp_path, criteria=[criterion]))
    assert [said in fault for fault in faults if said] == ([True] if said else [])
    assert len(faults) == (1 if said else 0)
    assert all(fault.startswith("study.yaml: ") for fault in faults)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"parameter": "TBLIND", "value": "OPEN LABEL"}, None),
        ({"parameter": "TBLIND", "value": "Open label"}, "'Open label' is not in TBLIND (C66735); did you mean 'OPEN LABEL'?"),
        ({"parameter": "RANDOM", "value": "YES"}, "'YES' is not in NY (C66742); did you mean 'Y'?"),
        ({"parameter": "TBLIND", "value": "TRIPLE BLIND"}, None),  # extensible
        ({"parameter": "TBLIND", "value": "OPEN LABEL", "code": "C1", "dictionary": "CDISC CT"}, "is looked up"),
        ({"parameter": "AGEMIN", "value": "18"}, "'18' is no ISO 8601 duration; write it as P48W"),
        ({"parameter": "AGEMIN", "value": "P18Y"}, None),
        ({"parameter": "AGEMN", "value": "P18Y"}, "AGEMN: is not in TSPARMCD (C66738); did you mean 'AGEMIN'?"),
        ({"parameter": "KITLOT", "name": "Kit Lot", "value": "A"}, None),
        ({"parameter": "TITLE", "name": "Title", "computed": "title"}, "its name is 'Trial Title'; leave `name` out"),
        ({"parameter": "INDIC", "value": "X", "code": "1", "dictionary": "SNOMED CT"}, "dictionary 'SNOMED CT' is not in DICTNAM"),
    ],
)  # fmt: skip
def test_trial_summary(tmp_path: Path, entry: dict[str, Any], said: str | None) -> None:
    faults = list_faults(build_study(tmp_path, trial_summary=[entry]))
    assert [said in fault for fault in faults if said] == ([True] if said else [])
    assert len(faults) == (1 if said else 0)


def test_one_value_twice(tmp_path: Path) -> None:
    entry = {"parameter": "TTYPE", "value": "SAFETY"}
    assert list_faults(build_study(tmp_path, trial_summary=[entry, entry])) == [
        "study.yaml: trial_summary TTYPE: stands here twice; keep one"
    ]
