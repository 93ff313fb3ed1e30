"""Results as Observations; R4 and R5 share the shape of what is used here."""

from __future__ import annotations

from typing import Any, NamedTuple

from hbv_standards.simulate.fhir.elements import (
    CATEGORY,
    LOINC,
    Resource,
    annotate,
    code,
    concept,
    keep,
    quantity,
    refer,
    say,
    word,
    write_number,
)
from hbv_standards.simulate.habits import LabHabit, find_text, read_tests
from hbv_standards.simulate.hospital_names import find_manner, is_invented, show_site
from hbv_standards.simulate.laboratory import print_range
from hbv_standards.simulate.records import Result

LOCAL_SYSTEMS = {
    "zhongshan": "https://zhongshan-hospital.example/fhir/CodeSystem/lis",
    "guangzhou": "https://guangzhou-hospital.example/lis/test-code",
    "foshan": "https://fhir.foshan-hospital.example/r5/CodeSystem/test",
}
_LIMIT_UNITS = {"zhongshan": True, "guangzhou": False, "foshan": True}
_WIDE = str.maketrans("<>", "＜＞")  # the full-width signs of one of Guangzhou's analysers


class Links(NamedTuple):
    """References of an Observation; empty ones are left out."""

    subject: str
    encounter: str = ""
    specimen: str = ""
    part_of: str = ""  # the procedure or imaging study that gave the result


def build_observation(
    result: Result,
    resource_id: str,
    links: Links,
    *,
    status: str = "final",
    effective: str = "",
    issued: str = "",
    performer: list[Resource] | None = None,
    meta: Resource | None = None,
    contained: list[Resource] | None = None,
    extension: list[Resource] | None = None,
) -> Resource:
    """One Observation with the value, flags and range that the hospital sends."""
    habit = result.habit
    return keep(
        resourceType="Observation",
        id=resource_id,
        meta=meta,
        contained=contained,
        extension=extension,
        partOf=[refer(links.part_of)] if links.part_of else None,
        status=status,
        category=[concept("", code(CATEGORY, find_category(habit)))],
        code=name_test(habit),
        subject=refer(links.subject),
        encounter=refer(links.encounter) if links.encounter else None,
        effectiveDateTime=effective,
        issued=issued,
        performer=performer,
        **build_value(result),
        interpretation=_interpret(result),
        note=annotate(result.note),
        bodySite=word(habit.site, "LOC", result.location) if result.location else None,
        method=concept(habit.method) if habit.method and result.kind != "not done" else None,
        specimen=refer(links.specimen) if links.specimen else None,
        referenceRange=_build_range(result),
    )


def locate_codes(site: str) -> str:
    """The hospital's own code system of tests."""
    return f"https://{show_site(site)}.example/lis/item" if is_invented(site) else LOCAL_SYSTEMS[site]


def find_category(habit: LabHabit) -> str:
    """The category code of HL7's observation-category."""
    facts = read_tests().get(habit.concept_id)
    if facts is None or facts.domain not in ("VS", "GI"):
        return "laboratory"
    return "vital-signs" if facts.domain == "VS" else "imaging"


def name_test(habit: LabHabit) -> Resource:
    """The code of a test as the hospital writes it."""
    if habit.system == "TEXT":
        return concept(habit.text)
    system = LOINC if habit.system == "LOINC" else locate_codes(habit.site)
    return concept(habit.text, code(system, habit.code, habit.display))


def build_value(result: Result) -> dict[str, Any]:
    """value[x], or dataAbsentReason where nothing came of the test."""
    habit = result.habit
    if result.kind == "not done":
        return {"dataAbsentReason": word(habit.site, "NOT_DONE_REASON", result.reason)}
    if result.kind == "titre":
        ratio = {
            "numerator": {"value": write_number("1")},
            "denominator": {"value": write_number(result.number)},
        }
        return {"valueRatio": ratio} if habit.form == "ratio" else {"valueString": f"1:{result.number}"}
    if result.kind == "text":
        return _build_words(result)
    if habit.form == "string":
        return {"valueString": _print_string(result)}
    if habit.form == "integer" and not result.comparator:
        return {"valueInteger": write_number(result.number)}
    unit_code = habit.unit_code if result.unit == habit.unit else ""
    return {"valueQuantity": quantity(result.number, result.unit, unit_code, result.comparator)}


def _build_words(result: Result) -> dict[str, Any]:
    if result.words:
        return {"valueString": result.words}
    said = find_text(result.habit.site, "LBSTRESC", result.value, result.habit.concept_id)
    if result.habit.site == "zhongshan" and result.habit.form != "string":
        return {"valueCodeableConcept": say(said)}
    return {"valueString": said.said}


def _print_string(result: Result) -> str:
    """Comparator, digits, unit and arrow in one text, as a laboratory system prints them."""
    comparator = (
        result.comparator.translate(_WIDE) if result.habit.concept_id == "HBVRNA" else result.comparator
    )
    text = f"{comparator}{result.number} {result.unit}".rstrip()
    return f"{text}↑" if result.indicator == "HIGH" else text


def _interpret(result: Result) -> list[Resource] | None:
    """Flags for what is abnormal; NORMAL only beside a range that is mere text."""
    if not result.indicator or (result.indicator == "NORMAL" and result.habit.range_form != "text"):
        return None
    if result.habit.form == "string" and result.indicator == "HIGH":  # the arrow stands in the text
        return None
    return [word(result.habit.site, "NRIND", result.indicator)]


def _build_range(result: Result) -> list[Resource] | None:
    if not (result.low or result.high):
        return None
    if result.habit.range_form == "text":
        return [{"text": print_range(result)}]
    unit = result.unit if _LIMIT_UNITS[find_manner(result.habit.site)] else ""
    unit_code = result.habit.unit_code if unit == result.habit.unit else ""
    limits = {name: limit for name, limit in (("low", result.low), ("high", result.high)) if limit}
    return [{name: quantity(limit, unit, unit_code) for name, limit in limits.items()}]
