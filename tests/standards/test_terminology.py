"""Facts of SDTM CT 2025-03-28, held as literal tables, and how a text finds its term."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.sdtmig import dataset_names, read_dataset
from hbv_standards.standards.terminology import (
    CT_VERSION,
    Codelist,
    Term,
    codelist_codes,
    decode,
    read_codelist,
)

# code, name, title, extensible, number of terms
CODELISTS = [
    ("C71620", "UNIT", "Unit", True, 929),
    ("C65047", "LBTESTCD", "Laboratory Test Code", True, 2438),
    ("C67154", "LBTEST", "Laboratory Test Name", True, 2438),
    ("C66731", "SEX", "Sex", False, 4),
    ("C66742", "NY", "No Yes Response", False, 4),
    ("C66789", "ND", "Not Done", False, 1),
    ("C66781", "AGEU", "Age Unit", False, 5),
    ("C99079", "EPOCH", "Epoch", True, 15),
    ("C78736", "NRIND", "Reference Range Indicator", True, 4),
    ("C66767", "ACN", "Action Taken with Study Treatment", False, 8),
]

# Codelists in full: name, submission values
TERMS_IN_FULL = {
    "SEX": ["F", "INTERSEX", "M", "U"],
    "NY": ["N", "NA", "U", "Y"],
    "ND": ["NOT DONE"],
    "NRIND": ["ABNORMAL", "HIGH", "LOW", "NORMAL"],
    "AGEU": ["DAYS", "HOURS", "MONTHS", "WEEKS", "YEARS"],
    "DSCAT": ["DISPOSITION EVENT", "OTHER EVENT", "PROTOCOL MILESTONE"],
    "ARMNULRS": ["ASSIGNED, NOT TREATED", "NOT ASSIGNED", "SCREEN FAILURE", "UNPLANNED TREATMENT"],
    "ETHNIC": ["HISPANIC OR LATINO", "NOT HISPANIC OR LATINO", "NOT REPORTED", "UNKNOWN"],
    "RACE": [
        "AMERICAN INDIAN OR ALASKA NATIVE", "ASIAN", "BLACK OR AFRICAN AMERICAN",
        "NATIVE HAWAIIAN OR OTHER PACIFIC ISLANDER", "NOT REPORTED", "OTHER", "UNKNOWN", "WHITE",
    ],
    "LBSTRESC": [
        "ABNORMAL", "ABSENT", "BORDERLINE", "DETECTED", "INDETERMINATE", "NEGATIVE", "NORMAL", "NOT DETECTED",
        "POSITIVE", "PRESENT", "STRONGLY POSITIVE", "TOO NUMEROUS TO COUNT", "TRACE", "WEAKLY POSITIVE",
    ],
}  # fmt: skip

# codelist, submission value, C-code
TERMS = [
    ("LBTESTCD", "ALT", "C64433"),
    ("LBTESTCD", "AST", "C64467"),
    ("LBTESTCD", "BILI", "C38037"),
    ("LBTESTCD", "BILDIR", "C64481"),
    ("MBTESTCD", "HBSAG", "C64850"),
    ("MBTESTCD", "HBEAG", "C96663"),
    ("MBTESTCD", "HBDNA", "C103404"),
    ("MBTESTCD", "HBRNA", "C198316"),
    ("UNIT", "IU/mL", "C67377"),
    ("UNIT", "log10 IU/mL", "C116238"),
    ("UNIT", "10^9/L", "C67255"),
    ("UNIT", "ug/L", "C67306"),
    ("FREQ", "EVERY WEEK", "C67069"),
    ("FREQ", "QD", "C25473"),
    ("EPOCH", "SCREENING", "C202487"),
    ("EPOCH", "TREATMENT", "C101526"),
    ("TSPARMCD", "PCLAS", "C98768"),
    ("VSTESTCD", "SYSBP", "C25298"),
]

ABSENT_TERMS = [
    ("SEX", "UNDIFFERENTIATED"),
    ("FREQ", "QW"),
    ("UNIT", "dB/m"),
    ("MBTESTCD", "HBCCCDNA"),
    ("RACE", "MULTIPLE"),
    ("UNIT", "mmol/l"),
    ("UNIT", ""),
]

FOUND = [
    ("UNIT", "mmol/L", "mmol/L"),
    ("UNIT", "mmol/l", "mmol/L"),
    ("UNIT", "MMOL/L", "mmol/L"),
    ("UNIT", "ng/mL", "ug/L"),
    ("UNIT", "mcg", "ug"),
    ("UNIT", "10^3/uL", "10^9/L"),
    ("UNIT", "Pa", "Pa"),
    ("UNIT", "PA", "PA"),
    ("UNIT", "g/L", "g/L"),
    ("NY", "yes", "Y"),
    ("NY", "Unknown", "U"),
    ("FREQ", "daily", "QD"),
    ("MBTESTCD", "HBsAg", "HBSAG"),
    ("LBTESTCD", "Alanine Aminotransferase", "ALT"),
]

# ambiguous once the letter case is set aside, or nothing at all
NOT_FOUND = [
    ("UNIT", "pa"),
    ("UNIT", "G/L"),
    ("UNIT", "uS"),
    ("UNIT", "AU"),
    ("UNIT", "furlong"),
    ("UNIT", ""),
    ("NY", "é"),
]

DECODED = [
    ("LBTESTCD", "LBTEST", "ALT", "Alanine Aminotransferase"),
    ("LBTEST", "LBTESTCD", "Alanine Aminotransferase", "ALT"),
    ("C65047", "C67154", "BILI", "Bilirubin"),
    ("MBTESTCD", "MBTEST", "HBSAG", "Hepatitis B Virus Surface Antigen"),
    ("VSTESTCD", "VSTEST", "SYSBP", "Systolic Blood Pressure"),
    ("TSPARMCD", "TSPARM", "TITLE", "Trial Title"),
    ("LBTESTCD", "LBTEST", "alt", None),
    ("LBTESTCD", "LBTEST", "LBALL", None),
    ("LBTESTCD", "VSTEST", "ALT", None),
]

ALL_TERMS = [(code, term) for code in codelist_codes() for term in read_codelist(code).terms]


def list_pairs() -> list[tuple[str, str, str]]:
    """Dataset, codelist of the short name and codelist of the name, where both are packaged."""
    pairs: list[tuple[str, str, str]] = []
    for dataset in map(read_dataset, dataset_names()):
        for short in dataset.variables:
            long = dataset.variable(short.name.removesuffix("CD"))
            if short.name.endswith(("TESTCD", "PARMCD")) and long is not None:
                pairs.extend(
                    (dataset.name, testcd, test)
                    for testcd, test in zip(short.codelist_code, long.codelist_code, strict=True)
                    if {testcd, test} <= set(codelist_codes())
                )
    return pairs


def test_version() -> None:
    assert CT_VERSION == "2025-03-28"


@pytest.mark.parametrize(("code", "name", "title", "extensible", "count"), CODELISTS)
def test_codelist_facts(code: str, name: str, title: str, extensible: object, count: int) -> None:
    codelist = read_codelist(code)
    assert (codelist.code, codelist.name, codelist.title) == (code, name, title)
    assert codelist.extensible is extensible
    assert len(codelist.terms) == count
    assert read_codelist(name) is codelist


@pytest.mark.parametrize(("name", "values"), TERMS_IN_FULL.items())
def test_terms_in_full(name: str, values: list[str]) -> None:
    assert sorted(term.value for term in read_codelist(name).terms) == values


@pytest.mark.parametrize(("name", "value", "code"), TERMS)
def test_term(name: str, value: str, code: str) -> None:
    codelist = read_codelist(name)
    term = codelist.term(value)
    assert term is not None
    assert (term.codelist_code, term.code, term.value) == (codelist.code, code, value)
    assert codelist.term_of_code(code) is term


@pytest.mark.parametrize(("name", "value"), ABSENT_TERMS)
def test_term_that_is_none(name: str, value: str) -> None:
    assert read_codelist(name).term(value) is None


def test_synonyms_and_preferred_term() -> None:
    term = read_codelist("UNIT").term("ug/L")
    assert term is not None
    assert term.preferred_term == "Microgram per Liter"
    assert term.synonyms == (
        "mcg/L", "mg/m3", "Microgram per Liter", "Milligram per Cubic Meter", "Nanogram per Milliliter",
        "ng/mL",
    )  # fmt: skip


def test_every_codelist_is_well_formed() -> None:
    codelists = [read_codelist(code) for code in codelist_codes()]
    assert len({codelist.name for codelist in codelists}) == len(codelists) == 151
    for codelist in codelists:
        assert codelist.terms, codelist.name
        assert len({term.value for term in codelist.terms}) == len(codelist.terms), codelist.name
        assert len({term.code for term in codelist.terms}) == len(codelist.terms), codelist.name
        assert {term.codelist_code for term in codelist.terms} == {codelist.code}
    assert sum(len(codelist.terms) for codelist in codelists) == len(ALL_TERMS) == 15290


def test_values_are_ascii_and_synonyms_are_other_texts() -> None:
    assert [term.value for _, term in ALL_TERMS if not term.value or not term.value.isascii()] == []
    assert [term.value for _, term in ALL_TERMS if term.value in term.synonyms or "" in term.synonyms] == []


def test_paired_codelists_have_the_same_terms() -> None:
    datasets = "BS DA DD GF IS LB MB MI MS SC SS TR TU VS FA TS OI"
    assert [dataset for dataset, _, _ in list_pairs()] == datasets.split()
    for _, testcd, test in list_pairs():
        short, long = read_codelist(testcd), read_codelist(test)
        assert {term.code for term in short.terms} == {term.code for term in long.terms}
        assert [term.value for term in short.terms if len(term.value) > 8] == []
        assert [term.value for term in long.terms if len(term.value) > 40] == []


@pytest.mark.parametrize(("testcd", "test", "value", "decoded"), DECODED)
def test_decode(testcd: str, test: str, value: str, decoded: str | None) -> None:
    assert decode(testcd, test, value) == decoded


@given(st.sampled_from(list_pairs()), st.data())
def test_decode_goes_both_ways(pair: tuple[str, str, str], data: st.DataObject) -> None:
    _, testcd, test = pair
    value = data.draw(st.sampled_from([term.value for term in read_codelist(testcd).terms]))
    name = decode(testcd, test, value)
    assert name is not None
    assert decode(test, testcd, name) == value


@pytest.mark.parametrize(("name", "text", "value"), FOUND)
def test_find(name: str, text: str, value: str) -> None:
    term = read_codelist(name).find(text)
    assert term is not None
    assert term.value == value


@pytest.mark.parametrize(("name", "text"), NOT_FOUND)
def test_find_none(name: str, text: str) -> None:
    assert read_codelist(name).find(text) is None


@given(st.sampled_from(ALL_TERMS))
def test_find_submission_value(item: tuple[str, Term]) -> None:
    code, term = item
    assert read_codelist(code).find(term.value) is term


@given(st.sampled_from([item for item in ALL_TERMS if item[1].synonyms]), st.data())
def test_find_is_never_a_choice(item: tuple[str, Term], data: st.DataObject) -> None:
    code, term = item
    codelist = read_codelist(code)
    text = data.draw(st.sampled_from([term.value, *term.synonyms])).swapcase()
    found = codelist.find(text)
    called = [
        other
        for other in codelist.terms
        if text.casefold() in {spelling.casefold() for spelling in (other.value, *other.synonyms)}
    ]
    assert term in called or text.casefold() not in {term.value.casefold(), *map(str.casefold, term.synonyms)}
    if codelist.term(text) is None:
        assert found == (called[0] if len(called) == 1 else None)


@settings(max_examples=30)
@given(st.sampled_from(ALL_TERMS))
def test_nearest_knows_its_own_values(item: tuple[str, Term]) -> None:
    code, term = item
    assert term.value in read_codelist(code).nearest(term.value.lower(), n=8)


@pytest.mark.parametrize(
    ("name", "value", "n", "first"),
    [
        ("UNIT", "mmol/l", 3, ["mmol/L"]),
        ("UNIT", "pa", 3, ["PA", "Pa"]),
        ("SEX", "Female", 3, ["F"]),
        ("LBTESTCD", "Alanine Aminotransferas", 1, ["ALT"]),
        ("EPOCH", "SCREENNING", 2, ["SCREENING"]),
        ("EPOCH", "SCREENING", 0, []),
    ],
)
def test_nearest(name: str, value: str, n: int, first: list[str]) -> None:
    nearest = read_codelist(name).nearest(value, n)
    assert nearest[: len(first)] == first
    assert len(nearest) <= n


def test_nearest_is_empty_when_nothing_is_like_it() -> None:
    assert read_codelist("UNIT").nearest("单位") == []


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("UNITS", "'UNITS' is not a packaged codelist of SDTM CT 2025-03-28; did you mean 'UNIT'"),
        ("unit", "did you mean 'UNIT'"),
        ("LBTESTC", "did you mean 'LBTESTCD'"),
        ("C71153", "'C71153' is not a packaged codelist"),
        ("", "'' is not a packaged codelist"),
    ],
)
def test_unknown_codelist(name: str, cure: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_codelist(name)
    assert cure in str(caught.value)
    assert caught.value.value == name
    with pytest.raises(ConfigurationError):
        decode("LBTESTCD", name, "ALT")


def test_codelists_cannot_be_changed_and_travel_between_processes() -> None:
    codelist = read_codelist("UNIT")
    with pytest.raises(dataclasses.FrozenInstanceError):
        codelist.extensible = False  # type: ignore[misc]  # the point of the test
    copy = pickle.loads(pickle.dumps(codelist))
    assert copy == codelist
    assert copy.find("mmol/l") == codelist.find("mmol/l")


def test_codelist_of_own_terms() -> None:
    term = Term("X", "", "dB/m", "Decibel per Meter", ("db/m",))
    codelist = Codelist("X", "OWN", "Own", True, (term,))
    assert codelist.find("DB/M") is term
    assert codelist.nearest("dB/n") == ["dB/m"]
