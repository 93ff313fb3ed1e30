"""What a row of a hospital's tables answers to, and what it says: for comparing rows of any two tables."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from hbv_standards.mapping.normalise import normalise_text, normalise_unit
from hbv_standards.mapping.rows import CodeRow, ConceptRow, TreatmentRow, UnitRow, ValueRow


def name_code(row: CodeRow) -> Hashable:
    """A code in its system, or a text."""
    source = (row.system, row.code) if row.code is not None else (None, normalise_text(row.text or ""))
    return (row.kind, row.code is not None, *source, row.specimen)


def name_shared_code(row: CodeRow) -> Hashable | None:
    """A code in a system that other hospitals may use too."""
    return name_code(row) if row.code is not None and row.system is not None else None


def name_text(row: CodeRow) -> Hashable | None:
    """The name of a code, whether it is compared or there for people."""
    return (row.kind, normalise_text(row.text), row.specimen) if row.text else None


def name_unit(row: UnitRow) -> Hashable:
    """A spelling, for one test or all."""
    return normalise_unit(row.source_text), row.concept_id


def name_value(row: ValueRow) -> Hashable:
    """A text, or a code in its system, of one codelist, for one test or all."""
    text = row.source_text if row.system else normalise_text(row.source_text)
    return row.codelist, row.system, text, row.concept_id


def say_unit(row: UnitRow) -> str:
    """The unit, and the factor of the sponsor's own."""
    return row.unit_value if row.source_factor == 1 else f"{row.unit_value} x {row.source_factor}"


@dataclass(slots=True)
class Things:
    """The tests and drugs of the study by the codes that name them."""

    concepts: list[ConceptRow]
    treatments: list[TreatmentRow]
    of_loinc: dict[str, str] = field(init=False)
    of_atc: dict[str, str] = field(init=False)
    of_name: dict[str, TreatmentRow] = field(init=False)

    def __post_init__(self) -> None:
        self.of_loinc = {code: row.concept_id for row in self.concepts for code in row.loinc}
        self.of_atc = {code: row.treatment_id for row in self.treatments for code in row.atc}
        self.of_name = {
            normalise_text(name): row for row in self.treatments for name in (*row.names, row.treatment_id)
        }

    def say_code(self, row: CodeRow) -> str:
        """The test, drug or visit that a row leads to, whichever code it names it by."""
        code = row.to_code or ""
        known = {"LOINC": self.of_loinc, "ATC": self.of_atc}.get(row.to_system, {})
        return " ".join(filter(None, (known.get(code, code) or row.to_system, row.field)))
