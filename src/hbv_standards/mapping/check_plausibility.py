"""Checks of concepts/plausibility.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.faults import build_fault, check_repeats, phrase_unknown
from hbv_standards.mapping.rows import ConceptRow, PlausibilityRow


def check_plausibility(
    rows: list[PlausibilityRow], concepts: Mapping[str, ConceptRow]
) -> Iterator[ConfigurationError]:
    """Faults of the table: tests that are none or have no numbers, limits that contradict each other."""
    for row in rows:
        concept = concepts.get(row.concept_id)
        if concept is None:
            phrase = phrase_unknown(row.concept_id, concepts, "concept_id", "concepts")
            yield build_fault(row, f"concept_id {row.concept_id!r} {phrase}", row.concept_id)
        elif "NM" not in concept.result_type:
            cure = "limits are for tests with numbers; take the row out"
            yield build_fault(row, f"concept_id {row.concept_id!r} has no numeric result; {cure}", row.concept_id)
        if row.low is None and row.high is None and row.jump is None:
            yield build_fault(row, "low, high and jump are all empty; fill one or take the row out")
        if row.low is not None and row.high is not None and row.low >= row.high:
            yield build_fault(row, f"low {row.low} is not below high {row.high}; exchange them", str(row.low))
        if row.jump is not None and row.jump <= 1:
            cure = "write how many times the median a result may be, such as 3"
            yield build_fault(row, f"jump {row.jump} is not above 1; {cure}", str(row.jump))
    yield from check_repeats(
        rows,
        lambda row: row.concept_id,
        lambda row: f"low {row.low}, high {row.high}, jump {row.jump}",
        "this test",
    )
