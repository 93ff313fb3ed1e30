"""Edited tables into the study folder: all of them, checked before, or none."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hbv_standards.desk.table_change import TableChange
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.catalog import check_tables
from hbv_standards.mapping.locate import locate_mappings


def locate_study(study: Path | None) -> Path:
    """The study folder that was named, or the default. Raises :class:`ConfigurationError` when it is none."""
    if study is not None and not (study / "study.yaml").is_file():
        raise ConfigurationError(f"{study} holds no study.yaml; name the folder that does", value=str(study))
    return locate_mappings(study)


def locate_own_study(study: Path | None) -> Path:
    """The study folder to write into.

    Raises :class:`ConfigurationError` where that would be the installed package's own.
    """
    folder = locate_study(study)
    if study is None and folder.name == "_mappings":
        cure = f"name your study folder, e.g. mappings (a copy of {folder})"
        message = f"the tables of the package are not for editing; {cure}"
        raise ConfigurationError(message, value=str(folder))
    return folder


def check_changes(folder: Path, changes: Sequence[TableChange]) -> list[str]:
    """What would be wrong with the study folder after the changes; each fault also says where it was edited."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / folder.resolve().name
        shutil.copytree(folder, copy)
        for change in changes:
            path = copy / change.table.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(change.content)
        faults = check_tables(copy)
    places = {change.table.file: change.places for change in changes}
    return [_phrase_fault(fault, places) for fault in faults]


def _phrase_fault(fault: ConfigurationError, places: Mapping[str, Mapping[int, str]]) -> str:
    place = places.get(fault.file, {}).get(fault.row or 0)
    return f"{place}: {fault}" if place else str(fault)


def write_changes(folder: Path, changes: Sequence[TableChange]) -> None:
    """Write the changed tables; each appears whole, and none before all of them are on the disk."""
    made: list[tuple[Path, Path]] = []
    try:
        for change in changes:
            path = folder / change.table.file
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            made.append((Path(name), path))
            with os.fdopen(handle, "wb") as out:
                out.write(change.content)
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        for temporary, path in made:
            temporary.replace(path)
    finally:
        for temporary, _ in made:
            temporary.unlink(missing_ok=True)
