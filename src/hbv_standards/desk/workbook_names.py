"""Names that the workbook and its reader share: sheets, and the hidden sheet that says which table is where."""

from __future__ import annotations

import re
from collections.abc import Iterable

GUIDE = "Start here 说明"
TABLES = "_tables"
LISTS = "_lists"

TABLES_HEADER = ("sheet", "table", "fingerprint")
"""Columns of the hidden sheet; ``fingerprint`` is of the table's content when the workbook was made."""

_LONGEST = 31  # characters of a sheet's name
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']+")


def name_sheets(files: Iterable[str]) -> dict[str, str]:
    """Table → name of its sheet: ``sites/foshan/codes.csv`` is ``foshan codes``."""
    taken = {GUIDE.casefold(), TABLES, LISTS}
    names: dict[str, str] = {}
    for file in files:
        plain = file.removeprefix("sites/").removesuffix(".csv").replace("/", " ")
        base = _FORBIDDEN.sub("_", plain)
        name, number = base[:_LONGEST], 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = base[: _LONGEST - len(end)] + end
        taken.add(name.casefold())
        names[file] = name
    return names
