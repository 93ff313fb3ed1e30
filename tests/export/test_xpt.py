"""Whole files: literal bytes, what is refused, atomic writing, and round trips of any legal frame."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.errors import ExportError
from hbv_standards.export.ibm_float import LIMIT, SMALLEST, convert_ibm_to_double
from hbv_standards.export.xpt import XptMember, XptVariable, compute_char_length, write_xpt
from hbv_standards.export.xpt_witness import check_xpt

CREATED = datetime(2024, 2, 9, 8, 5, 3)
LB = XptMember(
    "LB",
    "Laboratory Test Results",
    (
        XptVariable("USUBJID", "Unique Subject Identifier", "Char", 4),
        XptVariable("LBSTRESN", "Numeric Result/Finding in Standard Units", "Num", 8),
    ),
)
FRAME = pd.DataFrame({"USUBJID": ["S-01", "S-2", None], "LBSTRESN": [118.625, np.nan, -1.0]})
OBS_HEADER = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!000000000000000000000000000000  "


def _read_observations(path: Path) -> bytes:
    header, _, observations = path.read_bytes().partition(OBS_HEADER)
    assert len(header) % 80 == 0
    return observations


def test_observations_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    write_xpt(path, LB, FRAME, created=CREATED)
    assert _read_observations(path) == (
        b"S-01\x42\x76\xa0\x00\x00\x00\x00\x00"
        b"S-2 \x2e\x00\x00\x00\x00\x00\x00\x00"
        b"    \xc1\x10\x00\x00\x00\x00\x00\x00" + b" " * 44
    )


def test_what_is_returned_is_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    written = write_xpt(path, LB, FRAME, created=CREATED)
    content = path.read_bytes()
    assert (written.name, written.rows) == ("LB", 3)
    assert written.bytes == len(content) == 14 * 80
    assert written.sha256 == hashlib.sha256(content).hexdigest()


def test_no_padding_after_a_full_record(tmp_path: Path) -> None:
    frame = pd.DataFrame({"USUBJID": ["S"] * 20, "LBSTRESN": [1.0] * 20})
    write_xpt(tmp_path / "lb.xpt", LB, frame, created=CREATED)
    assert len(_read_observations(tmp_path / "lb.xpt")) == 240


def test_index_of_the_frame_does_not_matter(tmp_path: Path) -> None:
    for folder, frame in (("a", FRAME), ("b", FRAME.set_axis([7, 7, "x"])), ("c", FRAME.astype(object))):
        (tmp_path / folder).mkdir()
        write_xpt(tmp_path / folder / "lb.xpt", LB, frame, created=CREATED)
    first, *others = [(tmp_path / folder / "lb.xpt").read_bytes() for folder in "abc"]
    assert all(other == first for other in others)


def test_only_created_changes_the_timestamps(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    write_xpt(path, LB, FRAME, created=CREATED)
    first = path.read_bytes()
    write_xpt(path, LB, FRAME, created=CREATED.replace(second=4))
    assert path.read_bytes().replace(b"09FEB24:08:05:04", b"09FEB24:08:05:03") == first


REFUSED_FRAMES = [
    (FRAME.iloc[:0], "LB: empty dataset: do not submit, do not describe it"),
    (FRAME[["LBSTRESN", "USUBJID"]], "LB: the frame's columns are"),
    (FRAME[["USUBJID"]], r"LB: the frame lacks \['LBSTRESN'\] and has \[\] beyond"),
    (FRAME.assign(LBSEQ=1.0), r"LB: the frame lacks \[\] and has \['LBSEQ'\] beyond"),
    (pd.concat([FRAME, FRAME[["LBSTRESN"]]], axis=1), "LB: the frame's columns are"),
    (FRAME.assign(USUBJID=["S-01", "S-0002", ""]), r"LB\.USUBJID row 2: value 'S-0002' has more bytes"),
    (FRAME.assign(LBSTRESN=[1.0, 2.0, np.inf]), r"LB\.LBSTRESN row 3: value inf cannot be represented"),
    (
        FRAME.assign(USUBJID=["a", "b", "中"]),
        r"LB\.USUBJID row 3: value '中' holds '中' \(U\+4E2D\), which ascii",
    ),
]


@pytest.mark.parametrize(("frame", "message"), REFUSED_FRAMES)
def test_wrong_frame_is_refused_and_leaves_no_file(tmp_path: Path, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(ExportError, match=f"^{message}"):
        write_xpt(tmp_path / "lb.xpt", LB, frame, created=CREATED)
    assert list(tmp_path.iterdir()) == []


def test_wrong_arguments_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    with pytest.raises(ExportError, match=r"mb\.xpt must be named after its dataset: lb\.xpt"):
        write_xpt(tmp_path / "mb.xpt", LB, FRAME, created=CREATED)
    with pytest.raises(ExportError, match="dataset name 'lb'"):
        write_xpt(path, replace(LB, name="lb"), FRAME, created=CREATED)
    with pytest.raises(ExportError, match="encoding 'utf-16'"):
        write_xpt(path, LB, FRAME, created=CREATED, encoding="utf-16")
    with pytest.raises(ExportError, match="rows_per_chunk is 0"):
        write_xpt(path, LB, FRAME, created=CREATED, rows_per_chunk=0)
    assert list(tmp_path.iterdir()) == []


BLANK_END = XptMember(
    "RELREC", "", (XptVariable("RDOMAIN", "", "Char", 2), XptVariable("IDVAR", "", "Char", 8))
)


@pytest.mark.parametrize("length", [8, 80, 200])
def test_blank_last_observation_is_refused(tmp_path: Path, length: int) -> None:
    member = replace(
        BLANK_END, variables=(BLANK_END.variables[0], replace(BLANK_END.variables[1], length=length))
    )
    frame = pd.DataFrame({"RDOMAIN": ["LB", None, ""], "IDVAR": ["LBSEQ", None, None]})
    with pytest.raises(ExportError, match="RELREC row 3: the last observation is all blank"):
        write_xpt(tmp_path / "relrec.xpt", member, frame, created=CREATED)
    assert list(tmp_path.iterdir()) == []
    # The same blank row is kept where another one follows it.
    inside = frame.iloc[[0, 1, 0]]
    write_xpt(tmp_path / "relrec.xpt", member, inside, created=CREATED)
    check_xpt(tmp_path / "relrec.xpt", member, inside)


def test_the_one_number_that_looks_blank(tmp_path: Path) -> None:
    blank = convert_ibm_to_double(np.full((1, 8), 0x20, dtype=np.uint8))[0]
    member = XptMember("LB", "", (LB.variables[1],))
    with pytest.raises(ExportError, match="LB row 2: the last observation is all blank"):
        write_xpt(tmp_path / "lb.xpt", member, pd.DataFrame({"LBSTRESN": [1.0, blank]}), created=CREATED)


def test_missing_number_at_the_end_is_not_blank(tmp_path: Path) -> None:
    frame = pd.DataFrame({"USUBJID": ["S-01", None], "LBSTRESN": [1.0, np.nan]})
    write_xpt(tmp_path / "lb.xpt", LB, frame, created=CREATED)
    check_xpt(tmp_path / "lb.xpt", LB, frame)


def test_file_is_replaced_whole_or_stays(tmp_path: Path) -> None:
    path = tmp_path / "relrec.xpt"
    good = pd.DataFrame({"RDOMAIN": ["LB"], "IDVAR": ["LBSEQ"]})
    write_xpt(path, BLANK_END, good, created=CREATED)
    before = path.read_bytes()
    # The blank end shows only while the observations are written, when a part of the file exists.
    bad = pd.DataFrame({"RDOMAIN": ["LB", None], "IDVAR": ["LBSEQ", None]})
    with pytest.raises(ExportError, match="all blank"):
        write_xpt(path, BLANK_END, bad, created=CREATED, rows_per_chunk=1)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_xpt(tmp_path / "absent" / "lb.xpt", LB, FRAME, created=CREATED)
    (tmp_path / "lb.xpt").mkdir()
    with pytest.raises(IsADirectoryError):
        write_xpt(tmp_path / "lb.xpt", LB, FRAME, created=CREATED)
    assert [path.name for path in tmp_path.iterdir()] == ["lb.xpt"]


LENGTHS = [
    (["a", "bcd", None], "ascii", 3),
    (["未检出", "ab"], "utf-8", 9),
    (["未检出", "ab"], "gb18030", 6),
    ([None, ""], "ascii", 1),
    ([], "utf-8", 1),
]


@pytest.mark.parametrize(("values", "encoding", "length"), LENGTHS)
def test_char_length(values: list[str | None], encoding: str, length: int) -> None:
    assert compute_char_length(values, encoding) == length
    assert compute_char_length(np.array(values, dtype=object), encoding) == length
    assert compute_char_length(pd.Series(values, dtype="str"), encoding) == length


def test_char_length_of_what_cannot_be_encoded() -> None:
    with pytest.raises(ExportError, match="LBTEST row 2: value '乙肝' holds '乙'"):
        compute_char_length(pd.Series(["HBV", "乙肝"], name="LBTEST"), "ascii")


# --- any legal frame -----------------------------------------------------------------------------------

ALPHABETS = {
    "ascii": st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    "utf-8": st.characters(codec="utf-8", exclude_categories=["Cc"]),
    "gb18030": st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
        st.sampled_from("×±≤≥℃μ，。（）↑↓α🧪"),
    ),
}
NUMBER = st.one_of(
    st.just(np.nan),
    st.integers(-1000, 1000).map(float),
    st.floats(min_value=SMALLEST, max_value=np.nextafter(LIMIT, 0.0)),
    st.floats(min_value=-np.nextafter(LIMIT, 0.0), max_value=-SMALLEST),
)


def _is_legal(value: str) -> bool:
    return value == value.strip(" ") and value != "."


@st.composite
def legal_datasets(draw: st.DrawFn) -> tuple[XptMember, pd.DataFrame, str]:
    """A member, a frame that it describes and an encoding; a number at the end keeps the last row visible."""
    encoding = draw(st.sampled_from(sorted(ALPHABETS)))
    rows = draw(st.integers(1, 7))
    text = st.text(ALPHABETS[encoding], max_size=12).filter(_is_legal)
    long_text = st.integers(190, 200).map(lambda size: "x" * size)
    label = text.filter(lambda value: len(value.encode(encoding)) <= 40)
    variables: list[XptVariable] = []
    columns: dict[str, pd.Series[Any]] = {}
    for number, kind in enumerate(
        draw(st.lists(st.sampled_from(["str", "object", "Num", "Decimal"]), max_size=4))
    ):
        name = f"V{number}"
        if kind in ("str", "object"):
            values = draw(st.lists(st.one_of(text, long_text, st.none()), min_size=rows, max_size=rows))
            columns[name] = pd.Series(values, dtype="str" if kind == "str" else object)
            spare = draw(st.integers(0, 3))
            length = min(200, compute_char_length(columns[name], encoding) + spare)
            variables.append(XptVariable(name, draw(label), "Char", length))
        else:
            numbers = draw(st.lists(NUMBER, min_size=rows, max_size=rows))
            exact = [None if value != value else Decimal(value) for value in numbers]
            columns[name] = pd.Series(numbers) if kind == "Num" else pd.Series(exact, dtype=object)
            variables.append(XptVariable(name, draw(label), "Num", 8))
    columns["LAST"] = pd.Series([*draw(st.lists(NUMBER, min_size=rows - 1, max_size=rows - 1)), 1.0])
    variables.append(XptVariable("LAST", draw(label), "Num", 8))
    return XptMember("XX", draw(label), tuple(variables)), pd.DataFrame(columns), encoding


def _decode(path: Path, member: XptMember, rows: int, encoding: str) -> dict[str, list[Any]]:
    """Read the observations by the layout alone, with our own numbers."""
    width = sum(variable.length for variable in member.variables)
    observations = _read_observations(path)[: rows * width]
    block = np.frombuffer(observations, dtype=np.uint8).reshape(rows, width)
    decoded: dict[str, list[Any]] = {}
    start = 0
    for variable in member.variables:
        field = block[:, start : start + variable.length]
        start += variable.length
        decoded[variable.name] = (
            convert_ibm_to_double(field).tolist()
            if variable.type == "Num"
            else [row.tobytes().decode(encoding).rstrip(" ") for row in field]
        )
    return decoded


@given(legal_datasets(), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_any_legal_frame_survives(dataset: tuple[XptMember, pd.DataFrame, str], rows_per_chunk: int) -> None:
    member, frame, encoding = dataset
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "xx.xpt")
        written = write_xpt(path, member, frame, created=CREATED, encoding=encoding)
        again = write_xpt(
            path, member, frame, created=CREATED, encoding=encoding, rows_per_chunk=rows_per_chunk
        )
        assert again == written
        assert path.stat().st_size == written.bytes
        assert written.bytes % 80 == 0
        check_xpt(path, member, frame, encoding=encoding)
        decoded = _decode(path, member, len(frame), encoding)
    for variable in member.variables:
        meant = frame[variable.name]
        if variable.type == "Num":
            np.testing.assert_array_equal(
                decoded[variable.name], meant.to_numpy(dtype=float, na_value=np.nan)
            )
        else:
            assert decoded[variable.name] == meant.astype(object).where(meant.notna(), "").tolist()
