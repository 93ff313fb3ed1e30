"""CDISC CORE as a process: both command lines, what it reports, and everything that can go wrong."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.validate import (
    COLUMNS,
    CoreResult,
    describe_core,
    merge_findings,
    run_core,
    validate_folder,
)

from .writing import build_study, write_study

Plan = Callable[..., Path]

OFFICIAL = {
    "Conformance_Details": {"CORE_Engine_Version": "0.17.1", "Standard": "SDTMIG"},
    "Dataset_Details": [{"filename": "LB"}],
    "Issue_Summary": [
        {"dataset": "LB", "core_id": "CORE-000529", "message": "--DY is wrong", "issues": 3},
        {"dataset": "TS", "core_id": "CORE-000505", "message": "no SSTDTC", "issues": 1},
    ],
    "Issue_Details": [
        {"core_id": "CORE-000529", "message": "--DY is wrong", "executability": "fully executable",
         "dataset": "lb.xpt", "USUBJID": "ST1-001", "row": 3, "SEQ": 3, "variables": ["LBDY", "LBDTC"],
         "values": ["28", "2024-02-07"]},
        {"core_id": "CORE-000529", "message": "--DY is wrong", "executability": "fully executable",
         "dataset": "LB", "USUBJID": "ST1-001", "row": "5", "SEQ": "", "variables": ["LBDY"], "values": [None]},
        {"core_id": "CORE-000505", "message": "no SSTDTC", "dataset": "TS", "USUBJID": "", "row": "", "SEQ": "",
         "variables": ["TSVAL"], "values": ["2024"]},
        {"core_id": "CORE-000700", "message": "failed - column not found", "dataset": "MB", "USUBJID": "",
         "row": "", "SEQ": "", "variables": "", "values": "no such column"},
    ],
    "Rules_Report": [
        {"core_id": "CORE-000529", "cdisc_rule_id": "CG0006", "fda_rule_id": "FB1603", "message": "m",
         "status": "ISSUE REPORTED"},
        {"core_id": "CORE-000505", "cdisc_rule_id": "CG0285", "fda_rule_id": "TRC1734c", "message": "m",
         "status": "ISSUE REPORTED"},
        {"core_id": "CORE-000001", "cdisc_rule_id": "CG0176", "fda_rule_id": "", "message": "m", "status": "SUCCESS"},
        {"core_id": "CORE-000003", "cdisc_rule_id": "CG0299", "fda_rule_id": None, "message": "m",
         "status": "SKIPPED"},
        {"core_id": "CORE-000700", "cdisc_rule_id": "", "fda_rule_id": "FB3204", "message": "m",
         "status": "EXECUTION ERROR"},
    ],
}  # fmt: skip

WRAPPER = {
    "engine": "cdisc-rules-engine==0.17.1",
    "not_applicable": ["CORE-000929"],
    "rules": [
        {"core_id": "CORE-000529", "cdisc_rule_id": "CG0006", "fda_rule_id": "FB1603", "message": "m",
         "status": "issue reported", "results": [
             {"dataset": "LB", "executionStatus": "issue reported", "message": "--DY is wrong",
              "variables": ["LBDY", "LBDTC"], "original_errors_len": 4,
              "errors": [{"value": {"LBDY": 28.0, "LBDTC": "2024-02-07"}, "dataset": "LB", "row": 3,
                          "USUBJID": "ST1-001", "SEQ": 3}]},
             {"dataset": "VS", "executionStatus": "success", "errors": []}]},
        {"core_id": "CORE-000003", "cdisc_rule_id": "CG0299", "fda_rule_id": None, "message": "m", "status": "skipped",
         "results": [{"executionStatus": "skipped", "errors": [{"error": "Outside scope"}]},
                     {"executionStatus": "skipped", "errors": [{"error": "Column not found in data"}]}]},
        {"core_id": "CORE-000700", "cdisc_rule_id": None, "fda_rule_id": "FB3204", "message": "m",
         "status": "execution error", "results": [
             {"dataset": "MB", "executionStatus": "execution error", "message": "rule failed",
              "errors": [{"dataset": "MB", "error": "KeyError", "message": "MBDY"}]}]},
        {"core_id": "CORE-000001", "cdisc_rule_id": "CG0176", "fda_rule_id": "", "message": "m", "status": "success",
         "results": []},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A submission folder to check."""
    return write_study(build_study(), tmp_path_factory.mktemp("submission"))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Installs the fake engine with a plan and gives its path."""

    def install(**said: Any) -> Path:
        place = tmp_path / "engine"
        place.mkdir(exist_ok=True)
        script = place / "core.py"
        shutil.copy(Path(__file__).with_name("fake_core.py"), script)
        (place / "fake.json").write_text(json.dumps({"cli": "official", **said}), encoding="utf-8")
        return script

    return install


def read_arguments(core: Path) -> list[str]:
    """What the engine was called with."""
    words: list[str] = json.loads((core.parent / "arguments.json").read_text(encoding="utf-8"))
    return words


def places(result: CoreResult) -> list[tuple[str, str, str, int, int]]:
    """Code and place of every finding."""
    columns = ["code", "dataset", "variable", "row", "count"]
    return [tuple(row) for row in result.findings[columns].to_numpy().tolist()]


def test_official_command_line(folder: Path, plan: Plan) -> None:
    core = plan(report=OFFICIAL)
    result = run_core(folder, core)
    words = read_arguments(core)
    assert words[:7] == ["validate", "-s", "sdtmig", "-v", "3-4", "-d", str(folder.resolve())]
    assert words[words.index("-of") + 1] == "JSON"
    assert words[words.index("-dxp") + 1] == str((folder / "define.xml").resolve())
    assert words[words.index("-ct") + 1] == "sdtmct-2025-03-28"
    assert "-me" not in words  # the fake does not offer it
    assert result.problem is None
    assert result.engine == "CDISC CORE 0.17.1"


def test_official_report(folder: Path, plan: Plan) -> None:
    result = run_core(folder, plan(report=OFFICIAL))
    assert tuple(result.findings.columns) == COLUMNS
    assert places(result) == [
        ("CORE-000505", "TS", "TSVAL", 0, 1),
        ("CORE-000529", "LB", "", 0, 1),  # the summary counts one more than is listed
        ("CORE-000529", "LB", "LBDY", 5, 1),
        ("CORE-000529", "LB", "LBDY, LBDTC", 3, 1),
        ("HBV-CORE-004", "MB", "", 0, 1),
    ]
    assert result.findings.loc[0, "severity"] == "error"  # a rejection criterion
    assert result.findings.loc[3, "value"] == "LBDY=28; LBDTC=2024-02-07"
    assert {status: result.count(status) for status in ("passed", "failed", "skipped", "error")} == {
        "passed": 1, "failed": 2, "skipped": 1, "error": 1,
    }  # fmt: skip


def test_wrapper(folder: Path, plan: Plan) -> None:
    core = plan(cli="wrapper", report=WRAPPER, exit=1)
    result = run_core(folder, core)
    words = read_arguments(core)
    assert words[0] == str(folder.resolve())
    assert words[1] == "--define"
    assert places(result) == [
        ("CORE-000529", "LB", "", 0, 3),  # four were found, one is listed
        ("CORE-000529", "LB", "LBDY, LBDTC", 3, 1),
        ("HBV-CORE-004", "MB", "", 0, 1),
    ]
    skipped = result.rules[result.rules["status"] == "skipped"]
    assert skipped[["core_id", "reason"]].to_numpy().tolist() == [
        ["CORE-000003", "Column not found in data"],
        ["CORE-000929", "needs a Define-XML"],
    ]
    assert (result.count("passed"), result.count("failed"), result.count("error")) == (1, 1, 1)
    assert "4 skipped" not in "\n".join(describe_core(result))
    assert "2 skipped" in "\n".join(describe_core(result))


@pytest.mark.parametrize("name", ["nowhere/core", "no-such-engine"])
def test_not_installed(folder: Path, name: str) -> None:
    result = run_core(folder, Path(name))
    assert result.problem is not None
    assert result.problem.kind == "not installed"
    assert "cdisc-org/cdisc-rules-engine" in result.problem.told
    assert result.findings[["code", "severity"]].to_numpy().tolist() == [["HBV-CORE-001", "warning"]]
    assert list(describe_core(result)) == [result.problem.told]


def test_words_of_a_command(folder: Path, plan: Plan) -> None:
    core = plan(report=OFFICIAL)
    assert run_core(folder, [sys.executable, str(core)]).problem is None
    gone = run_core(folder, ["no-such-engine", "-m", "core"])
    assert gone.problem is not None
    assert gone.problem.kind == "not installed"


def test_folder_of_the_engine(folder: Path, plan: Plan) -> None:
    assert run_core(folder, plan(report=OFFICIAL).parent).problem is None


def test_executable(folder: Path, plan: Plan) -> None:
    core = plan(report=OFFICIAL)
    program = core.with_name("core")
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {core} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    assert run_core(folder, program).problem is None


def test_executable_that_cannot_run(folder: Path, tmp_path: Path) -> None:
    broken = tmp_path / "core"
    broken.write_bytes(b"\x7fELF nothing")
    broken.chmod(0o755)
    result = run_core(folder, broken)
    assert result.problem is not None
    assert result.problem.kind == "not installed"


def test_time_limit(folder: Path, plan: Plan) -> None:
    told: list[str] = []
    began = time.monotonic()
    result = run_core(folder, plan(sleep=60, say="rule 1 of 435"), timeout=1.0, progress=told.append)
    assert time.monotonic() - began < 20
    assert result.problem is not None
    assert result.problem.kind == "time limit"
    assert "rule 1 of 435" in result.problem.told
    assert told


@pytest.mark.parametrize("report", ["no JSON", "[]", '{"other": 1}'])
def test_report_of_another_kind(folder: Path, plan: Plan, report: str) -> None:
    result = run_core(folder, plan(report=report))
    assert result.problem is not None
    assert result.problem.kind == "no result"


def test_engine_that_fails(folder: Path, plan: Plan) -> None:
    result = run_core(folder, plan(exit=2, say="Traceback: no cache"))
    assert result.problem is not None
    assert result.problem.kind == "no result"
    assert "Traceback: no cache" in result.problem.told
    assert result.findings["severity"].tolist() == ["error"]


def test_folder_without_files(tmp_path: Path, plan: Plan) -> None:
    with pytest.raises(ConfigurationError, match="holds no"):
        run_core(tmp_path, plan(report=OFFICIAL))


def test_merged_with_native_findings(tmp_path: Path, plan: Plan) -> None:
    study = build_study()
    study.frame("LB").loc[2, "LBDY"] = 28.0
    files = tmp_path / "files"
    files.mkdir()
    native = validate_folder(write_study(study, files)).findings
    merged = merge_findings(native, run_core(files, plan(report=OFFICIAL)).findings)
    both = merged[(merged["dataset"] == "LB") & (merged["row"] == 3)]
    assert dict(zip(both["code"], both["also"], strict=True)) == {
        "CORE-000529": "HBV-VAL-304", "HBV-VAL-304": "CORE-000529",
    }  # fmt: skip
    assert len(merged) == len(native) + 5
