"""Foshan's results (R5): conventional units, contained Specimens, corrected and withdrawn versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hbv_standards.simulate.fhir.elements import Resource, keep, word
from hbv_standards.simulate.fhir.observations import Links, build_observation
from hbv_standards.simulate.hospitals.foshan_style import Style
from hbv_standards.simulate.moments import Moment
from hbv_standards.simulate.records import Contact, Person, Result, Specimen


def build_versions(
    style: Style, person: Person, contact: Contact, result: Result, part_of: str = ""
) -> list[Resource]:
    """All versions of one result, the oldest first; most have one. ``part_of``: what it is part of."""
    links = Links(
        style.link("Patient", person.patient_number),
        style.link("Encounter", f"{contact.key}-enc"),
        "#sp" if result.specimen else "",
        part_of,
    )
    if result.fault == "withdrawn":
        return [_build(links, result, "final", 1), _build(links, result, "entered-in-error", 2)]
    if result.earlier:
        status = "amended" if result.habit.concept_id == "ALT" else "corrected"
        first = _build(links, result.earlier, "final", 1)
        return [first, _build(links, replace(result, earlier=None), status, 2)]
    return [_build(links, result, "final", 0)]


def _build(links: Links, result: Result, status: str, version: int) -> Resource:
    """``version`` 0: the server keeps no versions of it."""
    meta = (
        {"versionId": str(version), "lastUpdated": _write_instant(result.when, version)} if version else None
    )
    return build_observation(
        result,
        result.key,
        links,
        status=status,
        effective=result.when.fhir,
        meta=meta,
        contained=[_build_specimen(result.specimen)] if result.specimen else None,
    )


def _build_specimen(tube: Specimen) -> Resource:
    kind = "PERIPHERAL BLOOD MONONUCLEAR CELL" if tube.kind == "PBMC" else tube.kind
    fasting = word("foshan", "NY", tube.fasting) if tube.fasting else None
    return {
        "resourceType": "Specimen",
        "id": "sp",
        "type": word("foshan", "SPECTYPE", kind),
        "collection": keep(collectedDateTime=tube.collected.fhir, fastingStatusCodeableConcept=fasting),
    }


def _write_instant(when: Moment, version: int) -> str:
    """The server's time of a version, in UTC."""
    return when.shift(days=version - 1, minutes=240).restyle("utc").fhir


def list_versions(
    style: Style, person: Person, contact: Contact, parts: Mapping[str, str]
) -> Iterator[list[Resource]]:
    """Versions of every result of a contact. ``parts``: what results are part of, by key of the result."""
    for result in contact.results:
        yield build_versions(style, person, contact, result, parts.get(result.key, ""))
