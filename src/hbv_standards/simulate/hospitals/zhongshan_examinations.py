"""Zhongshan's examinations (R4): a Procedure each.

An ultrasound has a DiagnosticReport that lists its results and holds the conclusion; results of
elastography name the Procedure by partOf, and its conclusion is a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.fhir.elements import (
    LOINC,
    Resource,
    annotate,
    code,
    concept,
    keep,
    refer,
    word,
)
from hbv_standards.simulate.hospitals.zhongshan_links import BASE, link_resource, name_resource
from hbv_standards.simulate.records import Examination, Subject

_ULTRASOUND = "ABDOMINAL ULTRASOUND"
_SNOMED = "http://snomed.info/sct"
_SECTION = "http://terminology.hl7.org/CodeSystem/v2-0074"
CODES = {
    _ULTRASOUND: concept("腹部超声检查", code(_SNOMED, "45036003", "Ultrasonography of abdomen")),
    "TRANSIENT ELASTOGRAPHY": concept("肝脏弹性检测", code(f"{BASE}/CodeSystem/procedure", "ZS-FIBRO")),
}


def build_examinations(subject: Subject) -> Iterator[Resource]:
    """Procedures and reports of one subject."""
    for examination in subject.examinations:
        yield _build_procedure(subject, examination)
        if _has_report(examination):
            yield _build_report(subject, examination)


def link_results(subject: Subject) -> dict[str, str]:
    """Keys of results that name their Procedure → the text of the Reference."""
    return {
        key: link_resource("procedure", subject.number, examination.key)
        for examination in subject.examinations
        if not _has_report(examination)
        for key in examination.results
    }


def _has_report(examination: Examination) -> bool:
    return examination.done and examination.procedure == _ULTRASOUND


def _build_procedure(subject: Subject, examination: Examination) -> Resource:
    report = _has_report(examination)
    return keep(
        resourceType="Procedure",
        id=name_resource("procedure", subject.number, examination.key),
        status="completed" if examination.done else "not-done",
        statusReason=_explain(examination),
        code=CODES[examination.procedure],
        subject=refer(link_resource("patient", subject.person.patient_number)),
        encounter=refer(link_resource("encounter", examination.contact)),
        performedDateTime=examination.when.fhir if examination.done else "",
        report=[refer(link_resource("report", subject.number, examination.key))] if report else None,
        note=None if report else annotate(examination.conclusion),
    )


def _explain(examination: Examination) -> Resource | None:
    return word("zhongshan", "NOT_DONE_REASON", examination.reason) if examination.reason else None


def _build_report(subject: Subject, examination: Examination) -> Resource:
    return keep(
        resourceType="DiagnosticReport",
        id=name_resource("report", subject.number, examination.key),
        status="final",
        category=[concept("", code(_SECTION, "RAD", "Radiology"))],
        code=concept("腹部超声报告", code(LOINC, "24558-9", "US Abdomen")),
        subject=refer(link_resource("patient", subject.person.patient_number)),
        encounter=refer(link_resource("encounter", examination.contact)),
        effectiveDateTime=examination.when.fhir,
        result=[refer(link_resource("observation", key)) for key in examination.results],
        conclusion=examination.conclusion,
    )
