"""Messages for files that cannot be used, and silence when the reader of a pipe has gone."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hbv_standards.cli_usage import phrase_os_error
from hbv_standards.mapping.locate import locate_mappings


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a.xlsx"), "a.xlsx: Permission denied; close it, or name another"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device; make room"),
        (OSError("Cannot save file"), "Cannot save file; close it, or name another"),
    ],
)  # fmt: skip
def test_messages(error: OSError, told: str) -> None:
    assert phrase_os_error(error) == told


def test_a_closed_pipe_is_no_fault_of_the_user(tmp_path: Path) -> None:
    """``hbv-standards study check | head -1``"""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "hbv_standards", "study", "check", str(locate_mappings())]
    with (tmp_path / "said.txt").open("wb") as said:
        done = subprocess.run(command, stdout=writing, stderr=said, check=False)
    os.close(writing)
    assert (tmp_path / "said.txt").read_text(encoding="utf-8") == ""
    assert done.returncode in (0, 1)
