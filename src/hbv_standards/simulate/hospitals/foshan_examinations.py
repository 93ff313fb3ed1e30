"""Foshan's examinations (R5): Procedures, with an ImagingStudy of each ultrasound.

Results of ultrasound are part of the study, those of elastography of the Procedure; the conclusion
is a note of the Procedure.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    Resource,
    annotate,
    code,
    concept,
    keep,
    refer,
    word,
)
from hbv_standards.simulate.hospitals.foshan_style import BASE, Style
from hbv_standards.simulate.records import Examination, Subject

_ULTRASOUND = "ABDOMINAL ULTRASOUND"
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
CODES = {
    _ULTRASOUND: concept("", code(f"{BASE}/CodeSystem/procedure", "US-ABD", "Abdominal ultrasound")),
    "TRANSIENT ELASTOGRAPHY": concept("FibroScan"),
}


def build_examinations(style: Style, subject: Subject) -> Iterator[Resource]:
    """Procedures and imaging studies of one subject."""
    for examination in subject.examinations:
        yield _build_procedure(style, subject, examination)
        if _has_study(examination):
            yield _build_study(style, subject, examination)


def link_results(style: Style, subject: Subject) -> dict[str, str]:
    """Keys of results → the text of the Reference to what they are part of."""
    return {
        key: style.link("ImagingStudy", f"{examination.key}-study")
        if _has_study(examination)
        else style.link("Procedure", examination.key)
        for examination in subject.examinations
        for key in examination.results
    }


def _has_study(examination: Examination) -> bool:
    return examination.done and examination.procedure == _ULTRASOUND


def _build_procedure(style: Style, subject: Subject, examination: Examination) -> Resource:
    reason = examination.reason
    return keep(
        resourceType="Procedure",
        id=examination.key,
        status="completed" if examination.done else "not-done",
        statusReason=word("foshan", "NOT_DONE_REASON", reason) if reason else None,
        code=CODES[examination.procedure],
        subject=refer(style.link("Patient", subject.person.patient_number)),
        encounter=refer(style.link("Encounter", f"{examination.contact}-enc")),
        occurrenceDateTime=examination.when.fhir if examination.done else "",
        note=annotate(examination.conclusion),
    )


def _build_study(style: Style, subject: Subject, examination: Examination) -> Resource:
    return {
        "resourceType": "ImagingStudy",
        "id": f"{examination.key}-study",
        "status": "available",
        "modality": [concept("", code(_DICOM, "US", "Ultrasound"))],
        "subject": refer(style.link("Patient", subject.person.patient_number)),
        "encounter": refer(style.link("Encounter", f"{examination.contact}-enc")),
        "started": examination.when.fhir,
        "partOf": [refer(style.link("Procedure", examination.key))],
    }
