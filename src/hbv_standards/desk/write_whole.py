"""Files that appear whole or not at all: a full disk or an interruption leaves what was there."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and the folders above it that are missing. Raises :class:`OSError` with nothing changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        made.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
