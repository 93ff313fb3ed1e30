"""The shape of the house: names, sizes, floors."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src" / "hbv_standards").rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "common", "helpers", "core", "manager", "misc"}
ALLOWED = {"validate/core.py"}  # speaks to CDISC CORE, whose name it is


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "src" / "hbv_standards").as_posix()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in FORBIDDEN_NAMES or name_of(path) in ALLOWED
    assert text.count("\n") <= 320, f"{name_of(path)} is long; split it by subject"
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError|except Exception|except:", text)
    tree = ast.parse(text)
    if text.strip() and path.name != "__main__.py":
        assert ast.get_docstring(tree), f"{name_of(path)} says nothing of what it is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 70, f"{name_of(path)}: {node.name} has {length} lines"


@pytest.mark.parametrize(
    "word", ["hepatitis", "HBsAg", "PEGIFN", "NACONT", "zhongshan", "guangzhou", "foshan", "ENTECAVIR"]
)
def test_engine_knows_no_trial(word: str) -> None:
    engine = [p for p in SOURCES if name_of(p).split("/")[0] not in {"simulate", "standards"}]
    code = {name_of(p): drop_docstrings(p.read_text(encoding="utf-8")) for p in engine}
    assert [name for name, text in code.items() if word in text] == []


def drop_docstrings(text: str) -> str:
    """Code without docstrings and comments: examples there may name the trial."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def test_no_machine_paths_in_the_project() -> None:
    files = [p for folder in ("src", "tests", "mappings", "docs", "benchmarks") for p in (ROOT / folder).rglob("*.*")]
    files += [ROOT / name for name in ("README.md", "pyproject.toml", ".ci/run")]
    pattern = re.compile("(?<![\\w.~:/-])/" + "(work|root|home|tmp)/")
    texts = [p for p in files if p.suffix in {".py", ".md", ".yaml", ".csv", ".toml"}]
    found = [str(p) for p in texts if pattern.search(p.read_text("utf-8"))]
    assert found == []
