"""Which test an unmapped code is proposed to be, and above all where none is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.canonical.concept_text import Coding
from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.candidates import THRESHOLD
from hbv_standards.desk.judge import Judge
from hbv_standards.desk.propose_tests import TestProposer as Proposer  # pytest collects what begins with Test
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

from .seeing import NEW, build_code

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/desk/tests.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def proposer(desk_catalog: Catalog) -> Proposer:
    converter = UnitConverter(desk_catalog.dimensions, desk_catalog.conversions)
    limits = {row.concept_id: row for row in desk_catalog.plausibility}
    return Proposer(desk_catalog, NEW, Judge(desk_catalog, SiteMapper(desk_catalog, NEW), converter, limits))


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.get('name', case.get('code'))}-{case['to']}" for case in CASES]
)
def test_a_code(proposer: Proposer, case: dict[str, Any]) -> None:
    names = [case[key] for key in ("name", "second") if key in case]
    codings = [Coding("http://loinc.org", case["loinc"], "")] if "loinc" in case else []
    code = build_code(
        *names, code=str(case["code"]) if "code" in case else "X1", codings=codings, unit=case.get("unit"),
        numbers=case.get("numbers", ()), words=case.get("words", ()), specimen=case.get("specimen"),
    )  # fmt: skip
    proposal = proposer.propose(code)
    chosen = proposal.chosen
    assert (chosen.to_code or chosen.to_system if chosen else None) == case["to"], (
        chosen.reason if chosen else proposal.why
    )
    assert chosen is None or (chosen.score >= THRESHOLD and chosen.reason)
    assert chosen is not None or proposal.why


def test_a_candidate_says_what_speaks_against_it(proposer: Proposer) -> None:
    proposal = proposer.propose(build_code("肌酐", unit="μmol/L", numbers=(0.6, 0.8, 1.1)))
    assert proposal.chosen is None
    assert [(c.to_code, c.score) for c in proposal.candidates] == [("CREA", 0.3)]
    assert "0.6 to 1.1 umol/L) are none of a living person" in proposal.why


def test_names_that_look_alike_are_listed_and_never_proposed(proposer: Proposer) -> None:
    proposal = proposer.propose(build_code("丙氨酸氨基转移", unit="U/L", numbers=(12, 25, 60)))
    assert proposal.chosen is None
    assert proposal.why == "no certain answer"
    assert proposal.candidates[0].to_code == "ALT"
    assert all(candidate.score < THRESHOLD for candidate in proposal.candidates)


def test_a_code_of_which_other_rows_are_mapped(proposer: Proposer) -> None:
    code = replace(build_code("something", code="X1", unit="U/L", numbers=(1, 2, 3)), concept_id="AST")
    chosen = proposer.propose(code).chosen
    assert chosen is not None
    assert chosen.to_code == "AST"
    assert "another coding" in chosen.reason


def test_the_same_test_elsewhere_is_far_away(desk_catalog: Catalog) -> None:
    converter = UnitConverter(desk_catalog.dimensions, desk_catalog.conversions)
    mapper = SiteMapper(desk_catalog, NEW)
    far = Proposer(desk_catalog, NEW, Judge(desk_catalog, mapper, converter, {}, {"AFP": 4000.0}))
    near = Proposer(desk_catalog, NEW, Judge(desk_catalog, mapper, converter, {}, {"AFP": 4.0}))
    code = build_code("甲胎蛋白", unit="ng/mL", numbers=(1.5, 3, 8))
    there, here = far.propose(code).chosen, near.propose(code).chosen
    assert here is not None
    assert there is not None
    assert there.score < here.score
    assert "far from 4000 elsewhere" in there.reason
