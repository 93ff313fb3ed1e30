"""What each table and column is for, in the words of the study folder's README."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TypeVar

from hbv_standards.mapping.locate import locate_mappings

Found = TypeVar("Found")
_HOSPITAL = re.compile(r"\\?<hospital\\?>")


@dataclass(frozen=True, slots=True)
class TableWords:
    """``row``: what one row says; ``columns``: name → meaning."""

    row: str
    columns: dict[str, str]


def read_table_words(file: str) -> TableWords:
    """The words about a table of a study folder; empty where the README has none."""
    rows, columns = _read_readme()
    return TableWords(_find(rows, file) or "", _find(columns, file) or {})


@cache
def _read_readme() -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Pattern of files → what a row says, and → the columns; exact names before patterns."""
    text = (locate_mappings() / "README.md").read_text(encoding="utf-8")
    first, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    rows: dict[str, str] = {}
    for cells in _read_cells(first):
        rows.update(dict.fromkeys(_list_files(cells[0]), _plain(cells[1])))
    columns: dict[str, dict[str, str]] = {}
    for section in sections:
        title, _, body = section.partition("\n")
        named = {name: _plain(cells[1]) for cells in _read_cells(body) for name in _list_names(cells[0])}
        columns.update(dict.fromkeys(_list_files(title), named))
    return rows, columns


def _read_cells(text: str) -> list[list[str]]:
    lines = (line for line in text.splitlines() if line.startswith("| `"))
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def _list_names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def _list_files(text: str) -> list[str]:
    """``sites/<hospital>/units.csv`` as the pattern of its files."""
    plain = _HOSPITAL.sub("*", text.replace("\\*", "*"))
    return [part.strip().strip("`") for part in plain.split(",")]


def _plain(text: str) -> str:
    return text.replace("`", "").replace("\\|", "|").replace("**", "")


def _find(known: dict[str, Found], file: str) -> Found | None:
    """What is said of the file by its name, or by the pattern with the longest beginning."""
    fits = [name for name in known if fnmatchcase(file, name)]
    return known[max(fits, key=lambda name: (name == file, len(name.partition("*")[0])))] if fits else None
