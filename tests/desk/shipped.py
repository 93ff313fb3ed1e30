"""The workbook of the shipped tables, made once."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hbv_standards.desk.workbook_write import write_workbook
from hbv_standards.mapping.locate import locate_mappings


@cache
def make_shipped_workbook() -> bytes:
    """The file as bytes."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tables.xlsx"
        write_workbook(locate_mappings(), out)
        return out.read_bytes()
