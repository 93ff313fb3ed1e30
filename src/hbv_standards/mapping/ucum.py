"""A UCUM code read by its structure: an exact size and what it is a size of.

The grammar and the definitions of units are those of the ``ucumvert`` package, which carries the
whole of UCUM; its arithmetic is not used. It drops annotations, takes an international unit, a mole
and an equivalent for bare numbers and works in floats, so that ``{log_IU}/mL``, ``[IU]/mL`` and
``{copies}/mL`` would all be 1/mL. Here nothing that tells one quantity from another is lost:

- an annotation is a factor of its own: ``{copies}/mL`` is no ``/mL``;
- an arbitrary unit is a base unit of its own (``[IU]`` is not ``U`` and not ``[arb'U]``), and so are
  mol, eq and osm and what UCUM defines as a bare number (``[HPF]``);
- logarithms and units with a zero point of their own (``Cel``, ``[pH]``, ``B``) have no size: they
  are refused, and an annotation that speaks of a logarithm too.

The package is loaded when the first code is read, for its import takes as long as a small run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

UCUM_SYSTEM = "http://unitsofmeasure.org"

# Beyond these no unit of a laboratory goes; the powers of a longer code could fill the memory.
_LONGEST = 80
_DIGITS = 12
_HIGHEST_POWER = 30

_OWN_KIND = frozenset({"mol", "eq", "osm"})
"""Units that UCUM defines by others and that count something of their own all the same."""

_POWERS_OF_TEN = frozenset({"10*", "10^"})
_LOGARITHM = re.compile(r"\{(?:[^}]*[^A-Za-z}])?(?:log|lg|ln)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UcumUnit:
    """``factor`` times a product of base units: pairs of symbol and power, by symbol, without power 0.

    Symbols are UCUM's base units, its arbitrary units, mol, eq, osm, and annotations in braces.
    """

    factor: Fraction = Fraction(1)
    powers: tuple[tuple[str, int], ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether everything cancelled: %, L/L and g/g, of which the structure cannot tell what they are."""
        return not self.powers

    def times(self, other: UcumUnit, sign: int = 1) -> UcumUnit:
        """The product, or with ``sign`` -1 the quotient."""
        powers = dict(self.powers)
        for symbol, power in other.powers:
            powers[symbol] = powers.get(symbol, 0) + sign * power
        kept = tuple(sorted((symbol, power) for symbol, power in powers.items() if power))
        return UcumUnit(self.factor * other.factor**sign, kept)

    def raised(self, power: int) -> UcumUnit:
        """The unit to a power that is not 0."""
        return UcumUnit(self.factor**power, tuple((symbol, p * power) for symbol, p in self.powers))

    def without_annotations(self) -> UcumUnit:
        """What is left when the words in braces are taken away."""
        return UcumUnit(self.factor, tuple(pair for pair in self.powers if not pair[0].startswith("{")))


class UcumReading(NamedTuple):
    """What a code is: a unit, or else the reason in words why it has no size."""

    unit: UcumUnit | None
    problem: str = ""


class _NoSizeError(ValueError):
    """Says why a part of a code has no size."""


@lru_cache(maxsize=4096)
def read_ucum(code: str) -> UcumReading:
    """Read a case-sensitive UCUM code. What is no UCUM, or has no exact size, is told, never raised."""
    if _LOGARITHM.search(code):
        return UcumReading(None, "a logarithm, with which units cannot be reckoned")
    try:
        tree = _parse(code)
        return UcumReading(_evaluate(tree))
    except _NoSizeError as fault:
        return UcumReading(None, str(fault))


def describe_ucum(unit: UcumUnit) -> str:
    """The reading in UCUM's own base units: ``0.001 g.m-3``."""
    number = unit.factor
    size = str(number) if number.denominator == 1 else f"{float(number):.12g}"
    parts = ".".join(f"{symbol}{'' if power == 1 else power}" for symbol, power in unit.powers)
    return f"{size} {parts}".strip()


def _parse(code: str) -> Any:
    """The syntax tree of a code, of the library's kind."""
    if not code or len(code) > _LONGEST:
        raise _NoSizeError("no UCUM code")
    if max(map(len, re.findall(r"\d+", code)), default=0) > _DIGITS:
        raise _NoSizeError("a number that no unit holds")
    from ucumvert.parser import InvalidUcumError, parse_ucum

    try:
        return parse_ucum(code, _build_parser())
    except InvalidUcumError:
        raise _NoSizeError("no UCUM code") from None


@cache
def _build_parser() -> Any:
    from ucumvert.parser import get_ucum_parser

    return get_ucum_parser()


def _evaluate(node: Any) -> UcumUnit:
    """The size of a subtree; a bare token of the tree is an annotation."""
    if isinstance(node, str):
        return UcumUnit(powers=((str(node), 1),)) if node != "{}" else UcumUnit()
    rules: dict[str, Callable[[list[Any]], UcumUnit]] = {
        "main_term": _evaluate_quotient,
        "term": _evaluate_product,
        "component": lambda parts: _evaluate_annotated(*parts),
        "annotatable": lambda parts: _raise(_evaluate(parts[0]), str(parts[1])),
        "simple_unit": lambda parts: _read_atom(*map(str, parts)),
    }
    return rules[str(node.data)](node.children)


def _evaluate_quotient(parts: list[Any]) -> UcumUnit:
    """A whole code, which may begin with a solidus: ``/min``.

    ``/m/s`` is s/m by UCUM's grammar and 1/(m.s) by its rule of evaluation from left to right.
    """
    if len(parts) == 1:
        return _evaluate(parts[0])
    if getattr(parts[1], "data", "") == "term":
        raise _NoSizeError("a solidus before several units, which readers take for different things")
    return UcumUnit().times(_evaluate(parts[1]), -1)


def _evaluate_product(parts: list[Any]) -> UcumUnit:
    left, operator, right = parts
    return _evaluate(left).times(_evaluate(right), -1 if str(operator) == "/" else 1)


def _evaluate_annotated(unit: Any, annotation: str) -> UcumUnit:
    return _evaluate(unit).times(_evaluate(annotation))


def _raise(unit: UcumUnit, exponent: str) -> UcumUnit:
    power = int(exponent)
    if abs(power) > _HIGHEST_POWER:
        raise _NoSizeError("a power that no unit has")
    return unit.raised(power)


def _read_atom(*parts: str) -> UcumUnit:
    """A number, or a unit with or without a prefix."""
    *prefix, symbol = parts
    if symbol.isdigit():
        return UcumUnit(Fraction(symbol))
    unit = _define(symbol)
    return UcumUnit(unit.factor * _read_prefixes()[prefix[0]], unit.powers) if prefix else unit


@cache
def _define(symbol: str) -> UcumUnit:
    """A unit of UCUM by its definition, down to base units and to units of their own kind."""
    definition = _read_definitions().get(symbol)
    if definition is None or symbol in _OWN_KIND:
        return UcumUnit(powers=((symbol, 1),))
    if definition.is_special:
        raise _NoSizeError(f"built on {symbol}, a scale with its own zero or a logarithm")
    if definition.defining_unit == "1" and symbol not in _POWERS_OF_TEN:
        return UcumUnit(powers=((symbol, 1),))
    base = _evaluate(_parse(definition.defining_unit))
    return UcumUnit(Fraction(str(definition.conversion_factor)) * base.factor, base.powers)


@cache
def _read_definitions() -> dict[str, Any]:
    """UCUM's units but its base units, by case-sensitive symbol."""
    from ucumvert.xml_util import get_units_with_full_definition

    return {unit.code_cs: unit for unit in get_units_with_full_definition()}


@cache
def _read_prefixes() -> dict[str, Fraction]:
    """The size of every prefix of UCUM."""
    from ucumvert.xml_util import root

    found = root.findall(".//{*}prefix")
    return {prefix.attrib["Code"]: Fraction(prefix.find("{*}value").attrib["value"]) for prefix in found}
