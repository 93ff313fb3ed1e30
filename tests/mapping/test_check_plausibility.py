"""concepts/plausibility.csv against the tests; the broken tables of each message are in faults.yaml."""

from __future__ import annotations

from fractions import Fraction

from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.check_plausibility import check_plausibility
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.mapping.rows import PlausibilityRow


def test_a_test_without_numbers_has_no_limits() -> None:
    concepts = read_catalog(locate_mappings()).concepts
    row = PlausibilityRow(row="concepts/plausibility.csv:2", concept_id="HBSAG_QL", low=Fraction(1))
    (told,) = check_plausibility([row], concepts)
    assert "'HBSAG_QL' has no numeric result; limits are for tests with numbers; take the row out" in str(told)


def test_shipped_limits_are_in_standard_units() -> None:
    """Creatinine of 0.9 is no umol/L, and a haemoglobin of 14 no g/L: the mistakes that the limits are for."""
    limits = {row.concept_id: row for row in read_catalog(locate_mappings()).plausibility}
    for test, mistaken in {"CREA": "0.9", "HGB": "14", "ALB": "4.2", "HEIGHT": "1.7", "HCT": "42"}.items():
        low, high = limits[test].low, limits[test].high
        assert low is not None
        assert high is not None
        assert not low <= Fraction(mistaken) <= high
