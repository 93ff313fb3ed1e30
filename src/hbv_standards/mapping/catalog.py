"""All mapping tables of a study folder, checked and ready for look-ups."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.checks import check_content
from hbv_standards.mapping.lookup import LookupTable
from hbv_standards.mapping.normalise import normalise_text
from hbv_standards.mapping.rows import (
    CodeRow,
    ConceptRow,
    ConversionRow,
    DimensionRow,
    LabelRow,
    PlausibilityRow,
    TextRow,
    TreatmentRow,
    UnitRow,
    ValueRow,
    list_accepted,
)
from hbv_standards.mapping.site import SiteConfig
from hbv_standards.mapping.tables import BASE, Tables, read_tables
from hbv_standards.study import StudyConfig, read_study


@dataclass(frozen=True)
class Catalog:
    """What is known of the study: its design, its tests and drugs, and every hospital's words.

    ``concepts`` and ``treatments`` are by id, in the order of their files. ``files`` is path below
    ``folder`` → sha256, of every table that was read. ``lookups`` holds the look-up tables of each
    hospital and, under ``_base``, those that hold for all. ``labels`` are Chinese labels of datasets
    and variables, ``texts`` the Chinese of methods, comments and structures.
    """

    folder: Path
    study: StudyConfig
    concepts: dict[str, ConceptRow]
    sites: dict[str, SiteConfig]
    treatments: dict[str, TreatmentRow]
    dimensions: tuple[DimensionRow, ...]
    conversions: tuple[ConversionRow, ...]
    files: dict[str, str]
    lookups: dict[str, LookupTable]
    labels: tuple[LabelRow, ...] = ()
    plausibility: tuple[PlausibilityRow, ...] = ()
    texts: tuple[TextRow, ...] = ()

    def codes(self, site: str) -> tuple[CodeRow, ...]:
        """Rows of hop 1 in force at a hospital: its own, then those of every hospital."""
        return tuple(list_accepted(self.lookups[site].codes + self.lookups[BASE].codes))

    def units(self, site: str) -> tuple[UnitRow, ...]:
        """Unit spellings in force at a hospital: its own, then those of every hospital."""
        return tuple(list_accepted(self.lookups[site].units + self.lookups[BASE].units))

    def values(self, site: str) -> tuple[ValueRow, ...]:
        """Value texts in force at a hospital: its own, then those of every hospital."""
        return tuple(list_accepted(self.lookups[site].values + self.lookups[BASE].values))

    @cached_property
    def concept_of_loinc(self) -> dict[str, ConceptRow]:
        """The test that each LOINC code of ``concepts`` names; a code names one test only."""
        return {code: concept for concept in self.concepts.values() for code in concept.loinc}

    @cached_property
    def treatment_of_atc(self) -> dict[str, TreatmentRow]:
        """The drug that each ATC code of ``treatments.csv`` names."""
        return {code: drug for drug in self.treatments.values() for code in drug.atc}

    @cached_property
    def treatment_of_name(self) -> dict[str, TreatmentRow]:
        """The drug that each name, normalised, and each ``treatment_id`` means."""
        return {
            normalise_text(name): drug
            for drug in self.treatments.values()
            for name in (*drug.names, drug.treatment_id)
        }

    @cached_property
    def unit_sizes(self) -> dict[str | None, tuple[object, ...]]:
        """Dimension and size of each unit: equal where two units are the same amount."""
        return {row.unit_value: (row.dimension, row.factor, row.offset, row.scale) for row in self.dimensions}


def read_catalog(folder: Path) -> Catalog:
    """Read and check all tables of a study folder.

    Raises :class:`ConfigurationError` for the first fault, naming file, row, value and cure;
    :func:`check_tables` lists them all.
    """
    study = read_study(folder)
    tables = read_tables(folder, list(study.sites))
    for fault in tables.faults or check_content(study, tables):
        raise fault
    return _build_catalog(study, tables)


def check_tables(folder: Path) -> list[ConfigurationError]:
    """Everything that is wrong with the tables of a study folder; empty when it can be used.

    Faults of files and cells come first and alone: tables are compared with each other and with
    the terminology once all of them can be read.
    """
    try:
        study = read_study(folder)
    except ConfigurationError as fault:
        return [fault]
    tables = read_tables(folder, list(study.sites))
    return tables.faults or check_content(study, tables)


def _build_catalog(study: StudyConfig, tables: Tables) -> Catalog:
    lookups = {
        site: LookupTable(tuple(rows.codes), tuple(rows.units), tuple(rows.values))
        for site, rows in tables.sites.items()
    }
    base = lookups.get(BASE, LookupTable())
    lookups[BASE] = LookupTable(
        base.codes, base.units + tuple(tables.units), base.values + tuple(tables.values)
    )
    study_file = (tables.folder / "study.yaml").read_bytes()
    files = {**tables.files, "study.yaml": hashlib.sha256(study_file).hexdigest()}
    return Catalog(
        folder=tables.folder,
        study=study,
        concepts={row.concept_id: row for row in tables.concepts},
        sites=dict(sorted(tables.configs.items())),
        treatments={row.treatment_id: row for row in tables.treatments or ()},
        dimensions=tuple(tables.dimensions),
        conversions=tuple(tables.conversions),
        files=dict(sorted(files.items())),
        lookups=lookups,
        labels=tuple(tables.labels),
        plausibility=tuple(tables.plausibility),
        texts=tuple(tables.texts),
    )
