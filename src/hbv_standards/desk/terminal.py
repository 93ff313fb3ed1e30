"""Tables for a terminal: as wide as it is, Chinese characters counted as the two columns that they take."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

_GAP = 2
_LEAST = 6  # no column is made narrower
_HINT = 10  # what a column that gives way first keeps: a word or two
_STEERING = ("Cc", "Cf", "Cs")  # control characters, marks of direction and of no width


def measure(text: str) -> int:
    """Columns that a text takes in a terminal."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def cut(text: str, width: int) -> str:
    """The text in at most ``width`` columns, with … where something was left out."""
    if measure(text) <= width:
        return text
    kept, used = "", 1
    for char in text:
        used += measure(char)
        if used > width:
            break
        kept += char
    return f"{kept}…"


def make_visible(text: str) -> str:
    """One line without what steers a terminal or turns its writing round; each such sign becomes �."""
    line = " ".join(text.split())
    return "".join("\ufffd" if unicodedata.category(char) in _STEERING else char for char in line)


def write_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], width: int, *, last_yields: bool = False
) -> Iterator[str]:
    """Lines of a table. Columns of numbers stand to the right; the widest ones give way first.

    With ``last_yields`` the last column does so before any other.
    """
    cells = [[make_visible(cell) for cell in row] for row in rows]
    right = [
        all(row[at].replace(".", "", 1).isdigit() or not row[at] for row in cells)
        for at in range(len(header))
    ]
    widths = fit_widths(
        [[measure(row[at]) for row in (list(header), *cells)] for at in range(len(header))],
        width,
        last_yields=last_yields,
    )
    for row in (list(header), ["─" * size for size in widths], *cells):
        yield (
            (" " * _GAP)
            .join(
                _pad(cut(cell, size), size, right=side)
                for cell, size, side in zip(row, widths, right, strict=True)
            )
            .rstrip()
        )


def fit_widths(measured: Sequence[Sequence[int]], width: int, *, last_yields: bool = False) -> list[int]:
    """Width of every column so that a line has at most ``width``; wide columns share what is left."""
    widths = [max(sizes) for sizes in measured]
    spare = sum(widths) + _GAP * (len(widths) - 1) - width
    given = min(spare, widths[-1] - _HINT)
    if last_yields and given > 0:
        widths[-1] -= given
        spare -= given
    while spare > 0 and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
        spare -= 1
    return widths


def _pad(text: str, width: int, *, right: bool) -> str:
    blank = " " * (width - measure(text))
    return blank + text if right else text + blank
