"""Answers to questions about a substance: whether, how much, how often, from when to when."""

from __future__ import annotations

import re
from typing import NamedTuple

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.ingest.result_text import read_result_text
from hbv_standards.mapping.apply import Match, SiteMapper
from hbv_standards.mapping.use_field import UseField, read_use_field


class UseAnswer(NamedTuple):
    """What one distinct answer gives. ``status`` is a value of USE_STATUS, or Y or N.

    ``start`` and ``end`` are dates as sent. ``issue`` is the code of what is wrong with ``lost``,
    ``cure`` the codelist that lacks it.
    """

    status: str | None = None
    dose: str | None = None
    dose_unit: str | None = None
    frequency: str | None = None
    start: str | None = None
    end: str | None = None
    issue: str | None = None
    lost: str | None = None
    cure: str | None = None


ANSWER_KEYS = ["site", "target", "field", "value_kind", "value_text", "comparator", "unit_text", "unit_code",
               "value_concept", "absent_concept"]  # fmt: skip
_NUMERIC = frozenset({"quantity", "integer"})
_YEAR = re.compile(r"[12][0-9]{3}")


def read_use_answer(
    mapper: SiteMapper,
    substance: str,
    field: str | None,
    kind: str | None,
    text: str | None,
    comparator: str | None,
    unit_text: str | None,
    unit_code: str | None,
    concept: str | None,
    absent: str | None,
) -> UseAnswer:
    """What an answer (value columns of table ``observation``) says of the use of a substance."""
    asked = read_use_field(field)
    sent = text or (describe_answer(concept) if concept else None)
    if sent is None or absent is not None:
        return UseAnswer(issue="HBV-CAN-003", lost=None)
    if asked.name == "occurred":
        return _read_status(mapper, sent, concept)
    if asked.name == "frequency":
        match = _map(mapper, "FREQ", sent, concept)
        return UseAnswer(frequency=match.value) if match else _unmapped(sent, "FREQ")
    if asked.name == "dose":
        return _read_dose(mapper, substance, asked, kind, sent, comparator, unit_text, unit_code)
    if kind in _NUMERIC and (comparator is not None or not _YEAR.fullmatch(sent)):
        # 2010.5 is no May, and 30 may be an age or a number of years
        return UseAnswer(issue="HBV-CAN-004", lost=f"{comparator or ''}{sent}")
    return UseAnswer(start=sent) if asked.name == "start_dtc" else UseAnswer(end=sent)


def describe_answer(concept: str) -> str | None:
    """The words of a coded answer, else its code."""
    text, codings = split_concept(concept)
    return text or next((c.display or c.code for c in codings if c.display or c.code), None)


def _map(mapper: SiteMapper, codelist: str, sent: str, concept: str | None) -> Match | None:
    return mapper.map_concept(codelist, concept) if concept else mapper.map_value(codelist, sent)


def _unmapped(sent: str, codelist: str) -> UseAnswer:
    return UseAnswer(issue="HBV-MAP-005", lost=sent, cure=codelist)


def _read_status(mapper: SiteMapper, sent: str, concept: str | None) -> UseAnswer:
    status = _map(mapper, "USE_STATUS", sent, concept) or _map(mapper, "NY", sent, concept)
    if status is None:
        return _unmapped(sent, "USE_STATUS")
    if status.value in ("U", "NA"):  # asked, and nobody knows: says nothing of the use
        return UseAnswer(issue="HBV-CAN-003", lost=sent)
    return UseAnswer(status=status.value)


def _read_dose(
    mapper: SiteMapper,
    substance: str,
    asked: UseField,
    kind: str | None,
    sent: str,
    comparator: str | None,
    unit_text: str | None,
    unit_code: str | None,
) -> UseAnswer:
    """Number, unit and frequency; what the question implies stands in where the answer says nothing."""
    number: str | None = sent
    lost = f"{comparator or ''}{sent}"
    if kind == "string":
        parts = read_result_text(sent)
        number, comparator, unit_text = parts.number, parts.comparator, parts.words
    elif kind not in _NUMERIC:
        number = None
    if number is None or comparator is not None or number.startswith("-"):
        return UseAnswer(issue="HBV-CAN-005", lost=lost)
    if not (unit_text or unit_code):
        return UseAnswer(dose=number, dose_unit=asked.unit, frequency=asked.frequency)
    unit, frequency = read_unit_per_time(mapper, substance, unit_text, unit_code)
    made = UseAnswer(dose=number, dose_unit=unit, frequency=frequency)
    if unit is None:  # an amount in an unknown unit may be no amount per day: pack-years
        return made._replace(issue="HBV-MAP-002", lost=unit_text or unit_code)
    return made._replace(frequency=frequency or asked.frequency)


def read_unit_per_time(
    mapper: SiteMapper, substance: str, text: str | None, code: str | None
) -> tuple[str | None, str | None]:
    """Unit and frequency of an amount per time (``支/天``, ``g/d``), by rows of FREQ such as ``/天``.

    A unit that holds no such time is looked up as a whole.
    """
    amounts: list[str | None] = []
    times: list[str] = []
    for spelling in (code, text):
        amount, stroke, time = (spelling or "").rpartition("/")
        match = mapper.map_value("FREQ", stroke + time.strip()) if stroke and amount else None
        amounts.append(amount.strip() if match else spelling)
        times += [match.value] if match else []
    unit = mapper.map_unit(amounts[0], amounts[1], substance)
    return (unit.unit_value if unit else None), (times[0] if times else None)
