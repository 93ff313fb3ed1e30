"""Codelists: NCI codes, sponsor's terms, decodes, one list for one content."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.export.define.codelists import CodeLists
from hbv_standards.export.define.model import CodeList, CodeTerm, Dictionary
from hbv_standards.standards.terminology import read_codelist


def make_list(code: str, values: list[str], decodes: dict[str, str] | None = None) -> CodeList:
    lists = CodeLists("STD.CT")
    lists.add_terminology(code, values, "LB.X", decodes)
    return lists.build()[0]


def test_terms_of_the_terminology_have_their_codes() -> None:
    made = make_list("C78736", ["HIGH", "LOW"])
    assert made == CodeList(
        "CL.NRIND.HIGH-LOW", "Reference Range Indicator (HIGH, LOW)", "text", "STD.CT", "C78736",
        (CodeTerm("HIGH", code="C78800"), CodeTerm("LOW", code="C78801")),
    )  # fmt: skip


def test_abbreviations_are_decoded() -> None:
    terms = make_list("NY", ["N", "Y"]).terms
    assert terms == (CodeTerm("N", "No", "C49487"), CodeTerm("Y", "Yes", "C49488"))


def test_a_new_term_extends_an_extensible_list() -> None:
    assert make_list("UNIT", ["dB/m"]).terms == (CodeTerm("dB/m", "dB/m", extended=True),)


def test_a_wrong_term_does_not_extend_a_list_that_is_not_extensible() -> None:
    assert make_list("SEX", ["X"]).terms == (CodeTerm("X", "X"),)


def test_test_codes_are_decoded_by_their_names() -> None:
    made = make_list("LBTESTCD", ["ALT", "MYTEST"], {"ALT": "Alanine Aminotransferase", "MYTEST": "My Test"})
    assert made.terms == (
        CodeTerm("ALT", "Alanine Aminotransferase", "C64433"), CodeTerm("MYTEST", "My Test", extended=True),
    )  # fmt: skip


def test_one_content_is_one_list() -> None:
    lists = CodeLists("STD.CT")
    first = lists.add_terminology("UNIT", ["U/L"], "LB.LBORRESU")
    assert lists.add_terminology("C71620", ["U/L"], "MB.MBORRESU") == first
    assert lists.add_terminology("UNIT", ["IU/L", "U/L"], "LB.LBORRESU") != first
    assert len(lists.build()) == 2


def test_many_terms_are_named_after_their_place() -> None:
    lists = CodeLists("STD.CT")
    terms = [term.value for term in read_codelist("LBTESTCD").terms[:40]]
    assert lists.add_terminology("LBTESTCD", terms, "LB.LBTESTCD") == "CL.LBTESTCD"
    assert lists.add_terminology("LBTESTCD", terms[1:], "XX.XXTESTCD") == "CL.LBTESTCD.XX.XXTESTCD"


def test_a_dictionary_is_made_once() -> None:
    lists = CodeLists("STD.CT")
    assert lists.add_dictionary("ISO 3166", None) == lists.add_dictionary("ISO 3166", None) == "CL.ISO_3166"
    (made,) = lists.build()
    assert (made.dictionary, made.standard) == (Dictionary("ISO 3166", None), None)


@given(st.lists(st.lists(st.text("aA/. %", min_size=1, max_size=3), min_size=1, max_size=3, unique=True)))
def test_oids_and_names_are_unique_and_lead_to_their_terms(contents: list[list[str]]) -> None:
    lists = CodeLists("STD.CT")
    oids = [lists.add_sponsor("OWN", "Own", values, "LB.X") for values in contents]
    built = {made.oid: made for made in lists.build()}
    assert [[term.value for term in built[oid].terms] for oid in oids] == contents
    different = {tuple(values) for values in contents}
    assert len({made.name for made in built.values()}) == len(built) == len(different)
