"""One contact of a subject: tubes are drawn, tests are done, results are written down."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from random import Random

from hbv_standards.simulate.courses import Traits, Value, compute_values
from hbv_standards.simulate.habits import LabHabit, list_texts, read_laboratory, read_tests
from hbv_standards.simulate.hospital_names import find_manner
from hbv_standards.simulate.laboratory import build_not_done, build_result
from hbv_standards.simulate.moments import Moment, Style
from hbv_standards.simulate.planting import list_uncollected, plant
from hbv_standards.simulate.records import Attendee, Contact, Extent, Result, Specimen
from hbv_standards.simulate.schedule import Appointment
from hbv_standards.simulate.tests_done import list_tests

_STYLES: dict[str, Style] = {"zhongshan": "zone", "guangzhou": "zone", "foshan": "minute"}
_TUBES = {"SERUM": 4, "BLOOD": 5, "PLASMA": 6, "PBMC": 8, "URINE": 20}  # minutes after arrival
_FASTING_VISITS = (2, 4, 6)
_NOT_DONE = 0.004  # share of tests that come to nothing
_CORRECTED = 0.01  # share of Foshan's results that are corrected later


def build_contact(
    patient: Attendee, traits: Traits, appointment: Appointment, count: int, day: int,
    extent: Extent, rng: Random, *, imaging_later: bool = False,
) -> Contact:  # fmt: skip
    """The contact with all its results; ``count`` numbers the contacts, ``day`` is the study day."""
    key = f"{patient.number}-c{count:02d}"
    start = Moment(appointment.start, _STYLES[find_manner(patient.site)])
    tubes = _draw_tubes(key, appointment, start)
    values = compute_values(traits, day, rng)
    habits = list_tests(patient.site, appointment, patient.sex, extent, imaging_later=imaging_later)
    results = [_report(key, habit, values, patient, start, tubes, rng) for habit in habits]
    if patient.role and patient.role.repeat and appointment.planned == 3:
        results += _repeat(key, patient, values, start, rng)
    results = [_spoil(result, patient.site, rng) for result in results]
    results = plant(results, patient, appointment, key, start, tubes)
    results += list_uncollected(key, patient, appointment, start, tubes)
    return Contact(key, start, appointment.planned, appointment.purpose, tuple(results))


def _draw_tubes(key: str, appointment: Appointment, start: Moment) -> dict[str, Specimen]:
    fasting = {1: "N"}.get(appointment.planned or 0, "Y" if appointment.planned in _FASTING_VISITS else "")
    return {
        kind: Specimen(
            f"{key}-{kind.lower()}", kind, start.shift(minutes=minutes), fasting if kind == "SERUM" else ""
        )
        for kind, minutes in _TUBES.items()
    }


def _report(
    key: str, habit: LabHabit, values: dict[str, Value], patient: Attendee, start: Moment,
    tubes: dict[str, Specimen], rng: Random,
) -> Result:  # fmt: skip
    tube = tubes.get(habit.specimen)
    vital = read_tests()[habit.concept_id].panel == "VITALS"
    when = tube.collected if tube else _time_measurement(patient, start, vital=vital)
    result = build_result(
        name_result(key, habit.concept_id), habit, values[habit.concept_id], patient.sex, when, tube
    )
    if habit.concept_id in ("SBP", "DBP") and patient.site == "zhongshan":
        return replace(result, position="SUPINE" if patient.place % 5 == 4 else "SITTING")
    if habit.concept_id == "TEMP" and find_manner(patient.site) == "guangzhou":
        return replace(result, location="AXILLA")
    if result.kind == "quantity" and rng.random() < _CORRECTED and patient.site == "foshan":
        return replace(result, earlier=replace(result, number=_misprint(result.number)))
    return result


def name_result(key: str, concept_id: str) -> str:
    """The result's key, fit to be a FHIR id."""
    return f"{key}-{concept_id.replace('_', '-')}"


def _time_measurement(patient: Attendee, start: Moment, *, vital: bool) -> Moment:
    """Vital signs: Guangzhou writes the day alone, a device of Zhongshan writes UTC."""
    when = start.shift(minutes=12 if vital else 35)
    if not vital:
        return when
    if find_manner(patient.site) == "guangzhou":
        return when.restyle("date")
    return when.restyle("utc") if patient.site == "zhongshan" and patient.place % 3 == 0 else when


def _repeat(
    key: str, patient: Attendee, values: dict[str, Value], start: Moment, rng: Random
) -> list[Result]:
    """Platelets and neutrophils from a second tube of the same day."""
    tube = Specimen(f"{key}-blood2", "BLOOD", start.shift(minutes=190))
    repeated = []
    for concept in ("PLT", "NEUT"):
        habit = read_laboratory(patient.site)[concept]
        value = float(values[concept]) * rng.uniform(1.02, 1.08)
        sent = tube if habit.specimen else None
        repeated.append(
            build_result(f"{name_result(key, concept)}-2", habit, value, patient.sex, tube.collected, sent)
        )
    return repeated


def _spoil(result: Result, site: str, rng: Random) -> Result:
    """Now and then a test comes to nothing."""
    if rng.random() >= _NOT_DONE or read_tests()[result.habit.concept_id].panel == "VITALS":
        return result
    reason = rng.choice([text.value for text in list_texts(site, "NOT_DONE_REASON")])
    return build_not_done(result, reason)


def _misprint(number: str) -> str:
    """A wrong first version: the first two different digits swapped, else a digit more."""
    digits = list(number)
    places = [i for i, digit in enumerate(digits) if digit.isdigit()]
    for one, other in pairwise(places):
        if digits[one] != digits[other] and digits[other] != "0":
            digits[one], digits[other] = digits[other], digits[one]
            return "".join(digits)
    return f"1{number}"
