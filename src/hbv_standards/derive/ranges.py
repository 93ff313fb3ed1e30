"""Reference ranges: --ORNRLO/HI, --STNRLO/HI, --STNRC, and --NRIND.

Rules: SDTMIG 3.4 section 6.3.5.6 (LB), CG0180-CG0183, FB3901, FB3902.

- Limits are kept for numeric results only, censored ones included: the IG wants them for
  continuous results.
- --ORNRLO and --ORNRHI are the limits as sent, converted where they were sent in another unit
  than the result. A range without a unit is in the unit of its result, whatever that is.
- --STNRLO and --STNRHI come from the limits as sent, in the standard unit.
- --STNRC is ``range_text``, which the caller has mapped, where there is no numeric limit to keep.
- --NRIND is LOW, NORMAL or HIGH where number and limits decide it (see :mod:`.indicator`): they
  are the collected facts, and the same rule then holds at every hospital. Otherwise it is the
  laboratory's own. ABNORMAL from the laboratory agrees with LOW and HIGH.
- A test that was not done has no range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from hbv_standards.derive.ascii_text import Agency, convert_encodable
from hbv_standards.derive.combinations import map_combinations
from hbv_standards.derive.indicator import Comparison, compute_indicator
from hbv_standards.derive.number_text import read_number
from hbv_standards.derive.results import read_unit, select_unit
from hbv_standards.derive.units import Conversion, UnitConverter, convert_text
from hbv_standards.mapping.rows import ConceptRow


class _Ways(NamedTuple):
    """Conversions of results and limits of one test in one pair of units; None: no path is known."""

    limits_to_result: Conversion | None
    limits_to_standard: Conversion | None
    result_to_standard: Conversion | None
    comparison: Comparison


class _Limits(NamedTuple):
    ornrlo: str | None = None
    ornrhi: str | None = None
    stnrlo: float | None = None
    stnrhi: float | None = None
    stnrc: str | None = None
    range_impossible: bool = False
    range_unconverted: bool = False
    range_unencodable: bool = False


_UNITS = ["concept_id", "site", "unit", "unit_value", "range_unit_value"]
_DTYPES = ("str", "str", "float64", "float64", "str", "bool", "bool", "bool")
_SAME = Conversion()


def derive_ranges(
    frame: pd.DataFrame,
    prefix: str,
    converter: UnitConverter,
    concepts: Mapping[str, ConceptRow],
    *,
    agency: Agency = "fda",
) -> pd.DataFrame:
    """Add the range variables of one domain to canonical findings; the rules are those of this module.

    Adds, with ``prefix`` ("LB") before the names, --ORNRLO, --ORNRHI, --STNRC, --NRIND (text) and
    --STNRLO, --STNRHI (float64), and four bool columns of what the caller has to report:

    - ``range_impossible`` (HBV-SDTM-006): the low limit lies above the high one. Both are carried
      as sent; --NRIND is the laboratory's own.
    - ``range_unconverted`` (HBV-SDTM-002): limits in a unit from which no way leads to the
      result's unit or to the standard unit; what could not be converted is missing.
    - ``range_unencodable`` (HBV-SDTM-003): ``range_text`` has no ASCII form and was left out of
      an ``agency="fda"`` build.
    - ``indicator_disagrees``: the laboratory's indicator contradicts its own limits.

    ``concepts``: concept_id → row, for every concept in ``frame``; ``KeyError`` for an unknown one.
    """
    rows = _select_ranges(frame)
    finder = _WayFinder(converter, concepts)
    kind = map_combinations(frame.assign(unit=select_unit(frame)), _UNITS, finder.find, {"kind": "int64"})[
        "kind"
    ]
    writer = _LimitWriter(finder.ways, agency)
    out = dict(zip(_Limits._fields, _DTYPES, strict=True))
    limits = map_combinations(rows.assign(kind=kind), ["low", "high", "text", "kind"], writer.write, out)
    comparisons = [way.comparison for way in finder.ways]
    derived = compute_indicator(
        frame["number"], frame["comparator"], rows["low"], rows["high"], kind.to_numpy(), comparisons
    )
    sent = frame["indicator"].mask(frame["not_done"])
    made = limits.assign(nrind=derived.fillna(sent), indicator_disagrees=_compute_disagreement(derived, sent))
    return frame.assign(**{_name_column(prefix, str(name)): values for name, values in made.items()})


def _select_ranges(frame: pd.DataFrame) -> pd.DataFrame:
    """Limits belong to numeric results, ranges to tests that were done."""
    done = ~frame["not_done"]
    numeric = done & frame["number"].notna()
    return pd.DataFrame(
        {
            "low": frame["range_low"].where(numeric),
            "high": frame["range_high"].where(numeric),
            "text": frame["range_text"].where(done),
        }
    )


def _name_column(prefix: str, name: str) -> str:
    return name if "_" in name else f"{prefix}{name.upper()}"


def _compute_disagreement(derived: pd.Series, sent: pd.Series) -> pd.Series:
    agrees = (derived == sent) | (sent.eq("ABNORMAL") & derived.isin(["LOW", "HIGH"]))
    return derived.notna() & sent.notna() & ~agrees


@dataclass(slots=True)
class _WayFinder:
    """Numbers the distinct :class:`_Ways` that occur."""

    converter: UnitConverter
    concepts: Mapping[str, ConceptRow]
    ways: list[_Ways] = field(default_factory=list)

    def find(
        self, concept_id: str, site: str, unit: str | None, unit_value: str | None, range_unit: str | None
    ) -> tuple[int]:
        concept = self.concepts[concept_id]
        result = read_unit(unit, unit_value, concept.std_unit)
        limits = range_unit or result

        def lead(start: str | None, goal: str | None) -> Conversion | None:
            if start is None or goal is None:
                return None
            return self.converter.compute_factor(
                start, goal, concept_id=concept_id, site=site, molar_mass=concept.molar_mass
            )

        shared = range_unit is None or limits == result
        to_result, from_result = (_SAME, _SAME) if shared else (lead(limits, result), lead(result, limits))
        # Without a standard unit the standard result is the number in the unit in which it was sent.
        standard = (to_result, _SAME) if concept.std_unit is None else (
            lead(limits, concept.std_unit), lead(result, concept.std_unit)
        )  # fmt: skip
        comparison = Comparison(from_result, self.converter.scale_of(limits))
        self.ways.append(_Ways(to_result, *standard, comparison))
        return (len(self.ways) - 1,)


@dataclass(frozen=True, slots=True)
class _LimitWriter:
    """Writes one distinct range."""

    ways: list[_Ways]
    agency: Agency

    def write(self, low: str | None, high: str | None, text: str | None, kind: int) -> _Limits:
        if low is not None or high is not None:
            return self._write_limits(low, high, self.ways[kind])
        said = convert_encodable(text, self.agency) if text else None
        return _Limits(stnrc=said, range_unencodable=said is None and bool(text and text.strip()))

    def _write_limits(self, low: str | None, high: str | None, ways: _Ways) -> _Limits:
        original = [_convert_limit(text, ways.limits_to_result) for text in (low, high)]
        standard = [_write_standard(text, ways.limits_to_standard) for text in (low, high)]
        failed = any(
            text is not None and (said is None or (number is None and ways.result_to_standard is not None))
            for text, said, number in zip((low, high), original, standard, strict=True)
        )
        return _Limits(
            original[0], original[1], standard[0], standard[1],
            range_impossible=_is_impossible(low, high), range_unconverted=failed,
        )  # fmt: skip


def _is_impossible(low: str | None, high: str | None) -> bool:
    least, most = (None if text is None else read_number(text) for text in (low, high))
    return least is not None and most is not None and least > most


def _convert_limit(text: str | None, way: Conversion | None) -> str | None:
    """--ORNRLO or --ORNRHI: the digits as sent where the unit is the result's."""
    if text is None or way is None:
        return None
    return text if way.is_identity else convert_text(text, way)


def _write_standard(text: str | None, way: Conversion | None) -> float | None:
    number = convert_text(text, way) if text is not None and way else None
    return None if number is None else float(number)
