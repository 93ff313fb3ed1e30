"""Which drug an unmapped one is proposed to be."""

from __future__ import annotations

import pytest

from hbv_standards.canonical.concept_text import Coding
from hbv_standards.desk.propose_treatments import TreatmentProposer
from hbv_standards.mapping.catalog import Catalog

from .seeing import NEW, build_code

TDF, TAF = "TENOFOVIR DISOPROXIL FUMARATE", "TENOFOVIR ALAFENAMIDE"


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> TreatmentProposer:
    return TreatmentProposer(desk_catalog, NEW)


@pytest.mark.parametrize(
    ("name", "treatment"),
    [
        ("恩替卡韦分散片0.5mg", "ENTECAVIR"),
        ("(集采)恩替卡韦片 0.5mg*28片", "ENTECAVIR"),
        ("恩替卡韦片(博路定)", "ENTECAVIR"),
        ("Entecavir 0.5 mg tablets", "ENTECAVIR"),
        ("富马酸替诺福韦二吡呋酯片(韦瑞德)300mg", TDF),
        ("富马酸丙酚替诺福韦片 25mg", TAF),
        ("聚乙二醇干扰素α-2a注射液 180μg/支", "PEGINTERFERON ALFA-2A"),
        ("聚乙二醇干扰素α-2b注射液", "PEGINTERFERON ALFA-2B"),
        ("替诺福韦", None),  # which of the two salts
        ("富马酸替诺福韦二吡呋酯片(韦立得)", None),  # the brand is the other drug's
        ("恩曲他滨替诺福韦片", None),  # two drugs in one tablet
        ("恩替卡韦片(对照)", None),
        ("聚乙二醇干扰素", None),
        ("阿莫西林胶囊 0.25g", None),
    ],
)
def test_a_drug(proposer: TreatmentProposer, name: str, treatment: str | None) -> None:
    chosen = proposer.propose(build_code(name, kind="treatment")).chosen
    assert (chosen.to_code if chosen else None) == treatment


def test_an_atc_code_that_the_study_has_not(proposer: TreatmentProposer) -> None:
    codings = [Coding("http://www.whocc.no/atc", "J05AR06", "")]
    proposal = proposer.propose(build_code("恩替卡韦片 1mg", kind="treatment", codings=codings))
    assert proposal.chosen is None
    assert "J05AR06 is of no drug of treatments.csv" in proposal.why


def test_two_names_of_two_drugs(proposer: TreatmentProposer) -> None:
    proposal = proposer.propose(build_code("恩替卡韦片1mg", "Lamivudine 100 mg tablets", kind="treatment"))
    assert proposal.chosen is None
    assert {c.to_code for c in proposal.candidates} == {"ENTECAVIR", "LAMIVUDINE"}
