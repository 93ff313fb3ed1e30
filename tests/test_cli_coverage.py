"""The commands ``coverage``, ``study new-site`` and ``study add-rows``: messages, files, exit codes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from desk.walk import accept_proposals, forget_hospital
from hbv_standards.cli_coverage import add_rows, coverage, find_width, new_site
from places import HOSPITALS

FOSHAN = str(HOSPITALS / "foshan")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return forget_hospital(tmp_path_factory.mktemp("cli"), "foshan")


def run(*args: str) -> Result:
    commands = {"coverage": coverage, "new-site": new_site, "add-rows": add_rows}
    return CliRunner().invoke(commands[args[0]], list(args[1:]))


def test_the_walk(study: Path, tmp_path: Path) -> None:
    """From a delivery of a hospital never seen to one whose codes are known."""
    out, file = tmp_path / "out", tmp_path / "all.csv"
    before = run(
        "coverage", FOSHAN, "--site", "foshan", "--study", str(study), "--out", str(out), "--csv", str(file)
    )
    assert before.exit_code == 0
    assert "foshan (not in the study yet): 8 subjects enrolled" in before.stdout
    assert before.stdout.endswith(f"  hbv-standards study new-site foshan --from {FOSHAN} --study {study}\n")
    assert (out / "candidates.csv").is_file()
    assert file.read_bytes().startswith(b"\xef\xbb\xbfsite,table,kind")
    made = run("new-site", "foshan", "--from", FOSHAN, "--study", str(study))
    assert made.exit_code == 0
    assert "foshan is site 03 in study.yaml" in made.stdout
    accept_proposals(study / "sites" / "foshan")
    after = run("coverage", FOSHAN, "--study", str(study), "--quiet", "--out", str(out))
    assert (after.exit_code, after.stdout) == (0, "")
    more = ("add-rows", "foshan", "--from", FOSHAN, "--study", str(study))
    table = study / "sites/foshan/values.csv"
    first = b"".join(table.read_bytes().splitlines(keepends=True)[:-3])  # three words that came later
    table.write_bytes(first)
    dry = run(*more, "--dry-run")
    assert (dry.exit_code, table.read_bytes()) == (0, first)
    assert "would be added as lines" in dry.stdout
    assert dry.stdout.count("sites/foshan/values.csv new row (") == 3
    added = run(*more)
    assert added.exit_code == 0
    assert table.read_bytes().startswith(first)
    assert table.read_bytes().count(b"\n") == first.count(b"\n") + 3
    assert run(*more).stdout.startswith("nothing was added: the tables of foshan have a row for everything")
    assert run(*more, "--quiet").output == ""
    again = run("new-site", "foshan", "--from", FOSHAN, "--study", str(study))
    assert again.exit_code == 2
    assert "exists and is left alone; `study add-rows foshan` adds rows" in again.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("coverage",), "Missing argument"),
        (("coverage", FOSHAN, "--quiet"), "--quiet alone does nothing; add --out DIR or --csv FILE"),
        (("coverage", "nowhere"), "input nowhere does not exist"),
        (("coverage", FOSHAN, "--study", "nowhere"), "nowhere holds no study.yaml"),
        (("new-site", "x", "--from", FOSHAN), "Missing option '--study'"),
        (("new-site", "x", "--study", "nowhere"), "Missing option '--from'"),
        (
            ("new-site", "x", "--from", FOSHAN, "--study", "nowhere"),
            "--study nowhere does not exist; copy one",
        ),
        (("new-site", "X y", "--from", FOSHAN, "--study", "mappings"), "is no name of a hospital's folder"),
        (
            ("add-rows", "x", "--from", FOSHAN, "--study", "mappings"),
            "the study has no hospital 'x'; `study new-site x` makes the folder of a new one",
        ),
        (
            ("add-rows", "x", "--from", FOSHAN, "--study", "nowhere"),
            "--study nowhere does not exist; copy one",
        ),
    ],
)
def test_wrong_usage(args: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HOSPITALS.parents[1])
    done = run(*args)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("132", 132), (None, 200), ("wide", 200)])
def test_width_where_the_output_is_piped(
    columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    with Path(os.devnull).open("w", encoding="utf-8") as piped:
        monkeypatch.setattr(sys, "__stdout__", piped)
        assert find_width() == width


def test_help_is_instant() -> None:
    assert "unmapped first" in run("coverage", "--help").stdout
    assert "accepted in its `status`" in run("new-site", "--help").stdout


def test_a_delivery_with_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes(b"")
    done = run("coverage", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "nothing was read of" in done.stderr
    assert "1  HBV-ING-001  File could not be read" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_csv_in_a_folder_that_is_not_there(study: Path, tmp_path: Path) -> None:
    file = tmp_path / "new/all.csv"
    done = run("coverage", FOSHAN, "--site", "foshan", "--study", str(study), "--csv", str(file), "--quiet")
    assert (done.exit_code, done.stderr) == (0, "")
    assert file.is_file()
