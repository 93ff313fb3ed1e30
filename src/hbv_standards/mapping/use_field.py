"""Column ``field`` of questions about a substance: what of its use an answer gives."""

from __future__ import annotations

from typing import NamedTuple

from hbv_standards.standards import read_codelist

USE_FIELDS = ("occurred", "dose", "frequency", "start_dtc", "end_dtc")
"""Fields of a use that an answer can give; an empty cell is the first."""


class UseField(NamedTuple):
    """A field of a use; unit and frequency are what the question says of a ``dose`` that the answer does not.

    ``wrong`` is the first part of the cell that is none of these.
    """

    name: str
    unit: str | None = None  # UNIT C71620, or a declared extension
    frequency: str | None = None  # FREQ C71113
    wrong: str | None = None


def read_use_field(cell: str | None, units: frozenset[str] | None = None) -> UseField:
    """``dose;CIGARETTE;QD``: the field, then in any order a term of FREQ and a unit.

    ``units`` are the units that may stand there; without it every part that is no term of FREQ is one.
    """
    name, *rest = [part.strip() for part in (cell or USE_FIELDS[0]).split(";")]
    if name not in USE_FIELDS:
        return UseField(name, wrong=name)
    unit = frequency = None
    for part in rest:
        if name != "dose":
            return UseField(name, wrong=part)
        if read_codelist("FREQ").term(part) is not None:
            frequency = part
        elif units is None or part in units:
            unit = part
        else:
            return UseField(name, wrong=part)
    return UseField(name, unit, frequency)
