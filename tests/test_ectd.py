"""The eCTD's layout and split datasets, as users meet them: same rows, other places; everything leads there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from click.testing import CliRunner
from lxml import etree

from hbv_standards.cli import main
from hbv_standards.errors import ConfigurationError
from hbv_standards.export.layout import find_sdtm_folder, locate_sdtm
from hbv_standards.export.trace_query import trace_row
from hbv_standards.pipeline import ConvertOptions, convert

STUDIES = Path(__file__).parent / "studies"
PLACE = "m5/datasets/bp-7/tabulations/sdtm"
LIMIT = 5000
"""Bytes of a file that the 12 records of VS of the tiny study exceed, and nothing else."""


def convert_tiny(out: Path, *, ectd: bool = True, max_bytes: int | None = LIMIT) -> Path:
    options = ConvertOptions(study=STUDIES / "tiny", conformance="none", ectd=ectd, max_bytes=max_bytes)
    convert([STUDIES / "tiny_input"], out, options)
    return out


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert_tiny(tmp_path_factory.mktemp("ectd") / "out")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return convert_tiny(tmp_path_factory.mktemp("plain") / "out", ectd=False, max_bytes=None)


def list_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_datasets_lie_in_module_5(folder: Path, plain: Path) -> None:
    moved = {name.replace("sdtm/", f"{PLACE}/") for name in list_files(plain) if "/vs." not in name}
    assert {name for name in list_files(folder) if "/vs" not in name} == moved
    parts = {name for name in list_files(folder) if "/vs" in name}
    assert parts == {
        f"{place}/{part}.{end}"
        for part in ("vs1", "vs2")
        for place, ends in ((PLACE, ["xpt"]), ("dataset-json", ["json", "ndjson"]), ("trace", ["parquet"]))
        for end in ends
    }


def test_manifest_says_where_and_what(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, facts in manifest["datasets"].items():
        content = (folder / facts["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (facts["bytes"], facts["sha256"])
        assert len(content) <= LIMIT
        assert facts.get("part_of") == ("VS" if name in ("VS1", "VS2") else None)
    assert (manifest["command"]["ectd"], manifest["command"]["max_bytes"]) == (True, LIMIT)


def test_references_are_relative_and_resolve(folder: Path) -> None:
    document = etree.parse(str(folder / PLACE / "define.xml"))
    hrefs = document.xpath("//*[local-name() = 'leaf']/@*[local-name() = 'href']")
    assert {f"{href}" for href in hrefs if str(href).endswith(".xpt")} == {p.name for p in (folder / PLACE).glob("*.xpt")}
    described = json.loads((folder / "dataset-json" / "vs1.json").read_text(encoding="utf-8"))
    assert (folder / "dataset-json" / described["metaDataRef"]).resolve() == (folder / PLACE / "define.xml").resolve()


def test_parts_are_the_whole(folder: Path, plain: Path) -> None:
    whole, _ = pyreadstat.read_xport(str(plain / "sdtm" / "vs.xpt"))
    parts = [pyreadstat.read_xport(str(folder / PLACE / f"vs{n}.xpt"))[0] for n in (1, 2)]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)


def test_validation_finds_what_it_finds_in_the_whole(folder: Path, plain: Path) -> None:
    found, expected = (pd.read_csv(place / "validation.csv", dtype=str) for place in (folder, plain))
    assert sorted(set(found["code"])) == sorted(set(expected["code"]))


def test_same_bytes_again(folder: Path, tmp_path: Path) -> None:
    again = convert_tiny(tmp_path / "again")
    assert list_files(again) == list_files(folder)
    for name in list_files(folder):
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_folder_of_one_layout_gives_way_to_the_other(folder: Path, tmp_path: Path) -> None:
    out = convert_tiny(tmp_path / "out", ectd=False)
    assert list_files(convert_tiny(out)) == list_files(folder)


def test_trace_finds_the_part(folder: Path, plain: Path) -> None:
    whole, _ = pyreadstat.read_xport(str(plain / "sdtm" / "vs.xpt"))
    for subject, seq in zip(whole["USUBJID"], whole["VSSEQ"], strict=True):
        found, expected = (trace_row(place, "vs", f"{subject}:{seq:.0f}") for place in (folder, plain))
        assert found.dataset == ("VS1" if subject == whole["USUBJID"].iloc[0] else "VS2")
        assert found.values == expected.values
        pd.testing.assert_frame_equal(found.origins, expected.origins)
        assert len(found.origins)
    assert trace_row(folder, "VS2", "#1").values["USUBJID"] == whole["USUBJID"].iloc[-1]


@pytest.mark.parametrize(
    ("dataset", "key", "said"),
    [
        ("VS", "#1", "VS1, VS2"),
        ("VS", "nobody:1", "VS has no row"),
        ("VS1", "#99", "VS1 has no row"),
        ("VS1", "1", "did you mean '#1'"),
        ("XX", "#1", "VS1"),
    ],
)
def test_trace_says_what_to_write(folder: Path, dataset: str, key: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        trace_row(folder, dataset, key)


def test_commands_find_either_layout(folder: Path, plain: Path) -> None:
    for place in (folder, plain):
        traced = CliRunner().invoke(main, ["trace", str(place), "DM", "#1"])
        assert traced.exit_code == 0
        validated = CliRunner().invoke(main, ["validate", str(place)])
        assert validated.exit_code in (0, 1), validated.output


def test_limit_that_no_split_keeps_writes_nothing(tmp_path: Path) -> None:
    words = [str(STUDIES / "tiny_input"), "--study", str(STUDIES / "tiny"), "--conformance", "none"]
    done = CliRunner().invoke(main, ["convert", *words, "--max-bytes", "1000", "--out", str(tmp_path / "o")])
    assert done.exit_code == 1
    assert "--max-bytes" in done.output
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("studyid", "place"), [("BP-7", "bp-7"), ("HBV PEG/48_2", "hbv-peg-48-2"), ("-研究 1", "1")]
)
def test_names_of_the_study_folder(studyid: str, place: str) -> None:
    assert locate_sdtm(studyid, ectd=True) == f"m5/datasets/{place}/tabulations/sdtm"
    assert locate_sdtm(studyid, ectd=False) == "sdtm"


def test_study_without_ascii_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ASCII identifier"):
        locate_sdtm("研究", ectd=True)
    assert find_sdtm_folder(tmp_path) == tmp_path
