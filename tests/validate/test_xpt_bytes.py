"""The reader of bytes: what the writer writes and pyreadstat reads, and files that no writer would write."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.export.xpt import XptMember, XptVariable, write_xpt
from hbv_standards.validate import xpt_bytes
from hbv_standards.validate.columns import TextColumn
from hbv_standards.validate.xpt_bytes import XptContent, read_xpt_bytes
from hbv_standards.validate.xpt_values import convert_ibm_numbers, factorize_bytes

CREATED = datetime(2024, 4, 1)
MEMBER = XptMember(
    "LB",
    "Laboratory Test Results",
    (
        XptVariable("USUBJID", "Unique Subject Identifier", "Char", 7),
        XptVariable("LBSTRESN", "Numeric Result/Finding in Standard Units", "Num", 8),
        XptVariable("LBNAM", "Vendor Name", "Char", 12),
    ),
)
ROWS = pd.DataFrame(
    {
        "USUBJID": ["S-1", "S-2", "S-1"],
        "LBSTRESN": [118.625, np.nan, -1.5],
        "LBNAM": ["LAB", None, "A LAB OF OURS"[:12]],
    }
)


def write(path: Path, frame: pd.DataFrame, member: XptMember = MEMBER, encoding: str = "ascii") -> Path:
    write_xpt(path, member, frame, created=CREATED, encoding=encoding)
    return path


def texts(content: XptContent, name: str) -> list[str]:
    column = content.columns[name]
    assert isinstance(column, TextColumn)
    return [column.at(row) for row in range(content.rows)]


def test_header_and_values(tmp_path: Path) -> None:
    content = read_xpt_bytes(write(tmp_path / "lb.xpt", ROWS))
    assert (content.name, content.label, content.rows, content.problems) == ("LB", MEMBER.label, 3, [])
    assert [(v.name, v.label, v.type, v.length) for v in content.variables] == [
        (v.name, v.label, v.type, v.length) for v in MEMBER.variables
    ]
    assert texts(content, "LBNAM") == ["LAB", "", "A LAB OF OUR"]
    np.testing.assert_array_equal(content.columns["LBSTRESN"], [118.625, np.nan, -1.5])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese(tmp_path: Path, encoding: str) -> None:
    content = read_xpt_bytes(
        write(tmp_path / "lb.xpt", ROWS.assign(LBNAM=["检验科", "", "肝病"]), encoding=encoding)
    )
    assert content.encoding == encoding
    assert texts(content, "LBNAM") == ["检验科", "", "肝病"]


ALPHABET = st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)
TEXTS = st.text(ALPHABET, max_size=12).map(str.strip).filter(lambda text: text != ".")
NUMBERS = st.one_of(
    st.just(float("nan")),
    st.floats(-1e60, 1e60, allow_subnormal=False).filter(lambda x: x == 0 or abs(x) > 1e-60),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(NUMBERS, TEXTS), min_size=1, max_size=30), st.integers(1, 7))
def test_reads_what_is_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[float, str]], step: int
) -> None:
    frame = pd.DataFrame(rows, columns=["LBSTRESN", "LBNAM"]).assign(USUBJID="S-1")[
        ["USUBJID", "LBSTRESN", "LBNAM"]
    ]
    path = write(tmp_path_factory.mktemp("x") / "lb.xpt", frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xpt_bytes, "_CHUNK", step * 27)  # a few rows at a time
        content = read_xpt_bytes(path)
    assert texts(content, "LBNAM") == list(frame["LBNAM"])
    np.testing.assert_array_equal(content.columns["LBSTRESN"], frame["LBSTRESN"])
    witness = pyreadstat.read_xport(str(path), output_format="dict")[0]
    assert texts(content, "USUBJID") == witness["USUBJID"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(min_size=17, max_size=17), min_size=1, max_size=40))
def test_numbers_of_distinct_rows(rows: list[bytes]) -> None:
    block = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), 17)
    codes, first = factorize_bytes(block)
    assert [block[first[code]].tobytes() for code in codes] == rows
    assert len(set(codes.tolist())) == len(set(rows)) == len(first)


@pytest.mark.parametrize(
    ("field", "number"),
    [
        (b"\x00" * 8, 0.0),
        (b"\x41\x10" + b"\x00" * 6, 1.0),
        (b"\xc1\x18" + b"\x00" * 6, -1.5),
        (b"\x41\x10", 1.0),  # a number of 2 bytes
        (b"\x2e" + b"\x00" * 7, float("nan")),
        (b"\x41" + b"\x00" * 7, float("nan")),  # .A
        (b"\x5f" + b"\x00" * 7, float("nan")),  # ._
    ],
)
def test_ibm_numbers(field: bytes, number: float) -> None:
    np.testing.assert_array_equal(
        convert_ibm_numbers(np.frombuffer(field, dtype=np.uint8)[None, :]), [number]
    )


def test_short_rows_lose_their_padding(tmp_path: Path) -> None:
    """Rows of 7 bytes: blank ones within the last record are padding."""
    member = XptMember("LB", "Laboratory Test Results", MEMBER.variables[:1])
    content = read_xpt_bytes(write(tmp_path / "lb.xpt", ROWS[["USUBJID"]], member))
    assert (content.rows, content.problems) == (3, [])


@pytest.mark.parametrize("kept", [0, 79, 500, 900])
def test_cut_in_the_header(tmp_path: Path, kept: int) -> None:
    path = write(tmp_path / "lb.xpt", ROWS)
    path.write_bytes(path.read_bytes()[:kept])
    content = read_xpt_bytes(path)
    assert [kind for kind, _ in content.problems] == ["unreadable"]
    assert content.variables == ()


def test_positions_that_do_not_follow(tmp_path: Path) -> None:
    path = write(tmp_path / "lb.xpt", ROWS)
    content = bytearray(path.read_bytes())
    start = content.index(b"LBSTRESN") - 8 + 84
    content[start : start + 4] = (99).to_bytes(4, "big")
    path.write_bytes(content)
    assert [kind for kind, _ in read_xpt_bytes(path).problems] == ["position"]


def test_no_such_file(tmp_path: Path) -> None:
    assert read_xpt_bytes(tmp_path / "lb.xpt").problems[0][0] == "unreadable"
