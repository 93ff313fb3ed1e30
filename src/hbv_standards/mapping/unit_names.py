"""One component of a unit as hospitals name it (毫升, ml, Copies, [IU]) → the name that the normal form has.

Letter case is changed only where no other unit answers to the word: ``mol`` in any case, but ``M``
stays mega and ``m`` milli, and ``g``, ``m``, ``s``, ``u`` and ``U`` are left alone.
"""

from __future__ import annotations

import re

# Words that mean one thing in any letter case.
_WORDS = {
    **dict.fromkeys(("copies", "copy", "cps", "cop", "cops"), "copies"),
    **dict.fromkeys(("cell", "cells"), "cell"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("unit", "units"), "U"),
    **dict.fromkeys(("liter", "litre", "liters", "litres"), "L"),
    **dict.fromkeys(("gram", "grams"), "g"),
    **dict.fromkeys(("titer", "titre"), "titer"),
    **dict.fromkeys(("mmhg", "mm[hg]"), "mmHg"),
    **dict.fromkeys(("1.73m2", "1.73m^2", "{1.73_m2}", "{1.73m2}"), "1.73m2"),
    # oC: NFKC makes it of ºC, with the ordinal sign in the place of the degree
    **dict.fromkeys(("°c", "oc", "cel", "degc"), "Cel"),
    **dict.fromkeys(("°f", "of", "[degf]", "degf"), "[degF]"),
}
_EXACT_WORDS = {"cp": "copies", "gm": "g", "cc": "mL", "cm3": "mL", "mm3": "uL"}  # cP is a centipoise
_COUNTED = frozenset({"copies", "cell", "titer"})

# Unit in the normal form: how it is written, and the prefixes that may stand before it ("" for none).
_UNITS = tuple(
    (name, re.compile(rf"^({'|'.join(prefixes)}){spelling}$"))
    for name, spelling, prefixes, required in (
        ("mol", r"[Mm][Oo][Ll]", ("mc", *"cdmunpf"), False),
        ("IU", r"(?:\[[Ii][Uu]\]|[Ii][Uu])", ("mc", *"kKmunp"), False),
        ("U", "U", ("mc", *"kKmunp"), False),
        ("L", "[Ll]", ("mc", *"dcmunpf"), False),
        ("g", "g", ("mc", *"kKdcmunpf"), False),
        ("eq", "[Ee][Qq]", ("mc", *"mun"), True),
        ("kat", "[Kk][Aa][Tt]", ("mc", *"munp"), False),
        ("Pa", "[Pp][Aa]", tuple("kKh"), True),
        ("m", "m", ("mc", *"dcmun"), False),
        ("s", "s", tuple("mun"), False),
    )
    for prefixes in [prefixes if required else ("", *prefixes)]
)
_PREFIXES = {"mc": "u", "K": "k"}
_AREA = re.compile(r"^([cdm]?m)\^?([23])$")

_CHINESE_PREFIXES = {"千": "k", "毫": "m", "微": "u", "纳": "n", "皮": "p", "飞": "f", "分": "d", "厘": "c"}
_CHINESE_UNITS = {
    "克": "g", "升": "L", "摩尔": "mol", "摩": "mol", "米": "m", "国际单位": "IU", "单位": "U", "帕": "Pa",
    "当量": "eq", "秒": "s",
}  # fmt: skip
_CHINESE_WORDS = {
    "公斤": "kg", "分钟": "min", "小时": "h", "拷贝": "copies", "拷贝数": "copies", "细胞": "cell",
    "平方米": "m2", "立方毫米": "uL", "立方厘米": "mL", "毫米汞柱": "mmHg", "摄氏度": "Cel",
    "华氏度": "[degF]", "滴度": "titer", "百分比": "%", "百分率": "%",
}  # fmt: skip
_CHINESE_UNIT = re.compile(rf"^([{''.join(_CHINESE_PREFIXES)}kmunpf])?({'|'.join(_CHINESE_UNITS)})$")
_CHINESE_TENTHS = frozenset("升米克")  # 分 and 厘 are prefixes of these alone; 分 by itself may be a score

_POWER = re.compile(r"^(10\^\d{1,2})(.+)$")
_NUCLEIC_ACID = re.compile(r"^[{\[]?(DNA|RNA)_?(.+?)[}\]]?$")


def name_component(word: str, *, divided: bool = False) -> str:
    """The name of a component; as it is where no rule knows it. ``divided``: it stands behind a slash."""
    if divided and word == "分":
        return "min"
    power = _POWER.match(word)
    if power:
        rest = "" if power[2] == "个" else name_component(power[2])
        return power[1] + rest
    known = _name_word(word) or _name_unit(word) or _name_chinese(word)
    return known or _name_nucleic_acid(word) or word


def _name_word(word: str) -> str | None:
    found = _EXACT_WORDS.get(word) or _WORDS.get(word.casefold())
    if found is None and word[:1] in "{[" and word[-1:] in "}]":
        inner = _name_word(word[1:-1]) if word[1:-1] else None
        return inner if inner in _COUNTED else None
    return found


def _name_unit(word: str) -> str | None:
    area = _AREA.match(word)
    if area:
        return area[1] + area[2]
    for name, pattern in _UNITS:
        match = pattern.match(word)
        if match:
            return _PREFIXES.get(match[1], match[1]) + name
    return None


def _name_chinese(word: str) -> str | None:
    if word in _CHINESE_WORDS:
        return _CHINESE_WORDS[word]
    match = _CHINESE_UNIT.match(word)
    if match is None or (match[1] in ("分", "厘") and match[2] not in _CHINESE_TENTHS):
        return None
    prefix = match[1] or ""
    return _CHINESE_PREFIXES.get(prefix, prefix) + _CHINESE_UNITS[match[2]]


def _name_nucleic_acid(word: str) -> str | None:
    """RNA copies, which are not copies of DNA."""
    match = _NUCLEIC_ACID.match(word)
    if match is None:
        return None
    counted = _name_word(match[2]) or _name_chinese(match[2])
    return f"{match[1]}{counted}" if counted == "copies" else None
