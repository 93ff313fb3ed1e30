"""What lies beside the datasets: subjects and arms, issues, how the cuts were made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hbv_standards.compare import describe_difference

from .cut_folders import Cut, Record, compare


def dm(subject: str, arm: str) -> Record:
    return {"STUDYID": "S", "DOMAIN": "DM", "USUBJID": subject, "ARMCD": arm, "ACTARMCD": arm}


def issue(code: str, resource: str, count: str = "1", message: str = "m") -> dict[str, str]:
    return {"code": code, "severity": "warning", "site": "x", "file": "f", "resource": resource, "path": "", "dataset": "",
            "variable": "", "value": "", "message": message, "count": count}  # fmt: skip


DM = Cut({"DM": [dm("S-1", "A"), dm("S-2", "A")]})
MANIFEST = {
    "study": "S",
    "standards": {"SDTM CT": "2025-03-28"},
    "command": {"cutoff": "2024-06-30", "agency": "fda"},
    "versions": {"hbv_standards": "0.1.0"},
    "mapping_tables": {"units.csv": "1" * 64, "study.yaml": "1" * 64},
    "inputs": [{"site": "x", "file": "x/a.json", "sha256": "1" * 64}],
}


def test_subjects(tmp_path: Path) -> None:
    found = compare(tmp_path, DM, Cut({"DM": [dm("S-2", "B"), dm("S-3", "A")]}))
    assert found.subjects.to_numpy().tolist() == [
        ["S-1", "subject removed", "", "", ""],
        ["S-2", "arm changed", "ARMCD", "A", "B"],
        ["S-2", "arm changed", "ACTARMCD", "A", "B"],
        ["S-3", "subject added", "", "", ""],
    ]
    lines = list(describe_difference(found))
    assert "arm changed: 1: S-2" in lines
    assert "subject added: 1: S-3" in lines


def test_issues_are_the_same_wherever_their_file_lies(tmp_path: Path) -> None:
    old = replace(
        DM,
        issues=[
            issue("HBV-MAP-001", "a"),
            issue("HBV-MAP-001", "b", "3"),
            issue("HBV-MAP-002", "c", message="old"),
        ],
    )
    new = replace(
        DM,
        issues=[
            issue("HBV-MAP-001", "b", "2"),
            issue("HBV-MAP-001", "d"),
            issue("HBV-MAP-002", "c", message="new"),
        ],
    )
    found = compare(tmp_path, old, new)
    assert found.issues.to_numpy().tolist() == [["HBV-MAP-001", 4, 3, 1, 2]]
    assert found.differs
    assert "  HBV-MAP-001: 4 -> 3 (1 new, 2 gone)" in describe_difference(found)


def test_issues_of_one_cut_alone_say_nothing(tmp_path: Path) -> None:
    assert compare(tmp_path, DM, replace(DM, issues=[issue("HBV-MAP-001", "a")])).issues.empty


@pytest.mark.parametrize(
    ("changed", "row", "line"),
    [
        ({"command": {"cutoff": None, "agency": "fda"}}, ["option", "cutoff", "2024-06-30", ""], "option cutoff: 2024-06-30 -> none"),
        ({"versions": {"hbv_standards": "0.2.0"}}, ["version", "hbv_standards", "0.1.0", "0.2.0"], "version hbv_standards: 0.1.0 -> 0.2.0"),
        ({"study": "T"}, ["study", "", "S", "T"], "study: S -> T"),
        ({"mapping_tables": {"units.csv": "2" * 64, "study.yaml": "1" * 64}}, ["mapping table", "units.csv", "1" * 12, "2" * 12],
         "mapping tables: 0 new, 0 gone, 1 changed: units.csv"),
        ({"inputs": [*MANIFEST["inputs"], {"site": "x", "file": "x/b.json", "sha256": "2" * 64}]}, ["input", "x/b.json", "", "2" * 12],
         "inputs: 1 new, 0 gone, 0 changed: x/b.json"),
    ],
)  # fmt: skip
def test_how_the_cuts_were_made(
    changed: dict[str, object], row: list[str], line: str, tmp_path: Path
) -> None:
    found = compare(tmp_path, replace(DM, manifest=MANIFEST), replace(DM, manifest={**MANIFEST, **changed}))
    assert found.settings.to_numpy().tolist() == [row]
    assert next(describe_difference(found)) == line
    assert not found.differs
