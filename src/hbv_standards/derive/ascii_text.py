"""Texts in the encoding of a build: plain ASCII for the FDA, as sent for the NMPA."""

from __future__ import annotations

import unicodedata
from typing import Literal

Agency = Literal["fda", "nmpa"]

# Spellings of one sign each, so that writing the ASCII sign changes nothing that was said.
_SIGNS = str.maketrans(
    {"≤": "<=", "≦": "<=", "⩽": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", "−": "-", "–": "-", "—": "-", "×": "x"}
)


def convert_encodable(text: str, agency: Agency) -> str | None:
    """The text without outer blanks as the build can hold it, or None where it cannot.

    "nmpa" holds every printable character. "fda" holds printable ASCII: full-width letters, digits
    and signs and the comparators ≤ ≥ are written in ASCII (＜２０ → <20), anything else is refused.
    Line breaks and other control characters become one blank.
    """
    printable = text.strip() if text.isprintable() else " ".join(_blank_controls(text).split())
    if agency == "nmpa" or printable.isascii():
        return printable or None
    folded = unicodedata.normalize("NFKC", printable).translate(_SIGNS).strip()
    return folded if folded.isascii() and folded else None


def _blank_controls(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
