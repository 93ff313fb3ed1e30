"""Other programs read our files: pyreadstat, pandas and, where R is installed, haven.

How they differ, and what the comparison therefore does not ask of them:

- None knows the number of rows.  pyreadstat and haven (both around the C library ReadStat, so they are two
  wrappers of one parser) drop rows of blanks at the end; the writer refuses those.  pandas counts every
  blank 8-byte word of the last record as padding when rows have 80 bytes or less, and so loses rows of
  short, sparse datasets: the short dataset below has no such word in its rows.
- Blanks at the end of a value are gone everywhere; the writer refuses them.  Missing text is "" everywhere.
- Missing numbers are None in pyreadstat's dictionaries, NaN in pandas, NA in haven; minus zero is zero.
- pandas reads the true zero, 8 zero bytes, as 2**-260, the smallest number of the format: the two are one
  to it, so it is given no dataset that holds 2**-260.
- pandas gives variable labels as bytes, reads the dataset label as UTF-8 whatever the encoding, and haven
  takes no encoding at all: a GB 18030 file goes to pyreadstat, and to pandas if the dataset label is ASCII.

haven is a reader here only if ``Rscript`` is on the path and the package is installed.  Setting
``HBV_REQUIRE_HAVEN=1`` turns its absence into a failure.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from hbv_standards.export.ibm_float import LIMIT, SMALLEST
from hbv_standards.export.xpt import XptMember, XptVariable, compute_char_length, write_xpt
from xpt_readers import READERS, Reader


@dataclass(frozen=True)
class Dataset:
    """A frame with labels by variable name, and which of the readers can take its encoding."""

    label: str
    frame: pd.DataFrame
    labels: dict[str, str]
    encoding: str = "ascii"
    readers: tuple[str, ...] = ("pyreadstat", "pandas", "haven")

    def build_member(self) -> XptMember:
        return XptMember("XX", self.label, tuple(self._build_variable(name) for name in self.frame.columns))

    def _build_variable(self, name: str) -> XptVariable:
        values = self.frame[name]
        if pd.api.types.is_numeric_dtype(values):
            return XptVariable(name, self.labels.get(name, ""), "Num", 8)
        return XptVariable(
            name, self.labels.get(name, ""), "Char", compute_char_length(values, self.encoding)
        )


_EXTREMES = [
    *(0.1, -0.1, 1 / 3, -118.625, 1e-30, 123456789.123456789, 5e75, 2.0**53 - 1, -(2.0**53) + 1),
    *(-SMALLEST, np.nextafter(SMALLEST, 1), np.nextafter(LIMIT, 0), -np.nextafter(LIMIT, 0)),
    *(0.0, np.nan, 4.35),
]
_ROWS = len(_EXTREMES)


def _text(*values: str | None) -> pd.Series[Any]:
    return pd.Series([*values, *[None] * (_ROWS - len(values))], dtype="str")


DATASETS = {
    "tricky": Dataset(
        "Forty bytes of label, not one fewer: 123",
        pd.DataFrame(
            {
                "USUBJID": _text(
                    "S-01", "'q'", '"dq"', "a,b", "a  b", "..", "NA", "<1.00E+01", "~!@#$%^&*()"
                ),
                "ALLNULL": _text(),
                "LONGEST": _text("x" * 200, None, "y" * 199, "a" + " " * 198 + "z"),
                "X_1": _EXTREMES,
                "A": _EXTREMES[::-1],
                "NONE": [np.nan] * _ROWS,
            }
        ),
        {"USUBJID": "Unique Subject Identifier", "LONGEST": "L" * 40, "X_1": "a 'quoted' label", "NONE": "x"},
    ),
    "blank rows inside": Dataset(
        "",
        pd.DataFrame({"A": ["a", None, None, "b" * 90], "B": [None, None, None, "c"]}, dtype="str"),
        {"A": "First", "B": "Second"},
    ),
    "short rows": Dataset(
        "Seven bytes and a number",
        pd.DataFrame({"A": ["ABCDEFG", "HIJKLMN", "OPQRSTU"], "N": [1.0, np.nan, -0.0]}),
        {"A": "Text", "N": "Number"},
    ),
    "smallest number and zero": Dataset(
        "", pd.DataFrame({"N": [SMALLEST, 0.0, -SMALLEST]}), {}, readers=("pyreadstat", "haven")
    ),
    "one number": Dataset("", pd.DataFrame({"N": [np.nan]}), {}),
    "chinese utf-8": Dataset(
        "实验室检查结果",
        pd.DataFrame({"LBORRES": _text("未检出", "↑", "乙肝" * 33, "10×10⁹/L", "🧪"), "LBSTRESN": _EXTREMES}),
        {"LBORRES": "原始单位下的检查结果或所见", "LBSTRESN": "数值型结果"},
        encoding="utf-8",
    ),
    "chinese gb18030": Dataset(
        "Laboratory",
        pd.DataFrame({"LBORRES": _text("未检出", "↑", "乙肝" * 50, "㎎", "🧪"), "LBSTRESN": _EXTREMES}),
        {"LBORRES": "原始单位下的检查结果或所见", "LBSTRESN": "数值型结果"},
        encoding="gb18030",
        readers=("pyreadstat", "pandas"),
    ),
    "chinese gb18030 with a chinese dataset label": Dataset(
        "实验室检查结果实验室检查结果实验室检查",
        pd.DataFrame({"LBORRES": _text("未检出"), "LBSTRESN": _EXTREMES}),
        {},
        encoding="gb18030",
        readers=("pyreadstat",),
    ),
}
CASES = [
    pytest.param(READERS[reader], dataset, id=f"{reader}: {name}")
    for name, dataset in DATASETS.items()
    for reader in dataset.readers
    if reader in READERS
]


def _write(folder: Path, dataset: Dataset) -> tuple[Path, XptMember]:
    member = dataset.build_member()
    path = folder / "xx.xpt"
    write_xpt(path, member, dataset.frame, created=datetime(2024, 2, 29), encoding=dataset.encoding)
    return path, member


@pytest.mark.parametrize(("read", "dataset"), CASES)
def test_reader_sees_every_label_and_cell(tmp_path: Path, read: Reader, dataset: Dataset) -> None:
    path, member = _write(tmp_path, dataset)
    reading = read(path, dataset.encoding)
    assert reading.name in ("XX", "")
    assert reading.label == dataset.label
    assert reading.labels == {variable.name: variable.label for variable in member.variables}
    assert reading.types == {variable.name: variable.type for variable in member.variables}
    assert list(reading.values) == list(dataset.frame.columns)
    for name, values in reading.values.items():
        meant = dataset.frame[name]
        if reading.types[name] == "Char":
            assert values == meant.astype(object).where(meant.notna(), "").tolist()
        else:
            np.testing.assert_array_equal(np.array(values, dtype=np.float64), meant.to_numpy())


@pytest.mark.parametrize("name", ["tricky", "blank rows inside", "short rows", "chinese utf-8"])
def test_observations_are_those_of_pyreadstats_writer(tmp_path: Path, name: str) -> None:
    """Another writer makes the same bytes, save where its own quirks lie.

    It writes minus zero with its sign and, from 2**249 on, the largest field in place of the number.
    """
    frame = DATASETS[name].frame
    numbers = frame.select_dtypes("number")
    plain = frame.assign(**numbers.mask(numbers.abs() >= 2.0**249).add(0.0))
    path, _ = _write(tmp_path, replace(DATASETS[name], frame=plain))
    other = tmp_path / "other.xpt"
    pyreadstat.write_xport(plain, str(other), file_format_version=5)
    ours, theirs = (file.read_bytes().partition(b"*OBS     HEADER")[2] for file in (path, other))
    assert ours == theirs


def test_haven_is_there_when_it_must_be() -> None:
    assert os.environ.get("HBV_REQUIRE_HAVEN") != "1" or "haven" in READERS, (
        "HBV_REQUIRE_HAVEN=1 but Rscript with the package haven is not on the path"
    )
