"""Conversion of results between units: exact in fractions, rounded only where the factor is not exact.

Units are UNIT submission values (C71620) or declared extensions. What they measure is said in the
study's tables, never here: :class:`DimensionRow` gives a unit its dimension and size,
:class:`ConversionRow` a factor that holds for one test. UCUM arithmetic is not used: it reads
logarithmic units wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from hbv_standards.derive.number_text import (
    Scale,
    compute_exponent,
    convert_scale,
    count_digits,
    is_terminating,
    read_number,
    round_digits,
    write_canonical,
    write_number,
)
from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.rows import ConversionRow, DimensionRow

# Names of the two dimensions that a molar mass joins, as unit_dimensions.csv writes them.
MASS_CONCENTRATION = "mass concentration"  # base unit g/L
SUBSTANCE_CONCENTRATION = "substance concentration"  # base unit mol/L


@dataclass(frozen=True, slots=True)
class Conversion:
    """linear(out) = linear(in) x ``factor`` + ``intercept``; log10 units are taken to linear and back.

    ``exact``: every number converts to a decimal that ends, so all digits are kept. ``row``: the
    conversions.csv row that was used, if any.
    """

    factor: Fraction = Fraction(1)
    intercept: Fraction = Fraction(0)
    from_scale: Scale = "linear"
    to_scale: Scale = "linear"
    exact: bool = True
    row: str | None = None

    @property
    def is_identity(self) -> bool:
        """Whether numbers stay what they are."""
        return self.factor == 1 and not self.intercept and self.from_scale == self.to_scale


class _Step(NamedTuple):
    """A linear map between the linear forms of two units."""

    factor: Fraction
    intercept: Fraction = Fraction(0)

    def then(self, other: _Step) -> _Step:
        return _Step(self.factor * other.factor, self.intercept * other.factor + other.intercept)


class _Link(NamedTuple):
    step: _Step
    row: str | None = None
    measured: bool = False  # rests on a molar mass


_SAME = _Step(Fraction(1))


class UnitConverter:
    """Finds the way from one unit to another.

    Raises :class:`ConfigurationError` where a row's factor is not above 0.
    """

    def __init__(self, dimensions: Sequence[DimensionRow], conversions: Sequence[ConversionRow]) -> None:
        self._sizes = {row.unit_value: row for row in dimensions}
        self._rows: dict[tuple[str, str | None], list[ConversionRow]] = {}
        for row in conversions:
            self._rows.setdefault((row.concept_id, row.site), []).append(row)
        self._found: dict[tuple[object, ...], Conversion | None] = {}
        stated_rows: tuple[DimensionRow | ConversionRow, ...] = (*dimensions, *conversions)
        for stated in stated_rows:
            _check_factor(stated)

    def compute_factor(
        self,
        from_unit: str,
        to_unit: str,
        *,
        concept_id: str | None = None,
        site: str | None = None,
        molar_mass: Fraction | None = None,
    ) -> Conversion | None:
        """The conversion of one test at one hospital, or None where no path is known.

        Tried in this order: the same unit; a conversions.csv row of the test that leads from
        ``from_unit`` to ``to_unit``; one dimension; such a row with steps within a dimension
        before and after it (log10 copies/mL → copies/mL → IU/mL); ``molar_mass`` (g/mol) between
        mass and substance concentration. Of rows the hospital's own come before the general
        ones, and a row also leads backwards. A row's factor joins the linear forms of its units.
        """
        key = (from_unit, to_unit, concept_id, site, molar_mass)
        if key not in self._found:
            link = self._find_link(*key)
            self._found[key] = None if link is None else self._build_conversion(from_unit, to_unit, link)
        return self._found[key]

    def scale_of(self, unit: str | None) -> Scale:
        """Scale of a unit; linear where the tables do not know it."""
        size = self._sizes.get(unit or "")
        return "linear" if size is None else size.scale

    def _find_link(
        self, start: str, goal: str, concept_id: str | None, site: str | None, molar_mass: Fraction | None
    ) -> _Link | None:
        if start == goal:
            return _Link(_SAME)
        rows = list(self._list_rows(concept_id, site))
        for from_unit, to_unit, step, row in rows:
            if (from_unit, to_unit) == (start, goal):
                return _Link(step, row)
        within = self._step_within(start, goal)
        if within is not None:
            return _Link(within)
        for from_unit, to_unit, step, row in rows:
            before, after = self._step_within(start, from_unit), self._step_within(to_unit, goal)
            if before is not None and after is not None:
                return _Link(before.then(step).then(after), row)
        return self._step_by_molar_mass(start, goal, molar_mass)

    def _list_rows(self, concept_id: str | None, site: str | None) -> Iterator[tuple[str, str, _Step, str]]:
        """Rows of the test as (from, to, step, reference): the hospital's first, stated direction first."""
        if concept_id is None:
            return
        for place in (None,) if site is None else (site, None):
            rows = self._rows.get((concept_id, place), [])
            yield from ((r.from_unit, r.to_unit, _Step(r.factor), r.row) for r in rows)
            yield from ((r.to_unit, r.from_unit, _Step(1 / r.factor), r.row) for r in rows)

    def _step_within(self, start: str, goal: str) -> _Step | None:
        """Between the linear forms of two units of one dimension."""
        if start == goal:
            return _SAME
        here, there = self._sizes.get(start), self._sizes.get(goal)
        if here is None or there is None or here.dimension != there.dimension:
            return None
        return _read_size(here).then(_invert(_read_size(there)))

    def _step_by_molar_mass(self, start: str, goal: str, molar_mass: Fraction | None) -> _Link | None:
        here, there = self._sizes.get(start), self._sizes.get(goal)
        if here is None or there is None or not molar_mass:
            return None
        ways = {
            (MASS_CONCENTRATION, SUBSTANCE_CONCENTRATION): 1 / molar_mass,
            (SUBSTANCE_CONCENTRATION, MASS_CONCENTRATION): molar_mass,
        }
        factor = ways.get((here.dimension, there.dimension))
        if factor is None:
            return None
        return _Link(_read_size(here).then(_Step(factor)).then(_invert(_read_size(there))), measured=True)

    def _build_conversion(self, start: str, goal: str, link: _Link) -> Conversion | None:
        (factor, intercept), scales = link.step, (self.scale_of(start), self.scale_of(goal))
        if intercept and "log10" in scales:  # a logarithm of a shifted quantity has no meaning
            return None
        ends = is_terminating(factor) and is_terminating(intercept)
        if scales == ("log10", "log10"):
            ends = compute_exponent(factor) is not None
        exact = scales[0] == scales[1] and ends and not link.measured
        return Conversion(factor, intercept, *scales, exact=exact, row=link.row)


def _check_factor(row: DimensionRow | ConversionRow) -> None:
    if row.factor <= 0:
        file, _, line = row.row.rpartition(":")
        message = f"factor {row.factor} must be above 0; write how many of one unit make the other"
        raise ConfigurationError(
            message, file=file, row=int(line) if line.isdigit() else None, value=str(row.factor)
        )


def _read_size(row: DimensionRow) -> _Step:
    return _Step(row.factor, row.offset * row.factor)


def _invert(step: _Step) -> _Step:
    return _Step(1 / step.factor, -step.intercept / step.factor)


def convert_number(number_text: str, conversion: Conversion) -> Fraction | None:
    """The converted number before rounding (logarithms to 60 digits), for comparisons.

    None where the text is no number that a dataset can hold (see :func:`read_number`) or has no
    value in the other unit: the logarithm of 0 or less.
    """
    number = read_number(number_text)
    if number is None:
        return None
    scales = (conversion.from_scale, conversion.to_scale)
    if scales == ("log10", "log10"):
        shift = convert_scale(conversion.factor, "linear", "log10")
        return None if shift is None else number + shift
    linear = convert_scale(number, conversion.from_scale, "linear")
    if linear is None:
        return None
    return convert_scale(linear * conversion.factor + conversion.intercept, "linear", conversion.to_scale)


def convert_text(number_text: str, conversion: Conversion) -> str | None:
    """The converted number as canonical decimal text: no exponent, no needless zeros, no ``-0``.

    All digits are kept where ``conversion.exact``; else the number is rounded half to even to one
    significant digit more than was sent, four at least. None as in :func:`convert_number`, and
    where the result is too large or too small for a dataset.
    """
    if conversion.is_identity:
        return write_canonical(number_text)
    number = convert_number(number_text, conversion)
    if number is None:
        return None
    return write_number(
        number if conversion.exact else round_digits(number, max(4, count_digits(number_text) + 1))
    )
