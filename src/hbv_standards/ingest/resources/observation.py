"""Observation → table ``observation``: one row per node that bears a value.

That is the Observation itself when it has a value or a reason for none, or has no parts; and each
component. A pure panel (parts but no value) keeps one row of ``value_kind`` "panel".
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.codes import ObservationStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    Concept,
    Concepts,
    Element,
    Holds,
    Notes,
    Number,
    Period,
    Quantity,
    Range,
    Ratio,
    Ref,
    Refs,
    ResourceMeta,
    Sign,
    Text,
    Timing,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import (
    RangeText,
    ReferenceRange,
    Texts,
    read_concept,
    read_concepts,
    read_first_concept,
    read_first_reference,
    read_integer,
    read_notes,
    read_number,
    read_range,
    read_reference,
    read_references,
)
from hbv_standards.ingest.primitives import is_code, is_time
from hbv_standards.ingest.resources.times import read_datetime, read_effective, read_instant, read_period
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "is_part", "code_concept", "status", "category_concepts", "subject", "encounter", "specimen",
    "effective_start", "effective_end", "issued", "value_kind", "value_text", "comparator", "unit_text",
    "unit_code", "unit_system", "value_concept", "absent_concept", "interpretation_concept", "range_low",
    "range_high", "range_text", "range_unit_text", "range_unit_code", "range_unit_system", "method_concept",
    "body_site_concept", "performer", "note", "has_member", "members", "parent_code_concept", "parts",
)  # fmt: skip

NO_VALUE: Texts = ("none", None, None, None, None, None, None)
_NO_RANGE = RangeText(None, None, None, None, None, None)


class ObservedValue(Element):
    """value[x] and what qualifies it, of an Observation or one of its components."""

    code: Concept = ABSENT
    value_quantity: Quantity | UnsetType = UNSET
    value_codeable_concept: Concept = ABSENT
    value_string: Text = ""
    value_boolean: bool | UnsetType = UNSET
    value_integer: Number = ABSENT
    value_range: Range | UnsetType = UNSET
    value_ratio: Ratio | UnsetType = UNSET
    value_sampled_data: Raw = ABSENT
    value_time: Text = ""
    value_date_time: Text = ""
    value_period: Period | UnsetType = UNSET
    value_attachment: Raw = ABSENT
    value_reference: Raw = ABSENT
    data_absent_reason: Concept = ABSENT
    interpretation: Concepts = ABSENT
    reference_range: Annotated[Raw, Holds(list[ReferenceRange])] = ABSENT


class Component(ObservedValue):
    """Observation.component."""

    left_out: bool = field(default=False, name="-")  # written by the gate, see faults.LEFT_OUT


class Observation(ObservedValue):
    """Observation. The first four fields are those of :class:`Resource`: a struct has one base."""

    id: Text = ""
    meta: ResourceMeta | UnsetType = UNSET
    contained: Annotated[list[Raw], Holds("resources")] = field(default_factory=list)
    modifier_extension: Annotated[Raw, Holds("extensions")] = ABSENT
    status: ObservationStatus | UnsetType = UNSET
    category: Concepts = ABSENT
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    specimen: Ref = ABSENT
    effective_date_time: Text = ""
    effective_period: Period | UnsetType = UNSET
    effective_instant: Text = ""
    effective_timing: Timing | UnsetType = UNSET
    issued: Text = ""
    performer: Refs = ABSENT
    method: Concept = ABSENT
    body_site: Concept = ABSENT
    note: Notes = ABSENT
    part_of: Refs = ABSENT
    derived_from: Refs = ABSENT
    has_member: Refs = ABSENT
    component: list[Component] = field(default_factory=list)
    triggered_by: Sign = ABSENT
    body_structure: Sign = ABSENT
    instantiates_canonical: Sign = ABSENT
    instantiates_reference: Sign = ABSENT


def shows_r5(o: Observation) -> bool:
    """Whether an Observation has an element that only R5 has; nothing of R4 is missing from R5."""
    return bool(o.triggered_by or o.body_structure or o.instantiates_canonical or o.instantiates_reference)


def append_observation(o: Observation, place: Place, rows: Rows) -> None:
    """Append the rows of one Observation. Raises :class:`ElementFault`."""
    if o.status is UNSET:
        raise ElementFault("status", "is missing")
    code = read_concept(o.code, "code")
    if code is None:
        raise ElementFault("code", "is missing")
    components = [(at, part) for at, part in enumerate(o.component) if not part.left_out]
    members = read_references(o.has_member, "hasMember") if o.has_member else None
    start, end = read_effective(o)
    about = (
        o.status,
        read_concepts(o.category, "category"),
        read_reference(o.subject, "subject"),
        read_reference(o.encounter, "encounter"),
        read_reference(o.specimen, "specimen"),
        start,
        end,
        read_instant(o.issued, "issued"),
    )
    tail = (
        read_concept(o.method, "method") if o.method else None,
        read_concept(o.body_site, "bodySite") if o.body_site else None,
        read_first_reference(o.performer, "performer"),
        read_notes(o.note, "note") if o.note else None,
    )
    value = read_result(o)
    if value[0] == "none" and not o.data_absent_reason and (components or members):
        value = ("panel", *value[1:])
    parts = _read_parts(o) if o.part_of or o.derived_from else None
    table = rows["observation"]
    table.append((*place, False, code, *about, *value, *tail, members is not None, members, None, parts))
    source, anchor, path = place
    for at, part in components:
        try:
            part_value = read_result(part)
        except ElementFault as fault:
            raise fault.below(f"component[{at}]") from None
        node = (source, anchor, f"{path}.component[{at}]", True, _read_part_code(part, at))
        table.append((*node, *about, *part_value, *tail, False, None, code, parts))


def _read_parts(o: Observation) -> str | None:
    """What the result is part of, and what it was taken from: a Procedure or an ImagingStudy."""
    sent = (read_references(o.part_of, "partOf"), read_references(o.derived_from, "derivedFrom"))
    return GS.join(filter(None, sent)) or None


def _read_part_code(part: Component, at: int) -> str:
    code = read_concept(part.code, f"component[{at}].code")
    if code is None:
        raise ElementFault(f"component[{at}].code", "is missing")
    return code


def read_result(o: ObservedValue) -> Texts:
    """value_kind … value_concept, absent, interpretation and range columns of one node."""
    return (
        *read_value(o),
        read_concept(o.data_absent_reason, "dataAbsentReason") if o.data_absent_reason else None,
        read_first_concept(o.interpretation, "interpretation") if o.interpretation else None,
        *(read_range(o.reference_range, "referenceRange") or _NO_RANGE),
    )


def read_value(o: ObservedValue) -> Texts:
    """Kind, text, comparator, unit text, unit code, unit system and concept of value[x].

    Raises :class:`ElementFault` when two values were sent: nobody can tell which one holds.
    """
    if _count_values(o) > 1:
        raise ElementFault("value", "was sent in two types")
    quantity = o.value_quantity
    if quantity is not UNSET:
        return read_quantity(quantity, "valueQuantity")
    if o.value_codeable_concept:
        concept = read_concept(o.value_codeable_concept, "valueCodeableConcept")
        return ("concept", None, None, None, None, None, concept) if concept else NO_VALUE
    if o.value_string:
        return _text("string", o.value_string)
    return _read_rare_value(o)


def _text(kind: str, text: str | None) -> Texts:
    return (kind, text, None, None, None, None, None)


def _count_values(o: ObservedValue) -> int:
    return (
        (o.value_quantity is not UNSET) + (o.value_boolean is not UNSET) + (o.value_range is not UNSET)
        + (o.value_ratio is not UNSET) + (o.value_period is not UNSET)
        + bool(o.value_codeable_concept) + bool(o.value_string) + bool(o.value_integer)
        + bool(o.value_sampled_data) + bool(o.value_time) + bool(o.value_date_time)
        + bool(o.value_attachment) + bool(o.value_reference)
    )  # fmt: skip


def read_quantity(quantity: Quantity, path: str) -> Texts:
    """A Quantity as value columns; without a number it is no value, whatever its unit."""
    try:
        number = read_number(quantity.value, "value")
    except ElementFault as fault:
        raise fault.below(path) from None
    if quantity.code and not is_code(quantity.code):
        raise ElementFault(f"{path}.code", "is not a code (no blanks before, after or doubled)")
    comparator = quantity.comparator if quantity.comparator is not UNSET else None
    kind = "quantity" if number is not None else "none"
    return (
        kind,
        number,
        comparator,
        quantity.unit or None,
        quantity.code or None,
        quantity.system or None,
        None,
    )


def _read_rare_value(o: ObservedValue) -> Texts:
    if o.value_integer:
        return _text("integer", read_integer(o.value_integer, "valueInteger"))
    if o.value_boolean is not UNSET:
        return _text("boolean", "true" if o.value_boolean else "false")
    if o.value_ratio is not UNSET:
        return _read_ratio(o.value_ratio)
    if o.value_range is not UNSET:
        return _read_range_value(o.value_range)
    if o.value_date_time:
        return _text("datetime", read_datetime(o.value_date_time, "valueDateTime"))
    if o.value_time:
        if not is_time(o.value_time):
            raise ElementFault("valueTime", "is not a time")
        return _text("other", o.value_time)
    if o.value_period is not UNSET:
        start, end = read_period(o.value_period, "valuePeriod")
        return _text("other", f"{start or ''}/{end or ''}")
    return _text("other", None) if _count_values(o) else NO_VALUE


def _read_ratio(ratio: Ratio) -> Texts:
    """A titre "1:320"; the units are joined only where both sides have one, as in mg/mL."""
    if ratio.numerator is UNSET or ratio.denominator is UNSET:
        return NO_VALUE
    _, over, comparator, unit, code, system, _ = read_quantity(ratio.numerator, "valueRatio.numerator")
    _, under, _, per, per_code, _, _ = read_quantity(ratio.denominator, "valueRatio.denominator")
    if over is None or under is None:
        return NO_VALUE
    units = (f"{unit}/{per}" if unit and per else unit, f"{code}/{per_code}" if code and per_code else code)
    return ("ratio", f"{over}:{under}", comparator, *units, system, None)


def _read_range_value(sent: Range) -> Texts:
    sides = [
        read_quantity(side, f"valueRange.{name}") if side is not UNSET else NO_VALUE
        for name, side in (("low", sent.low), ("high", sent.high))
    ]
    low, high = sides
    if low[1] is None and high[1] is None:
        return NO_VALUE
    unit = low if low[3] or low[4] else high
    return ("range", f"{low[1] or ''}-{high[1] or ''}", None, *unit[3:6], None)
