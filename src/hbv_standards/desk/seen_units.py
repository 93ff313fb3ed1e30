"""Every unit in a delivery: of results, of reference ranges and of doses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import pandas as pd

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.people import find_people
from hbv_standards.desk.seen_codes import MAPPED, OUT_OF_SCOPE, PROPOSED, REJECTED, UNMAPPED
from hbv_standards.ingest.distinct import build_mappers
from hbv_standards.ingest.tables import DRUG_USES, FhirTables
from hbv_standards.ingest.use_answers import read_unit_per_time
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_unit
from hbv_standards.mapping.rows import NO_UNIT

UNFIT = "does not convert"
"""Status of a unit that is known, but in which the test's results cannot be."""

_KEYS = ["site", "used_for", "concept_id", "unit_text", "unit_code", "unit_system"]


@dataclass(frozen=True, slots=True)
class SeenUnit:
    """One unit of one hospital as sent, beside the results of one test (``concept_id`` empty: of none)."""

    site: str
    used_for: str  # result, range or dose
    concept_id: str
    unit_text: str
    unit_code: str
    unit_system: str
    count: int
    rows_lost: int
    mapped_to: str
    mapping_row: str
    status: str

    @property
    def spelling(self) -> str:
        """What a row of units.csv would name: the text, else the code."""
        return self.unit_text or self.unit_code


def list_units(
    tests: pd.DataFrame,
    fhir: FhirTables,
    catalog: Catalog,
    person_of: Mapping[str, str],
    everyone: Collection[str],
) -> list[SeenUnit]:
    """All units, the most rows lost first; ``tests`` are observations with their ``concept_id``."""
    parts = [
        _pick(tests, "result", "sent_unit", "sent_code", "unit_system"),
        _pick(tests, "range", "range_unit_text", "range_unit_code", "range_unit_system"),
    ]
    for name in sorted(DRUG_USES):
        rows = fhir.tables[name]
        people = rows.assign(person=find_people(rows, person_of, everyone), concept_id="")
        parts.append(_pick(people, "dose", "dose_unit_text", "dose_unit_code", "dose_unit_system"))
    rows = pd.concat(parts)
    counted = rows.groupby(_KEYS)["mine"].agg(["size", "sum"]).reset_index()
    mappers = build_mappers(catalog)
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    listed = []
    for site, used_for, concept, text, code, system, count, mine in counted.itertuples(
        index=False, name=None
    ):
        sent = (site, used_for, concept, text, code, system)
        value, row = _map_unit(mappers[site], catalog, *sent[2:])
        status = MAPPED if row else find_status(catalog.lookups[site], concept, (text, code), mine=bool(mine))
        if row and concept in catalog.concepts and not can_hold(catalog, converter, site, concept, value):
            row, status = "", UNFIT
        # Without its test a result is lost by its code, not by its unit.
        lost = 0 if row or (used_for != "dose" and not concept) else int(mine)
        listed.append(SeenUnit(*sent, int(count), lost, value, row, status))
    return sorted(listed, key=_rank)


def _map_unit(
    mapper: SiteMapper, catalog: Catalog, concept: str, text: str, code: str, system: str
) -> tuple[str, str]:
    """The unit and what says so, as the conversion reads it; both empty where nothing does."""
    if concept in catalog.treatments:  # an amount of a substance, maybe per time
        unit, _ = read_unit_per_time(mapper, concept, text or None, code or None)
        return (unit, "units.csv") if unit else ("", "")
    match = mapper.map_unit(code or None, text or None, concept or None, system=system or None)
    return (match.unit_value or NO_UNIT, match.row) if match else ("", "")


def can_hold(catalog: Catalog, converter: UnitConverter, site: str, concept_id: str, value: str) -> bool:
    """Whether results of a test can stand in a unit: it converts to the test's own."""
    concept = catalog.concepts[concept_id]
    if value == NO_UNIT or concept.std_unit is None:
        return (value == NO_UNIT) == (concept.std_unit is None)
    way = converter.compute_factor(
        value, concept.std_unit, concept_id=concept_id, site=site, molar_mass=concept.molar_mass
    )
    return way is not None


def _rank(unit: SeenUnit) -> tuple[object, ...]:
    key = (unit.site, unit.unit_text, unit.unit_code, unit.concept_id, unit.used_for)
    return (-unit.rows_lost, -unit.count, *key)


def _pick(rows: pd.DataFrame, used_for: str, text: str, code: str, system: str) -> pd.DataFrame:
    sent = rows[rows[text].notna() | rows[code].notna()]
    return pd.DataFrame(
        {
            "site": sent["site"],
            "used_for": used_for,
            "concept_id": sent["concept_id"],
            "unit_text": sent[text].fillna(""),
            "unit_code": sent[code].fillna(""),
            "unit_system": sent[system].fillna("") if system in sent else "",
            "mine": sent["person"].notna(),
        }
    )


def find_status(table: LookupTable, concept_id: str, spellings: Collection[str], *, mine: bool) -> str:
    """Status of an unmapped unit: proposed or rejected where the hospital's table says so."""
    wanted = {normalise_unit(spelling) for spelling in spellings if spelling}
    for row in table.units:
        of_unit = normalise_unit(row.source_text) in wanted and row.concept_id in (concept_id or None, None)
        if of_unit and row.status in (PROPOSED, REJECTED):
            return row.status
    return UNMAPPED if mine else OUT_OF_SCOPE
