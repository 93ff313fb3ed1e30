"""Proposals for everything unmapped in a delivery. Nothing here is ever applied by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

from hbv_standards.derive.units import UnitConverter
from hbv_standards.desk.candidates import Candidate, Proposal
from hbv_standards.desk.judge import Judge, convert_sizes
from hbv_standards.desk.judge_flags import judge_flags
from hbv_standards.desk.propose_families import FamilyProposer
from hbv_standards.desk.propose_tests import TestProposer
from hbv_standards.desk.propose_treatments import TreatmentProposer
from hbv_standards.desk.propose_units import UnitProposer
from hbv_standards.desk.propose_uses import UseProposer
from hbv_standards.desk.propose_values import ValueProposer
from hbv_standards.desk.propose_visits import VisitProposer
from hbv_standards.desk.seen import Delivery, Seen, complete_seen, list_seen_codes
from hbv_standards.desk.seen_codes import DECLINED, MAPPED, OUT_OF_SCOPE, CodeList, SeenCode
from hbv_standards.desk.seen_units import SeenUnit
from hbv_standards.desk.seen_values import SeenValue
from hbv_standards.mapping.apply import SiteMapper
from hbv_standards.mapping.catalog import Catalog

Thing: TypeAlias = SeenCode | SeenUnit | SeenValue


@dataclass(frozen=True, slots=True)
class Proposals:
    """What was seen, and the proposal for each thing of it that no accepted row answers.

    ``kinds`` is the kind under which a code is proposed, where it is not the one that it was seen as.
    """

    seen: Seen
    codes: Mapping[int, Proposal]
    kinds: Mapping[int, str]
    units: Mapping[SeenUnit, Proposal]
    values: Mapping[SeenValue, Proposal]


def propose_all(delivery: Delivery) -> Proposals:
    """List a delivery and propose what its unmapped codes, units and values may be."""
    listed = list_seen_codes(delivery)
    codes, kinds = propose_codes(delivery.catalog, listed)
    meant = {
        number: proposal.chosen.to_code
        for number, proposal in codes.items()
        if proposal.chosen is not None and proposal.chosen.to_system == "CONCEPT"
    }
    seen = complete_seen(delivery, listed, meant)
    catalog = delivery.catalog
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    sites = sorted({unit.site for unit in seen.units} | {value.site for value in seen.values})
    mappers = {site: SiteMapper(catalog, site) for site in sites}
    for_units = {site: UnitProposer(catalog, site, converter) for site in sites}
    flags = judge_flags(listed.tests)
    for_values = {site: ValueProposer(catalog, site, mappers[site], flags) for site in sites}
    units = {unit: for_units[unit.site].propose(unit) for unit in seen.units if not unit.mapping_row}
    values = {value: for_values[value.site].propose(value) for value in seen.values if not value.mapping_row}
    return Proposals(seen, codes, kinds, units, values)


def find_proposal(proposals: Proposals, thing: Thing) -> Proposal | None:
    """The proposal for something seen; ``None`` where an accepted row answers it."""
    if isinstance(thing, SeenCode):
        return proposals.codes.get(thing.number)
    return proposals.units.get(thing) if isinstance(thing, SeenUnit) else proposals.values.get(thing)


def is_asked(proposals: Proposals, thing: Thing) -> bool:
    """Whether something is to be decided; a contact that names no planned visit loses nothing."""
    proposal = find_proposal(proposals, thing)
    if thing.status in (MAPPED, DECLINED) or proposal is None:
        return False
    return thing.status != OUT_OF_SCOPE or proposal.chosen is not None


def propose_codes(catalog: Catalog, listed: CodeList) -> tuple[dict[int, Proposal], dict[int, str]]:
    """Proposals by the number of the code, and the kind where a code turns out to be a question."""
    proposals: dict[int, Proposal] = {}
    kinds: dict[int, str] = {}
    converter = UnitConverter(catalog.dimensions, catalog.conversions)
    limits = {row.concept_id: row for row in catalog.plausibility}
    for site in sorted({code.site for code in listed.codes}):
        own = [code for code in listed.codes if code.site == site]
        mapper = SiteMapper(catalog, site)
        elsewhere = list_medians(catalog, [code for code in listed.codes if code.site != site], converter)
        tests = TestProposer(catalog, site, Judge(catalog, mapper, converter, limits, elsewhere))
        treatments = TreatmentProposer(catalog, site)
        uses, families = UseProposer(catalog, mapper), FamilyProposer(mapper)
        visits = VisitProposer(catalog.study, [code for code in own if code.kind == "visit"])
        for code in own:
            if code.mapping_row:
                continue
            if code.kind == "visit":
                proposals[code.number] = visits.propose(code)
            elif code.kind == "treatment":
                proposals[code.number] = treatments.propose(code)
            else:
                proposals[code.number] = tests.propose(code)
                if proposals[code.number].chosen is None:
                    asked = {"use": uses.propose(code), "family history": families.propose(code)}
                    for kind, proposal in asked.items():
                        if proposal.candidates:
                            proposals[code.number], kinds[code.number] = proposal, kind
    return proposals, kinds


def list_medians(catalog: Catalog, codes: list[SeenCode], converter: UnitConverter) -> dict[str, float]:
    """Median of each test's results where it is mapped, in its standard unit."""
    found: dict[str, list[float]] = defaultdict(list)
    mappers = {code.site: SiteMapper(catalog, code.site) for code in codes}
    for code in codes:
        concept = catalog.concepts.get(code.concept_id or "")
        if concept is None or concept.std_unit is None:
            continue
        for amount in code.results.amounts:
            unit = mappers[code.site].map_unit(
                amount.unit_code, amount.unit_text, concept.concept_id, system=amount.unit_system
            )
            if unit is None or unit.unit_value is None:
                continue
            way = converter.compute_factor(
                unit.unit_value, concept.std_unit, concept_id=concept.concept_id, site=code.site,
                molar_mass=concept.molar_mass,
            )  # fmt: skip
            if way is not None:
                found[concept.concept_id].append(convert_sizes(amount, way)[1])
    return {concept: median(values) for concept, values in found.items()}


def read_target(candidate: Candidate) -> str:
    """What a candidate means, as lists show it."""
    return candidate.to_code or candidate.to_system
