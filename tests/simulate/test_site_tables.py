"""The hospitals' mapping tables know all that the simulator sends, but for what is meant to be unknown."""

from __future__ import annotations

import pytest

from hbv_standards.canonical.concept_text import join_concept
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.simulate.diseases import Disease, list_diseases
from hbv_standards.simulate.fhir.conditions import ICD10
from hbv_standards.simulate.fhir.elements import LOINC
from hbv_standards.simulate.fhir.observations import LOCAL_SYSTEMS
from hbv_standards.simulate.habit_tables import read_rows
from hbv_standards.simulate.habits import (
    LabHabit,
    SentText,
    read_drugs,
    read_laboratory,
    read_tests,
    read_texts,
    read_unit,
)
from hbv_standards.simulate.hospitals.zhongshan import VISIT_SYSTEM
from hbv_standards.simulate.planting import read_planted
from hbv_standards.simulate.protocol import PLANNED, SITES
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.truth.findings import list_faults

HABITS = [habit for site in SITES for habit in read_laboratory(site).values()]
TEXTS = [text for site in SITES for text in read_texts(site).values()]
DISEASES = [
    disease
    for kind in ("primary", "history", "neutrophil", "platelet", "flare", "stop", "death", "PEGIFN", "NACONT")
    for disease in list_diseases(kind)
]
_TUBES = {"PBMC": "PERIPHERAL BLOOD MONONUCLEAR CELL"}


@pytest.fixture(scope="module")
def mappers() -> dict[str, SiteMapper]:
    catalog: Catalog = read_catalog(locate_mappings())
    return {site: SiteMapper(catalog, site) for site in SITES}


def name_test(site: str, system: str, code: str, text: str) -> str:
    url = {"LOINC": LOINC, "LOCAL": LOCAL_SYSTEMS[site]}.get(system, "")
    return join_concept(text, [(url, code, "")] if code else []) or ""


@pytest.mark.parametrize("habit", HABITS, ids=lambda h: f"{h.site}-{h.concept_id}")
def test_tests_and_units(mappers: dict[str, SiteMapper], habit: LabHabit) -> None:
    mapper = mappers[habit.site]
    tube = _TUBES.get(habit.specimen, habit.specimen) or None
    match = mapper.map_test(name_test(habit.site, habit.system, habit.code, habit.text), tube)
    assert match is not None
    assert (match.concept_id, match.loinc or "", match.others) == (habit.concept_id, habit.loinc, ())
    if habit.unit:
        unit = mapper.map_unit(habit.unit_code or None, habit.unit, habit.concept_id)
        assert unit is not None
        assert (unit.unit_value, unit.conflict) == (read_unit(habit.unit, habit.concept_id), None)


@pytest.mark.parametrize("habit", HABITS, ids=lambda h: f"{h.site}-{h.concept_id}")
def test_concepts_mean_the_same_in_sdtm(mappers: dict[str, SiteMapper], habit: LabHabit) -> None:
    facts = read_tests()[habit.concept_id]
    concept = mappers[habit.site].catalog.concepts[habit.concept_id]
    ours = (facts.domain, facts.testcd, facts.tstdtl, facts.binding_agent, facts.symbol, facts.std_unit)
    theirs = (
        concept.domain,
        concept.testcd,
        concept.tstdtl,
        concept.binding_agent,
        concept.gene,
        concept.std_unit,
    )
    assert ours == tuple(value or "" for value in theirs)


@pytest.mark.parametrize("text", TEXTS, ids=lambda t: f"{t.site}-{t.codelist}-{t.value}-{t.concept_id}")
def test_words(mappers: dict[str, SiteMapper], text: SentText) -> None:
    mapper = mappers[text.site]
    for sent, system in ((text.code, text.system), (text.text, "")):
        if sent:
            match = mapper.map_value(
                text.codelist, sent, system=system or None, concept_id=text.concept_id or None
            )
            assert match is not None
            assert match.value == text.value


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("disease", DISEASES, ids=lambda d: d.icd10)
def test_diseases(mappers: dict[str, SiteMapper], disease: Disease, site: str) -> None:
    """Guangzhou sends words alone, the others a code of ICD-10 too."""
    codings = [(ICD10, disease.icd10, "")] if site != "guangzhou" else []
    match = mappers[site].map_concept("TERM", join_concept(disease.chinese, codings) or "")
    assert match is not None
    assert match.value == disease.english


@pytest.mark.parametrize("site", SITES)
def test_a_disease_that_is_planted_as_unknown_is_unknown(mappers: dict[str, SiteMapper], site: str) -> None:
    assert [mappers[site].map_value("TERM", disease.chinese) for disease in list_diseases("unmapped")] == [None]


@pytest.mark.parametrize("site", SITES)
def test_drugs_and_their_units(mappers: dict[str, SiteMapper], site: str) -> None:
    for drug in read_drugs(site).values():
        codings = [(drug.system, drug.code, drug.display)] if drug.code else []
        match = mappers[site].map_treatment(join_concept(drug.text, codings) or "")
        unit = mappers[site].map_unit(drug.unit_code or None, drug.unit, None)
        assert match is not None
        assert unit is not None
        assert (match.value, unit.unit_value) == (drug.treatment, read_unit(drug.unit, ""))


@pytest.mark.parametrize("visit", PLANNED, ids=lambda v: v.name)
def test_zhongshan_states_visits(mappers: dict[str, SiteMapper], visit: object) -> None:
    number = visit.number  # type: ignore[attr-defined]  # parametrize gives object
    found = mappers["zhongshan"].map_visit(join_concept("", [(VISIT_SYSTEM, f"V{number}", "")]) or "")
    assert found is not None
    assert found[0] == number


@pytest.mark.parametrize(
    "row", list(read_rows("uncollected.csv")), ids=lambda r: f"{r['site']}-{r['code'] or r['text']}"
)
def test_tests_of_no_interest_are_declared(mappers: dict[str, SiteMapper], row: dict[str, str]) -> None:
    sent = name_test(row["site"], row["system"], row["code"], row["text"])
    match = mappers[row["site"]].map_test(sent, row["specimen"] or None)
    assert match is not None
    assert match.collected is False


def test_what_is_planted_as_unknown_is_unknown(mappers: dict[str, SiteMapper]) -> None:
    faults = [row for s in simulate_trial(24, 2, extent="brief").subjects for row in list_faults(s)]
    planted = [row for row in read_planted() if row.what in ("code", "unit", "value", "no unit", "other unit")]
    assert len(faults) == len(planted)
    for row in faults:
        mapper = mappers[row["SITE"]]
        if row["FAULT"] == "unit":
            assert mapper.map_unit(None, row["SENT"], None) is None
        elif row["FAULT"] == "other unit":
            known = mapper.map_unit(None, row["SENT"], None)
            assert known is not None
            assert known.unit_value == row["SENT"]
        elif row["FAULT"] == "code":
            assert mapper.map_test(name_test(row["SITE"], "LOCAL", row["SENT"], ""), None) is None
        elif row["FAULT"] == "value":
            assert mapper.map_value("LBSTRESC", row["SENT"]) is None
