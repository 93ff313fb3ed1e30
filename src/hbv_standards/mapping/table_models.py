"""Which kind of row each table of a study folder holds, by the table's path: for tools that take any table."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

from hbv_standards.mapping.rows import (
    CodeRow,
    ConceptRow,
    ConversionRow,
    DimensionRow,
    LabelRow,
    MappingRow,
    PlausibilityRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
)

# The first pattern that fits decides. Hospitals come first: theirs are the tables that change most.
_MODELS: tuple[tuple[str, type[MappingRow]], ...] = (
    ("sites/*/codes.csv", CodeRow),
    ("sites/*/conversions.csv", ConversionRow),
    ("sites/*/units.csv", UnitRow),
    ("sites/*/values.csv", ValueRow),
    ("concepts/conversions.csv", ConversionRow),
    ("concepts/plausibility.csv", PlausibilityRow),
    ("concepts/*.csv", ConceptRow),
    ("treatments.csv", TreatmentRow),
    ("units.csv", UnitRow),
    ("unit_dimensions.csv", DimensionRow),
    ("terminology/values*.csv", ValueRow),
    ("labels_zh.csv", LabelRow),
)


def find_model(file: str) -> type[MappingRow] | None:
    """The row model of a table, ``None`` for what is no table; ``file`` is the path below the study folder."""
    depth = file.count("/")
    fits = (model for pattern, model in _MODELS if depth == pattern.count("/") and fnmatchcase(file, pattern))
    return next(fits, None)


def list_tables(folder: Path) -> dict[str, type[MappingRow]]:
    """Path below ``folder`` → row model, of every table that is there: hospital by hospital, then the study's."""
    found: dict[str, tuple[bool, str, int]] = {}
    for at, (pattern, _) in enumerate(_MODELS):
        for path in sorted(folder.glob(pattern)):
            file = path.relative_to(folder).as_posix()
            of_site = file.startswith("sites/")
            found.setdefault(file, (not of_site, file.rpartition("/")[0] if of_site else "", at))
    ordered = sorted(found, key=lambda file: (found[file], file))
    return {file: model for file in ordered if (model := find_model(file)) is not None}
