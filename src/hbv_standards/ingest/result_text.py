"""Reading a laboratory's result text: comparator, number, unit, arrow and words.

Hospitals send ``<20``, ``＜20 IU/mL``, ``1.2E+03``, ``12.5↑``, ``1:320``, ``<20 检出`` or ``阴性`` in
one string. The parts are told apart here and nothing is changed in them: the number keeps its
digits, the comparator only its full-width or ``≤`` spelling.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_WIDE = str.maketrans("０１２３４５６７８９．＋－（）：　", "0123456789.+-(): ")
_COMPARATORS = {"<": "<", "＜": "<", "<=": "<=", "≤": "<=", "≦": "<=", "＜=": "<=", ">": ">", "＞": ">",
                ">=": ">=", "≥": ">=", "≧": ">=", "＞=": ">=", "⩽": "<=", "⩾": ">="}  # fmt: skip
_RESULT = re.compile(
    r"""^\s*
    (?P<comparator>[<>＜＞]=?|[≤≥≦≧⩽⩾])?\s*
    (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    (?P<rest>(?![\d:/]).*)$""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ARROW = re.compile(r"\s*(↑+|↓+)\s*$")
_INNER_ARROW = re.compile(r"^\s*(↑+|↓+)\s*(?=\S)")
_TITRE = re.compile(r"^\s*(?P<titre>(?:[<>]=?\s*)?1\s*:\s*[0-9]+)\s+(?P<words>[^\s0-9:].*)$", re.DOTALL)
_SPAN = re.compile(r"^(?:[-~～〜–—]|至)\s*\d")  # what goes on so is a range of values: 5-10, 5～10
_BRACKET = re.compile(r"^(?P<words>[^0-9<>≤≥(（]+)[(（](?P<inner>[^()（）]*[0-9][^()（）]*)[)）]$")


class ResultText(NamedTuple):
    """Parts of one result text; absent parts are None.

    ``text`` is the result as --ORRES carries it (comparator and number, or the words), ``words``
    what stood beside a number and is no unit yet, ``arrow`` a trailing ↑ or ↓.
    """

    text: str
    comparator: str | None = None
    number: str | None = None
    words: str | None = None
    arrow: str | None = None


def read_result_text(sent: str) -> ResultText:
    """Split one result text. A text that is not a number with optional comparator stays whole."""
    arrow_match = _ARROW.search(sent)
    arrow = arrow_match.group(1)[0] if arrow_match else None
    body = sent[: arrow_match.start()] if arrow_match else sent
    match = _RESULT.match(body.translate(_WIDE))
    if match is None:
        titre = _TITRE.match(body)
        if titre is not None:
            return ResultText(titre["titre"], words=titre["words"].strip(), arrow=arrow)
        return ResultText(body.strip(), arrow=arrow)
    number = match["number"]
    if not re.match(r"^[+-]?\d*\.?\d+([eE][+-]?\d+)?$", number):  # "5." has no digit to keep behind the point
        return ResultText(body.strip(), arrow=arrow)
    rest = match["rest"]
    inner = _INNER_ARROW.match(rest)
    if inner is not None:
        arrow, rest = inner.group(1)[0], rest[inner.end() :]
    words = rest.strip() or None
    if words is not None and _SPAN.match(words):
        return ResultText(body.strip(), arrow=arrow)
    comparator = _COMPARATORS[match["comparator"]] if match["comparator"] else None
    return ResultText((comparator or "") + number, comparator, number, words, arrow)


def find_leading_words(text: str) -> str | None:
    """The words of a text that says the number behind them in brackets: 阴性(0.05), 未检出（<10 IU/mL）."""
    match = _BRACKET.match(text.strip())
    return match["words"].strip() if match else None


def list_splits(words: str) -> list[tuple[str, str]]:
    """Ways to part what stands beside a number into a unit and words, the longest unit first.

    ``S/CO 阴性`` and ``IU/mL(检出)`` part at a blank, a bracket, or where ASCII ends.
    """
    text = words.translate(_WIDE)
    borders = [
        at
        for at in range(len(text) - 1, 0, -1)
        if text[at] in " (" or (text[at - 1].isascii() and text[at - 1] not in " (" and not text[at].isascii())
    ]
    parts = ((text[:at].strip(), text[at:].strip(" ()")) for at in borders)
    return [(unit, rest) for unit, rest in parts if unit and rest]
