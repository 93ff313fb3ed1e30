"""The README's commands and Python blocks run as written."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from new_hospital import Hospital, decide_codes, decide_words, look_at

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(bash|python)\n(.*?)```", TEXT, re.DOTALL)
COMMANDS = [
    line.split("&&")[-1].strip().removesuffix(" || true")
    for language, block in BLOCKS
    if language == "bash"
    for line in block.splitlines()
    if ".venv/bin/hbv-standards" in line
]
SNIPPETS = [block for language, block in BLOCKS if language == "python"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a checkout to the commands, so that build/ is not made in the real one."""
    folder = tmp_path_factory.mktemp("checkout")
    (folder / "fixtures").symlink_to(ROOT / "fixtures", target_is_directory=True)
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    return folder


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"}
    )


def expand(word: str, folder: Path) -> list[str]:
    """What a shell makes of a word with a star."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.glob(word)) if "*" in word else []
    return found or [word]


def test_readme_has_the_commands_and_snippets() -> None:
    assert len(COMMANDS) >= 6
    assert len(SNIPPETS) >= 2


def test_every_block_runs(checkout: Path) -> None:
    for command in COMMANDS:
        words = [word for part in shlex.split(command) for word in expand(part, checkout)]
        done = run([sys.executable, "-m", "hbv_standards", *words[1:]], checkout)
        # validate ends with 1 when it finds something, which is no fault of the command
        fine = (0, 1) if words[1] == "validate" else (0,)
        assert done.returncode in fine, f"{command}\n{done.stdout}\n{done.stderr}"
        hospital, study = Hospital("clinic", checkout / "build" / "clinic"), checkout / "mappings"
        if words[1:3] == ["study", "new-site"]:  # here the recipe leaves the tables to a person
            decide_codes(hospital, study)
        if words[1:4] == ["study", "add-rows", "clinic"]:  # and here again
            decide_words(hospital, study, look_at(hospital, study))
    for snippet in SNIPPETS:
        done = run([sys.executable, "-c", snippet], checkout)
        assert done.returncode == 0, f"{snippet}\n{done.stderr}"
        assert done.stdout.strip()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#:]+)\)", TEXT))))
def test_links_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_set_up_needs_only_python() -> None:
    first = [block for language, block in BLOCKS if language == "bash"][:2]
    for block in first:
        line = next(line for line in block.splitlines() if not line.startswith("#"))
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install")
    assert shutil.which(sys.executable)
