"""Examinations as they should stand in PR, and everybody's remarks in CO."""

from __future__ import annotations

from collections.abc import Iterator

from hbv_standards.simulate.habits import read_tests
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.truth.epochs import build_epochs
from hbv_standards.simulate.truth.visits import assign_visits

Row = dict[str, str]
PROCEDURE_COLUMNS = ("SUBJID", "PRTRT", "PRPRESP", "PROCCUR", "PRREASOC", "VISITNUM", "EPOCH", "PRSTDTC")
COMMENT_COLUMNS = ("SUBJID", "RDOMAIN", "TEXT_EN", "TEXT_ZH")

ENGLISH = {
    "标本轻度溶血，结果仅供参考。": "Specimen slightly hemolyzed; result for reference only.",
    "已复核，建议结合临床。": "Checked again; to be interpreted together with the clinical findings.",
    "肝脏形态正常，肝内回声稍增粗，门静脉未见扩张。": (
        "Liver of normal shape, hepatic echo slightly coarse, portal vein not dilated."
    ),
    "肝脏大小形态正常，肝内光点增粗。": "Liver of normal size and shape, hepatic echo coarse.",
    "患者家属陪同就诊，已转精神科会诊。": "Patient came with family; referred to psychiatric consultation.",
}
"""Remarks in Chinese that an ASCII build carries in English."""


def list_procedures(subject: Subject) -> Iterator[Row]:
    """PR rows of a subject; what was not done has a visit and no time."""
    visits, name_epoch = assign_visits(subject), build_epochs(subject)
    days = {contact.key: contact.day for contact in subject.contacts}
    for examination in subject.examinations:
        day = days[examination.contact]
        done = examination.when.dtc if examination.done else ""
        cells = (
            subject.number, examination.procedure, "Y", "Y" if examination.done else "N", examination.reason,
            visits[day], name_epoch(done or day.isoformat()), done,
        )  # fmt: skip
        yield dict(zip(PROCEDURE_COLUMNS, cells, strict=True))


def list_comments(subject: Subject) -> Iterator[Row]:
    """CO rows of a subject: the ASCII build leaves out what is neither ASCII nor translated."""
    for domain, text in _list_remarks(subject):
        cells = (subject.number, domain, text if text.isascii() else ENGLISH.get(text, ""), text)
        yield dict(zip(COMMENT_COLUMNS, cells, strict=True))


def _list_remarks(subject: Subject) -> Iterator[tuple[str, str]]:
    """Domain and words of every remark."""
    tests = read_tests()
    for contact in subject.contacts:
        for result in contact.results:
            if result.note and not result.fault:
                yield tests[result.habit.concept_id].domain, result.note
    for examination in subject.examinations:
        if examination.conclusion:
            yield "PR", examination.conclusion
    for reaction in subject.reactions:
        if reaction.illness.note and not reaction.fault:
            yield "AE", reaction.illness.note
    for illness in subject.illnesses:
        if illness.note and illness.fault != "refuted":
            yield "MH", illness.note
