"""A submission folder appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.folder import open_new_folder


def fill(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def test_appears_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with open_new_folder(out) as folder:
        fill(folder, "1")
        assert not out.exists()
    assert (out / "manifest.json").read_text(encoding="utf-8") == "1"
    assert [p.name for p in out.parent.iterdir()] == ["out"]


def test_failure_leaves_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with open_new_folder(out) as folder:
        fill(folder, "old")
    with pytest.raises(ZeroDivisionError), open_new_folder(out) as folder:
        fill(folder, "new")
        raise ZeroDivisionError
    assert (out / "manifest.json").read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_replaces_a_submission_folder_only(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with open_new_folder(out) as folder:
        fill(folder, "old")
    with open_new_folder(out) as folder:
        fill(folder, "new")
    assert (out / "manifest.json").read_text(encoding="utf-8") == "new"
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="not a submission folder"), open_new_folder(other):
        pass
    assert (other / "chapter.txt").exists()
