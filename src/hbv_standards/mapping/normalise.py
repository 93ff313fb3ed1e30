"""How a text of a hospital and a text of a mapping table are made comparable.

Both sides go through the same function, so a table may hold the spelling that was seen, full-width
characters and all. Nothing that is normalised here ever becomes data.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Zero-width characters and byte order marks, which exports leave behind and nobody sees.
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_MICRO = str.maketrans("μ", "u")  # NFKC has made the micro sign of it; UCUM and CDISC write u


@lru_cache(maxsize=65536)
def normalise_text(text: str) -> str:
    """NFKC, letter case aside, blanks outside off and inside single: for names, texts and results."""
    folded = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).translate(_INVISIBLE).split())


@lru_cache(maxsize=65536)
def normalise_unit(text: str) -> str:
    """NFKC, micro sign as u, no blanks. Letter case counts: ``g`` is no ``G`` and ``m`` no ``M``."""
    plain = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_MICRO)
    joined = "".join(plain.translate(_INVISIBLE).split())
    return unicodedata.normalize("NFKC", joined)  # without its blank a letter may take an accent
