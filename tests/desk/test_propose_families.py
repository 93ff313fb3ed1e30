"""Which relative's disease a question is proposed to ask for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hbv_standards.desk.propose_families import FamilyProposer
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

from .seeing import NEW, build_code

MOTHER, FATHER = "MOTHER", "FATHER"  # of which blood or law nothing was asked


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> FamilyProposer:
    return FamilyProposer(SiteMapper(desk_catalog, NEW))


@pytest.mark.parametrize(
    ("name", "words", "term", "relative"),
    [
        ("母亲是否患乙型肝炎", ["是", "否"], "Hepatitis B", MOTHER),
        ("您的父亲是否患有乙肝？", ["是"], "Hepatitis B", FATHER),
        ("父亲：肝硬化", ["否", "不详"], "Hepatic cirrhosis", FATHER),
        ("母亲高血压史", ["是"], "Hypertension", MOTHER),
        ("外祖母有无肝细胞癌", ["是"], "Hepatocellular carcinoma", "GRANDMOTHER, MATERNAL"),
        ("母亲是否患乙肝", ["2001年"], None, None),  # not whether, but when
        ("母亲何时患乙肝", ["是"], None, None),
        ("母亲和父亲有无乙肝", ["是"], None, None),
        ("母亲是否健在", ["是"], None, None),
        ("是否患乙肝", ["是"], None, None),  # the subject's own history
        ("家族史", ["是"], None, None),
    ],
)
def test_a_question(
    proposer: FamilyProposer, name: str, words: Sequence[str], term: str | None, relative: str | None
) -> None:
    chosen = proposer.propose(build_code(name, words=words)).chosen
    assert ((chosen.to_code, chosen.field) if chosen else (None, None)) == (term, relative)
