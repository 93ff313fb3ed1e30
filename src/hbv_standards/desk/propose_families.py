"""Which disease of which relative an unmapped question asks for.

The question must consist of a word for the relative, a name of a disease, and nothing but question words
beside them; and it must be answered by yes or no.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hbv_standards.desk.candidates import NOTHING, Candidate, Proposal, choose
from hbv_standards.desk.names import squeeze
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.normalise import normalise_text

_SCORE, _UNCLEAR = 0.85, 0.5
_BESIDE = re.compile(
    r"[:,?]|您的?|患者的?|(?:是否|有无|有没有)(?:曾?患有?)?|(?:患|得)过?(?=.)|(?:疾?病|既往|家族)?史|情况|既往|目前"
)
_RELATIVES = (  # words by which relatives are asked for; what they mean is said by RELSUB
    "母亲", "父亲", "兄弟姐妹", "同胞", "子女", "儿子", "女儿", "祖父", "祖母", "外祖父", "外祖母",
)  # fmt: skip


class FamilyProposer:
    """Proposals for the questions about relatives' diseases of one hospital."""

    def __init__(self, mapper: SiteMapper) -> None:
        self._mapper = mapper

    def propose(self, code: SeenCode) -> Proposal:
        """The disease, with the relative in ``field``; or nothing."""
        found = [c for name in code.names if (c := self._read_question(code, name)) is not None]
        return choose(found) if found else NOTHING

    def _read_question(self, code: SeenCode, name: str) -> Candidate | None:
        text = squeeze(normalise_text(name))
        asked = next((word for word in sorted(_RELATIVES, key=len, reverse=True) if word in text), None)
        relative = self._mapper.map_value("RELSUB", asked) if asked else None
        if asked is None or relative is None:
            return None
        disease = _BESIDE.sub("", text.replace(asked, "", 1))
        term = self._mapper.map_value("TERM", disease) if disease else None
        if term is None:
            return None
        told = f"{name} asks for {term.value} of {relative.value}"
        if not self._answers_whether(word for word, _ in code.results.words):
            return _build(term.value, relative.value, _UNCLEAR, f"{told}, but is not answered by yes or no")
        return _build(term.value, relative.value, _SCORE, f"{told}; its answers fit")

    def _answers_whether(self, words: Iterable[str]) -> bool:
        return any(self._mapper.map_value("NY", word) is not None for word in words)


def _build(term: str, relative: str, score: float, reason: str) -> Candidate:
    return Candidate("TERM", term, term, score, reason, field=relative)
