"""Every rule finds the fault that is planted for it, and says where."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.validate import list_rules, read, validate_folder, xpt
from hbv_standards.validate.findings import Finding, collect_findings
from hbv_standards.validate.rules import RULES

from .planted import FAULTS, Fault
from .writing import Study, build_member, build_study, write_study

IDS = [f"{number}-{fault.rule:03d}-{fault.place}" for number, fault in enumerate(FAULTS)]
PLACE = re.compile(r"(?P<dataset>[^.:]+(?:\.xml)?)(?:\.(?P<variable>\w+))?(?::(?P<row>\d+))?")


def plant(fault: Fault) -> Study:
    """The clean study with the fault in it."""
    study = build_study()
    for change in fault.changes:
        change(study)
    return study


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the clean study."""
    return write_study(build_study(), tmp_path_factory.mktemp("clean"))


@pytest.fixture
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a file that is linked into many folders only once."""
    for name in ("read_xpt_bytes", "read_define"):
        monkeypatch.setattr(read, name, remember(getattr(read, name)))


REMEMBERED: dict[int, object] = {}


def remember(reader: Callable[[Path], object]) -> Callable[[Path], object]:
    """A reader that reads files with several names once."""

    def read_linked(path: Path) -> object:
        state = path.stat()
        if state.st_nlink == 1:
            return reader(path)
        if state.st_ino not in REMEMBERED:
            REMEMBERED[state.st_ino] = reader(path)
        return REMEMBERED[state.st_ino]

    return read_linked


def find(fault: Fault, folder: Path, clean: Path) -> list[Finding]:
    """What the fault's own rule finds."""
    study = plant(fault)
    if fault.in_memory:
        members = [(build_member(name, each), each.frame) for name, each in study.datasets.items()]
        submission = read.build_submission(members, agency=fault.agency)
    else:
        submission = read.read_folder(write_study(study, folder, clean), agency=fault.agency)
    return collect_findings(submission, [RULES[fault.rule]])


@pytest.mark.usefixtures("read_once")
@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_fault_is_found_with_its_place(fault: Fault, clean: Path, tmp_path: Path) -> None:
    match = PLACE.fullmatch(fault.place)
    assert match is not None
    found = find(fault, tmp_path, clean)
    expected = (match["dataset"], match["variable"] or "", int(match["row"] or 0))
    assert expected in {(each.dataset, each.variable, each.row) for each in found}
    assert {each.code for each in found} == {f"HBV-VAL-{fault.rule:03d}"}
    assert all(RULES[fault.rule].cure in each.message for each in found)


@pytest.mark.parametrize("fault", FAULTS[::20], ids=IDS[::20])
def test_fault_is_among_all_findings(fault: Fault, clean: Path, tmp_path: Path) -> None:
    if not fault.in_memory:
        findings = validate_folder(write_study(plant(fault), tmp_path, clean), agency=fault.agency).findings
        assert f"HBV-VAL-{fault.rule:03d}" in set(findings["code"])


def test_every_rule_has_a_planted_fault() -> None:
    planted = {fault.rule for fault in FAULTS} | {SIZE_RULE}
    assert sorted(planted) == [rule.number for rule in list_rules()]
    assert len(FAULTS) >= 60


SIZE_RULE = 17


def test_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits are gigabytes; here they are those of a small file."""
    folder = write_study(build_study(), tmp_path)
    limit = (folder / "lb.xpt").stat().st_size
    for agency, allowed in (("fda", limit - 1), ("nmpa", limit)):
        monkeypatch.setitem(xpt.SIZE_LIMITS, agency, allowed)
    found = validate_folder(folder).findings
    assert "LB" in set(found.loc[found["code"] == f"HBV-VAL-{SIZE_RULE:03d}", "dataset"])
    assert "LB" not in set(validate_folder(folder, agency="nmpa").findings["dataset"])


def test_record_is_named(tmp_path: Path) -> None:
    study = build_study()
    study.frame("LB").loc[2, "LBNRIND"] = "NORMAL"
    finding = validate_folder(write_study(study, tmp_path)).findings.iloc[0]
    assert (finding["usubjid"], finding["seq"], finding["value"], finding["count"]) == (
        "ST1-001",
        "3",
        "NORMAL",
        1,
    )
    assert "88 is said to be NORMAL, the limits are 5 to 40" in finding["message"]


def test_many_equal_findings_are_counted(tmp_path: Path) -> None:
    study = build_study()
    frame = study.frame("VS")
    copies = [frame.iloc[[0]].assign(VSSEQ=float(number), VSDY=5.0) for number in range(10, 260)]
    study.datasets["VS"].frame = pd.concat([frame, *copies], ignore_index=True)
    findings = validate_folder(write_study(study, tmp_path)).findings
    days = findings[findings["code"] == "HBV-VAL-304"]
    assert days["count"].sum() == 250
    assert len(days) == 101
    assert days.iloc[-1][["row", "count"]].tolist() == [0, 150]
    assert days["row"].tolist()[:3] == [4, 5, 6]
