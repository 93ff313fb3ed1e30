"""Texts in the encoding of a build: plain ASCII for the FDA, as sent for the NMPA."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

Agency = Literal["fda", "nmpa"]

# Spellings of one sign each, so that writing the ASCII sign changes nothing that was said.
_SIGNS = str.maketrans(
    {"≤": "<=", "≦": "<=", "⩽": "<=", "≥": ">=", "≧": ">=", "⩾": ">=", "−": "-", "–": "-", "—": "-", "×": "x"}
)
_OF_ITS_OWN = ("<super>", "<sub>", "<circle>", "<fraction>")  # 10² is not 102, ① is not 1
_SQUARED = re.compile("(?<=[A-Za-z])[²³]")  # kg/m², cm³


def fold_width(text: str) -> str:
    """Full-width and other spellings of a character as the plain one (NFKC: ＜２０ → <20, ℃ → °C).

    Raised, lowered and circled digits and fractions stay: plain digits would be another number.
    """
    if not any(_is_of_its_own(char) for char in text):
        return unicodedata.normalize("NFKC", text)
    return "".join(char if _is_of_its_own(char) else unicodedata.normalize("NFKC", char) for char in text)


@lru_cache(maxsize=4096)
def _is_of_its_own(char: str) -> bool:
    return unicodedata.decomposition(char).startswith(_OF_ITS_OWN)


def convert_encodable(text: str, agency: Agency) -> str | None:
    """The text without outer blanks as the build can hold it, or None where it cannot.

    "nmpa" holds every printable character. "fda" holds printable ASCII: full-width letters, digits
    and signs, the comparators ≤ ≥ and m² are written in ASCII (＜２０ → <20), anything else is refused.
    Line breaks and other control characters become one blank.
    """
    printable = text.strip() if text.isprintable() else " ".join(_blank_controls(text).split())
    if agency == "nmpa" or printable.isascii():
        return printable or None
    squared = _SQUARED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), printable)
    folded = fold_width(squared).translate(_SIGNS).strip()
    return folded if folded.isascii() and folded else None


def _blank_controls(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
