"""A study without a fault has no findings, from files and in memory."""

from __future__ import annotations

from pathlib import Path

from hbv_standards.validate import validate_datasets, validate_folder

from .breaking import drop, remove_records
from .writing import build_member, build_study, write_study


def test_no_findings_in_files(tmp_path: Path) -> None:
    result = validate_folder(write_study(build_study(), tmp_path))
    assert result.findings[["code", "dataset", "variable", "row", "message"]].to_numpy().tolist() == []
    assert result.datasets["LB"] == 11


def test_no_findings_for_nmpa(tmp_path: Path) -> None:
    assert validate_folder(write_study(build_study(), tmp_path), agency="nmpa").findings.empty


def test_no_findings_in_memory() -> None:
    study = build_study()
    members = [(build_member(name, dataset), dataset.frame) for name, dataset in study.datasets.items()]
    assert validate_datasets(members).findings["message"].tolist() == []


def test_files_may_lie_in_a_folder_named_sdtm(tmp_path: Path) -> None:
    (tmp_path / "sdtm").mkdir()
    write_study(build_study(), tmp_path / "sdtm")
    assert validate_folder(tmp_path).findings.empty


def test_what_began_before_the_trial_needs_no_epoch() -> None:
    study = build_study()
    change_history = (remove_records("CM", 2), drop("CM", "EPOCH"))
    for change in change_history:
        change(study)
    members = [(build_member(name, dataset), dataset.frame) for name, dataset in study.datasets.items()]
    assert "HBV-VAL-116" not in set(validate_datasets(members).findings["code"])
