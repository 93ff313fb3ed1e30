"""Writing: equal bytes, conformant resources, and the fixtures of the repository."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from hbv_standards.simulate.fhir.conformance import check_conformance
from hbv_standards.simulate.fixtures import FIXTURE_SEED, FIXTURE_SUBJECTS, write_fixtures
from hbv_standards.simulate.protocol import SITES
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.write import encode_files, write_simulation
from truth import TABLES

FIXTURES = Path(__file__).parents[2] / "fixtures"
LARGEST = 4_000_000  # bytes, of all fixtures


def digest(folder: Path) -> dict[str, str]:
    """Content hash by path; compressed files by what is in them, as compressors differ."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(read(file)).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "README.md"
    }


def read(file: Path) -> bytes:
    data = file.read_bytes()
    return gzip.decompress(data) if file.suffix == ".gz" else data


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fixtures written again; every resource is held against FHIR on the way."""
    folder = tmp_path_factory.mktemp("fixtures")
    write_fixtures(folder)
    return folder


def test_fixtures_are_what_the_simulator_writes(remade: Path) -> None:
    assert digest(remade) == digest(FIXTURES)


def test_fixtures_are_small() -> None:
    assert sum(file.stat().st_size for file in FIXTURES.rglob("*") if file.is_file()) < LARGEST


def test_same_trial_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_simulation(simulate_trial(6, 11, extent="brief"), tmp_path / name, validate=False)
    first, second = (sorted(f for f in (tmp_path / n).rglob("*") if f.is_file()) for n in ("one", "two"))
    assert [f.read_bytes() for f in first] == [f.read_bytes() for f in second]


def test_folders() -> None:
    assert {path.name for path in (FIXTURES / "hospitals").iterdir()} == set(SITES)
    names = {"findings", "relations", "unmapped", *TABLES}
    assert {path.stem for path in (FIXTURES / "truth").iterdir()} == names


@pytest.mark.parametrize("seed", [3])
def test_every_resource_of_a_full_trial_conforms(seed: int) -> None:
    files = list(encode_files(simulate_trial(6, seed), validate=True))
    assert len(files) > 20


def test_foshan_differs_from_fhir_in_its_times_alone() -> None:
    """What Foshan writes is made of resources that conform; the habit of short times comes last."""
    trial = simulate_trial(FIXTURE_SUBJECTS, FIXTURE_SEED, extent="brief")
    written = dict(encode_files(trial, validate=False))
    name = next(n for n in written if n.startswith("foshan/searchset"))
    restored = json.loads(written[name])
    short = [o["effectiveDateTime"] for e in restored["entry"] if "effectiveDateTime" in (o := e["resource"])]
    assert short
    assert {len(text) for text in short} == {16}
    fixed = written[name]
    for text in sorted({*_find_times(restored)}):
        fixed = fixed.replace(f'"{text}"'.encode(), f'"{text}:00+08:00"'.encode())
    check_conformance(fixed, "R5")


def _find_times(node: object) -> list[str]:
    if isinstance(node, dict):
        return [t for value in node.values() for t in _find_times(value)]
    if isinstance(node, list):
        return [t for value in node for t in _find_times(value)]
    return (
        [node]
        if isinstance(node, str) and len(node) == 16 and node[10:11] == "T" and node[4:5] == "-"
        else []
    )
