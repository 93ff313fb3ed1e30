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
        return ResultText(body.strip(), arrow=arrow)
    number = match["number"]
    if not re.match(r"^[+-]?\d*\.?\d+([eE][+-]?\d+)?$", number):  # "5." has no digit to keep behind the point
        return ResultText(body.strip(), arrow=arrow)
    words = match["rest"].strip() or None
    if words is not None and re.match(r"^[-~–—]\s*\d", words):  # "5-10" is a range of values, not a number
        return ResultText(body.strip(), arrow=arrow)
    comparator = _COMPARATORS[match["comparator"]] if match["comparator"] else None
    return ResultText((comparator or "") + number, comparator, number, words, arrow)
