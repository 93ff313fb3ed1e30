"""Guangzhou's results (R4): Observations with LIS codes, panels and reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hbv_standards.simulate.fhir.elements import CATEGORY, Resource, code, concept, keep, refer
from hbv_standards.simulate.fhir.observations import Links, build_observation, locate_codes
from hbv_standards.simulate.habits import read_tests
from hbv_standards.simulate.hospitals.guangzhou_style import Style
from hbv_standards.simulate.records import Contact, Person, Result

LABORATORY = "gz-lab"  # id of the Organization
_REPORTED_AFTER = 320  # minutes


def build_results(person: Person, place: int, contact: Contact, style: Style) -> Iterator[Resource]:
    """Observations of one contact, the panels that list them, and the reports."""
    patient = f"Patient/{person.patient_number}"
    for result in contact.results:
        yield _build_result(patient, place, contact, result)
    for panel, (number, name) in style.panels.items():
        members = _list_members(contact, panel)
        if len(members) > 1:
            yield _build_panel(patient, contact, (number, name), members, style.site)
    for panel, (number, name) in style.reports.items():
        members = _list_members(contact, panel)
        if members:
            yield _build_report(patient, contact, (number, name), members, style.site)


def _list_members(contact: Contact, panel: str) -> list[Result]:
    tests = read_tests()
    return [
        r
        for r in contact.results
        if r.habit.concept_id in tests and tests[r.habit.concept_id].panel == panel and not r.fault
    ]


def _build_result(patient: str, place: int, contact: Contact, result: Result) -> Resource:
    links = Links(
        patient,
        f"Encounter/{contact.key}-enc",
        f"Specimen/{result.specimen.number}" if result.specimen else "",
    )
    if result.fault == "cancelled":
        stopped = replace(result, kind="not done", reason="SPECIMEN HEMOLYZED")
        return build_observation(stopped, result.key, links, status="cancelled")
    if not result.specimen:
        return build_observation(result, result.key, links, effective=result.when.fhir)
    issued = result.specimen.collected.shift(minutes=_REPORTED_AFTER).fhir
    lab = [{"reference": f"Organization/{LABORATORY}"}]
    # Now and then the time of the report, a day later, stands where that of collection belongs.
    late = place % 4 == 0 and contact.planned == 5 and result.habit.concept_id == "ALT"
    effective = result.specimen.collected.shift(days=1, minutes=_REPORTED_AFTER).fhir if late else ""
    return build_observation(result, result.key, links, effective=effective, issued=issued, performer=lab)


def _build_panel(
    patient: str, contact: Contact, heading: tuple[str, str], members: list[Result], site: str
) -> Resource:
    number, name = heading
    return {
        "resourceType": "Observation",
        "id": f"{contact.key}-{number}",
        "status": "final",
        "category": [concept("", code(CATEGORY, "laboratory"))],
        "code": concept(name, code(locate_codes(site), number)),
        "subject": refer(patient),
        "encounter": refer(f"Encounter/{contact.key}-enc"),
        "hasMember": [refer(f"Observation/{r.key}") for r in members],
    }


def _build_report(
    patient: str, contact: Contact, heading: tuple[str, str], members: list[Result], site: str
) -> Resource:
    number, name = heading
    tube = next((r.specimen for r in members if r.specimen), None)
    return keep(
        resourceType="DiagnosticReport",
        id=f"{contact.key}-{number}",
        status="final",
        code=concept(name, code(locate_codes(site), number)),
        subject=refer(patient),
        encounter=refer(f"Encounter/{contact.key}-enc"),
        issued=tube.collected.shift(minutes=_REPORTED_AFTER).fhir if tube else "",
        specimen=[refer(f"Specimen/{tube.number}")] if tube else None,
        result=[refer(f"Observation/{r.key}") for r in members],
    )
