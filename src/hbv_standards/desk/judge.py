"""Whether results can be those of a test: by kind, unit, size, specimen, and the same test elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hbv_standards.derive.units import Conversion, UnitConverter, convert_number
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.desk.seen_results import Amount
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import ConceptRow, PlausibilityRow

_MOSTLY = 0.9  # share of the numbers that must fit: a hospital mistypes a unit now and then
_FEW = 0.1  # share of numbers beside words that does not make a test quantitative
_FAR = 10  # times the median of the same test elsewhere
_UNITLESS = ("RATIO", "titer")  # a number sent without a unit is already in these
_BLOOD = ("SERUM", "PLASMA", "BLOOD", "ERYTHROCYTES")
_BLOOD_WORDS = ("血", "blood", "serum", "plasma", "edta")
_WORDS, _NUMBERS = ("ORD", "NOM", "NAR"), ("NM",)


class Verdict(NamedTuple):
    """``fits`` is None where the results do not tell."""

    fits: bool | None
    reason: str


@dataclass(frozen=True)
class Judge:
    """What results are held against. ``elsewhere`` is concept → median at other hospitals, in the standard unit."""

    catalog: Catalog
    mapper: SiteMapper
    converter: UnitConverter
    limits: Mapping[str, PlausibilityRow]
    elsewhere: Mapping[str, float] = field(default_factory=dict)

    def judge(self, code: SeenCode, concept: ConceptRow) -> Verdict:
        """Whether the results of a code can be those of a test; the first thing against it decides."""
        verdicts = [judge_specimen(code, concept), judge_kind(code, concept)]
        if code.results.numbers and concept.result_type in ("NM", "ORD/NM"):
            verdicts.append(self._judge_amounts(code, concept))
        against = next((v for v in verdicts if v.fits is False), None)
        if against is not None:
            return against
        told = "; ".join(verdict.reason for verdict in verdicts if verdict.reason)
        return Verdict(all(verdict.fits for verdict in verdicts) or None, told)

    def _judge_amounts(self, code: SeenCode, concept: ConceptRow) -> Verdict:
        fitting: list[tuple[Amount, Conversion]] = []
        strange: list[str] = []
        fits = unknown = 0
        for amount in code.results.amounts:
            way = self._find_way(code.site, amount, concept)
            if way is None:
                unknown += amount.count
            elif isinstance(way, bool):
                strange.append(amount.sent or "no unit")
            else:
                fits += amount.count
                fitting.append((amount, way))
        total = code.results.numbers - unknown
        if strange and (not total or fits < _MOSTLY * total):
            if concept.result_type == "ORD/NM":
                return Verdict(None, f"{', '.join(strange)} is not {concept.std_unit}, words decide")
            wanted = f"{concept.std_unit}" if concept.std_unit else "a number without unit"
            return Verdict(False, f"its unit {', '.join(strange)} is not one of the test ({wanted})")
        if not fitting:
            return Verdict(None, "no unit was sent to tell by")
        return self._judge_sizes(concept, fitting)

    def _find_way(self, site: str, amount: Amount, concept: ConceptRow) -> Conversion | bool | None:
        """The conversion to the standard unit; False where there is none, None where the unit does not tell."""
        if not amount.sent:
            unitless = concept.std_unit is None or concept.std_unit in _UNITLESS
            return Conversion() if unitless else None
        match = self.mapper.map_unit(
            amount.unit_code, amount.unit_text, concept.concept_id, system=amount.unit_system
        )
        if match is None:
            return None
        if match.unit_value is None or concept.std_unit is None:
            return Conversion() if match.unit_value == concept.std_unit else False
        way = self.converter.compute_factor(
            match.unit_value,
            concept.std_unit,
            concept_id=concept.concept_id,
            site=site,
            molar_mass=concept.molar_mass,
        )
        return way if way is not None else False

    def _judge_sizes(self, concept: ConceptRow, fitting: Iterable[tuple[Amount, Conversion]]) -> Verdict:
        sizes = [(amount, convert_sizes(amount, way)) for amount, way in fitting]
        unit = concept.std_unit or ""
        largest = max(sizes, key=lambda pair: pair[0].count)
        told = f"{largest[1][0]:.4g} to {largest[1][2]:.4g} {unit}".strip()
        limit = self.limits.get(concept.concept_id)
        for _, (low, median, high) in sizes:
            if limit is not None and _is_outside(limit, low, high):
                return Verdict(
                    False, f"its results ({low:.4g} to {high:.4g} {unit}) are none of a living person"
                )
            other = self.elsewhere.get(concept.concept_id)
            if (
                other
                and median > 0
                and not 1 / _FAR <= median / other <= _FAR
                and concept.result_type == "NM"
            ):
                return Verdict(None, f"its median {median:.4g} {unit} is far from {other:.4g} elsewhere")
        return Verdict(True, f"results {told} fit")


def convert_sizes(amount: Amount, way: Conversion) -> tuple[float, float, float]:
    """10 %, median and 90 % of an amount in the standard unit; NaN where there is no such number."""
    converted = [convert_number(repr(value), way) for value in (amount.low, amount.median, amount.high)]
    low, median, high = (float("nan") if value is None else float(value) for value in converted)
    return low, median, high


def _is_outside(limit: PlausibilityRow, low: float, high: float) -> bool:
    return (limit.low is not None and low < limit.low) or (limit.high is not None and high > limit.high)


def judge_kind(code: SeenCode, concept: ConceptRow) -> Verdict:
    """Numbers for a quantity, words for a quality; other results speak for another test of the same name."""
    numbers, words = code.results.numbers, code.results.in_words
    if not numbers + words:
        return Verdict(None, "it has no results to tell by")
    if concept.result_type in _NUMBERS and not numbers:
        return Verdict(False, f"its results are words ({code.results.words[0][0]}), the test's are numbers")
    if concept.result_type in _WORDS and numbers > _FEW * (numbers + words):
        return Verdict(False, f"its results are numbers ({code.results.examples[0]}), the test's are words")
    if concept.result_type in _WORDS:
        return Verdict(True, f"results in words ({code.results.words[0][0]})")
    return Verdict(True, f"results in words ({code.results.words[0][0]})" if not numbers else "")


def judge_specimen(code: SeenCode, concept: ConceptRow) -> Verdict:
    """A test of blood is not one of urine; other specimens count where the test is told apart by them."""
    if concept.specimen is None or not is_blood(concept.specimen):
        return Verdict(True, "")
    if code.specimen is not None and not is_blood(code.specimen):
        return Verdict(False, f"its specimen is {code.specimen}, the test's is {concept.specimen}")
    if code.specimen is None and code.specimen_text is not None:
        text = normalise_text(code.specimen_text)
        if not any(word in text for word in _BLOOD_WORDS):
            return Verdict(False, f"its specimen {code.specimen_text} is not mapped and may be no blood")
    return Verdict(True, "")


def is_blood(specimen: str) -> bool:
    """Whether a specimen (SPECTYPE) is blood or a part of it in which one measures, cells left aside."""
    return any(word in specimen for word in _BLOOD) and "CELL" not in specimen
