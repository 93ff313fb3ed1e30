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
from hbv_standards.desk.note import Note
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.catalog import check_tables
from mapping.conftest import FILES as MAPPING_FILES
from mapping.test_checks import SIZES
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


NOTES, FAULTS, ROW_FAULTS = (
    read_cases(f) for f in ("desk/notes.yaml", "desk/faults.yaml", "mapping/faults.yaml")
)


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
TOLD = [
    PACKAGE / name
    for name in ("study.py", *(f"mapping/{n}.py" for n in ("site", "rows", "tables", "faults")))
]
TOLD += [*sorted(PACKAGE.glob("mapping/check_*.py")), *sorted(PACKAGE.glob("desk/note_*.py"))]
SMALL = {name: FILES[name] for name in ("units.csv", "labels_zh.csv", "terminology/values.csv")}


def list_calls(path: Path, *names: str) -> list[ast.Call]:
    calls = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
    ]
    return [node for node in calls if isinstance(node.func, ast.Name) and node.func.id in names]


def record_makers(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, int]]:
    """(file, line) of the code that makes faults and notes, filled while they are made."""
    makers: set[tuple[str, int]] = set()

    def follow(made: Any) -> Any:
        def make(*args: Any, **kwargs: Any) -> None:
            frame: FrameType | None = sys._getframe(1)
            for _ in range(3):
                if frame is not None:
                    makers.add((frame.f_code.co_filename, frame.f_lineno))
                    frame = frame.f_back
            made(*args, **kwargs)

        return make

    for kind in (ConfigurationError, Note):
        monkeypatch.setattr(kind, "__init__", follow(kind.__init__))
    return makers


def test_every_message_has_its_broken_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    makers = record_makers(monkeypatch)
    for at, case in enumerate([*NOTES, *FAULTS]):
        check_study(write_case(tmp_path / f"{at}", case))
    check_study(tmp_path / "nowhere")
    for at, case in enumerate(ROW_FAULTS):
        sizes = {"unit_dimensions.csv": SIZES} if "units.csv" not in case["file"] else {}
        files = {**MAPPING_FILES, **SMALL, **sizes, case["file"]: read_mapping_case(case)}
        check_tables(write_study(tmp_path / f"row{at}", {**dict.fromkeys(FILES), **files}))
    missing = [
        f"{path.relative_to(PACKAGE)}:{call.lineno} {ast.unparse(call)}"
        for path in TOLD
        for call in list_calls(path, "ConfigurationError", "build_fault", "build_note", "Note")
        if not any(
            (str(path), line) in makers for line in range(call.lineno, (call.end_lineno or call.lineno) + 1)
        )
    ]
    if missing:
        pytest.fail("no case for:\n" + "\n".join(missing))


def test_every_message_of_a_field_has_its_broken_file() -> None:
    told = [case["told"] for case in (*NOTES, *FAULTS, *ROW_FAULTS)]
    missing = []
    for path in TOLD:
        for call in list_calls(path, "ValueError"):
            parts = [
                node.value
                for node in ast.walk(call)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            fixed = [part.strip() for part in parts if len(part.strip()) > 5]
            if not any(all(part in text for part in fixed) for text in told):
                missing.append(f"{path.relative_to(PACKAGE)}:{call.lineno} {ast.unparse(call)}")
    if missing:
        pytest.fail("no case for:\n" + "\n".join(missing))
