"""Which files are read, under which name, and whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.files import InputFile, list_files, name_kind

from .reading import write_files

SITES = ("a", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = [
        "a/1.json",
        "a/deep/2.ndjson.gz",
        "b/1.json",
        "c/x.json",
        "top.xml",
        ".hidden/x.json",
        "__MACOSX/a.json",
    ]
    return write_files(tmp_path / "in", dict.fromkeys(names, "{}"))


def describe(files: list[InputFile]) -> list[tuple[str, str]]:
    return [(file.site, file.name) for file in files]


def test_first_folder_names_the_hospital(folder: Path) -> None:
    assert describe(list_files([folder], SITES)) == [
        ("", "c/x.json"), ("", "top.xml"), ("a", "a/1.json"), ("a", "a/deep/2.ndjson.gz"), ("b", "b/1.json"),
    ]  # fmt: skip


@pytest.mark.parametrize("given", ["a", "a/1.json"])
def test_names_are_the_same_whatever_was_given(folder: Path, given: str) -> None:
    assert ("a", "a/1.json") in describe(list_files([folder / given], SITES))


def test_a_file_given_twice_is_read_once(folder: Path) -> None:
    twice = list_files([folder / "a" / "1.json", folder, folder / "a"], SITES)
    assert describe(twice) == describe(list_files([folder], SITES))


def test_site_option_goes_before_folders(folder: Path) -> None:
    assert {file.site for file in list_files([folder / "a", folder / "top.xml"], SITES, "b")} == {"b"}


def test_equal_names_are_told_apart(tmp_path: Path) -> None:
    one = write_files(tmp_path, {"x/one/o.json": "{}", "x/two/o.json": "{}"})
    found = list_files([one / "x" / "one", one / "x" / "two"], SITES)
    assert describe(found) == [("", "one/o.json"), ("", "two/o.json")]


def test_wrong_inputs(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        list_files([tmp_path / "none"], SITES)
    with pytest.raises(ConfigurationError, match="it has a, b"):
        list_files([tmp_path], SITES, "z")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x.JSON", "json"), ("x.jsonl.gz", "ndjson"), ("x.ndjson", "ndjson"), ("x.xml.GZ", "xml"), ("x.csv", "csv"),
     ("x.txt", "unknown"), ("gz", "unknown")],
)  # fmt: skip
def test_kinds(name: str, kind: str) -> None:
    assert name_kind(name) == kind


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [("enrol*.csv", True), ("sub/enrol*.csv", True), ("a/*", False), ("*.json", False)],
)
def test_globs_mean_the_name_or_the_path_in_the_hospitals_folder(pattern: str, matches: bool) -> None:  # noqa: FBT001  table
    assert InputFile("a", "a/sub/enrol_1.csv", "csv", Path("x")).matches(pattern) is matches


def test_a_site_for_the_folders_of_several_hospitals_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="--site a: the files lie in folders of a, b; leave --site out"):
        list_files([folder], SITES, "a")
    renamed = list_files([folder / "b"], SITES, "a")
    assert describe(renamed) == [("a", "b/1.json")]
