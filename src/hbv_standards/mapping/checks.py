"""All tables of a study folder against each other, the study and controlled terminology."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.check_concepts import check_concepts
from hbv_standards.mapping.check_labels import check_labels, check_texts
from hbv_standards.mapping.check_plausibility import check_plausibility
from hbv_standards.mapping.check_schedule import check_schedule
from hbv_standards.mapping.check_sites import Targets, check_codes, check_sites
from hbv_standards.mapping.check_trial import check_trial
from hbv_standards.mapping.check_units import (
    check_conversions,
    check_dimensions,
    check_strengths,
    check_units,
    collect_extensions,
)
from hbv_standards.mapping.check_values import check_treatments, check_values
from hbv_standards.mapping.faults import Row
from hbv_standards.mapping.tables import Tables, is_lent
from hbv_standards.standards import read_codelist
from hbv_standards.study import StudyConfig


def check_content(study: StudyConfig, tables: Tables) -> list[ConfigurationError]:
    """What is wrong with tables that could be read, in the order of the tables."""
    return list(_check_all(study, tables))


def _check_all(study: StudyConfig, tables: Tables) -> Iterator[ConfigurationError]:
    sites = tables.sites.values()
    spellings = [tables.units, *(site.units for site in sites)]
    extensions = collect_extensions(row for rows in spellings for row in rows)
    concepts = {row.concept_id: row for row in tables.concepts}
    drugs = {row.treatment_id for row in tables.treatments or ()}
    yield from check_concepts(tables.concepts, extensions, tables.dimensions)
    yield from check_conversions(
        tables.conversions, {*concepts, *drugs}, study.sites, extensions, tables.dimensions
    )
    yield from check_strengths(tables.conversions, drugs)
    yield from check_plausibility(tables.plausibility, concepts)
    for rows in spellings:
        yield from check_units(_list_own(rows), {*concepts, *drugs})
    yield from check_dimensions(_list_own(tables.dimensions), extensions)
    if tables.treatments is not None:
        yield from check_treatments(tables.treatments, study)
    for values in (tables.values, *(site.values for site in sites)):
        yield from check_values(_list_own(values), concepts, study)
    classes = {row.treatment_class for row in tables.treatments or ()}
    yield from check_trial(study, concepts, classes, {row.unit_value for row in tables.dimensions})
    yield from check_schedule(study, concepts)
    yield from check_labels(_list_own(tables.labels))
    yield from check_texts(_list_own(tables.texts))
    yield from check_sites(study, tables.configs)
    targets = _collect_targets(study, tables)
    for site in sites:
        yield from check_codes(site.codes, targets)


def _list_own(rows: list[Row]) -> list[Row]:
    """Without what the package lent: its tables are sound, and may speak of units that this study lacks."""
    return [row for row in rows if not is_lent(row)]


def _collect_targets(study: StudyConfig, tables: Tables) -> Targets:
    drugs = tables.treatments or []
    spellings = [tables.units, *(site.units for site in tables.sites.values())]
    own_units = collect_extensions(row for rows in spellings for row in rows)
    return Targets(
        concepts={row.concept_id for row in tables.concepts},
        loinc={code for row in tables.concepts for code in row.loinc},
        treatments={row.treatment_id for row in drugs},
        atc={code for row in drugs for code in row.atc},
        visits=[visit.visitnum for visit in study.visits],
        units=frozenset({*own_units, *(term.value for term in read_codelist("UNIT").terms)}),
    )
