"""The witness must see every single thing that could be wrong in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hbv_standards.errors import WitnessError
from hbv_standards.export import xpt_witness
from hbv_standards.export.xpt import XptMember, XptVariable, write_xpt
from hbv_standards.export.xpt_witness import check_xpt

CREATED = datetime(2024, 2, 9, 8, 5, 3)
USUBJID = XptVariable("USUBJID", "Unique Subject Identifier", "Char", 10)
LBSTRESN = XptVariable("LBSTRESN", "Numeric Result", "Num", 8)
LB = XptMember("LB", "Laboratory Test Results", (USUBJID, LBSTRESN))
FRAME = pd.DataFrame({"USUBJID": ["S-01", None, "S-03"], "LBSTRESN": [1.0, np.nan, -118.625]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "lb.xpt"
    write_xpt(target, LB, FRAME, created=CREATED)
    return target


def test_true_file_passes(path: Path) -> None:
    check_xpt(path, LB, FRAME)
    check_xpt(path, LB, FRAME.astype(object))
    check_xpt(path, LB, FRAME.assign(USUBJID=["S-01", "", "S-03"]))


def test_decimals_and_other_index_pass(path: Path) -> None:
    numbers = [Decimal("1.00"), None, Decimal("-118.625")]
    frame = FRAME.assign(LBSTRESN=pd.Series(numbers, dtype=object)).set_axis([5, 5, 9])
    check_xpt(path, LB, frame)


def _change(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    assert len(old) == len(new)

    def change(content: bytes) -> bytes:
        assert content.count(old) == 1
        return content.replace(old, new)

    return change


NO_FORMAT = b"Numeric Result" + b" " * (26 + 8)  # the label in 40 bytes, the name of the format in 8

CHANGES = [
    (
        _change(b"SAS     LB  ", b"SAS     MB  "),
        r"^LB: dataset name: 'LB' was to be written, 'MB' was read back",
    ),
    (_change(b"Laboratory Test", b"laboratory Test"), "^LB: dataset label: .*'laboratory Test Results'"),
    (_change(b"USUBJID Unique", b"USUBJIX Unique"), r"^LB: variables: \['USUBJID'.*\['USUBJIX'"),
    (_change(b"Unique Subject", b"Unique subject"), r"^LB\.USUBJID: label: .*'Unique subject Identifier'"),
    (
        _change(b"\x00\x02\x00\x00\x00\x0a", b"\x00\x02\x00\x00\x00\x09"),
        r"^LB\.USUBJID: length: 10 .* 9 was read",
    ),
    (
        _change(b"\x00\x01\x00\x00\x00\x08", b"\x00\x02\x00\x00\x00\x08"),
        r"^LB\.LBSTRESN: type: 'double'.*'string'",
    ),
    (_change(NO_FORMAT, NO_FORMAT[:-8] + b"DATE    "), r"^LB\.LBSTRESN: format: None was to be .*'DATE'"),
    (_change(b"S-01 ", b"S-02 "), r"^LB\.USUBJID row 1: 'S-01' was to be written, 'S-02' was read back"),
    (_change(b"S-03 ", b"     "), r"^LB\.USUBJID row 3: 'S-03' was to be written, '' was read back"),
    (
        _change(b"\xc2\x76\xa0", b"\x42\x76\xa0"),
        r"^LB\.LBSTRESN row 3: -118\.625 was to be written, 118\.625 was",
    ),
    (
        _change(b"\xc2\x76\xa0\0\0\0\0\0", b"\xc2\x76\xa0\0\0\0\0\x08"),
        r"^LB\.LBSTRESN row 3: -118\.625 was to be written, -118\.6250000",
    ),
    (
        _change(b"\x41\x10\0\0\0\0\0\0", b"\x2e\0\0\0\0\0\0\0"),
        r"^LB\.LBSTRESN row 1: 1\.0 was to be written, nan was read back",
    ),
    (
        _change(b"\x2e\0\0\0\0\0\0\0", b"\0" * 8),
        r"^LB\.LBSTRESN row 2: nan was to be written, 0\.0 was read back",
    ),
    (lambda content: content[:-80], r"^LB: rows from row \d on: [13] was to be written, [01] was read back"),
    (
        lambda content: content + b"x" * 80,
        r"^LB: rows from row \d on: [13] was to be written, [24] was read back",
    ),
    (lambda content: content[:400], r"^lb\.xpt: pyreadstat cannot read it as ascii"),
    (lambda content: b"x" + content[1:], r"^lb\.xpt: pyreadstat cannot read it as ascii"),
    (_change(b"S-01 ", b"S-0\xe9 "), r"^lb\.xpt: pyreadstat cannot read it as ascii"),
]


@pytest.mark.parametrize(("change", "message"), CHANGES)
@pytest.mark.parametrize("cells_per_pass", [8_000_000, 1])
def test_every_changed_file_is_seen(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[bytes], bytes],
    message: str,
    cells_per_pass: int,
) -> None:
    monkeypatch.setattr(xpt_witness, "_CELLS_PER_PASS", cells_per_pass)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(WitnessError, match=message):
        check_xpt(path, LB, FRAME)


@pytest.mark.parametrize("cells_per_pass", [1, 2, 4, 5, 6, 7])
def test_passes_of_any_size_agree(path: Path, monkeypatch: pytest.MonkeyPatch, cells_per_pass: int) -> None:
    monkeypatch.setattr(xpt_witness, "_CELLS_PER_PASS", cells_per_pass)
    check_xpt(path, LB, FRAME)
    with pytest.raises(WitnessError, match=r"LB\.USUBJID row 3: 'S-3' was to be written, 'S-03'"):
        check_xpt(path, LB, FRAME.assign(USUBJID=["S-01", None, "S-3"]))
    with pytest.raises(WitnessError, match="was to be written"):
        check_xpt(path, LB, FRAME.iloc[:2])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese(tmp_path: Path, encoding: str) -> None:
    member = replace(LB, label="实验室检查", variables=(replace(USUBJID, label="受试者"), LBSTRESN))
    frame = FRAME.assign(USUBJID=["未检出", None, "↑"])
    path = tmp_path / "lb.xpt"
    write_xpt(path, member, frame, created=CREATED, encoding=encoding)
    check_xpt(path, member, frame, encoding=encoding)
    other = frame.assign(USUBJID=["检出", None, "↑"])
    with pytest.raises(WitnessError, match=r"LB\.USUBJID row 1: '检出' was to be written, '未检出'"):
        check_xpt(path, member, other, encoding=encoding)


def test_encoding_is_told_by_the_bytes(tmp_path: Path) -> None:
    frame = FRAME.assign(USUBJID=["未检出", None, "x"])
    path = tmp_path / "lb.xpt"
    write_xpt(path, LB, frame, created=CREATED, encoding="gb18030")
    for encoding in ("ascii", "utf-8"):
        with pytest.raises(WitnessError):
            check_xpt(path, LB, frame, encoding=encoding)


def test_absent_file(tmp_path: Path) -> None:
    with pytest.raises(WitnessError, match=r"lb\.xpt"):
        check_xpt(tmp_path / "lb.xpt", LB, FRAME)
