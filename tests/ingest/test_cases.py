"""Cases as data: files in, sources, issues and table rows out (tests/cases/ingest)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

CASES = Path(__file__).parents[1] / "cases" / "ingest"


def load_cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['name']}")
        for file in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("case", load_cases())
def test_case(case: dict[str, Any], read: Any) -> None:
    found = read(case["files"], case.get("sites"), **case.get("options", {}))
    assert set(case) & {"sources", "issues", "tables"}
    if "sources" in case:
        assert found.sources == case["sources"]
    assert found.issues == case.get("issues", [])
    for table, rows in case.get("tables", {}).items():
        for at, row in enumerate(rows):
            cells = found.rows(table, *row)
            assert len(cells) == len(rows), f"{table}: {cells}"
            assert dict(zip(row, cells[at], strict=True)) == row
