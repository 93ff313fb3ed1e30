"""Reading a reference range that a laboratory wrote as text: ``0.270--4.200``, ``3.5～5.5``, ``9 至 50``."""

from __future__ import annotations

import re

from hbv_standards.derive.ascii_text import fold_width

_NUMBER = r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?"
# Beside a sign a doubled hyphen could be a hyphen and another sign, so that it joins unsigned numbers alone.
_RANGE = re.compile(
    rf"[(\[]?\s*(?P<low>{_NUMBER}\s*(?=-)|[+-]?{_NUMBER}\s*(?!--))(?:-{{1,2}}|[–—]{{1,2}})\s*(?P<high>{_NUMBER})\s*[)\]]?"
    rf"|[(\[]?\s*(?P<least>[+-]?{_NUMBER})\s*(?:~{{1,2}}|〜|至|to)\s*(?P<most>[+-]?{_NUMBER})\s*[)\]]?",
    re.ASCII,
)


def read_range_text(sent: str) -> tuple[str, str] | None:
    """Low and high limit of a range text, digits as sent; None for what is not exactly two numbers.

    Full-width characters are read as their ASCII forms. A comparator, a unit or words beside the numbers
    (``<5.0``, ``9-50 (男)``) make it a text, which --STNRC carries.
    """
    match = _RANGE.fullmatch(fold_width(sent).strip())
    if match is None:
        return None
    return (match["low"] or match["least"]).strip(), match["high"] or match["most"]
