"""Uses, answers, examinations, notes and reasons: resources in, records and rows out (tests/cases/trial)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.mapping.catalog import Catalog

from .trial import build, list_dataset, write_trial

CASES = Path(__file__).parents[1] / "cases" / "trial"
RECORDS = ("interventions", "events", "findings")


def load_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['name']}")
        for file in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return write_trial(tmp_path_factory.mktemp("trial") / "mappings")


@pytest.mark.parametrize("case", load_cases())
def test_case(case: dict[str, Any], tmp_path: Path, catalog: Catalog) -> None:
    subject = {"subject": {"reference": "Patient/p"}}
    built = build([{**subject, **resource} for resource in case["resources"]], tmp_path, catalog)
    for record in RECORDS:
        rows, expected = built.rows(record), case.get(record, [])
        assert len(rows) == len(expected), f"{record}: {[(row['of'], row['path']) for row in rows]}"
        for row, cells in zip(rows, expected, strict=True):
            assert {name: row[name] for name in cells} == cells
    assert built.issues == case.get("issues", [])
    assert built.supports("group", "reason") == case.get("supports", [])
    found = built.outcomes()
    settled = {name: outcome for name, outcome in found.items() if outcome[0] != "converted"}
    assert settled == case.get("outcomes", {})
    for name, expected in case.get("datasets", {}).items():
        assert list_dataset(built.datasets.get(name), list(expected[0]) if expected else ["STUDYID"]) == expected
