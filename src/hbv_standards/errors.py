"""The exceptions of the library.

    HbvStandardsError
    ├── ConfigurationError     a mapping table, study file or option is wrong   (exit code 2)
    ├── NothingConvertedError  no input resource became a row                   (exit code 3)
    └── ExportError            a file could not be written as the standard asks
        └── WitnessError       an independent reader saw something else than was written

Wrong *data* never raises: it becomes an entry of the issues table (:mod:`hbv_standards.issues`).
"""

from __future__ import annotations


class HbvStandardsError(Exception):
    """Root of every exception that the library raises on purpose."""


class ConfigurationError(HbvStandardsError):
    """A mapping table, study file or option is wrong; the message names place, value and cure."""

    def __init__(self, message: str, *, file: str = "", row: int | None = None, value: str = "") -> None:
        self.file = file
        self.row = row
        self.value = value
        place = f"{file} row {row}: " if file and row is not None else f"{file}: " if file else ""
        super().__init__(place + message)


class NothingConvertedError(HbvStandardsError):
    """The input held no resource that became a row of the canonical model."""


class ExportError(HbvStandardsError):
    """A dataset cannot be written as its file format demands."""


class WitnessError(ExportError):
    """An independent reader of a written file disagrees with what was meant to be written."""
