"""Units that are known and in which a test's results cannot be."""

from __future__ import annotations

import pandas as pd
import pytest

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.seen_units import UNFIT, can_hold, list_units
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.rows import NO_UNIT
from places import HOSPITALS

from .seeing import NEW


@pytest.mark.parametrize(
    ("concept", "unit", "fits"),
    [
        ("ALT", "U/L", True),
        ("ALT", "IU/L", True),  # of an enzyme it is the same
        ("CREA", "mg/dL", True),
        ("CREA", "U/L", False),
        ("HBVDNA", "copies/mL", False),  # without the factor of a kit
        ("LSMNVAL", NO_UNIT, True),
        ("LSMNVAL", "%", False),
        ("ALT", NO_UNIT, False),
    ],
)
def test_whether_results_can_be_in_a_unit(
    desk_catalog: Catalog, concept: str, unit: str, *, fits: bool
) -> None:
    converter = UnitConverter(desk_catalog.dimensions, desk_catalog.conversions)
    assert can_hold(desk_catalog, converter, NEW, concept, unit) is fits


def test_such_a_unit_is_not_settled(desk_catalog: Catalog) -> None:
    fhir = read_fhir(
        [HOSPITALS / "zhongshan" / "bundle-ZS100001.json"], desk_catalog, IssueLog(), site="zhongshan"
    )
    sent = [("HBVDNA", "copies/mL"), ("HBVDNA", "IU/mL"), ("", "copies/mL"), ("HBVDNA", "Karmen")]
    tests = pd.DataFrame(
        {
            "site": NEW, "person": "1", "concept_id": [concept for concept, _ in sent],
            "sent_unit": [unit for _, unit in sent], "sent_code": None, "unit_system": None,
            "range_unit_text": None, "range_unit_code": None, "range_unit_system": None,
        }
    )  # fmt: skip
    units = [unit for unit in list_units(tests, fhir, desk_catalog, {}, ()) if unit.site == NEW]
    told = {(u.concept_id, u.unit_text): (u.status, u.rows_lost, bool(u.mapping_row)) for u in units}
    assert told == {
        ("HBVDNA", "copies/mL"): (UNFIT, 1, False),
        ("HBVDNA", "IU/mL"): ("mapped", 0, True),
        ("", "copies/mL"): ("mapped", 0, True),
        ("HBVDNA", "Karmen"): ("unmapped", 1, False),
    }
