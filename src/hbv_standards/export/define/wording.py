"""Sentences of Define-XML that come from no file of the study, in the languages of the builds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wording:
    """Forms with places in braces; ``joint`` stands between several conversions."""

    collected: str  # what is collected came from here
    non_standard: str  # ig, cls, model
    conversion: str  # formulas
    joint: str
    molar_mass: str  # formula, mass
    at_site: str  # formula, site


ENGLISH = Wording(
    collected="Hospital record (FHIR)",
    non_standard="Not a dataset of SDTMIG {ig}; its variables are those of the class {cls} of SDTM {model}.",
    conversion="Conversion: {formulas}.",
    joint="; ",
    molar_mass="{formula} (molar mass {mass} g/mol)",
    at_site="{formula} (site {site})",
)

CHINESE = Wording(
    collected="医院记录（FHIR）",
    non_standard="非 SDTMIG {ig} 的数据集；其变量为 SDTM {model} 中 {cls} 类的变量。",
    conversion="换算：{formulas}。",
    joint="；",
    molar_mass="{formula}（摩尔质量 {mass} g/mol）",
    at_site="{formula}（研究中心 {site}）",
)
