"""The tables of a study folder, each kind said once: where its files are, and which rows they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Generic, TypeVar

from hbv_standards.mapping.rows import (
    CodeRow,
    ConceptRow,
    ConversionRow,
    DimensionRow,
    LabelRow,
    MappingRow,
    PlausibilityRow,
    TextRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
)

Row = TypeVar("Row", bound=MappingRow)


@dataclass(frozen=True, slots=True)
class TableKind(Generic[Row]):
    """Tables of one kind of row; ``pattern`` is their path below the study folder."""

    pattern: str
    model: type[Row]

    @property
    def name(self) -> str:
        """The file without its folder."""
        return self.pattern.rpartition("/")[2]


CODES = TableKind("sites/*/codes.csv", CodeRow)
SITE_CONVERSIONS = TableKind("sites/*/conversions.csv", ConversionRow)
SITE_UNITS = TableKind("sites/*/units.csv", UnitRow)
SITE_VALUES = TableKind("sites/*/values.csv", ValueRow)
CONVERSIONS = TableKind("concepts/conversions.csv", ConversionRow)
PLAUSIBILITY = TableKind("concepts/plausibility.csv", PlausibilityRow)
CONCEPTS = TableKind("concepts/*.csv", ConceptRow)
TREATMENTS = TableKind("treatments.csv", TreatmentRow)
UNITS = TableKind("units.csv", UnitRow)
DIMENSIONS = TableKind("unit_dimensions.csv", DimensionRow)
TERMINOLOGY = TableKind("terminology/values*.csv", ValueRow)
LABELS = TableKind("labels_zh.csv", LabelRow)
TEXTS = TableKind("texts_zh.csv", TextRow)

# The first pattern that fits decides. Hospitals come first: theirs are the tables that change most.
_KINDS: tuple[TableKind[Any], ...] = (
    CODES, SITE_CONVERSIONS, SITE_UNITS, SITE_VALUES, CONVERSIONS, PLAUSIBILITY, CONCEPTS, TREATMENTS, UNITS,
    DIMENSIONS, TERMINOLOGY, LABELS, TEXTS,
)  # fmt: skip

SITE_TABLES = tuple(sorted(kind.name for kind in _KINDS if kind.pattern.startswith("sites/")))
STUDY_TABLES = tuple(sorted(kind.name for kind in _KINDS if "/" not in kind.pattern))


def find_kind(file: str) -> TableKind[Any] | None:
    """The kind of a table, ``None`` for what is no table; ``file`` is the path below the study folder."""
    depth = file.count("/")
    fits = (kind for kind in _KINDS if depth == kind.pattern.count("/") and fnmatchcase(file, kind.pattern))
    return next(fits, None)


def find_model(file: str) -> type[MappingRow] | None:
    """The row model of a table, ``None`` for what is no table."""
    kind = find_kind(file)
    return kind.model if kind is not None else None


def list_csv(folder: Path) -> list[str]:
    """CSV files of a folder; ``~$codes.csv`` is the mark of a program that has codes.csv open."""
    names = (path.name for path in folder.glob("*.csv")) if folder.is_dir() else ()
    return sorted(name for name in names if not name.startswith(("~$", ".")))


def list_files(folder: Path, kind: TableKind[Any], site: str | None = None) -> Iterator[str]:
    """The tables of a kind that a study folder has, of all hospitals or of one, as paths below it."""
    above = kind.pattern.rpartition("/")[0]
    if above == "sites/*":
        sites = sorted(path.name for path in (folder / "sites").glob("*/")) if site is None else [site]
        places = [f"sites/{name}" for name in sites]
    else:
        places = [above]
    for place in places:
        for name in list_csv(folder / place):
            file = f"{place}/{name}" if place else name
            if find_kind(file) is kind:
                yield file


def list_tables(folder: Path) -> dict[str, type[MappingRow]]:
    """Path below ``folder`` → row model, of every table that is there: hospital by hospital, then the study's."""
    found = {file: kind.model for kind in _KINDS for file in list_files(folder, kind)}
    of_sites = [file for file in found if file.startswith("sites/")]
    ordered = sorted(of_sites, key=lambda file: file.rpartition("/")[0])
    return {file: found[file] for file in dict.fromkeys([*ordered, *found])}
