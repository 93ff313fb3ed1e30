"""How a drug is given: Dosage and MedicationAdministration.dosage → columns."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from msgspec import UNSET, UnsetType

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.ingest.elements import ABSENT, Concept, Dosage, Element, Quantity, Text, Timing
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import read_concept, read_integer, read_number
from hbv_standards.ingest.primitives import is_code
from hbv_standards.ingest.resources.times import Span, read_timing
from hbv_standards.ingest.rows import Place, Rows

_DAYS = {"d": 1, "day": 1, "days": 1, "天": 1, "日": 1, "wk": 7, "week": 7, "weeks": 7, "周": 7}


class GivenDosage(Element):
    """MedicationAdministration.dosage."""

    text: Text = ""
    site: Concept = ABSENT
    route: Concept = ABSENT
    dose: Quantity | UnsetType = UNSET


class DosageText(NamedTuple):
    """A dosage as columns, and the span of time that it states."""

    dose_value: str | None = None
    dose_unit_text: str | None = None
    dose_unit_code: str | None = None
    route_concept: str | None = None
    site_concept: str | None = None
    frequency: str | None = None
    timing_concept: str | None = None
    dosage_text: str | None = None


def read_given_dosage(dosage: GivenDosage | UnsetType) -> DosageText:
    """MedicationAdministration.dosage as columns. Raises :class:`ElementFault`."""
    if dosage is UNSET:
        return DosageText()
    return DosageText(
        *read_amount(dosage.dose, "dosage.dose"),
        read_concept(dosage.route, "dosage.route"),
        read_concept(dosage.site, "dosage.site"),
        dosage_text=dosage.text or None,
    )


class Instruction(NamedTuple):
    """One dosage of a use; ``path`` below the use is empty where it speaks for the whole of it."""

    path: str
    dosage: DosageText
    span: Span


def read_instructions(
    dosages: list[Dosage], name: str, place: Place, rows: Rows, *, one_event: bool = False
) -> list[Instruction]:
    """What the dosages of a use say, never none.

    Dosages that follow each other, each in a period of its own, are one instruction each. Others, such as
    a morning and an evening dose, cannot be told as one dose: what they agree on is kept, what they do not
    is left out, and that is noted in the rows ``repeated``. ``one_event``: the use is a moment, such as the
    handing over of a box, which has one row whatever is printed on it. Raises :class:`ElementFault`.
    """
    if not dosages:
        return [Instruction("", DosageText(), (None, None))]
    read = [_read_dosage(dosage, f"{name}[{at}]") for at, dosage in enumerate(dosages)]
    if len(read) == 1:
        return [Instruction("", *read[0])]
    if not one_event and follow_each_other([span for _, span in read]):
        return [Instruction(f"{name}[{at}]", *one) for at, one in enumerate(read)]
    rows["repeated"].append((*place[:2], f"{place[2]}.{name}", len(dosages)))
    return [_agree_instructions(read)]


def follow_each_other(spans: Sequence[Span]) -> bool:
    """Whether every span has a start, and an end no later than the start of the next; the last may be open."""
    ordered = sorted(spans, key=lambda span: span[0] or "")
    return all(start is not None for start, _ in ordered) and all(
        end is not None and next_start is not None and end[:10] <= next_start[: len(end[:10])]
        for (_, end), (next_start, _) in pairwise(ordered)
    )


def _agree_instructions(read: Sequence[tuple[DosageText, Span]]) -> Instruction:
    """What all dosages that say anything of it say alike; their texts stand together.

    Two dosages once daily may be two doses a day: a frequency that more than one states is nobody's. The span is
    that from the first start to the last end, where all of them have one.
    """
    said = [_agree(cells) for cells in zip(*(dosage for dosage, _ in read), strict=True)]
    text = "; ".join(dosage.dosage_text for dosage, _ in read if dosage.dosage_text)
    starts, ends = zip(*(span for _, span in read), strict=True)
    start = None if None in starts else min(filter(None, starts))
    end = None if None in ends else max(filter(None, ends))
    joined = DosageText(*said)._replace(dosage_text=text or None)
    if sum(dosage.frequency is not None for dosage, _ in read) > 1:
        joined = joined._replace(frequency=None, timing_concept=None)
    return Instruction("", joined, (start, end))


def _agree(cells: tuple[str | None, ...]) -> str | None:
    known = {cell for cell in cells if cell is not None}
    return known.pop() if len(known) == 1 else None


def _read_dosage(dosage: Dosage, path: str) -> tuple[DosageText, Span]:
    doses = [d.dose_quantity for d in dosage.dose_and_rate]
    timing = dosage.timing
    code = read_concept(timing.code, f"{path}.timing.code") if timing is not UNSET else None
    columns = DosageText(
        *read_amount(doses[0] if doses else UNSET, f"{path}.doseAndRate[0].doseQuantity"),
        read_concept(dosage.route, f"{path}.route"),
        read_concept(dosage.site, f"{path}.site"),
        _read_frequency(timing, code, f"{path}.timing"),
        code,
        dosage.text or None,
    )
    return columns, read_timing(timing, f"{path}.timing")


def read_amount(quantity: Quantity | UnsetType, path: str) -> tuple[str | None, str | None, str | None]:
    """Number, unit and unit code of a SimpleQuantity, which has no comparator."""
    if quantity is UNSET:
        return None, None, None
    if quantity.comparator is not UNSET:
        raise ElementFault(f"{path}.comparator", "is not allowed in a SimpleQuantity")
    if quantity.code and not is_code(quantity.code):
        raise ElementFault(f"{path}.code", "is not a code (no blanks before, after or doubled)")
    return read_number(quantity.value, f"{path}.value"), quantity.unit or None, quantity.code or None


def _read_frequency(timing: Timing | UnsetType, code: str | None, path: str) -> str | None:
    """The code of Timing.code, else "frequency/period/periodUnit" such as "1/1/wk"."""
    if code is not None:
        codings = split_concept(code)[1]
        if codings and codings[0].code:
            return codings[0].code
    repeat = timing.repeat if timing is not UNSET else UNSET
    if repeat is UNSET:
        return None
    frequency = read_integer(repeat.frequency, f"{path}.repeat.frequency")
    period = read_number(repeat.period, f"{path}.repeat.period")
    unit = repeat.period_unit
    return f"{frequency or '1'}/{period}/{unit}" if period is not None and unit is not UNSET else None


def read_days(duration: Quantity | UnsetType, path: str) -> str | None:
    """A Duration in days, as sent; weeks are told in days. Months have no fixed length and give None."""
    number, text, code = read_amount(duration, path)
    days = _DAYS.get(code or text or "")
    if number is None or days is None:
        return None
    return number if days == 1 else f"{Decimal(number) * days:f}"
