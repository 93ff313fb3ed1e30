"""How names of tests are made comparable: what they are about, and what they say of how it is told.

``淋巴细胞百分比``, ``LYM%`` and ``Lymphocytes (percent)`` speak of one thing and say that it is a
share. The core is compared, the rest is held against the test and its results. What stands beside
a name and is not understood keeps it from being taken for the plain one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from hbv_standards.mapping.normalise import normalise_text

QUANTITATIVE, QUALITATIVE = "quantitative", "qualitative"
COUNT, SHARE = "count", "share"
SERUM, WHOLE_BLOOD, URINE = "serum or plasma", "whole blood", "urine"

_SUFFIXES: tuple[tuple[str, str | None], ...] = (
    ("定量", QUANTITATIVE), ("定性", QUALITATIVE),
    ("绝对计数", COUNT), ("绝对值", COUNT), ("绝对数", COUNT), ("计数", COUNT), ("数目", COUNT), ("#", COUNT),
    ("百分比", SHARE), ("百分率", SHARE), ("百分数", SHARE), ("比率", SHARE), ("比例", SHARE), ("%", SHARE),
    ("测定", None), ("检测", None), ("检查", None), ("测量", None), ("试验", None), ("水平", None), ("结果", None),
)  # fmt: skip
_PREFIXES: tuple[tuple[str, str], ...] = (
    ("血清", SERUM), ("血浆", SERUM), ("全血", WHOLE_BLOOD), ("尿液", URINE),
)  # fmt: skip
_WORDS: dict[str, str | None] = {
    **dict.fromkeys(("quantitative", "quantitation", "quantification", "quant", "qn"), QUANTITATIVE),
    **dict.fromkeys(("qualitative", "qual", "ql", "presence"), QUALITATIVE),
    **dict.fromkeys(("count", "absolute", "abs", "number", "no."), COUNT),
    **dict.fromkeys(("percent", "percentage", "pct"), SHARE),
    **dict.fromkeys(("serum", "plasma", "s/p"), SERUM),
    **dict.fromkeys(("urine",), URINE),
    **dict.fromkeys(
        ("test", "assay", "level", "measurement", "result", "value", "in", "or", "of", "the"), None
    ),
}
# What LOINC writes in brackets, and methods: nothing that makes it another test.
_HARMLESS = re.compile(
    r"(#|mass|moles|units|enzymatic activity|catalytic activity|entitic (volume|mass))(/volume)?|volume fraction|time"
    r"|[^ ]*(法|仪|发光|pcr)|elisa|clia|cmia|eclia|ifcc|检验科|生化|流式"
)
_BRACKETS = re.compile(r"[(\[【〔{]([^()\[\]【】〔〕{}]*)[)\]】〕}]")
_LETTERS = r"[a-z][a-z0-9+#%/.-]*"
_CHINESE = r"[\u4e00-\u9fff](?:.*[\u4e00-\u9fff)])?"
_DOUBLED = re.compile(rf"({_LETTERS}) ?({_CHINESE})|({_CHINESE}) ?({_LETTERS})")
_GLUE = re.compile(r"[\s\-_‐‑–—·・.,、:;'’\"*]+")
_MARKS = re.compile(r"[★☆▲△●○◆◇■□※]")  # laboratories mark accredited tests with them
_CELL_COUNT = re.compile(r"(?<=细胞)总?数$")
_PLURAL = re.compile(r"(?<=[a-z]{4}[a-rt-z])s$")
_ENZYME = re.compile(r"(?<=酶)(?:活[性力])$")
_IN_BLOOD = re.compile(r"\bin (?:whole |venous )?blood\b")
_SPELLINGS = (("haem", "hem"), ("leucocyte", "leukocyte"), ("oestr", "estr"), ("tumour", "tumor"))


class Name(NamedTuple):
    """``whole`` and ``core`` without punctuation; ``facets`` what was taken off the core; ``beside`` what stands
    in brackets, squeezed alike, and is neither a facet nor harmless.
    """

    whole: str
    core: str
    facets: frozenset[str]
    beside: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def read_name(text: str) -> Name:
    """The parts of a name of a test."""
    plain = " ".join(_MARKS.sub(" ", normalise_text(text)).split())
    for british, american in _SPELLINGS:
        plain = plain.replace(british, american)
    outer = " ".join(_BRACKETS.sub(" ", plain).split())
    facets: set[str] = set()
    beside = []
    for inner in _BRACKETS.findall(plain):
        core = _take_off(inner.strip(), facets)
        if core and not _HARMLESS.fullmatch(inner.strip()):
            beside.append(core)
    return Name(squeeze(plain), _take_off(outer, facets), frozenset(facets), tuple(beside))


def read_doubled(text: str) -> tuple[Name, Name] | None:
    """The letters and the Chinese of a name that has both, each as a name; None for other names."""
    match = _DOUBLED.fullmatch(" ".join(normalise_text(text).split()))
    if match is None:
        return None
    letters, chinese = (match[1], match[2]) if match[1] else (match[4], match[3])
    return read_name(letters), read_name(chinese)


def squeeze(text: str) -> str:
    """Without blanks, hyphens and punctuation; ``/``, ``%``, ``#`` and ``+`` tell names apart and stay."""
    plain = _GLUE.sub("", text)
    while (opened := _BRACKETS.sub(r"\1", plain)) != plain:  # brackets may stand in brackets
        plain = opened
    return plain


def _take_off(text: str, facets: set[str]) -> str:
    """The core of a name, squeezed; adds the facets that were taken off."""
    words = [word.strip(",;") for word in _IN_BLOOD.sub(" ", text).replace("_", " ").split()]
    told = {_WORDS[word] for word in words if word in _WORDS}
    told |= {WHOLE_BLOOD} if _IN_BLOOD.search(text) else set()
    core = squeeze(" ".join(_PLURAL.sub("", word) for word in words if word not in _WORDS))
    facets |= {facet for facet in told if facet}
    while (shorter := _ENZYME.sub("", _shorten(core, facets))) != core:
        core = shorter
    return core


def _shorten(core: str, facets: set[str]) -> str:
    cells = _CELL_COUNT.search(core)
    if cells:
        facets.add(COUNT)
        return core[: cells.start()]
    for suffix, facet in _SUFFIXES:
        if core.endswith(suffix):
            facets |= {facet} if facet else set()
            return core.removesuffix(suffix)
    for prefix, facet in _PREFIXES:
        if core.startswith(prefix) and core != prefix:
            facets.add(facet)
            return core[len(prefix) :]
    return core
