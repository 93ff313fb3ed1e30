"""Which unit an unmapped spelling is proposed to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.propose_units import UnitProposer
from hbv_standards.desk.seen_units import UNFIT
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.rows import UnitRow

from .seeing import NEW, build_unit

ELSEWHERE = (
    {"source_text": "国际单位每升", "unit_value": "U/L"},
    {"source_text": "次每分", "unit_value": "beats/min", "concept_id": "PULSE"},
    {"source_text": "格", "unit_value": "g/L", "status": "proposed"},
)


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> UnitProposer:
    rows = tuple(
        UnitRow.model_validate({"row": f"sites/foshan/units.csv:{n}", **row})
        for n, row in enumerate(ELSEWHERE)
    )
    lookups = {**desk_catalog.lookups, "foshan": LookupTable(units=rows)}
    catalog = replace(desk_catalog, lookups=lookups)
    return UnitProposer(catalog, NEW, UnitConverter(catalog.dimensions, catalog.conversions))


@pytest.mark.parametrize(
    ("text", "concept", "unit", "only"),
    [
        ("国际单位每升", "ALT", "U/L", ""),
        ("国际单位每升", "", "U/L", ""),
        ("国际单位每升", "CREA", None, ""),  # an enzyme's unit at a test of substance
        ("次每分", "PULSE", "beats/min", "PULSE"),
        ("次每分", "RESP", None, ""),  # there it was said of the pulse only
        ("格", "ALB", None, ""),  # nobody accepted it there either
        ("iu/ML", "HBSAG_QN", "IU/mL", "HBSAG_QN"),
        ("卡氏单位", "UA", None, ""),
    ],
)
def test_a_spelling(proposer: UnitProposer, text: str, concept: str, unit: str | None, only: str) -> None:
    proposal = proposer.propose(build_unit(text, concept))
    chosen = proposal.chosen
    assert ((chosen.to_code, chosen.concept_id) if chosen else (None, "")) == (unit, only)


def test_letter_case_that_means_two_units_is_no_answer(proposer: UnitProposer) -> None:
    """g/L is gram, G/L is 10^9: which one G/l is, nobody can say."""
    assert proposer.propose(build_unit("g/L".swapcase(), "")).chosen is None


def test_a_known_unit_in_which_the_test_cannot_be(proposer: UnitProposer) -> None:
    unit = replace(build_unit("fl oz", "ALT"), mapped_to="foz_us", status=UNFIT)
    known = proposer.propose(replace(build_unit("S/CO", "ALT"), mapped_to="S/CO", status=UNFIT))
    assert known.why.startswith("S/CO cannot be converted to U/L") and not known.candidates
    proposal = proposer.propose(unit)
    assert proposal.chosen is None
    assert "foz_us cannot be converted to U/L; a factor of the hospital's kit" in proposal.why
