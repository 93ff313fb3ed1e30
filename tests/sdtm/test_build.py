"""Cases of tests/cases/sdtm: canonical records in, rows and issues out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .cases import read_rows, run_case

CASES = Path(__file__).parents[1] / "cases" / "sdtm"


def read_cases() -> list[Any]:
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return cases


@pytest.mark.parametrize("case", read_cases())
def test_case(case: dict[str, Any]) -> None:
    """Every row is named; of each row the variables that the case tells. Issues are all named."""
    datasets, log = run_case(case, cutoff=case.get("cutoff"), agency=case.get("agency", "fda"))
    for name, expected in case["expect"].items():
        columns = list(dict.fromkeys(column for row in expected for column in row))
        found = read_rows(datasets.get(name), columns)
        named = [{column: row[column] for column in wanted} for row, wanted in zip(found, expected, strict=False)]
        assert (named, len(found)) == (expected, len(expected)), name
    assert sorted({row.code for row in log.rows}) == case.get("issues", [])
