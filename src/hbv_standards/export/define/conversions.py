"""How results of a test become its standard unit, in words: the factors that the conversion used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from hbv_standards.derive.number_text import round_digits, write_number
from hbv_standards.derive.units import Conversion, UnitConverter
from hbv_standards.export.define.identities import Condition, Identity
from hbv_standards.export.define.wording import ENGLISH, Wording
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import ConceptRow

CONCEPT_FIELDS = {
    "TSTDTL": "tstdtl", "BDAGNT": "binding_agent", "TSTOPO": "test_objective", "SYM": "gene",
    "SPEC": "specimen", "METHOD": "method", "LOC": "location",
}  # fmt: skip
"""Ends of names of variables that tell tests apart, and the field of the test catalogue of each."""

DIGITS = 6
"""Significant digits of a factor as it is told; the conversion itself is exact."""

SIMPLE = 1000
"""A factor whose decimals do not end is told as a fraction when its terms are below this."""


def phrase_conversions(
    catalog: Catalog,
    domain: str,
    identity: Identity,
    units: Sequence[str],
    standard: Sequence[str],
    wording: Wording = ENGLISH,
) -> str | None:
    """Factors from the original units of a test to its standard unit; None where nothing is converted.

    ``units`` are those of --ORRESU and ``standard`` those of --STRESU. Where the test catalogue has
    several tests of this identity, all must convert alike to be told.
    """
    if len(standard) != 1:
        return None
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    concepts = list(_find_concepts(catalog, domain, identity))
    told = {_phrase_all(converter, catalog, concept, units, standard[0], wording) for concept in concepts}
    phrase = told.pop() if len(told) == 1 else ""
    return wording.conversion.format(formulas=phrase) if phrase else None


def _find_concepts(catalog: Catalog, domain: str, identity: Identity) -> Iterator[ConceptRow]:
    """Tests of the catalogue that the identity may be."""
    for concept in catalog.concepts.values():
        same = (concept.domain, concept.testcd) == (domain, identity.name)
        if same and all(_holds(condition, concept, domain) for condition in identity.conditions[1:]):
            yield concept


def _holds(condition: Condition, concept: ConceptRow, domain: str) -> bool:
    """Whether a test may have the value: one that the source gives need not be in the catalogue."""
    value = getattr(concept, CONCEPT_FIELDS[condition.variable.removeprefix(domain)])
    if value is None:
        return True
    return (value in condition.values) == (condition.comparator != "NOTIN")


def _phrase_all(
    converter: UnitConverter,
    catalog: Catalog,
    concept: ConceptRow,
    units: Iterable[str],
    standard: str,
    wording: Wording,
) -> str:
    """Each unit once, then what holds at one hospital only."""
    sites = sorted(
        {row.site for row in catalog.conversions if row.concept_id == concept.concept_id and row.site}
    )
    phrases = []
    for unit in units:
        general = _phrase_unit(converter, concept, unit, standard, None, wording)
        phrases.append(general)
        for site in sites:
            own = _phrase_unit(converter, concept, unit, standard, site, wording)
            if own != general:
                phrases.append(wording.at_site.format(formula=own, site=catalog.study.sites[site].siteid))
    return wording.joint.join(phrase for phrase in phrases if phrase)


def _phrase_unit(
    converter: UnitConverter,
    concept: ConceptRow,
    unit: str,
    standard: str,
    site: str | None,
    wording: Wording,
) -> str:
    mass = concept.molar_mass
    conversion = converter.compute_factor(
        unit, standard, concept_id=concept.concept_id, site=site, molar_mass=mass
    )
    if conversion is None or unit == standard:
        return ""
    without = converter.compute_factor(unit, standard, concept_id=concept.concept_id, site=site)
    formula = _phrase_formula(conversion, unit, standard)
    if without is None and mass:
        return wording.molar_mass.format(formula=formula, mass=_write(mass))
    return formula


def _phrase_formula(conversion: Conversion, unit: str, standard: str) -> str:
    """ "mg/dL x 17.104 = umol/L", logarithms written out."""
    source = f"10^({unit})" if conversion.from_scale == "log10" else unit
    formula = source if conversion.factor == 1 else f"{source} x {_write(conversion.factor)}"
    if conversion.intercept:
        sign = "-" if conversion.intercept < 0 else "+"
        formula += f" {sign} {_write(abs(conversion.intercept))}"
    return f"log10({formula}) = {standard}" if conversion.to_scale == "log10" else f"{formula} = {standard}"


def _write(number: Fraction) -> str:
    """A factor as people write it: 0.01, 17.104, 5/9."""
    exact = write_number(number)
    if exact is None and max(abs(number.numerator), number.denominator) < SIMPLE:
        return f"{number.numerator}/{number.denominator}"
    return write_number(round_digits(number, DIGITS)) or str(float(number))
