"""Where the study folder is: the one that was named, the one in the wheel, or the checkout's."""

from __future__ import annotations

from pathlib import Path

from hbv_standards.errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent


def locate_mappings(study: Path | None = None) -> Path:
    """The study folder: ``study`` when given, else the packaged one, else ``mappings`` of the checkout.

    Raises :class:`ConfigurationError` when the folder has no ``study.yaml``.
    """
    if study is not None:
        if (study / "study.yaml").is_file():
            return study
        raise ConfigurationError(
            f"{study} holds no study.yaml; name the folder that does with --study", value=str(study)
        )
    for folder in (_PACKAGE / "_mappings", _PACKAGE.parent.parent / "mappings"):
        if (folder / "study.yaml").is_file():
            return folder
    raise ConfigurationError("the package holds no study folder; name one with --study")


def find_unused_tables(used: Path, other: Path) -> bool:
    """Whether ``other`` is a study folder whose files differ from those of the folder in use."""
    if not (other / "study.yaml").is_file() or other.resolve() == used.resolve():
        return False
    return _read_files(other) != _read_files(used)


def _read_files(folder: Path) -> dict[str, bytes]:
    kinds = (".csv", ".yaml")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in kinds
    }
