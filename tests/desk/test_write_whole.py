"""A file is there whole, or as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Never

import pytest

from hbv_standards.desk.write_whole import write_whole


def test_a_file_and_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.csv"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.name for each in path.parent.iterdir()] == ["c.csv"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "c.csv"
    path.write_bytes(b"before")

    def refuse(*_: object) -> Never:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"after")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"c.csv": b"before"}
