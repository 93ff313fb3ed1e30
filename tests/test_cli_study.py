"""The commands of `study`, as a data manager calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from desk.tiny_study import CODES, read_all, write_study
from hbv_standards.cli_study import study as command

BROKEN = {"sites/clinic/codes.csv": CODES + "test,,A1,,,CONCEPT,ALTT,,,\n"}
NOTED = {"sites/clinic/codes.csv": CODES + "test,,A1,,,CONCEPT,ALT,,,\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "study")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_check_a_sound_study(folder: Path) -> None:
    result = run("check", folder)
    assert (result.exit_code, result.output) == (0, "0 faults, 0 notes\n")
    assert (run("check", folder, "-q").exit_code, run("check", folder, "-q").output) == (0, "")


def test_check_a_study_with_a_fault(tmp_path: Path) -> None:
    result = run("check", write_study(tmp_path, BROKEN))
    told = "fault  sites/clinic/codes.csv row 2: to_code 'ALTT' is no concept_id of concepts; did you mean 'ALT'?"
    assert (result.exit_code, result.output) == (1, f"{told}\n1 fault, 0 notes\n")
    assert run("check", tmp_path, "--quiet").stderr == f"{told}\n"


def test_notes_do_not_fail(tmp_path: Path) -> None:
    result = run("check", write_study(tmp_path, NOTED))
    assert result.exit_code == 0
    assert result.output.startswith("note   concepts/lb.csv row 3: CREA stands in no hospital's codes.csv")
    assert result.output.endswith("0 faults, 1 note\n")
    assert run("check", tmp_path, "--no-notes").output == "0 faults, 1 note\n"


def test_check_the_shipped_study() -> None:
    assert run("check").exit_code == 0


def test_excel_there_and_back(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    assert run("to-excel", folder, "--out", path).output == f"{path}: 14 tables, 15 rows\n"
    assert run("from-excel", path, folder).output == "nothing changed\n"
    book = load_workbook(path)
    book["clinic codes"]["G3"] = "ALT"
    book.save(path)
    before = read_all(folder)
    dry = run("from-excel", path, folder, "--dry-run")
    told = "sites/clinic/codes.csv row 3: to_code 'CREA' → 'ALT'\n"
    assert (dry.exit_code, dry.output) == (0, f"{told}would be written: sites/clinic/codes.csv\n")
    assert read_all(folder) == before
    done = run("from-excel", path, folder)
    assert (done.exit_code, done.output) == (0, f"{told}written: sites/clinic/codes.csv\n")
    assert {file for file, data in read_all(folder).items() if data != before[file]} == {
        "sites/clinic/codes.csv"
    }


def test_a_fault_writes_nothing(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "tables.xlsx"
    run("to-excel", folder, "--out", path)
    book = load_workbook(path)
    book["clinic codes"]["G3"] = "ALTT"
    book.save(path)
    before = read_all(folder)
    result = run("from-excel", path, folder)
    assert (result.exit_code, read_all(folder)) == (1, before)
    assert result.stderr.endswith("did you mean 'ALT'?\n1 fault; nothing was written\n")
    book["clinic codes"]["G3"] = 5
    book.save(path)
    result = run("from-excel", path, folder, "--quiet")
    assert (result.exit_code, result.stdout, read_all(folder)) == (1, "", before)


def test_maps_there_and_back(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "maps"
    path = out / "ConceptMap-clinic.json"
    assert run("to-conceptmap", folder, "--all", "--out", out).output == f"{path}: 2 rows\n"
    assert run("from-conceptmap", path, "--study", folder).output == "nothing changed\n"
    resource = json.loads(path.read_bytes())
    resource["group"][0]["element"][0]["target"][0]["code"] = "1743-4"
    resource["group"][0]["unmapped"] = {"mode": "provided"}
    path.write_text(json.dumps(resource), encoding="utf-8")
    assert run("from-conceptmap", path, "--study", folder).output == (
        "left out: ConceptMap-clinic.json group 1: unmapped; the tables say nothing of codes without a row\n"
        "sites/clinic/codes.csv row 2: to_code '1742-6' → '1743-4'\n"
        "written: sites/clinic/codes.csv\n"
    )
    assert b"1743-4" in (folder / "sites/clinic/codes.csv").read_bytes()


def test_a_hospital_without_rows(folder: Path, tmp_path: Path) -> None:
    result = run("to-conceptmap", folder, "--site", "ward", "--out", tmp_path / "maps")
    assert (result.exit_code, result.output) == (0, "the hospitals have no rows; nothing was written\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "{tmp}"], "hbv-standards: {tmp} holds no study.yaml; name the folder that does\n"),
        (["to-excel", "{study}", "--out", "{tmp}"], "hbv-standards: --out {tmp} exists, and may hold edits; name a new file\n"),
        (["from-excel", "{tmp}/a.xlsx", "{study}"], "hbv-standards: {tmp}/a.xlsx does not exist; name the workbook\n"),
        (["to-conceptmap", "{study}", "--out", "{tmp}/x"], "hbv-standards: name hospitals with --site ID, or take --all\n"),
        (["to-conceptmap", "{study}", "--all", "--site", "ward", "--out", "{tmp}/x"],
         "hbv-standards: name hospitals with --site ID, or take --all\n"),
        (["from-conceptmap", "{tmp}/a.json", "--study", "{study}"],
         "hbv-standards: {tmp}/a.json does not exist; name a ConceptMap\n"),
        (["from-conceptmap", "{tmp}", "--study", "{study}"], "hbv-standards: {tmp}: Is a directory; close it, or name another\n"),
    ],
)  # fmt: skip
def test_wrong_usage(folder: Path, tmp_path: Path, arguments: list[str], told: str) -> None:
    result = run(*(argument.format(tmp=tmp_path, study=folder) for argument in arguments))
    assert (result.exit_code, result.stderr) == (2, told.format(tmp=tmp_path))


@pytest.mark.parametrize("name", sorted(command.commands))
def test_help_has_an_example(name: str) -> None:
    result = run(name, "--help")
    assert (result.exit_code, f"hbv-standards study {name}" in result.output) == (0, True)


def test_many_faults_of_one_edit_are_not_all_listed(folder: Path, tmp_path: Path) -> None:
    maps = tmp_path / "maps"
    run("to-conceptmap", folder, "--site", "clinic", "--out", maps)
    path = maps / "ConceptMap-clinic.json"
    resource = json.loads(path.read_text(encoding="utf-8"))
    target = {"code": "ALT", "relationship": "equivalent"}
    group = {
        "source": "http://lab.example",
        "element": [{"code": f"A{at}", "target": [target]} for at in range(50)],
    }
    path.write_text(json.dumps({**resource, "group": [group]}), encoding="utf-8")
    result = run("from-conceptmap", path, "--study", folder)
    assert result.exit_code == 1
    assert result.stderr.count("fault  ") == 20
    assert result.stderr.endswith("       and 30 more\n50 faults; nothing was written\n")
