"""The records before the observations: a whole header by hand, and members that break a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from hbv_standards.errors import ExportError
from hbv_standards.export.xpt_header import XptMember, XptVariable, build_header, refuse_wrong_member

CREATED = datetime(2024, 2, 9, 8, 5, 3)
STUDYID = XptVariable("STUDYID", "Study Identifier", "Char", 5)
LBSEQ = XptVariable("LBSEQ", "Sequence Number", "Num", 8)
LB = XptMember("LB", "Laboratory Test Results", (STUDYID, LBSEQ))

# Every record of TS-140 typed out; a name in braces is binary and stands below.
GOLDEN = (
    b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "
    b"SAS     SAS     SASLIB  9.4     hbv_std                         09FEB24:08:05:03"
    b"09FEB24:08:05:03                                                                "
    b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!000000000000000000000000000000  "
    b"SAS     LB      SASDATA 9.4     hbv_std                         09FEB24:08:05:03"
    b"09FEB24:08:05:03                Laboratory Test Results                         "
    b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000200000000000000000000  "
    # NAMESTR 1: character (2), hash 0, length 5, number 1, no format, at byte 0 of the observation
    b"\x00\x02\x00\x00\x00\x05\x00\x01STUDYID Study Identifier                        "
    b"        \x00\x00\x00\x00\x00\x00\x00\x00        \x00\x00\x00\x00\x00\x00\x00\x00"
    + bytes(52)
    # NAMESTR 2: numeric (1), length 8, number 2, at byte 5
    + b"\x00\x01\x00\x00\x00\x08\x00\x02LBSEQ   Sequence Number                         "
    b"        \x00\x00\x00\x00\x00\x00\x00\x00        \x00\x00\x00\x00\x00\x00\x00\x05"
    + bytes(52)
    + b" " * 40  # 280 bytes of NAMESTR fill up to 320
    + b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  "
)


def test_header_byte_for_byte() -> None:
    header = build_header(LB, CREATED, "ascii")
    assert header == GOLDEN
    assert len(header) == 80 * 13


def test_four_digit_variable_count() -> None:
    many = XptMember("LB", "", tuple(XptVariable(f"V{n}", "", "Num", 8) for n in range(1234)))
    header = build_header(many, CREATED, "ascii")
    assert header[7 * 80 :].startswith(b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!0000001234")
    assert len(header) == 9 * 80 + -(-1234 * 140 // 80) * 80


@pytest.mark.parametrize("month", range(1, 13))
def test_timestamp_in_every_month(month: int) -> None:
    name = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"[3 * month - 3 : 3 * month].encode()
    stamp = build_header(LB, datetime(1999, month, 28, 23, 59, 58), "ascii")[144:160]
    assert stamp == b"28" + name + b"99:23:59:58"


def test_zoned_moment_keeps_its_clock_time() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert build_header(LB, CREATED.replace(tzinfo=shanghai), "ascii") == GOLDEN


@pytest.mark.parametrize(
    ("label", "encoding", "size"),
    [
        ("实验室检查结果实验室检查结", "utf-8", 39),
        ("实验室检查结果实验室检查结果实验室检查结", "gb18030", 40),
    ],
)
def test_chinese_label_is_counted_in_bytes(label: str, encoding: str, size: int) -> None:
    assert len(label.encode(encoding)) == size
    header = build_header(replace(LB, label=label), CREATED, encoding)
    assert header[6 * 80 + 32 : 6 * 80 + 32 + size].decode(encoding) == label
    with pytest.raises(ExportError, match="the limit is 40"):
        build_header(replace(LB, label=label + "果"), CREATED, encoding)


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("x" * 41, "is 41 bytes in ascii, the limit is 40; shorten"),
        ("实验室检查", "holds '实', which ascii cannot carry; reword"),
        (" Study", "outer blank"),
        ("Study ", "outer blank"),
        ("Study\tIdentifier", "control character"),
        ("Study\x7f", "control character"),
    ],
)
def test_wrong_label_is_refused(label: str, problem: str) -> None:
    with pytest.raises(ExportError, match=f"^LB: label .*{problem}"):
        build_header(replace(LB, label=label), CREATED, "ascii")
    with pytest.raises(ExportError, match=rf"^LB\.LBSEQ: label .*{problem}"):
        build_header(replace(LB, variables=(replace(LBSEQ, label=label),)), CREATED, "ascii")


def test_character_that_moved_between_editions_of_gb18030_is_refused_in_a_label() -> None:
    with pytest.raises(ExportError, match="holds '\u9fb4', which gb18030 cannot carry"):
        build_header(replace(LB, label="龴"), CREATED, "gb18030")


@pytest.mark.parametrize("name", ["", "lb", "1LB", "LABORATORY", "L B", "SUPP_LB", "LB\n", "ＬＢ"])
def test_wrong_dataset_name_is_refused(name: str) -> None:
    with pytest.raises(ExportError, match="dataset name"):
        refuse_wrong_member(replace(LB, name=name))


@pytest.mark.parametrize("name", ["", "lbseq", "_LBSEQ", "1LBSEQ", "LBSEQUENC", "LB SEQ", "LBSEQ\n", "序号"])
def test_wrong_variable_name_is_refused(name: str) -> None:
    with pytest.raises(ExportError, match="a variable name is 1 to 8"):
        refuse_wrong_member(replace(LB, variables=(STUDYID, replace(LBSEQ, name=name))))


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ((), "LB: 0 variables"),
        ((LBSEQ, STUDYID, LBSEQ), "LB: variable LBSEQ is listed more than once"),
        ((replace(STUDYID, length=201),), r"LB\.STUDYID: length 201 .* supplemental qualifiers"),
        ((replace(STUDYID, length=0),), r"LB\.STUDYID: length 0 "),
        ((replace(LBSEQ, length=4),), r"LB\.LBSEQ: a Num variable is 8 bytes long, not 4"),
        ((replace(LBSEQ, type="text"),), r"LB\.LBSEQ: type 'text' is neither"),
    ],
)
def test_wrong_variables_are_refused(variables: tuple[XptVariable, ...], problem: str) -> None:
    with pytest.raises(ExportError, match=problem):
        refuse_wrong_member(replace(LB, variables=variables))


def test_more_variables_than_four_digits_are_refused() -> None:
    many = tuple(replace(LBSEQ, name=f"V{n}") for n in range(10_000))
    with pytest.raises(ExportError, match="10000 variables"):
        refuse_wrong_member(replace(LB, variables=many))


@pytest.mark.parametrize("name", ["A", "LB", "SUPPLB", "RELREC12"])
def test_right_names_pass(name: str) -> None:
    variables = (replace(LBSEQ, name="A_1"), replace(LBSEQ, name=name))
    refuse_wrong_member(replace(LB, name=name, variables=variables))
