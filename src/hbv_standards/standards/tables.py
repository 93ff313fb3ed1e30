"""The packaged tables of the standards: how their rows are read and how a misspelt name is answered."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Sequence
from importlib import resources

from hbv_standards.errors import ConfigurationError

NEAR_ENOUGH = 0.6
"""Smallest similarity (0 to 1, of :mod:`difflib`) at which a name is offered as "did you mean"."""


def read_table(file: str, columns: Sequence[str]) -> list[list[str]]:
    """Rows of ``standards/data/<file>``, without the header, each with one text per column.

    Raises:
        ConfigurationError: the table is absent, or its header is not ``columns``: the installation
            is damaged.
    """
    place = resources.files("hbv_standards.standards").joinpath("data", file)
    cure = "install the package again"
    try:
        text = place.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigurationError(f"this packaged table is missing; {cure}", file=file) from error
    header, *rows = csv.reader(io.StringIO(text))
    if header != list(columns):
        raise ConfigurationError(f"the columns are {header}, expected {list(columns)}; {cure}", file=file)
    return rows


def rank_nearest(text: str, spellings: Iterable[tuple[str, str]], n: int = 3) -> list[str]:
    """The ``n`` names whose spelling is most like ``text``, best first, letter case aside.

    Args:
        text: what was written.
        spellings: pairs of (spelling, name); a name may come with many spellings, its own among them.
        n: how many names at most.
    """
    names: dict[str, list[str]] = {}
    for spelling, name in spellings:
        names.setdefault(spelling.casefold(), []).append(name)
    close = difflib.get_close_matches(text.casefold(), names, n=4 * n, cutoff=NEAR_ENOUGH) if n > 0 else []
    return list(dict.fromkeys(name for spelling in close for name in names[spelling]))[:n]


def phrase_nearest(text: str, names: Iterable[str]) -> str:
    """The end of a message about an unknown name: "; did you mean 'LB' or 'IS'?", or nothing."""
    near = rank_nearest(text, ((name, name) for name in names))
    return f"; did you mean {' or '.join(repr(name) for name in near)}?" if near else ""
