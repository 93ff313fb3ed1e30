"""`study check`: every fault and every note, each with the broken table that causes it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml

import hbv_standards
from hbv_standards.desk.check_study import check_study
from hbv_standards.mapping.catalog import check_tables
from mapping.conftest import FILES as MAPPING_FILES
from mapping.test_checks import read_case as read_mapping_case

from .tiny_study import CODES, FILES, UNITS, VALUES, write_study

CASES = Path(__file__).parents[1] / "cases"
BEGIN = {
    "codes.csv": CODES,
    "units.csv": UNITS,
    "values.csv": VALUES,
    "conversions.csv": "concept_id,site,from_unit,to_unit,factor,source\n",
}


def read_cases(file: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))
    return cases


NOTES, FAULTS, ROW_FAULTS = (read_cases(f) for f in ("desk/notes.yaml", "desk/faults.yaml", "mapping/faults.yaml"))


def write_case(folder: Path, case: dict[str, Any]) -> Path:
    """The sound study with the case's file broken."""
    file = case["file"]
    text = case.get("text")
    if text is None:
        text = FILES.get(file) or BEGIN[Path(file).name]
        for old, new in case.get("replace", ()):
            assert old in text
            text = text.replace(old, new, 1)
        text += "".join(f"{row}\n" for row in case.get("rows", ()))
    content = text.encode(case.get("encoding", "utf-8"))
    return write_study(folder, {**case.get("more", {}), file: None if case.get("absent") else content})


def test_a_sound_study_has_nothing_to_tell(tmp_path: Path) -> None:
    found = check_study(write_study(tmp_path))
    assert [*map(str, found.faults), *map(str, found.notes)] == []


@pytest.mark.parametrize("case", NOTES, ids=[case["told"][:70] for case in NOTES])
def test_note(tmp_path: Path, case: dict[str, Any]) -> None:
    found = check_study(write_case(tmp_path, case))
    assert [str(fault) for fault in found.faults] == []
    assert case["told"] in [str(note) for note in found.notes]


@pytest.mark.parametrize("case", FAULTS, ids=[case["told"][:70] for case in FAULTS])
def test_fault(tmp_path: Path, case: dict[str, Any]) -> None:
    found = check_study(write_case(tmp_path, case))
    told = [str(fault) for fault in found.faults]
    begin, star, _ = case["told"].partition("*")  # what the YAML library says is its own
    assert [text for text in told if text.startswith(begin)] if star else case["told"] in told
    assert found.notes == ()


def test_a_folder_without_study_yaml(tmp_path: Path) -> None:
    (fault,) = check_study(write_study(tmp_path, {"study.yaml": None})).faults
    assert str(fault) == f"no study.yaml in {tmp_path}; name the study folder with --study"


PACKAGE = Path(hbv_standards.__file__).parent
TOLD = ("study.py", "mapping/site.py", "mapping/rows.py", "mapping/tables.py", "mapping/faults.py")
TELLING = ("ConfigurationError", "ValueError", "build_fault", "build_note", "Note")


def list_told() -> dict[str, set[int]]:
    """File → lines at which a message of `study check` is made."""
    files = [PACKAGE / name for name in TOLD]
    files += [*sorted(PACKAGE.glob("mapping/check_*.py")), *sorted(PACKAGE.glob("desk/note_*.py"))]
    return {str(path): set(find_lines(path)) for path in files}


def find_lines(path: Path) -> list[int]:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    return [node.lineno for node in calls if isinstance(node.func, ast.Name) and node.func.id in TELLING]


def test_every_message_has_its_broken_table(tmp_path: Path) -> None:
    told, reached = list_told(), set[tuple[str, int]]()

    def follow(frame: FrameType, event: str, _: object) -> Any:
        name = frame.f_code.co_filename
        if name not in told:
            return None
        if event == "line" and frame.f_lineno in told[name]:
            reached.add((name, frame.f_lineno))
        return follow

    folders = [write_case(tmp_path / f"{at}", case) for at, case in enumerate([*NOTES, *FAULTS])]
    before = sys.gettrace()
    sys.settrace(follow)
    try:
        for folder in folders:
            check_study(folder)
        for at, case in enumerate(ROW_FAULTS):
            files = {**MAPPING_FILES, case["file"]: read_mapping_case(case)}
            check_tables(write_study(tmp_path / f"row{at}", {**dict.fromkeys(FILES), **files}))
    finally:
        sys.settrace(before)
    missing = [
        f"{Path(name).relative_to(PACKAGE)}:{line} {Path(name).read_text(encoding='utf-8').splitlines()[line - 1].strip()}"
        for name, lines in told.items()
        for line in sorted(lines)
        if (name, line) not in reached
    ]
    if missing:
        pytest.fail("no case for:\n" + "\n".join(missing))
