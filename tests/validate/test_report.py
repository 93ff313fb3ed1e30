"""Findings for people: lines and CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hbv_standards.validate import COLUMNS, describe_findings, validate_folder, write_findings

from .writing import build_study, write_study


def test_lines(tmp_path: Path) -> None:
    study = build_study()
    study.frame("LB").loc[2, "LBNRIND"] = "NORMAL"
    study.frame("LB").loc[[0, 1], "LBDY"] = 40.0
    lines = list(describe_findings(validate_folder(write_study(study, tmp_path))))
    assert lines[0] == "21 datasets, 79 records"
    assert [line.split()[:4] for line in lines[1:3]] == [
        ["error", "2", "HBV-VAL-304", "LB.LBDY"],
        ["error", "1", "HBV-VAL-511", "LB.LBNRIND"],
    ]
    assert lines[-1] == "findings: 3 error, 0 warning, 0 info"


def test_no_findings(tmp_path: Path) -> None:
    assert list(describe_findings(validate_folder(write_study(build_study(), tmp_path))))[-1] == "no findings"


def test_csv(tmp_path: Path) -> None:
    study = build_study()
    study.frame("LB").loc[2, "LBNAM"] = 'Lab "Nord", 检验科'
    files = tmp_path / "files"
    files.mkdir()
    result = validate_folder(write_study(study, files))
    write_findings(tmp_path / "findings.csv", result.findings)
    read = pd.read_csv(tmp_path / "findings.csv", keep_default_na=False, dtype={"seq": str})
    assert tuple(read.columns) == COLUMNS
    assert read["value"].tolist() == result.findings["value"].tolist()
    assert b"\r" not in (tmp_path / "findings.csv").read_bytes()
    assert (result.errors, result.count("warning")) == (1, 0)
