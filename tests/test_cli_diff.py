"""The command ``diff``, from two submission folders that ``convert`` wrote to what a reader sees."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from hbv_standards import diff
from hbv_standards.cli import main
from hbv_standards.pipeline import ConvertOptions, convert
from places import HOSPITALS

STUDIES = Path(__file__).parent / "studies"
AMENDED = "uuid-FS100002.json"
FIELDS = ["dataset", "change", "variable", "old", "new"]


def convert_foshan(source: Path, out: Path, cutoff: str | None = None) -> Path:
    convert([source], out, ConvertOptions(site="foshan", conformance="none", cutoff=cutoff))
    return out


def amend(source: Path, folder: Path) -> Path:
    """The hospital's delivery with a third version of one result, which is 1 U/L higher; digits stay as sent."""
    folder.mkdir()
    for path in source.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    bundle = folder / AMENDED
    text = bundle.read_text(encoding="utf-8")
    at = text.rindex('"03002-c04-ALT"')
    later = re.sub(r'("versionId": ?)"2"', r'\1"3"', text[at:], count=1)
    later = re.sub(r'("value": ?)(\d+)\b', lambda found: f"{found[1]}{int(found[2]) + 1}", later, count=1)
    bundle.write_text(text[:at] + later, encoding="utf-8")
    return folder


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["diff", *map(str, args)])


@pytest.fixture(scope="module")
def cuts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One hospital at a data cut, whole, and whole with one result amended."""
    folder = tmp_path_factory.mktemp("cuts")
    source = HOSPITALS / "foshan"
    convert_foshan(source, folder / "cut", "2024-06-30")
    convert_foshan(source, folder / "whole")
    convert_foshan(amend(source, folder / "foshan"), folder / "amended")
    return folder


def test_a_result_that_the_hospital_amended(cuts: Path, tmp_path: Path) -> None:
    """Exactly the cells of that result, with both versions of the resource; nothing else."""
    done = run(cuts / "whole", cuts / "amended", "--out", tmp_path / "changes.csv")
    assert done.exit_code == 0
    changes = pd.read_csv(tmp_path / "changes.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert changes[["dataset", "usubjid", "change", "variable"]].to_numpy().tolist() == [
        ["LB", "HBV-PEG-48-03002", "value changed", name] for name in ("LBORRES", "LBSTRESC", "LBSTRESN")
    ]
    assert (changes["new"].astype(int) == changes["old"].astype(int) + 1).all()
    assert set(changes["why"]) == {"amended"}
    assert set(changes["old_source"]) == {"foshan Observation/03002-c04-ALT version 2"}
    assert set(changes["new_source"]) == {"foshan Observation/03002-c04-ALT version 3"}
    assert f"inputs: 0 new, 0 gone, 1 changed: foshan/{AMENDED}" in done.output
    assert "LB.LBORRES: 1 (amended 1)" in done.output


def test_a_later_cut(cuts: Path) -> None:
    """Records are added, open ends and what follows from them change; nothing goes but what stood for the cut."""
    found = diff(cuts / "cut", cuts / "whole")
    counts = found.datasets.set_index("dataset")
    assert (counts["new"] - counts["old"] == counts["added"] - counts["removed"]).all()
    assert counts["removed"].sum() == 0
    assert counts.loc["LB", "added"] > 100
    assert counts.loc["LB", "renumbered"] > 50
    assert counts.loc["SUPPLB", "changed"] == 0
    assert found.settings[["what", "name", "old", "new"]].to_numpy().tolist() == [
        ["option", "cutoff", "2024-06-30", ""]
    ]
    added = found.changes[(found.changes["change"] == "record added") & (found.changes["dataset"] == "LB")]
    assert added["old_source"].str.endswith("out of scope (HBV-SDTM-010)").all()
    assert set(found.subjects["change"]) <= {"subject added", "arm changed"}


def test_the_cuts_exchanged(cuts: Path) -> None:
    there, back = diff(cuts / "cut", cuts / "whole"), diff(cuts / "whole", cuts / "cut")
    turned = there.datasets.rename(
        columns={"old": "new", "new": "old", "added": "removed", "removed": "added"}
    )
    pd.testing.assert_frame_equal(turned[list(back.datasets.columns)], back.datasets)
    mirrored = there.changes.rename(columns={"old": "new", "new": "old"}).replace(
        {
            "change": {
                "record added": "record removed",
                "variable added": "variable removed",
                "dataset added": "dataset removed",
            }
        }
    )
    assert sorted(mirrored[FIELDS].itertuples(index=False)) == sorted(
        back.changes[FIELDS].itertuples(index=False)
    )


def test_a_cut_and_itself(cuts: Path) -> None:
    done = run(cuts / "whole", cuts / "whole", "--exit-code")
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == "no difference in any record, value or variable"


def test_same_cuts_same_bytes(cuts: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert run(cuts / "cut", cuts / "whole", "--quiet", "--out", tmp_path / f"{name}.csv").output == ""
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()


def test_the_folders_of_the_files_alone(cuts: Path, tmp_path: Path) -> None:
    """Without trace and define.xml the keys of the specs decide; the named folder leads to what lies beside it."""
    for name in ("whole", "amended"):
        (tmp_path / name).mkdir()
        for path in (cuts / name / "sdtm").glob("*.xpt"):
            (tmp_path / name / path.name).write_bytes(path.read_bytes())
    bare = diff(tmp_path / "whole", tmp_path / "amended")
    assert (
        bare.changes[FIELDS].to_numpy().tolist()
        == diff(cuts / "whole", cuts / "amended").changes[FIELDS].to_numpy().tolist()
    )
    assert set(bare.changes["why"]) == {""}
    assert set(diff(cuts / "whole" / "sdtm", cuts / "amended" / "sdtm").changes["why"]) == {"amended"}


def test_layouts_and_parts_are_one(tmp_path: Path) -> None:
    """The eCTD's folders with VS in parts against one file in sdtm: the parts are told, no record differs."""
    for name, ectd, limit in (("plain", False, None), ("ectd", True, 5000)):
        options = ConvertOptions(study=STUDIES / "tiny", conformance="none", ectd=ectd, max_bytes=limit)
        convert([STUDIES / "tiny_input"], tmp_path / name, options)
    found = diff(tmp_path / "plain", tmp_path / "ectd")
    assert found.datasets[["added", "removed", "changed", "renumbered"]].to_numpy().sum() == 0
    assert found.changes[["dataset", "change", "old"]].to_numpy().tolist() == [
        ["VS", "dataset parts changed", "VS"]
    ]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("whole", "amended", "--exit-code", "--quiet"), 1, ""),
        (("whole", "amended", "--dataset", "dm", "--exit-code"), 0, "no difference"),
        (("whole", "amended", "--dataset", "XX"), 2, "neither cut has a dataset XX; they have AE,"),
        (("whole", "amended", "--quiet"), 2, "--quiet alone does nothing"),
        (("whole", "nowhere"), 2, "there is no such folder"),
        (("whole", "foshan"), 2, "holds no *.xpt file"),
        (("whole",), 2, "Missing argument"),
    ],
)
def test_exit_codes(args: tuple[str, ...], code: int, said: str, cuts: Path) -> None:
    folders = {"whole", "amended", "nowhere", "foshan"}
    done = run(*(cuts / arg if arg in folders else arg for arg in args))
    assert done.exit_code == code
    assert said in done.output
    assert bool(done.output) == bool(said)


@pytest.mark.parametrize("name", ["vs.xpt", "sdtm/changes.csv"])
def test_no_file_is_written_into_what_is_compared(name: str, cuts: Path) -> None:
    before = {path: path.read_bytes() for path in cuts.rglob("*") if path.is_file()}
    done = run(cuts / "whole", cuts / "amended", "--out", cuts / "amended" / name)
    assert done.exit_code == 2
    assert "lies in a folder that is compared; write it elsewhere" in done.output
    assert {path: path.read_bytes() for path in cuts.rglob("*") if path.is_file()} == before


def test_a_broken_file_is_refused(cuts: Path, tmp_path: Path) -> None:
    """What cannot be read would look as if it had been removed."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "lb.xpt").write_bytes((cuts / "whole" / "sdtm" / "lb.xpt").read_bytes()[:1000])
    done = run(cuts / "whole", tmp_path / "broken")
    assert done.exit_code == 2
    assert "lb.xpt" in done.output
    assert "cannot be compared" in done.output


def test_a_trace_of_other_datasets_is_refused(cuts: Path, tmp_path: Path) -> None:
    for place in ("sdtm/dm.xpt", "trace/sources.parquet", "trace/lb.parquet"):
        target = tmp_path / "mixed" / place.replace("lb.parquet", "dm.parquet")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((cuts / "whole" / place).read_bytes())
    done = run(cuts / "whole", tmp_path / "mixed")
    assert done.exit_code == 2
    assert "dm.parquet: is the trace of more than" in done.output
