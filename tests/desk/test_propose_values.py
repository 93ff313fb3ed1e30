"""What an unmapped word is proposed to mean."""

from __future__ import annotations

import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.desk.judge_flags import Flag
from hbv_standards.desk.propose_values import ValueProposer
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

from .seeing import NEW, build_value

SYSTEM = "https://new.example/flag"
FLAGS = {
    (NEW, str(join_concept(None, [(SYSTEM, "HI", None)]))): Flag(55, "HIGH"),
    (NEW, str(join_concept(None, [(SYSTEM, "X", None)]))): Flag(9, None),
}


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> ValueProposer:
    return ValueProposer(desk_catalog, NEW, SiteMapper(desk_catalog, NEW), FLAGS)


@pytest.mark.parametrize(
    ("codelist", "text", "concept", "meaning"),
    [
        ("NCOMPLT", "受试者要求退出", "", "WITHDRAWAL BY SUBJECT"),  # as another hospital says
        ("LBSTRESC", "genotype B", "HBVGT", "GENOTYPE B"),
        ("LBSTRESC", "genotype B", "HBSAG_QL", None),  # of that test only
        ("LBSTRESC", "阴 性。", "HBSAG_QL", "NEGATIVE"),
        ("METHOD", "RT-PCR", "", "REVERSE TRANSCRIPTASE PCR"),
        ("ARMCD", "B组 聚乙二醇干扰素α-2a 48周", "", None),  # group B of another hospital
        ("SUBJECT_STATUS", "off-study", "", None),
        ("LBSTRESC", "可疑待复查", "HBEAG_QL", None),
        ("SEX", "不男不女", "", None),
    ],
)
def test_a_word(proposer: ValueProposer, codelist: str, text: str, concept: str, meaning: str | None) -> None:
    proposal = proposer.propose(build_value(codelist, text, concept))
    assert (proposal.chosen.to_code if proposal.chosen else None) == meaning


def test_a_flag_is_known_by_its_results(proposer: ValueProposer) -> None:
    known = proposer.propose(build_value("NRIND", "HI", system=SYSTEM)).chosen
    assert known is not None
    assert (known.to_code, known.reason) == ("HIGH", "all 55 results with it are above their ranges")
    assert proposer.propose(build_value("NRIND", "X", system=SYSTEM)).chosen is None
