"""YAML of the study folder: content as any parser reads it, and no key twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from hbv_standards.errors import ConfigurationError
from hbv_standards.export.define.registers import read_settings
from hbv_standards.mapping.site import read_site
from hbv_standards.sdtm.spec import read_specs
from hbv_standards.study import read_study
from hbv_standards.yaml_text import parse_yaml, read_yaml

MAPPINGS = Path(__file__).parents[1] / "mappings"
FILES = sorted(MAPPINGS.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(MAPPINGS).as_posix())
def test_every_file_of_the_study_reads(path: Path) -> None:
    assert read_yaml(path, path.name) == yaml.safe_load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        ("a: 1\nb: 2\na: 3\n", "a", ("line 3", "line 1")),
        ("deep:\n  - {x: 1, y: 2}\n  - {x: 1, y: 2,\n     x: 3}\n", "x", ("line 4", "line 3")),
        ('AE: {origin: Collected, comment: "one", comment: "two"}\n', "comment", ("line 1", "line 1")),
        ("12: a\n12: b\n", "12", ("line 2", "line 1")),
    ],
)
def test_key_that_stands_twice(text: str, key: str, lines: tuple[str, str]) -> None:
    with pytest.raises(ConfigurationError, match=f"^x.yaml: {lines[0]}: key '{key}' .* after {lines[1]};") as fault:
        parse_yaml(text, "x.yaml")
    assert fault.value.value == key


@pytest.mark.parametrize(
    "text",
    [
        "a: {x: 1}\nb: {x: 1}\n",  # the same key of two mappings
        "1: a\n'1': b\n",  # a number and a text
        "a: &here [1, 2]\nb: *here\nc: *here\n",
        "",
    ],
)
def test_keys_that_differ(text: str) -> None:
    assert parse_yaml(text, "x.yaml") == yaml.safe_load(text)


def test_text_that_goes_round() -> None:
    with pytest.raises(ConfigurationError, match="key 'a' stands here again"):
        parse_yaml("- &here [*here]\n- {a: 1, a: 2}\n", "x.yaml")


@pytest.mark.parametrize(("content", "told"), [(b"\xd0\xc2: 1", "not UTF-8"), (b"a: [1", "not YAML")])
def test_content_that_is_no_yaml(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "x.yaml").write_bytes(content)
    with pytest.raises(ConfigurationError, match=f"^x.yaml: is {told}"):
        read_yaml(tmp_path / "x.yaml", "x.yaml")


def test_every_door_refuses(tmp_path: Path) -> None:
    shutil.copytree(MAPPINGS / "specs", tmp_path / "specs")
    for name in ("study.yaml", "define.yaml", "site.yaml", "specs/dm.yaml"):
        (tmp_path / name).write_text("keys: 1\nkeys: 2\n", encoding="utf-8")
    for read in (
        lambda: read_study(tmp_path),
        lambda: read_settings(tmp_path),
        lambda: read_site(tmp_path, "site.yaml"),
        lambda: read_specs(tmp_path / "specs"),
    ):
        with pytest.raises(ConfigurationError, match="line 2: key 'keys' stands here again"):
            read()
