"""What a delivery holds and no table of its hospital speaks of yet, in whatever status."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.desk.propose import Proposals, Thing, is_asked
from hbv_standards.desk.seen_codes import SeenCode
from hbv_standards.desk.seen_units import UNFIT, SeenUnit
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_text, normalise_unit
from hbv_standards.mapping.rows import CodeRow
from hbv_standards.mapping.tables import BASE

_OWN_SORTS = ("treatment", "visit")  # every other kind is an Observation's: its row may say test or question


def find_missing(proposals: Proposals, site: str) -> Proposals:
    """The part of the proposals that a hospital's tables have no row for: no accepted one, and no other.

    What a person has before her as proposed, open or rejected is not asked again.
    """
    lookups = proposals.seen.delivery.catalog.lookups
    tables = (lookups[site], lookups[BASE])

    def is_missing(thing: Thing) -> bool:
        return (
            thing.site == site and is_asked(proposals, thing) and not any(has_row(t, thing) for t in tables)
        )

    seen = proposals.seen
    codes = tuple(code for code in seen.codes if is_missing(code))
    units = {
        unit: proposal
        for unit, proposal in proposals.units.items()
        if unit.status != UNFIT and is_missing(unit)  # what does not convert is no question of its spelling
    }
    values = {value: proposal for value, proposal in proposals.values.items() if is_missing(value)}
    return Proposals(
        replace(seen, codes=codes, units=tuple(units), values=tuple(values)),
        {code.number: proposals.codes[code.number] for code in codes},
        {code.number: proposals.kinds[code.number] for code in codes if code.number in proposals.kinds},
        units,
        values,
    )


def has_row(table: LookupTable, thing: Thing) -> bool:
    """Whether a row that is not accepted speaks of something that no accepted row answers."""
    if isinstance(thing, SeenCode):
        names = {normalise_text(name) for name in thing.names}
        return any(row.status != "accepted" and _is_of_code(row, thing, names) for row in table.codes)
    return _has_unit(table, thing) if isinstance(thing, SeenUnit) else _has_value(table, thing)


def _is_of_code(row: CodeRow, code: SeenCode, names: set[str]) -> bool:
    if _name_sort(row.kind) != _name_sort(code.kind) or row.specimen not in (code.specimen, None):
        return False
    if row.code is not None:
        return row.code == code.code and row.system in (code.system, None)
    return row.text is not None and normalise_text(row.text) in names


def _name_sort(kind: str) -> str:
    return kind if kind in _OWN_SORTS else "test"


def _has_unit(table: LookupTable, unit: SeenUnit) -> bool:
    """Also by an accepted row of this test alone, whose unit the test's results cannot be in."""
    spellings = {normalise_unit(text) for text in (unit.unit_text, unit.unit_code) if text}
    concept = unit.concept_id or None
    return any(
        normalise_unit(row.source_text) in spellings
        and row.concept_id in (concept, None)
        and (row.status != "accepted" or row.concept_id == concept)
        for row in table.units
    )


def _has_value(table: LookupTable, value: SeenValue) -> bool:
    texts = {normalise_text(text) for text in (value.source_text, value.display) if text}
    return any(
        row.status != "accepted"
        and row.codelist == value.codelist
        and normalise_text(row.source_text) in texts
        and row.concept_id in (value.concept_id or None, None)
        for row in table.values
    )
