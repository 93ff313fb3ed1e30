"""What a delivery holds, against what the conversion makes of it."""

from __future__ import annotations

from collections import Counter

import pytest

from hbv_standards.desk.propose import Proposals, propose_all
from hbv_standards.desk.seen import read_delivery, read_seen
from hbv_standards.desk.seen_units import UNFIT
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.mapping.locate import locate_mappings
from places import HOSPITALS


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(locate_mappings())


@pytest.fixture(scope="module")
def proposals(catalog: Catalog) -> Proposals:
    return propose_all(read_delivery([HOSPITALS], catalog, IssueLog()))


@pytest.fixture(scope="module")
def lost(catalog: Catalog) -> Counter[tuple[str, str]]:
    """(issue code, hospital) of a conversion → rows."""
    log = IssueLog()
    fhir = read_fhir([HOSPITALS], catalog, log)
    to_canonical(fhir, catalog, log)
    sites = dict(zip(fhir.sources["source_id"], fhir.sources["site"], strict=True))
    return Counter((row.code, sites.get(row.source_id, row.site)) for row in log.rows)


@pytest.mark.parametrize("site", ["foshan", "guangzhou", "zhongshan"])
def test_rows_lost_are_the_issues_of_a_conversion(
    proposals: Proposals, lost: Counter[tuple[str, str]], site: str
) -> None:
    seen = proposals.seen
    codes = [code for code in seen.codes if code.site == site]
    units = [unit for unit in seen.units if unit.site == site]
    values = [value for value in seen.values if value.site == site and value.concept_id]
    counted = {
        "HBV-MAP-001": sum(code.rows_lost for code in codes if code.kind == "test"),
        "HBV-MAP-004": sum(code.rows_lost for code in codes if code.kind == "treatment"),
        "HBV-MAP-002": sum(unit.rows_lost for unit in units if unit.status != UNFIT),
        "HBV-MAP-003": sum(value.rows_lost for value in values),
    }
    assert counted == {code: lost[code, site] for code in counted}


def test_categories_of_diseases_are_values(proposals: Proposals) -> None:
    found = {v.source_text: v.mapped_to for v in proposals.seen.values if v.codelist == "EVENT_KIND"}
    assert (found["不良反应"], found["既往史"]) == ("ADVERSE EVENT", "HISTORY")


def test_every_result_is_counted_once(proposals: Proposals) -> None:
    rows = proposals.seen.delivery.fhir.tables["observation"]
    results = rows[(rows["value_kind"] != "panel") & rows["code_concept"].notna()]
    tests = [code for code in proposals.seen.codes if code.kind not in ("treatment", "visit")]
    assert sum(code.count for code in tests) == len(results)


def test_a_code_with_what_came_with_it(proposals: Proposals) -> None:
    (code,) = [code for code in proposals.seen.codes if code.code == "GZA001"]
    assert (code.text, code.specimen, code.mapped_to, code.status) == (
        "丙氨酸氨基转移酶",
        "SERUM",
        "ALT",
        "mapped",
    )
    assert code.mapping_row == "sites/guangzhou/codes.csv:2"
    assert code.units == "IU/L"
    assert 0 < len(code.results.examples) <= 5
    assert code.rows_lost == 0
    assert code.subjects == 8


def test_the_most_rows_lost_come_first(proposals: Proposals) -> None:
    for things in (proposals.seen.codes, proposals.seen.units, proposals.seen.values):
        ranks = [(-thing.rows_lost, -thing.count) for thing in things]
        assert ranks == sorted(ranks)


def test_the_order_of_the_input_changes_nothing(catalog: Catalog, proposals: Proposals) -> None:
    folders = sorted(HOSPITALS.iterdir(), reverse=True)
    again = read_seen(folders, catalog, IssueLog())
    assert [(c.site, c.kind, c.code, c.text, c.count, c.status) for c in again.codes] == [
        (c.site, c.kind, c.code, c.text, c.count, c.status) for c in proposals.seen.codes
    ]
    assert again.units == proposals.seen.units
    assert set(again.values) == set(proposals.seen.values)


def test_a_hospital_that_the_study_has_not(catalog: Catalog) -> None:
    delivery = read_delivery([HOSPITALS / "guangzhou"], catalog, IssueLog(), site="newhosp")
    detected = delivery.detected
    assert detected is not None
    assert detected.encodings == ("utf-8", "gb18030")
    assert detected.default_fhir_version == "R4"
    assert (detected.enrolment.status, detected.enrolment.source) == ("proposed", "csv")
    assert len(delivery.person_of) == 8
    assert delivery.everyone == frozenset()
