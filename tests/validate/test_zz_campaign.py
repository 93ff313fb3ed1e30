"""Whatever is in the files, validation ends with a table: nothing raises, and nothing depends on chance."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.validate import COLUMNS, validate_datasets, validate_folder

from .writing import build_member, build_study, write_study

# Datasets that between them touch every rule's module; fewer files make more examples.
CHOSEN = ("DM", "LB", "SE", "SV", "TA", "TE", "TV", "TS", "EX", "DS", "AE", "SUPPLB", "RELREC")
SEVERITIES = {"error", "warning", "info"}
TEXTS = ("", " ", "Y", "-1", "1e400", "2024-13-45", "2024-02", "LBSEQ", "LB", "\x00", "nan", "é", "A" * 40)


@cache
def read_files() -> dict[str, bytes]:
    """The files of the clean study."""
    study = build_study()
    for name in [name for name in study.datasets if name not in CHOSEN]:
        del study.datasets[name]
    with tempfile.TemporaryDirectory() as folder:
        write_study(study, Path(folder))
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def validate(files: dict[str, bytes]) -> pd.DataFrame:
    """Findings of files as they are."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        return validate_folder(Path(folder)).findings


def check_table(findings: pd.DataFrame) -> None:
    """The table is whole."""
    assert tuple(findings.columns) == COLUMNS
    assert set(findings["severity"]) <= SEVERITIES
    assert (findings["count"] > 0).all()
    assert (findings["row"] >= 0).all()
    assert findings["code"].str.fullmatch(r"HBV-VAL-\d{3}").all()
    assert not findings[list(COLUMNS)].isna().any().any()


@st.composite
def flip_bytes(draw: st.DrawFn) -> dict[str, bytes]:
    """Files of which some bytes are others."""
    files = {name: bytearray(content) for name, content in read_files().items()}
    for _ in range(draw(st.integers(1, 12))):
        content = files[draw(st.sampled_from(sorted(files)))]
        # Half of the flips in the header, where they do the most harm.
        end = len(content) if draw(st.booleans()) else min(len(content), 3000)
        content[draw(st.integers(0, end - 1))] = draw(st.integers(0, 255))
    return {name: bytes(content) for name, content in files.items()}


@settings(max_examples=600, deadline=None)
@given(flip_bytes())
def test_flipped_bytes(files: dict[str, bytes]) -> None:
    check_table(validate(files))


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(read_files())), st.floats(0, 1))
def test_cut_files(name: str, share: float) -> None:
    files = dict(read_files())
    files[name] = files[name][: int(len(files[name]) * share)]
    check_table(validate(files))


@st.composite
def change_columns(draw: st.DrawFn) -> Callable[[str, pd.DataFrame], pd.DataFrame]:
    """Leave columns out, exchange them and fill cells with nonsense."""
    numbers = st.sampled_from([0.0, -1.0, 1.5, 1e70, float("nan")])
    left_out = draw(st.sets(st.integers(0, 40), max_size=6))
    column, row = draw(st.integers(0, 40)), draw(st.integers(0, 3))
    text, number = draw(st.sampled_from(TEXTS)), draw(numbers)

    def change(_: str, frame: pd.DataFrame) -> pd.DataFrame:
        kept = [name for place, name in enumerate(frame) if place not in left_out] or list(frame)[:1]
        changed = frame[kept].copy()
        name = kept[column % len(kept)]
        changed.loc[row % len(changed), name] = number if changed[name].dtype == "float64" else text
        return changed

    return change


@settings(max_examples=600, deadline=None)
@given(change_columns(), st.sampled_from(CHOSEN))
def test_changed_columns(change: Callable[[str, pd.DataFrame], pd.DataFrame], name: str) -> None:
    check_table(validate_frames(change, name))


def validate_frames(change: Callable[[str, pd.DataFrame], pd.DataFrame], changed: str) -> pd.DataFrame:
    """Findings of the clean study in memory with one dataset changed."""
    study = build_study()
    study.datasets[changed].frame = change(changed, study.frame(changed))
    members = [(build_member(name, each), each.frame) for name, each in study.datasets.items()]
    return validate_datasets(members).findings


def test_same_files_same_table() -> None:
    files = dict(read_files())
    files["lb.xpt"] = files["lb.xpt"].replace(b"NORMAL", b"HIGH  ")
    pd.testing.assert_frame_equal(validate(files), validate(files))
