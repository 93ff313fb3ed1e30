"""Spellings of units: what is one unit, what stays two, and that no rule changes a meaning."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.lookup import index_ct_spellings
from hbv_standards.mapping.unit_text import normalise_spelling
from hbv_standards.standards import read_codelist

SAME = {  # normal form → spellings
    "IU/mL": ["IU/ml", "iu/mL", "[IU]/mL", "[iU]/ml", "ＩＵ／ｍＬ", "IU ∕ mL", "IU\\mL", "(IU/mL)", "国际单位/毫升", "IU/毫升",
              "国际单位每毫升"],
    "mIU/mL": ["miu/ml", "m[IU]/mL", "毫国际单位/毫升"],
    "uIU/mL": ["μIU/mL", "µIU/ml", "mcIU/mL", "微国际单位/毫升"],
    "kIU/mL": ["KIU/ml", "k[IU]/mL", "千国际单位/毫升"],
    "U/mL": ["U/ml", "units/mL", "Unit/ml", "单位/毫升"],
    "kU/L": ["KU/L", "kU/l"],
    "copies/mL": ["copies/ml", "Copies/mL", "cps/ml", "cp/mL", "copy/mL", "{copies}/mL", "[copies]/mL", "拷贝/毫升", "拷贝数/ml"],
    "RNAcopies/mL": ["RNA copies/ml", "{RNA_copies}/mL", "RNA拷贝/mL"],
    "log10IU/mL": ["log10 IU/mL", "log 10 IU/ml", "Log IU/mL", "lgIU/ml", "LOG10(IU/mL)", "lg(IU)/mL", "log₁₀ IU/mL",
                   "{Log_IU}/mL", "{log10_IU}/mL", "{lg_IU}/mL", "IU/mL (log10)", "lg国际单位/毫升", "㏒ IU/mL"],
    "log10copies/mL": ["log copies/mL", "lg拷贝/毫升", "{Log_copies}/mL", "Log10 cps/ml"],
    "10^9/L": ["10*9/L", "10**9/l", "10E9/L", "10e9/L", "10～9/L", "10~9/L", "×10⁹/L", "x10^9/L", "X10E9/L", "*10^9/L",
               "× 10 ^ 9 / L", "10^(9)/L", "10⁹·L⁻¹", "10^9个/L", "×109/L", "10^9.L-1"],
    "10^12/L": ["10¹²/L", "×1012/L", "x10E12/L"],
    "10^3IU/mL": ["10^3 IU/ml", "10*3.[IU]/mL"],
    "/uL": ["/μL", "/ul", "个/μL", "/mcL", "/mm3", "/微升"],
    "mmol/L": ["mmol/l", "mMol/L", "mmoL/L", "mM", "毫摩尔/升", "毫摩/升", "mmol·L-1", "mmol·L⁻¹", "㎜ol/L", "mmol⁄L"],
    "umol/L": ["μmol/L", "µmol/l", "mcmol/L", "uM", "微摩尔/升", "微摩尔每升"],
    "mg/dL": ["mg/dl", "毫克/分升", "mg∕dL"],
    "g/L": ["g/l", "克/升", "gm/L", "g·L⁻¹"],
    "ug/L": ["μg/L", "mcg/L", "微克/升"],
    "meq/L": ["mEq/L", "mEQ/l", "毫当量/升"],
    "mL/min/1.73m2": ["ml/min/1.73m²", "mL/(min·1.73m²)", "mL/(min*1.73m2)", "mL/min/{1.73_m2}", "mL/min/1.73.m2",
                      "毫升/分钟/1.73m2", "mL/min/1.73 ㎡"],
    "mmHg": ["mmHG", "MMHG", "mm[Hg]", "毫米汞柱"],
    "kPa": ["Kpa", "KPa", "kpa", "千帕"],
    "Cel": ["℃", "°C", "ºC", "摄氏度", "cel"],
    "kg/m2": ["kg/㎡", "Kg/m²", "公斤/平方米", "kg/m^2"],
    "次/min": ["次/分", "次/分钟", "次每分"],
    "copies/10^6cell": ["copies/10⁶ cells", "拷贝/10^6细胞", "copies/10E6 Cells"],
}  # fmt: skip

APART = [  # two units of two normal forms
    ("mmol/L", "Mmol/L"), ("m", "M"), ("mm", "MM"), ("g/L", "G/L"), ("mg", "Mg"), ("s", "S"), ("U/L", "u/L"),
    ("U/L", "IU/L"), ("mIU/mL", "MIU/mL"), ("mU/L", "MU/L"), ("mL", "ML"), ("pg", "PG"), ("cP", "cp"), ("K/uL", "k/uL"),
    ("IU/mL", "log10 IU/mL"), ("log10 IU/mL", "ln IU/mL"), ("log10 copies/mL", "log2 copies/mL"),
    ("log10 IU/mL", "10 IU/mL"), ("copies/mL", "RNA copies/mL"), ("DNA copies/mL", "RNA copies/mL"),
    ("10^9/L", "10^6/L"), ("10^9/L", "109/L"), ("10*9/L", "10.9/L"), ("10^9/L", "10^-9/L"), ("分", "min"),
    ("mmol/L", "mmol/dL"), ("L/L", "/L"), ("%", "‰"), ("mm3", "mm2"), ("[arb'U]/mL", "[IU]/mL"), ("AU/mL", "IU/mL"),
    ("%{inhibition}", "%"), ("mg/dL{x}", "mg/dL"), ("mEq/L", "mmol/L"), ("[USP'U]", "U"),
]  # fmt: skip

# Letters, signs and words that units are made of, so that a random text is nearly one.
PIECES = [*"mMuUkKgGlLsS/.*^()[]{}-+·×/ 1039xXeE个分升克每次", "log", "lg", "Log10", "IU", "[IU]", "copies", "拷贝", "10^", "10*9",
          "⁹", "mol", "国际单位", "毫升", "RNA", "cell", "1.73", "m2", "²", "min", "μ", "％"]  # fmt: skip
pieces = st.lists(st.sampled_from(PIECES), max_size=8)
pieced = pieces.map("".join)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=16)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(locate_mappings())


@pytest.mark.parametrize(("form", "spelling"), [(form, text) for form, texts in SAME.items() for text in (form, *texts)])
def test_one_unit(form: str, spelling: str) -> None:
    assert normalise_spelling(spelling) == form


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_units(one: str, other: str) -> None:
    assert normalise_spelling(one) != normalise_spelling(other)


@given(st.one_of(pieced, anything))
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normalise_spelling(text)
    assert normalise_spelling(once) == once


@given(pieces, st.sampled_from([" ", "\u3000", "\u200b", "\t"]))
def test_blanks_do_not_tell_units_apart(words: list[str], blank: str) -> None:
    """Raised digits aside, which are one number only where they stand together."""
    text = [piece.strip() for piece in words if piece not in ("⁹", "²")]
    assert normalise_spelling(blank + blank.join(text) + blank) == normalise_spelling("".join(text))


@given(st.sampled_from("mMkKgGuUsSpPnN"), st.sampled_from(["g", "G", "L", "mol", "U", "IU", "m", "s", "S", ""]))
def test_a_prefix_keeps_its_case(prefix: str, unit: str) -> None:
    """m is no M, whatever stands behind it; only K, which has no other use, may be the k of kilo."""
    small, large = normalise_spelling(prefix.lower() + unit), normalise_spelling(prefix.upper() + unit)
    assert small != large or prefix in "kK"


def test_no_rule_joins_two_units_of_the_tables(catalog: Catalog) -> None:
    """Rows of one test, or of all, whose spellings have one normal form mean one unit."""
    for site in catalog.sites:
        meanings = defaultdict(set)
        for row in catalog.units(site):
            key = (normalise_spelling(row.source_text), row.concept_id, row.row.partition(":")[0])
            meanings[key].add((row.unit_value, row.source_factor))
        assert {key: units for key, units in meanings.items() if len(units) > 1} == {}


def test_no_rule_changes_a_unit_of_the_terminology() -> None:
    """A value or synonym of UNIT has its own term by normal form, or none where several terms share it."""
    shared = set()
    for term in read_codelist("UNIT").terms:
        for spelling in (term.value, *term.synonyms):
            found = index_ct_spellings().get(normalise_spelling(spelling))
            if found is None:
                shared.add(spelling)
            else:
                assert found.value == term.value, spelling
    owners = defaultdict(set)
    for term in read_codelist("UNIT").terms:
        for spelling in (term.value, *term.synonyms):
            owners[normalise_spelling(spelling)].add(term.value)
    assert shared == {
        spelling
        for term in read_codelist("UNIT").terms
        for spelling in (term.value, *term.synonyms)
        if len(owners[normalise_spelling(spelling)]) > 1
    }
    assert {"AU", "AU/mL"} <= shared


def test_the_tables_and_the_terminology_agree(catalog: Catalog) -> None:
    """A spelling of both is one unit, but for what the tables settle on purpose."""
    settled = {"L/L", "AU/mL"}  # a haematocrit is a fraction of 1; AU of one test is an arbitrary unit
    for row in catalog.units(next(iter(catalog.sites))):
        form = normalise_spelling(row.source_text)
        term = index_ct_spellings().get(form)
        if term is not None and row.concept_id is None and form not in settled:
            assert term.value == row.unit_value, row.row
