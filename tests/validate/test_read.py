"""From folders and frames to a submission; wrong usage is said, wrong data is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.xpt import XptMember, XptVariable
from hbv_standards.validate import validate_folder
from hbv_standards.validate.read import build_submission, read_folder

from .writing import build_study, write_study

MEMBER = XptMember(
    "LBCH",
    "Laboratory, chemistry",
    (
        XptVariable("DOMAIN", "Domain Abbreviation", "Char", 2),
        XptVariable("LBSTRESN", "Number", "Num", 8),
        XptVariable("LBNAM", "Vendor Name", "Char", 5),
    ),
)
FRAME = pd.DataFrame({"DOMAIN": ["LB", "LB"], "LBSTRESN": [1.5, None], "LBNAM": ["A", None]})


@pytest.mark.parametrize(("name", "message"), [("nowhere", "no such folder"), ("", "holds no")])
def test_wrong_folder(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        validate_folder(tmp_path / name)


def test_wrong_define(tmp_path: Path) -> None:
    write_study(build_study(), tmp_path)
    with pytest.raises(ConfigurationError, match="no such Define-XML"):
        validate_folder(tmp_path, define=tmp_path / "define2.xml")


def test_define_from_elsewhere(tmp_path: Path) -> None:
    files, other = tmp_path / "files", tmp_path / "define-of-ours.xml"
    files.mkdir()
    write_study(build_study(), files)
    (files / "define.xml").rename(other)
    assert validate_folder(files, define=other).findings.empty
    assert validate_folder(files).findings["code"].tolist() == ["HBV-VAL-901"]


def test_datasets_in_memory() -> None:
    submission = build_submission([(MEMBER, FRAME)])
    dataset = submission.datasets["LBCH"]
    assert (dataset.domain, dataset.cls, dataset.rows, submission.is_folder) == ("LB", "FINDINGS", 2, False)
    assert submission.of_domain("LB") == [dataset]
    np.testing.assert_array_equal(dataset.number("--STRESN"), [1.5, np.nan])
    assert [dataset.show("LBSTRESN", row) for row in (0, 1)] == ["1.5", ""]
    assert dataset.frame["LBNAM"].tolist() == ["A", ""]


def test_variable_that_is_absent_is_missing() -> None:
    dataset = build_submission([(MEMBER, FRAME)]).datasets["LBCH"]
    assert not dataset.text("--STRESC").filled.any()
    assert np.isnan(dataset.number("--STNRLO")).all()
    assert not dataset.dates("--DTC").valid.any()


@pytest.mark.parametrize(
    ("name", "columns", "domain", "cls"),
    [
        ("GI", {"DOMAIN": ["GI"], "GITESTCD": ["CAP"]}, "GI", "FINDINGS"),
        ("XX", {"DOMAIN": ["XX"], "XXTRT": ["A"]}, "XX", "INTERVENTIONS"),
        ("XY", {"DOMAIN": ["XY"], "XYTERM": ["A"]}, "XY", "EVENTS"),
        ("XZ", {"DOMAIN": ["XZ"]}, "XZ", ""),
        ("SUPPGI", {"RDOMAIN": ["GI"]}, "SUPPGI", "RELATIONSHIP"),
        ("RELREC", {"RDOMAIN": ["GI"]}, "RELREC", "RELATIONSHIP"),
    ],
)
def test_domain_and_class(name: str, columns: dict[str, list[str]], domain: str, cls: str) -> None:
    variables = tuple(XptVariable(column, column, "Char", 8) for column in columns)
    dataset = build_submission([(XptMember(name, name, variables), pd.DataFrame(columns))]).datasets[name]
    assert (dataset.domain, dataset.cls) == (domain, cls)


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    write_study(build_study(), tmp_path)
    (tmp_path / "zz.xpt").write_bytes(b"not a transport file")
    submission = read_folder(tmp_path)
    assert [(problem.kind, problem.dataset) for problem in submission.problems] == [("unreadable", "ZZ")]
    assert "zz.xpt" in submission.problems[0].seen
