"""The simulator leans on nothing that it is to judge."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import hbv_standards.simulate

FOLDER = Path(hbv_standards.simulate.__file__).parent
FORBIDDEN = ("mapping", "derive", "sdtm", "ingest", "canonical", "standards", "study")


def list_imports(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return named | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.py")), ids=lambda f: f.relative_to(FOLDER).as_posix())
def test_imports(file: Path) -> None:
    foreign = {
        name for name in list_imports(file) for part in FORBIDDEN if name.startswith(f"hbv_standards.{part}")
    }
    assert foreign == set()
