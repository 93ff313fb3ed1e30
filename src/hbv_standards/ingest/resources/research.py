"""ResearchSubject, ResearchStudy and Consent → tables of the same names and ``milestone`` (R5)."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Raw, UnsetType, field

from hbv_standards.canonical.concept_text import GS
from hbv_standards.ingest.codes import ConsentStatus, ResearchStudyStatus, ResearchSubjectStatus
from hbv_standards.ingest.elements import (
    ABSENT,
    Concept,
    Element,
    Holds,
    Identifier,
    Period,
    Ref,
    Reference,
    Resource,
    Text,
)
from hbv_standards.ingest.fragments import read_concept, read_first_reference, read_reference
from hbv_standards.ingest.resources.identifiers import append_identifiers
from hbv_standards.ingest.resources.times import read_datetime, read_period
from hbv_standards.ingest.rows import Place, Rows

SUBJECT_COLUMNS = (
    "status", "subject", "study", "period_start", "period_end", "assigned_arm", "actual_arm", "consent",
    "subject_state_concept",
)  # fmt: skip
MILESTONE_COLUMNS = ("concept", "start", "end", "state_concept", "reason_concept")
STUDY_COLUMNS = ("title", "status", "identifiers")
CONSENT_COLUMNS = ("status", "subject", "dtc", "scope_concept")


class Progress(Element):
    """ResearchSubject.progress (R5)."""

    subject_state: Concept = ABSENT
    milestone: Concept = ABSENT
    reason: Concept = ABSENT
    start_date: Text = ""
    end_date: Text = ""


class ResearchSubject(Resource):
    """ResearchSubject: individual, arms and one consent in R4; subject, comparison groups in R5."""

    identifier: list[Identifier] = field(default_factory=list)
    status: ResearchSubjectStatus | UnsetType = UNSET
    individual: Ref = ABSENT
    subject: Ref = ABSENT
    study: Ref = ABSENT
    period: Period | UnsetType = UNSET
    assigned_arm: Text = ""
    actual_arm: Text = ""
    assigned_comparison_group: Text = ""
    actual_comparison_group: Text = ""
    consent: Annotated[Raw, Holds(Reference)] = ABSENT
    progress: list[Progress] = field(default_factory=list)


class ResearchStudy(Resource):
    """ResearchStudy."""

    identifier: list[Identifier] = field(default_factory=list)
    status: ResearchStudyStatus | UnsetType = UNSET
    title: Text = ""


class Consent(Resource):
    """Consent: patient, dateTime and scope in R4; subject and date in R5."""

    status: ConsentStatus | UnsetType = UNSET
    patient: Ref = ABSENT
    subject: Ref = ABSENT
    date_time: Text = ""
    date: Text = ""
    scope: Concept = ABSENT


def append_researchsubject(o: ResearchSubject, place: Place, rows: Rows) -> None:
    """Append one ResearchSubject and its milestones. Raises :class:`ElementFault`."""
    rows["researchsubject"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            read_reference(o.individual, "individual") or read_reference(o.subject, "subject"),
            read_reference(o.study, "study"),
            *read_period(o.period, "period"),
            o.assigned_arm or o.assigned_comparison_group or None,
            o.actual_arm or o.actual_comparison_group or None,
            _read_consent(o.consent),
            _append_milestones(o.progress, place, rows),
        )
    )
    append_identifiers(o.identifier, place, rows)


def _read_consent(raw: Raw) -> str | None:
    """One reference in R4, a list in R5."""
    return (read_first_reference if bytes(raw)[:1] == b"[" else read_reference)(raw, "consent")


def _append_milestones(progress: list[Progress], place: Place, rows: Rows) -> str | None:
    """Append each step; returns the subject's latest state."""
    source, anchor, path = place
    latest: tuple[str, str] | None = None
    for at, step in enumerate(progress):
        name = f"progress[{at}]"
        state = read_concept(step.subject_state, f"{name}.subjectState")
        start = read_datetime(step.start_date, f"{name}.startDate")
        rows["milestone"].append(
            (
                source, anchor, f"{path}.{name}",
                read_concept(step.milestone, f"{name}.milestone"),
                start,
                read_datetime(step.end_date, f"{name}.endDate"),
                state,
                read_concept(step.reason, f"{name}.reason"),
            )
        )  # fmt: skip
        if state and (latest is None or (start or "") >= latest[0]):
            latest = (start or "", state)
    return latest[1] if latest else None


def append_researchstudy(o: ResearchStudy, place: Place, rows: Rows) -> None:
    """Append one ResearchStudy."""
    numbers = GS.join(f"{i.system}|{i.value}" for i in o.identifier if i.value)
    status = o.status if o.status is not UNSET else None
    rows["researchstudy"].append((*place, o.title or None, status, numbers or None))
    append_identifiers(o.identifier, place, rows)


def append_consent(o: Consent, place: Place, rows: Rows) -> None:
    """Append one Consent. Raises :class:`ElementFault`."""
    rows["consent"].append(
        (
            *place,
            o.status if o.status is not UNSET else None,
            read_reference(o.patient, "patient") or read_reference(o.subject, "subject"),
            read_datetime(o.date_time, "dateTime") or read_datetime(o.date, "date"),
            read_concept(o.scope, "scope"),
        )
    )
