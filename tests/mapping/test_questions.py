"""What a question asks for: kinds use, history and family history of codes.csv."""

from __future__ import annotations

import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping.apply import QuestionMatch, SiteMapper
from hbv_standards.mapping.catalog import read_catalog

from .conftest import FILES, WriteStudy

FORM = "http://clinic.example/form"
OWN = "sites/clinic/codes.csv"
BASE = "sites/_base/codes.csv"
QUESTIONS = {
    "treatments.csv": FILES["treatments.csv"] + "CIGARETTE,TOBACCO,吸烟,,,\n",
    OWN: """\
kind,system,code,text,to_system,to_code,field,status
use,http://clinic.example/form,1,,TREATMENT,CIGARETTE,dose;QD,
history,http://clinic.example/form,2,,TERM,Gout,,
family history,,,父亲乙肝,TERM,Hepatitis B,"FATHER, BIOLOGICAL",
history,,,哮喘,TERM,Asthma,,proposed
test,,,谷丙转氨酶,CONCEPT,ALT,,
""",
    BASE: "kind,system,code,text,to_system,to_code,field\nhistory,,2,,TERM,Gouty arthritis,\nhistory,,,痛风,TERM,Gout,\n",
}
CASES = [
    (join_concept("x", [(FORM, "1", None)]), QuestionMatch("use", "CIGARETTE", "dose;QD", f"{OWN}:2")),
    (join_concept("痛风", [(FORM, "2", None)]), QuestionMatch("history", "Gout", None, f"{OWN}:3")),
    (join_concept(None, [("other", "2", None)]), QuestionMatch("history", "Gouty arthritis", None, f"{BASE}:2")),
    (" 父亲乙肝 ", QuestionMatch("family history", "Hepatitis B", "FATHER, BIOLOGICAL", f"{OWN}:4")),
    (join_concept(None, [(FORM, "9", "痛风")]), QuestionMatch("history", "Gout", None, f"{BASE}:3")),
    ("哮喘", None),  # proposed
    ("谷丙转氨酶", None),  # a test is no question
    ("吸烟", None),  # the name of a substance asks for nothing
]


@pytest.mark.parametrize(("concept", "expected"), CASES)
def test_map_question(write_study: WriteStudy, concept: str, expected: QuestionMatch | None) -> None:
    mapper = SiteMapper(read_catalog(write_study(QUESTIONS)), "clinic")
    assert mapper.map_question(concept) == expected


def test_a_unit_of_one_substance(write_study: WriteStudy) -> None:
    units = {"sites/clinic/units.csv": "source_text,concept_id,unit_value\n支,CIGARETTE,CIGARETTE\n"}
    mapper = SiteMapper(read_catalog(write_study({**QUESTIONS, **units})), "clinic")
    match = mapper.map_unit(None, "支", "CIGARETTE")
    assert match is not None
    assert match.unit_value == "CIGARETTE"
    assert mapper.map_unit(None, "支", None) is None  # an ampoule, for all that is known
