"""The mapping tables of Zhongshan and Foshan know the diseases, questions and procedures that they send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.simulate.diseases import Disease, list_diseases
from hbv_standards.simulate.fhir.conditions import ICD10
from hbv_standards.simulate.habit_tables import read_rows
from hbv_standards.simulate.hospitals import (
    foshan_background,
    foshan_examinations,
    zhongshan_background,
    zhongshan_examinations,
)
from hbv_standards.simulate.hospitals.foshan_style import Style
from hbv_standards.simulate.protocol import SITES

from .literal import DRINKER, SMOKER, make_subject

KINDS = sorted({row["kind"] for row in read_rows("diseases.csv")} - {"unmapped"})
DISEASES = [disease for kind in KINDS for disease in list_diseases(kind)]
CODES = {"zhongshan": zhongshan_examinations.CODES, "foshan": foshan_examinations.CODES}
TOLD = {"uses": (SMOKER, DRINKER), "routes": ("UNKNOWN",)}


@pytest.fixture(scope="module")
def mappers() -> dict[str, SiteMapper]:
    catalog = read_catalog(locate_mappings())
    return {site: SiteMapper(catalog, site) for site in SITES}


def join(concept: dict[str, Any]) -> str:
    codings = [(c["system"], c["code"], c.get("display", "")) for c in concept.get("coding", [])]
    return join_concept(concept.get("text", ""), codings) or ""


@pytest.mark.parametrize("site", CODES)
@pytest.mark.parametrize("disease", DISEASES, ids=lambda d: f"{d.kind}-{d.english}")
def test_diseases_have_an_english_term(mappers: dict[str, SiteMapper], site: str, disease: Disease) -> None:
    sent = join_concept(disease.chinese, [(ICD10, disease.icd10, "")])
    match = mappers[site].map_concept("TERM", sent or "")
    assert match is not None
    assert match.value == disease.english


@pytest.mark.parametrize("site", SITES)
def test_what_is_planted_as_unknown_has_none(mappers: dict[str, SiteMapper], site: str) -> None:
    (disease,) = list_diseases("unmapped")
    assert mappers[site].map_concept("TERM", join_concept(disease.chinese, []) or "") is None


@pytest.mark.parametrize(
    ("site", "procedure"), [(site, procedure) for site, codes in CODES.items() for procedure in codes]
)
def test_procedures(mappers: dict[str, SiteMapper], site: str, procedure: str) -> None:
    match = mappers[site].map_treatment(join(CODES[site][procedure]))
    assert match is not None
    assert match.value == procedure


def list_questions() -> Iterator[tuple[str, dict[str, Any]]]:
    """Site and code of everything that is asked at screening."""
    for site, resources in (
        ("zhongshan", zhongshan_background.build_background(make_subject("zhongshan", **TOLD))),
        ("foshan", foshan_background.build_background(Style("uuid"), make_subject("foshan", **TOLD))),
    ):
        for resource in resources:
            yield from ((site, part["code"]) for part in [resource, *resource.get("component", [])])


@pytest.mark.parametrize(("site", "concept"), list(list_questions()))
def test_questions(mappers: dict[str, SiteMapper], site: str, concept: dict[str, Any]) -> None:
    mapper = mappers[site]
    assert (mapper.map_question(join(concept)) is None) != (mapper.map_test(join(concept), None) is None)
