"""A folder as a data cut: where its books lie, which datasets are parts of one, what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hbv_standards.compare.data_cut import read_cut
from hbv_standards.errors import ConfigurationError

from .cut_folders import Cut, Record, Resource, write_cut

LB: Record = {"STUDYID": "S", "DOMAIN": "LB", "USUBJID": "S-1", "LBSEQ": 1, "LBTESTCD": "ALT"}
SUPP: Record = {
    "STUDYID": "S",
    "RDOMAIN": "LB",
    "USUBJID": "S-1",
    "IDVAR": "LBSEQ",
    "IDVARVAL": "1",
    "QNAM": "X",
}
CUT = Cut(
    {"LB": [LB]},
    [Resource("a")],
    {"LB": [[0]]},
    manifest={"study": "S"},
    issues=[{"code": "HBV-MAP-001", "count": "1"}],
)


@pytest.mark.parametrize("named", [".", "sdtm"])
def test_what_lies_beside_is_found_from_either_folder(named: str, tmp_path: Path) -> None:
    cut = read_cut(write_cut(tmp_path / "cut", CUT) / named)
    assert cut.manifest == {"study": "S"}
    assert cut.issues is not None
    assert cut.datasets["LB"].evidence is not None


def test_a_manifest_above_that_is_of_other_datasets_is_left_alone(tmp_path: Path) -> None:
    folder = write_cut(tmp_path / "cut", CUT)
    cut = read_cut(write_cut(folder / "earlier", Cut({"LB": [LB]})) / "sdtm")
    assert (cut.manifest, cut.sources, cut.issues) == ({}, None, None)


def test_parts_are_joined_with_their_traces(tmp_path: Path) -> None:
    """SUPPLBCH and SUPPLBUR are of SUPPLB; rows of the second part count on after those of the first."""
    second, more = {**LB, "LBSEQ": 2}, {**SUPP, "IDVARVAL": "2"}
    parts = {"LBCH": [LB], "LBUR": [second], "SUPPLBCH": [SUPP], "SUPPLBUR": [more]}
    cut = Cut(parts, [Resource("a"), Resource("b")], {"LBCH": [[0]], "LBUR": [[1]]})
    datasets = read_cut(write_cut(tmp_path / "cut", cut)).datasets
    assert {name: each.parts for name, each in datasets.items()} == {
        "LB": ("LBCH", "LBUR"),
        "SUPPLB": ("SUPPLBCH", "SUPPLBUR"),
    }
    assert datasets["LB"].evidence is not None
    assert datasets["LB"].evidence.records.to_numpy().tolist() == [[0, 0], [1, 1]]
    assert datasets["SUPPLB"].frame["IDVARVAL"].tolist() == ["1", "2"]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ([[0], [0]], "is the trace of more than 1 records"),
        ([[3]], "names sources that sources.parquet has not"),
    ],
)
def test_a_trace_of_something_else(sources: list[list[int]], message: str, tmp_path: Path) -> None:
    folder = write_cut(tmp_path / "cut", replace(CUT, sources={"LB": sources}))
    with pytest.raises(ConfigurationError, match=message):
        read_cut(folder)


@pytest.mark.parametrize(
    ("place", "content", "message"),
    [
        ("manifest.json", "{", "is no JSON"),
        ("issues.csv", "", "is no CSV in UTF-8"),
        ("issues.csv", "a,b\n", "has no columns code and count"),
        ("trace/sources.parquet", "x", "is no trace that convert wrote"),
        ("trace/lb.parquet", "x", "is no trace that convert wrote"),
    ],
)
def test_a_file_beside_that_cannot_be_read(place: str, content: str, message: str, tmp_path: Path) -> None:
    folder = write_cut(tmp_path / "cut", CUT)
    (folder / place).write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"{Path(place).name}: {message}"):
        read_cut(folder)


def test_a_trace_with_other_columns(tmp_path: Path) -> None:
    folder = write_cut(tmp_path / "cut", CUT)
    (folder / "trace" / "lb.parquet").write_bytes((folder / "trace" / "sources.parquet").read_bytes())
    with pytest.raises(ConfigurationError, match=r"lb\.parquet: is no trace that convert wrote"):
        read_cut(folder)
