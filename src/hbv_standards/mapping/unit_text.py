"""How hospitals spell units, brought to one normal form by rule.

The normal form serves look-ups only, on both sides: what was sent and what the tables hold. A form
that no table holds means nothing. What the rules do not know stays as it was written: a unit can
fail to be found by this, but never be taken for another.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.unit_names import name_component

_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SIGNS = str.maketrans({**dict.fromkeys("∕⁄⧸\\每", "/"), **dict.fromkeys("·⋅•∙・‧", "."), "−": "-"})
_TIMES = "[×✕✖xX*]"

# A power of ten, 10^9, 10*9, 10**9, 10E9, 10~9 or 10^(9), with the sign of multiplication before it.
_POWER = re.compile(
    rf"(?<![\d.]){_TIMES}*10(?:\^|\*\*?|[~Ee])(?:\((\d{{1,2}})\)|\{{(\d{{1,2}})\}}|\+?(\d{{1,2}}))(?!\d|\.\d)"
)
# ×109/L: raised digits that came down on the way. Only behind the sign, only powers that are in use.
_FALLEN_POWER = re.compile(rf"^{_TIMES}10(3|6|9|12)(?=/)")
_MOLAR = re.compile(r"^([munp])M$")

_LOG_BEFORE = re.compile(r"^[({]?(?:log|lg)(?:_?10|\(10\))?[)}]?_?(?=\D)", re.IGNORECASE)
_LOG_BEHIND = re.compile(r"[(,](?:log|lg)(?:_?10)?\)?$", re.IGNORECASE)
_LOG_ANNOTATION = re.compile(r"^\{(?:log|lg)_?(?:10)?_?([A-Za-z]+)\}", re.IGNORECASE)
_COUNTED_BY_LOG = frozenset({"IU", "U", "copies"})

_TOKEN = re.compile(r"[/.*()]|(?:\{[^{}]*\}|\[[^\[\]]*\]|\d+\.\d+|[^/.*()])+")
_DIVISOR = re.compile(r"/\(([^()/.*][^()/]*)\)")
_SIGN = re.compile(r"(?<!\d)[.*]|[.*](?!\d)")  # of multiplication; between digits it is a point or a power
_SIGN_BEHIND_NUMBER = re.compile(r"^(10\^\d+)个?[.*]+(?=[^\d/.*])|(\d+\.\d+)[.*]+(?=m\^?2)")
_INVERSE = re.compile(r"(?:^|[.*])([A-Za-z\u4e00-\u9fff]+)\^?-1(?=$|[/.*)])")  # L-1 is /L


@lru_cache(maxsize=65536)
def normalise_spelling(text: str) -> str:
    """The normal form of a unit's spelling; spellings of one form are one unit.

    Full-width characters, kinds of µ, slash, dot and multiplication sign, powers of ten, litres as
    ``L``, SI and international units in their usual letter cases, Chinese names, ``log10`` in its
    many spellings. The normal form of a normal form is itself.
    """
    plain = _read_characters(text)
    logarithm = _read_logarithm(plain)
    if logarithm:
        return f"log10{logarithm}"
    molar = _MOLAR.match(plain)
    return f"{molar[1]}mol/L" if molar else _read_product(plain)


def _read_characters(text: str) -> str:
    raised = _RAISED.sub(lambda match: f"^{unicodedata.normalize('NFKC', match[0])}", text)
    plain = _strip_brackets(normalise_unit(raised).translate(_SIGNS))
    plain = _DIVISOR.sub(lambda match: "/" + _SIGN.sub("/", match[1]), plain)
    plain = _FALLEN_POWER.sub(r"10^\1", _POWER.sub(r"10^\1\2\3", plain))
    return _SIGN_BEHIND_NUMBER.sub(r"\1\2", _INVERSE.sub(r"/\1", plain))


def _strip_brackets(plain: str) -> str:
    """Without brackets around the whole."""
    return plain[1:-1] if re.fullmatch(r"\([^()]*\)", plain) else plain


def _read_logarithm(plain: str) -> str | None:
    """The unit that a decimal logarithm is of; None for what is no logarithm, or of an unknown thing."""
    annotation = _LOG_ANNOTATION.match(plain)
    if annotation:
        rest = annotation[1] + plain[annotation.end() :]
    elif _LOG_BEFORE.match(plain):
        rest = _strip_brackets(_LOG_BEFORE.sub("", plain))
    elif _LOG_BEHIND.search(plain):
        rest = _LOG_BEHIND.sub("", plain)
    else:
        return None
    unit = _read_product(re.sub(r"^\(([^()/]+)\)", r"\1", rest))
    return unit if unit.partition("/")[0] in _COUNTED_BY_LOG else None


def _read_product(plain: str) -> str:
    """Components between signs of multiplication and division, each by its name."""
    made: list[str] = []
    for token in _TOKEN.findall(plain):
        if token in "/.*()":
            made.append(token)
        elif token == "个" and not made and "/" in plain:  # a measure word: 个/uL is /uL
            continue
        else:
            made.append(name_component(token, divided=made[-1:] == ["/"]))
    return "".join(made)
