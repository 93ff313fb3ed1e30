"""The full definitions judge what is written."""

from __future__ import annotations

import pytest

from hbv_standards.errors import ExportError
from hbv_standards.simulate.fhir.conformance import Version, check_conformance

R4_ENCOUNTER = b'{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"AMB"}}'
R5_ENCOUNTER = b'{"resourceType":"Encounter","id":"e","status":"completed","class":[{"text":"AMB"}]}'


@pytest.mark.parametrize(("data", "version"), [(R4_ENCOUNTER, "R4"), (R5_ENCOUNTER, "R5")])
def test_conformant(data: bytes, version: Version) -> None:
    check_conformance(data, version)


@pytest.mark.parametrize(("data", "version"), [(R5_ENCOUNTER, "R4"), (R4_ENCOUNTER, "R5")])
def test_the_other_version_is_refused_by_name(data: bytes, version: Version) -> None:
    with pytest.raises(ExportError, match=f"Encounter/e is not {version}: class"):
        check_conformance(data, version)


def test_a_time_without_seconds_is_refused() -> None:
    data = b'{"resourceType":"Encounter","status":"completed","actualPeriod":{"start":"2024-05-03T08:30"}}'
    with pytest.raises(ExportError):
        check_conformance(data, "R5")
