"""Condition → table ``condition``."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from hbv_standards.canonical.concept_text import split_concept
from hbv_standards.ingest.codes import WITHDRAWN
from hbv_standards.ingest.elements import (
    ABSENT,
    Concept,
    Concepts,
    Notes,
    Period,
    Quantity,
    Range,
    Ref,
    Resource,
    Text,
)
from hbv_standards.ingest.fragments import read_concept, read_concepts, read_notes, read_reference
from hbv_standards.ingest.resources.onset import read_onset
from hbv_standards.ingest.resources.times import read_datetime
from hbv_standards.ingest.rows import Place, Rows

COLUMNS = (
    "clinical_concept", "verification_concept", "category_concepts", "severity_concept", "code_concept",
    "subject", "encounter",
    "start", "start_age",  # as sent: a date, an interval, a text; an age in words
    "end", "end_age",
    "recorded", "note",
)  # fmt: skip


class Condition(Resource):
    """Condition, R4 and R5."""

    clinical_status: Concept = ABSENT
    verification_status: Concept = ABSENT
    category: Concepts = ABSENT
    severity: Concept = ABSENT
    code: Concept = ABSENT
    subject: Ref = ABSENT
    encounter: Ref = ABSENT
    onset_date_time: Text = ""
    onset_age: Quantity | UnsetType = UNSET
    onset_period: Period | UnsetType = UNSET
    onset_range: Range | UnsetType = UNSET
    onset_string: Text = ""
    abatement_date_time: Text = ""
    abatement_age: Quantity | UnsetType = UNSET
    abatement_period: Period | UnsetType = UNSET
    abatement_range: Range | UnsetType = UNSET
    abatement_string: Text = ""
    recorded_date: Text = ""
    note: Notes = ABSENT


def read_withdrawal(o: Condition) -> tuple[str, str] | None:
    """Element and code with which a Condition is taken back; it has no ``status``. Raises :class:`ElementFault`."""
    said = read_concept(o.verification_status, "verificationStatus")
    codes = [coding.code for coding in split_concept(said)[1]] if said else []
    return next((("verificationStatus", code) for code in codes if code in WITHDRAWN), None)


def append_condition(o: Condition, place: Place, rows: Rows) -> None:
    """Append one Condition. Raises :class:`ElementFault`."""
    onset = read_onset(
        "onset",
        moment=o.onset_date_time, period=o.onset_period, text=o.onset_string, age=o.onset_age, ages=o.onset_range,
    )  # fmt: skip
    abatement = read_onset(
        "abatement",
        moment=o.abatement_date_time, period=o.abatement_period, text=o.abatement_string, age=o.abatement_age,
        ages=o.abatement_range,
    )  # fmt: skip
    rows["condition"].append(
        (
            *place,
            read_concept(o.clinical_status, "clinicalStatus"),
            read_concept(o.verification_status, "verificationStatus"),
            read_concepts(o.category, "category"),
            read_concept(o.severity, "severity"),
            read_concept(o.code, "code"),
            read_reference(o.subject, "subject"),
            read_reference(o.encounter, "encounter"),
            *onset,
            *abatement,
            read_datetime(o.recorded_date, "recordedDate"),
            read_notes(o.note, "note"),
        )
    )
