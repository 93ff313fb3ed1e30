"""A folder that appears whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hbv_standards.errors import ConfigurationError

MARK = "manifest.json"  # what a finished submission folder always holds


@contextmanager
def open_new_folder(out: Path) -> Iterator[Path]:
    """Give a folder beside ``out`` to write into; it becomes ``out`` when the block ends well.

    A submission folder already at ``out`` is replaced at the very end; when the block fails it
    stays as it was. Raises :class:`ConfigurationError` before anything is written when ``out``
    holds something that is no submission folder.
    """
    check_replaceable(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        made.chmod(0o755)
        yield made
        _replace(out, made)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def check_replaceable(out: Path) -> None:
    """Raise :class:`ConfigurationError` when ``out`` is something that must not be overwritten."""
    if out.is_file():
        raise ConfigurationError(f"--out {out} is a file; name a folder", value=str(out))
    if out.is_dir() and any(out.iterdir()) and not (out / MARK).is_file():
        raise ConfigurationError(
            f"--out {out} is not empty and not a submission folder (it has no {MARK}); name a new folder",
            value=str(out),
        )


def _replace(out: Path, made: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    old = made.with_name(made.name + ".old")
    out.rename(old)
    try:
        made.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
