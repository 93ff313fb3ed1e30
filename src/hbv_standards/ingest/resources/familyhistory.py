"""FamilyMemberHistory → table ``familymemberhistory``, a row for each disease of the relative.

The relative's name is not read at all. A relative of whom no disease is told has one row without code.
"""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from hbv_standards.ingest.codes import FamilyHistoryStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    Concept,
    Element,
    Notes,
    Period,
    Quantity,
    Range,
    Ref,
    Resource,
    Text,
)
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import Texts, read_concept, read_notes, read_reference
from hbv_standards.ingest.resources.onset import read_onset
from hbv_standards.ingest.resources.times import read_datetime
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "status", "subject", "recorded", "absent_concept", "relationship_concept",
    "code_concept",  # missing where no disease is told
    "start", "start_age", "note",
)  # fmt: skip


class RelativeCondition(Element):
    """FamilyMemberHistory.condition."""

    left_out: bool = field(default=False, name="-")  # written by the gate, see faults.LEFT_OUT
    code: Concept = ABSENT
    onset_age: Quantity | UnsetType = UNSET
    onset_period: Period | UnsetType = UNSET
    onset_range: Range | UnsetType = UNSET
    onset_string: Text = ""
    note: Notes = ABSENT


class FamilyMemberHistory(Resource):
    """FamilyMemberHistory, R4 and R5."""

    status: FamilyHistoryStatus | UnsetType = UNSET
    patient: Ref = ABSENT
    date: Text = ""
    data_absent_reason: Concept = ABSENT
    relationship: Concept = ABSENT
    note: Notes = ABSENT
    condition: list[RelativeCondition] = field(default_factory=list)


def append_family_history(o: FamilyMemberHistory, place: Place, rows: Rows) -> None:
    """Append the diseases of one relative. Raises :class:`ElementFault`."""
    if o.status is UNSET:
        raise ElementFault("status", "is missing")
    about = (
        o.status,
        read_reference(o.patient, "patient"),
        read_datetime(o.date, "date"),
        read_concept(o.data_absent_reason, "dataAbsentReason"),
        read_concept(o.relationship, "relationship"),
    )
    note = read_notes(o.note, "note")
    told = [(at, disease) for at, disease in enumerate(o.condition) if not disease.left_out]
    if not told:
        rows["familymemberhistory"].append((*place, *about, None, None, None, note))
    source, anchor, path = place
    for at, disease in told:
        node = (source, anchor, f"{path}.condition[{at}]")
        try:
            cells = _read_disease(disease)
            own = read_notes(disease.note, "note")
        except ElementFault as fault:
            raise fault.below(f"condition[{at}]") from None
        rows["familymemberhistory"].append(
            (*node, *about, *cells, "\n".join(filter(None, (own, note))) or None)
        )


def _read_disease(disease: RelativeCondition) -> Texts:
    code = read_concept(disease.code, "code")
    if code is None:
        raise ElementFault("code", "is missing")
    onset = read_onset(
        "onset",
        period=disease.onset_period, text=disease.onset_string, age=disease.onset_age, ages=disease.onset_range,
    )  # fmt: skip
    return code, *onset
