"""Conversion factors in words, as a reviewer reads them beside the numeric results of a test."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from hbv_standards.export.define.conversions import phrase_conversions
from hbv_standards.export.define.identities import Condition, Identity
from hbv_standards.export.define.wording import CHINESE
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import ConceptRow, ConversionRow, DimensionRow

from .conftest import MAPPINGS, make_catalog

SIZES = [
    # unit, dimension, factor, offset, scale
    ("g/L", "mass concentration", 1, 0, "linear"),
    ("mg/dL", "mass concentration", Fraction(1, 100), 0, "linear"),
    ("umol/L", "substance concentration", Fraction(1, 10**6), 0, "linear"),
    ("copies/mL", "copies", 1, 0, "linear"),
    ("log10 copies/mL", "copies", 1, 0, "log10"),
    ("IU/mL", "units", 1, 0, "linear"),
    ("C", "temperature", 1, 0, "linear"),
    ("F", "temperature", Fraction(5, 9), -32, "linear"),
]


def make_size(cells: tuple[object, ...]) -> DimensionRow:
    fields = dict(zip(("unit_value", "dimension", "factor", "offset", "scale"), cells, strict=True))
    return DimensionRow.model_validate({"row": "unit_dimensions.csv:2", **fields})


def make_concept(concept_id: str, testcd: str, **fields: object) -> ConceptRow:
    given = {"concept_id": concept_id, "concept": testcd, "domain": "LB", "testcd": testcd, "test": testcd}
    return ConceptRow.model_validate({**given, "result_type": "NM", "row": "concepts/lb.csv:2", **fields})


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    concepts = [
        make_concept("TBIL", "BILI", molar_mass="584.66"),
        make_concept("GLUC_S", "GLUC", specimen="SERUM", molar_mass="180.16"),
        make_concept("GLUC_U", "GLUC", specimen="URINE"),
        make_concept("TEMP", "TEMP"),
        make_concept("DNA", "DNA", tstdtl="VIRAL LOAD"),
        make_concept("DNA_QL", "DNA", tstdtl="DETECTION"),
    ]
    site = next(iter(make_catalog(MAPPINGS).study.sites))
    rows = [("DNA", None, "1/5"), ("DNA", site, "1/4")]
    return replace(
        make_catalog(MAPPINGS),
        concepts={concept.concept_id: concept for concept in concepts},
        dimensions=tuple(map(make_size, SIZES)),
        conversions=tuple(
            ConversionRow(row="c:2", concept_id=concept, site=place, from_unit="copies/mL", to_unit="IU/mL",
                          factor=Fraction(factor), source="kit")
            for concept, place, factor in rows
        ),
    )  # fmt: skip


def identity(code: str, *conditions: tuple[str, str, tuple[str, ...]]) -> Identity:
    rest = tuple(Condition(*condition) for condition in conditions)  # type: ignore[arg-type]  # comparators are literals
    return Identity(code, code, (Condition("LBTESTCD", "EQ", (code,)), *rest))


CASES = {
    "molar mass": (
        identity("BILI"), ["mg/dL", "umol/L"], ["umol/L"],
        "Conversion: mg/dL x 17.104 = umol/L (molar mass 584.66 g/mol).",
    ),
    "a factor whose decimals do not end": (
        identity("TEMP"), ["F"], ["C"], "Conversion: F x 5/9 - 160/9 = C.",
    ),
    "one unit": (identity("BILI"), ["umol/L"], ["umol/L"], None),
    "no standard unit": (identity("BILI"), ["umol/L"], [], None),
    "two standard units": (identity("BILI"), ["mg/dL"], ["g/L", "umol/L"], None),
    "unit without a way": (identity("BILI"), ["copies/mL"], ["umol/L"], None),
    "unknown test": (identity("OTHER"), ["mg/dL"], ["g/L"], None),
    "tests that convert differently": (identity("GLUC"), ["mg/dL"], ["umol/L"], None),
    "test told by its specimen": (
        identity("GLUC", ("LBSPEC", "EQ", ("SERUM",))), ["mg/dL"], ["umol/L"],
        "Conversion: mg/dL x 55.5062 = umol/L (molar mass 180.16 g/mol).",
    ),
    "test told by what it is not, logarithm and a hospital's own factor": (
        identity("DNA", ("LBTSTDTL", "NOTIN", ("DETECTION",))), ["log10 copies/mL"], ["IU/mL"],
        "Conversion: 10^(log10 copies/mL) x 0.2 = IU/mL; 10^(log10 copies/mL) x 0.25 = IU/mL (site 01).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_conversions(catalog: Catalog, case: str) -> None:
    found, units, standard, phrase = CASES[case]
    assert phrase_conversions(catalog, "LB", found, units, standard) == phrase


CHINESE_CASES = {
    "molar mass": "换算：mg/dL x 17.104 = umol/L（摩尔质量 584.66 g/mol）。",
    "one unit": None,
    "test told by what it is not, logarithm and a hospital's own factor":
        "换算：10^(log10 copies/mL) x 0.2 = IU/mL；10^(log10 copies/mL) x 0.25 = IU/mL（研究中心 01）。",
}  # fmt: skip


@pytest.mark.parametrize("case", CHINESE_CASES)
def test_conversions_in_chinese(catalog: Catalog, case: str) -> None:
    found, units, standard, _ = CASES[case]
    assert phrase_conversions(catalog, "LB", found, units, standard, CHINESE) == CHINESE_CASES[case]
