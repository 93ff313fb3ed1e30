"""Which files are read, under which name, and whose they are.

A file's name is its path below the input folder. Where a folder names the hospital, the name starts
with that folder, whether the folder itself, the one above it or the file was given; so the same data
get the same names, source ids and outputs. A file given twice is read once.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Literal

from hbv_standards.errors import ConfigurationError

FileKind = Literal["json", "ndjson", "xml", "csv", "unknown"]
_KINDS: dict[str, FileKind] = {
    ".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson", ".xml": "xml", ".csv": "csv",
}  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read. ``site`` is empty until the data tell whose it is."""

    site: str
    name: str
    kind: FileKind
    path: Path

    def matches(self, pattern: str) -> bool:
        """Whether a glob of ``site.yaml`` means this file: its name, or its path in the hospital's folder."""
        below = self.name.removeprefix(f"{self.site}/")
        return fnmatch(PurePosixPath(self.name).name, pattern) or fnmatch(below, pattern)


def list_files(inputs: Sequence[Path], sites: Collection[str], site: str | None = None) -> list[InputFile]:
    """Files to read, ordered by hospital and name, whatever the order of ``inputs``.

    ``sites`` are the hospitals of the study; ``site`` says that all files are that one's. Raises
    :class:`ConfigurationError` for an input that does not exist, a site that is not in the study, and
    a ``site`` for files that lie in the folders of several hospitals.
    """
    if site is not None and site not in sites:
        known = ", ".join(sorted(sites))
        raise ConfigurationError(f"--site {site}: the study has no such hospital; it has {known}", value=site)
    found: dict[Path, list[InputFile]] = defaultdict(list)
    for given in inputs:
        for file in _walk(given, sites, site):
            found[file.path].append(file)
    if site is not None:
        _refuse_mixture(inputs, sites, site)
    best = [max(files, key=lambda f: (f.site != "", len(f.name), f.name)) for files in found.values()]
    return sorted(_tell_apart(best))


def _walk(given: Path, sites: Collection[str], site: str | None) -> Iterator[InputFile]:
    if not given.exists():
        raise ConfigurationError(f"input {given} does not exist", value=str(given))
    root = given.resolve()
    if root.is_file():
        yield _describe(root, root.parent, sites, site)
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(n for n in folders if not _is_hidden(n))
        for name in sorted(names):
            if not _is_hidden(name):
                yield _describe(Path(folder, name), root, sites, site)


def _refuse_mixture(inputs: Sequence[Path], sites: Collection[str], site: str) -> None:
    """``--site`` may rename the folder of one hospital; over several it would give one the others' data."""
    named = sorted({file.site for given in inputs for file in _walk(given, sites, None)} - {""})
    if len(named) > 1:
        cure = f"leave --site out, or name the folder of {site} alone"
        raise ConfigurationError(f"--site {site}: the files lie in folders of {', '.join(named)}; {cure}", value=site)


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _describe(path: Path, root: Path, sites: Collection[str], site: str | None) -> InputFile:
    below = path.relative_to(root).as_posix()
    first = below.split("/")[0] if "/" in below else ""
    found = first if first in sites else ""
    if not found and root.name in sites:
        found, below = root.name, f"{root.name}/{below}"
    return InputFile(site or found, below, name_kind(path.name), path.resolve())


def name_kind(name: str) -> FileKind:
    """Kind of a file by its ending, ``.gz`` taken off."""
    return _KINDS.get(PurePosixPath(name.lower().removesuffix(".gz")).suffix, "unknown")


def _tell_apart(files: Iterable[InputFile]) -> Iterator[InputFile]:
    """Two files of one name get as many of their folders before the name as it takes."""
    same: dict[tuple[str, str], list[InputFile]] = defaultdict(list)
    for file in files:
        same[file.site, file.name].append(file)
    for (site, name), listed in same.items():
        if len(listed) == 1:
            yield listed[0]
            continue
        depth = len(PurePosixPath(name).parts)
        for more in range(1, 1 + max(len(f.path.parts) for f in listed)):
            names = ["/".join(f.path.parts[-depth - more :]).lstrip("/") for f in listed]
            if len(set(names)) == len(names):
                break
        for file, longer in zip(listed, names, strict=True):
            yield InputFile(site, longer, file.kind, file.path)
