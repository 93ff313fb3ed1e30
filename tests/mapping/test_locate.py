"""Which study folder is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping import locate
from hbv_standards.mapping.locate import find_unused_tables, locate_mappings

CHECKOUT = Path(__file__).parents[2] / "mappings"


def test_named_folder_goes_first(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").touch()
    assert locate_mappings(tmp_path) == tmp_path


def test_named_folder_without_study(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=r"holds no study.yaml; name the folder that does with --study"
    ):
        locate_mappings(tmp_path)


def test_package_goes_before_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "src" / "package"
    for folder in (package / "_mappings", tmp_path / "mappings"):
        folder.mkdir(parents=True)
        (folder / "study.yaml").touch()
    monkeypatch.setattr(locate, "_PACKAGE", package)
    assert locate_mappings() == package / "_mappings"
    (package / "_mappings" / "study.yaml").unlink()
    assert locate_mappings() == tmp_path / "mappings"
    (tmp_path / "mappings" / "study.yaml").unlink()
    with pytest.raises(ConfigurationError, match="the package holds no study folder"):
        locate_mappings()


def test_default_is_the_trial() -> None:
    assert (locate_mappings() / "study.yaml").read_bytes() == (CHECKOUT / "study.yaml").read_bytes()


def test_edited_tables_that_are_not_in_use_are_seen(tmp_path: Path) -> None:
    used, other = tmp_path / "package", tmp_path / "mappings"
    for folder in (used, other):
        (folder / "sites").mkdir(parents=True)
        (folder / "study.yaml").write_text("studyid: T", encoding="utf-8")
        (folder / "sites" / "codes.csv").write_text("a", encoding="utf-8")
    assert not find_unused_tables(used, other)
    assert not find_unused_tables(used, used)
    assert not find_unused_tables(used, tmp_path / "none")
    (other / "sites" / "codes.csv").write_text("b", encoding="utf-8")
    assert find_unused_tables(used, other)
