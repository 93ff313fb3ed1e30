"""Hop 1: which row answers, in which order, and what is told with the answer."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping import apply
from hbv_standards.mapping.apply import Match, SiteMapper, UnitMatch
from hbv_standards.mapping.catalog import read_catalog

from .conftest import WriteStudy

LOINC = "http://loinc.org"
LIS = "http://clinic.example/lis"

FILES = {
    "sites/clinic/codes.csv": """\
kind,system,code,text,specimen,to_system,to_code,status
test,http://clinic.example/lis,4711,,,LOINC,1743-4,accepted
test,http://clinic.example/lis,4712,,,NOT COLLECTED,,accepted
test,,0815,,,CONCEPT,CREA,accepted
test,http://clinic.example/lis,0815,,,CONCEPT,ALT,accepted
test,http://clinic.example/lis,CCC,,TISSUE,CONCEPT,CCC_T,accepted
test,http://clinic.example/lis,CCC,,,CONCEPT,CCC_S,accepted
test,,,谷丙转氨酶,,CONCEPT,ALT,accepted
test,,,cccDNA,TISSUE,CONCEPT,CCC_T,accepted
test,http://clinic.example/lis,9,,,CONCEPT,ALT,proposed
treatment,http://clinic.example/drugs,1,,,ATC,J05AF10,accepted
treatment,,,贺普丁片,,TREATMENT,LAMIVUDINE,accepted
treatment,,,维生素C,,NOT COLLECTED,,accepted
visit,,V2,,,VISITNUM,2,accepted
visit,,,基线,,VISITNUM,1,accepted
""",
    "sites/_base/codes.csv": """\
kind,system,code,text,to_system,to_code
test,http://clinic.example/lis,4711,,CONCEPT,CREA
test,,77,,CONCEPT,CREA
test,,,Kreatinin,CONCEPT,CREA
treatment,,,3TC,TREATMENT,LAMIVUDINE
visit,,,基线,VISITNUM,2
visit,,,D8,VISITNUM,2
""",
    "sites/clinic/units.csv": """\
source_text,concept_id,unit_value,extension,source_factor
单位,,U/L,,
单位,CREA,umol/L,,
gamma,,gamma,Y,1/2
""",
    "units.csv": """\
source_text,concept_id,unit_value
单位,ALT,IU/L
1,CREA,NO UNIT
[IU]/L,,IU/L
U/l,,U/L
""",
    "unit_dimensions.csv": """\
unit_value,dimension,factor
U/L,enzyme,1
IU/L,international unit,1
umol/L,substance concentration,0.000001
mmol/L,substance concentration,0.001
copies/cell,copies per cell,1
copies/mL,copies,1
""",
    "concepts/conversions.csv": "concept_id,site,from_unit,to_unit,factor,source\nALT,,IU/L,U/L,1,same\n",
    "sites/clinic/values.csv": """\
codelist,system,source_text,submission_value,concept_id,extension
LBSTRESC,,弱阳,POSITIVE,,
LBSTRESC,,弱阳,WEAKLY POSITIVE,ALT,
LBSTRESC,http://clinic.example/lis,P,POSITIVE,,
SEX,,1,M,,
ARMCD,,甲组,A,,
""",
    "terminology/values.csv": """\
codelist,system,source_text,submission_value
LBSTRESC,,弱阳,BORDERLINE
LBSTRESC,,阴性,NEGATIVE
LBSTRESC,http://snomed.info/sct,260385009,NEGATIVE
SEX,,2,F
NOT_DONE_REASON,,未做,NOT PERFORMED
""",
}


@pytest.fixture
def mapper(write_study: WriteStudy) -> SiteMapper:
    return SiteMapper(read_catalog(write_study(FILES)), "clinic")


def code(*codings: tuple[str | None, str | None, str | None], text: str | None = None) -> str:
    joined = join_concept(text, codings)
    assert joined is not None
    return joined


TESTS = [
    # the hospital's row by system and code, its LOINC known from the row
    (code((LIS, "4711", None)), None, ("ALT", "1743-4", "sites/clinic/codes.csv:2")),
    # a LOINC that was sent is the one that is known
    (code((LIS, "4711", None), (LOINC, "1742-6", None)), None, ("ALT", "1742-6", "sites/clinic/codes.csv:2")),
    # codes count exactly
    (code((LIS, "4711 ", None)), None, None),
    # by system and code before by code alone
    (code((LIS, "0815", None)), None, ("ALT", None, "sites/clinic/codes.csv:5")),
    (code(("http://other.example", "0815", None)), None, ("CREA", None, "sites/clinic/codes.csv:4")),
    (code((None, "0815", None)), None, ("CREA", None, "sites/clinic/codes.csv:4")),
    # the specimen's row before the general one; another specimen's never
    (code((LIS, "CCC", None)), "TISSUE", ("CCC_T", None, "sites/clinic/codes.csv:6")),
    (code((LIS, "CCC", None)), "SERUM", ("CCC_S", None, "sites/clinic/codes.csv:7")),
    (code((LIS, "CCC", None)), None, ("CCC_S", None, "sites/clinic/codes.csv:7")),
    ("cccDNA", "SERUM", None),
    ("CCCdna", "TISSUE", ("CCC_T", None, "sites/clinic/codes.csv:9")),
    # LOINC directly, before texts
    (code((LOINC, "2160-0", None), text="谷丙转氨酶"), None, ("CREA", "2160-0", "concepts/lb.csv:3")),
    (code((LOINC, "99999-9", None), text="谷丙转氨酶"), None, ("ALT", "99999-9", "sites/clinic/codes.csv:8")),
    # a LOINC number in another system is no LOINC code
    (code((LIS, "2160-0", None)), None, None),
    # texts, then displays
    (" 谷丙转氨酶 ", None, ("ALT", None, "sites/clinic/codes.csv:8")),
    (code((LIS, "5", "谷丙转氨酶")), None, ("ALT", None, "sites/clinic/codes.csv:8")),
    # rows of all hospitals last
    (code((None, "77", None)), None, ("CREA", None, "sites/_base/codes.csv:3")),
    ("KREATININ", None, ("CREA", None, "sites/_base/codes.csv:4")),
    # what nobody accepted is not used
    (code((LIS, "9", None)), None, None),
    ("肌酸", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("concept_text", "specimen", "expected"), TESTS)
def test_map_test(
    mapper: SiteMapper, concept_text: str, specimen: str | None, expected: tuple[str, str | None, str] | None
) -> None:
    match = mapper.map_test(concept_text, specimen)
    assert (match and (match.concept_id, match.loinc, match.row)) == expected
    assert match is None or match.collected


def test_a_test_that_is_not_collected(mapper: SiteMapper) -> None:
    row = "sites/clinic/codes.csv:3"
    assert mapper.map_test(code((LIS, "4712", None)), None) == apply.TestMatch(
        None, None, row, collected=False
    )


def test_codings_that_lead_to_two_tests(mapper: SiteMapper) -> None:
    match = mapper.map_test(code((LIS, "4711", None), (LOINC, "2160-0", None)), None)
    assert match is not None
    assert (match.concept_id, match.loinc, match.others) == ("ALT", "2160-0", ("CREA",))


@pytest.mark.parametrize(
    ("concept_text", "expected"),
    [
        (code(("http://clinic.example/drugs", "1", None)), Match("ENTECAVIR", "sites/clinic/codes.csv:11")),
        (code(("http://www.whocc.no/atc", "J05AF05", None)), Match("LAMIVUDINE", "treatments.csv:3")),
        (code(("urn:oid:2.16.840.1.113883.6.73", "J05AF05", None)), Match("LAMIVUDINE", "treatments.csv:3")),
        (code(("http://clinic.example/drugs", "J05AF05", None)), None),
        ("贺普丁片", Match("LAMIVUDINE", "sites/clinic/codes.csv:12")),
        ("baraclude", Match("ENTECAVIR", "treatments.csv:2")),
        ("Entecavir", Match("ENTECAVIR", "treatments.csv:2")),
        ("恩替卡韦", Match("ENTECAVIR", "treatments.csv:2")),
        ("3tc", Match("LAMIVUDINE", "sites/_base/codes.csv:5")),
        ("维生素C", Match("", "sites/clinic/codes.csv:13")),
        ("维生素D", None),
    ],
)
def test_map_treatment(mapper: SiteMapper, concept_text: str, expected: Match | None) -> None:
    assert mapper.map_treatment(concept_text) == expected


@pytest.mark.parametrize(
    ("concept_text", "expected"),
    [
        (code((LIS, "V2", None)), (2.0, "sites/clinic/codes.csv:14")),
        ("基线", (1.0, "sites/clinic/codes.csv:15")),
        ("D8", (2.0, "sites/_base/codes.csv:7")),
        ("D9", None),
    ],
)
def test_map_visit(mapper: SiteMapper, concept_text: str, expected: tuple[float, str] | None) -> None:
    assert mapper.map_visit(concept_text) == expected


@pytest.mark.parametrize(
    ("unit_code", "text", "concept", "expected"),
    [
        (None, "单位", "CREA", UnitMatch("umol/L", "sites/clinic/units.csv:3")),  # of the test
        (
            None,
            "单位",
            "ALT",
            UnitMatch("U/L", "sites/clinic/units.csv:2"),
        ),  # the hospital's before the test's of all
        (None, "单位", None, UnitMatch("U/L", "sites/clinic/units.csv:2")),
        ("[IU]/L", None, "ALT", UnitMatch("IU/L", "units.csv:4")),
        ("mmol/L", "mmol / L", None, UnitMatch("mmol/L", "CDISC CT C71620/C64387")),
        (None, "ng/mL", None, UnitMatch("ug/L", "CDISC CT C71620/C67306")),
        ("1", None, "CREA", UnitMatch(None, "units.csv:3")),
        ("1", None, "ALT", None),
        ("1", "U/L", "ALT", UnitMatch("U/L", "CDISC CT C71620/C67456")),
        (None, "gamma", None, UnitMatch("gamma", "sites/clinic/units.csv:4", Fraction(1, 2))),
        (None, "mmol/l", None, UnitMatch("mmol/L", "CDISC CT C71620/C64387")),  # by its normal form
        (None, "Mmol/l", None, None),  # letter case counts
        (None, None, "ALT", None),
        ("", "", "ALT", None),
    ],
)
def test_map_unit(
    mapper: SiteMapper,
    unit_code: str | None,
    text: str | None,
    concept: str | None,
    expected: UnitMatch | None,
) -> None:
    assert mapper.map_unit(unit_code, text, concept) == expected


@pytest.mark.parametrize(
    ("unit_code", "text", "concept", "unit", "conflict"),
    [
        ("[IU]/L", "U/l", "ALT", "IU/L", None),  # one amount of an enzyme by conversions.csv
        ("[IU]/L", "U/l", "CREA", "IU/L", "U/L"),
        ("mmol/L", "umol/L", "CREA", "mmol/L", "umol/L"),
        ("mmol/L", "单位", "CREA", "umol/L", "mmol/L"),  # the hospital's own row has the last word
        ("1", "umol/L", "CREA", None, "umol/L"),
    ],
)
def test_unit_and_code_that_disagree(
    mapper: SiteMapper, unit_code: str, text: str, concept: str, unit: str | None, conflict: str | None
) -> None:
    match = mapper.map_unit(unit_code, text, concept)
    assert match is not None
    assert (match.unit_value, match.conflict) == (unit, conflict)


SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("codelist", "text", "system", "concept", "expected"),
    [
        ("LBSTRESC", "弱阳", None, None, Match("POSITIVE", "sites/clinic/values.csv:2")),
        ("LBSTRESC", "弱阳", None, "ALT", Match("WEAKLY POSITIVE", "sites/clinic/values.csv:3")),
        ("LBSTRESC", "P", LIS, None, Match("POSITIVE", "sites/clinic/values.csv:4")),
        ("LBSTRESC", "P", None, None, None),
        ("LBSTRESC", " 阴性 ", None, None, Match("NEGATIVE", "terminology/values.csv:3")),
        ("LBSTRESC", "260385009", SNOMED, None, Match("NEGATIVE", "terminology/values.csv:4")),
        ("LBSTRESC", "260385009", None, None, None),
        (
            "SEX",
            "1",
            "http://any.example",
            None,
            Match("M", "sites/clinic/values.csv:5"),
        ),  # the hospital's own code
        (
            "SEX",
            "2",
            "http://any.example",
            None,
            None,
        ),  # a text of all hospitals is no code of an unknown system
        ("SEX", "2", None, None, Match("F", "terminology/values.csv:5")),
        ("LBSTRESC", "Not detected", None, None, Match("NOT DETECTED", "CDISC CT C102580/C191300")),
        ("LBSTRESC", "NEGATIVE", "http://any.example", None, None),
        ("ARMCD", "甲组", None, None, Match("A", "sites/clinic/values.csv:6")),
        ("ARMCD", "a", None, None, Match("A", "ARMCD")),
        ("ARMCD", "B", None, None, None),
        ("SUBJECT_STATUS", "Screen failure", None, None, Match("SCREEN FAILURE", "SUBJECT_STATUS")),
        ("NOT_DONE_REASON", "未做", None, None, Match("NOT PERFORMED", "terminology/values.csv:6")),
        ("NOT_DONE_REASON", "其他", None, None, None),
    ],
)
def test_map_value(
    mapper: SiteMapper,
    codelist: str,
    text: str,
    system: str | None,
    concept: str | None,
    expected: Match | None,
) -> None:
    assert mapper.map_value(codelist, text, system=system, concept_id=concept) == expected


@pytest.mark.parametrize(
    ("concept_text", "expected"),
    [
        (code((SNOMED, "260385009", "弱阳")), "POSITIVE"),  # the hospital's word before all hospitals' code
        (code((SNOMED, "260385009", "Positive")), "NEGATIVE"),  # a code before its display
        (code((SNOMED, "1", "阴性"), text="Positive"), "NEGATIVE"),  # a display before the text
        (code((SNOMED, "1", None), text="positive"), "POSITIVE"),
        (code((None, "NEGATIVE", None)), "NEGATIVE"),
        (code((SNOMED, "1", "Reactive")), None),
    ],
)
def test_map_concept(mapper: SiteMapper, concept_text: str, expected: str | None) -> None:
    match = mapper.map_concept("LBSTRESC", concept_text)
    assert (match and match.value) == expected


def test_an_unknown_hospital(mapper: SiteMapper) -> None:
    with pytest.raises(KeyError):
        SiteMapper(mapper.catalog, "nowhere")


PART = st.sampled_from(
    ["", "4711", "0815", "谷丙转氨酶", "2160-0", LOINC, LIS, "CCC", "cccDNA", "阴性", "U/L"]
)


@given(data=st.data())
def test_answers_are_always_of_the_study(mapper_of_all: SiteMapper, data: st.DataObject) -> None:
    codings = data.draw(st.lists(st.tuples(PART, PART, PART), max_size=3))
    concept_text = join_concept(data.draw(PART), codings)
    if concept_text is None:
        return
    match = mapper_of_all.map_test(concept_text, data.draw(st.sampled_from([None, "SERUM", "TISSUE"])))
    if match is not None:
        assert match.collected == (match.concept_id is not None)
        assert match.concept_id is None or match.concept_id in mapper_of_all.catalog.concepts
        assert match.concept_id not in match.others


@pytest.fixture(scope="module")
def mapper_of_all(tmp_path_factory: pytest.TempPathFactory) -> SiteMapper:
    from .conftest import FILES as STUDY_FILES

    folder = tmp_path_factory.mktemp("study")
    for name, content in {**STUDY_FILES, **FILES}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return SiteMapper(read_catalog(folder), "clinic")
