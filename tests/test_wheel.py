"""The wheel carries the mapping tables and works without a checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from places import ROOT

BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the content of the wheel, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-c", BUILD, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    with zipfile.ZipFile(folder / done.stdout.strip().splitlines()[-1]) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, capture_output=True, text=True, check=False, env=environment
    )


def test_tables_are_in_the_wheel(installed: Path) -> None:
    packaged = {p.relative_to(installed / "hbv_standards" / "_mappings") for p in installed.rglob("_mappings/**/*.*")}
    checkout = {p.relative_to(ROOT / "mappings") for p in (ROOT / "mappings").rglob("*.*")}
    assert packaged == checkout
    assert (installed / "hbv_standards" / "standards" / "data" / "ct_terms.csv").is_file()
    assert (installed / "hbv_standards" / "py.typed").is_file()


def test_wheel_converts(installed: Path, tmp_path: Path) -> None:
    where = run(installed, "-c", "import hbv_standards as h; print(h.__file__, h.locate_mappings())", cwd=tmp_path)
    assert where.stdout.count(str(installed)) == 2, where.stdout + where.stderr
    hospital = ROOT / "fixtures" / "hospitals" / "zhongshan"
    done = run(
        installed, "-m", "hbv_standards", "convert", str(hospital), "--site", "zhongshan", "--out", "out", "--quiet",
        "--conformance", "none", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "sdtm" / "lb.xpt").is_file()
