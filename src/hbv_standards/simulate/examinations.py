"""Ultrasound and elastography as examinations with their words, and remarks beside results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from hbv_standards.simulate.habits import read_tests
from hbv_standards.simulate.hospital_names import find_manner
from hbv_standards.simulate.records import Contact, Examination, Result, Subject

_IMAGING_VISITS = (2, 4, 6)
_AFTER = 35  # minutes after arrival
_NOT_DONE = ("stable", 4)  # role and visit at which the planned ultrasound was not done
_FINDINGS = {
    "zhongshan": "肝脏形态正常，肝内回声稍增粗，门静脉未见扩张。",
    "foshan": "Liver echo slightly coarse. Portal vein and spleen normal. No focal lesion.",
    "guangzhou": "肝脏大小形态正常，肝内光点增粗。",
}
_LONG = {
    "zhongshan": "",
    "foshan": (
        "Liver of normal size with a smooth surface; parenchymal echo slightly coarse and homogeneous, no focal "
        "lesion. Gallbladder wall not thickened, no stones. Portal vein 11 mm, hepatopetal flow. Spleen not "
        "enlarged. No ascites. Compared with the examination before there is no change worth mentioning."
    ),
    "guangzhou": (
        "肝脏大小、形态正常，包膜光滑，实质回声增粗、分布欠均匀，肝内血管纹理显示尚清，门静脉主干内径正常，"
        "血流方向正常；胆囊大小正常，壁不厚，腔内未见结石；脾脏不大，实质回声均匀；腹腔未见积液。"
        "提示：慢性肝病声像图改变，建议定期复查。"
    ),
}
_REMARKS = {
    "zhongshan": "标本轻度溶血，结果仅供参考。",
    "guangzhou": "已复核，建议结合临床。",
    "foshan": "Result confirmed in a second run.",
}
_LONG_REMARK = (
    "Specimen arrived at the laboratory four hours after it was drawn; it was spun and frozen at once. The "
    "result was confirmed in a second run with a fresh aliquot and a new lot of reagents. "
    "与前次结果相差较大，建议临床结合病情复查。"
)
_REMARKED = 0.004  # share of results with a remark


def add_examinations(subject: Subject, rng: Random, *, first: bool) -> Subject:
    """The subject with examinations and remarks. An ultrasound that was not done has no results."""
    undone = _NOT_DONE[1] if first and subject.role.role == _NOT_DONE[0] else None
    contacts = tuple(
        _drop_panel(contact, "ULTRASOUND") if contact.planned == undone else contact
        for contact in subject.contacts
    )
    contacts = tuple(_remark(contact, subject, rng, first=first) for contact in contacts)
    made = [e for c in contacts for e in _list_examinations(c, subject, rng, done=c.planned != undone)]
    return replace(subject, contacts=contacts, examinations=tuple(made))


def _drop_panel(contact: Contact, panel: str) -> Contact:
    return replace(contact, results=tuple(r for r in contact.results if _find_panel(r) != panel))


def _find_panel(result: Result) -> str:
    facts = read_tests().get(result.habit.concept_id)
    return facts.panel if facts else ""


def _list_examinations(
    contact: Contact, subject: Subject, rng: Random, *, done: bool
) -> Iterator[Examination]:
    """Both examinations wherever elastography was done; results that came to nothing belong to them too."""
    stiffness = [r for r in contact.results if _find_panel(r) == "ELASTOGRAPHY"]
    if not stiffness:
        return
    seen = [r.key for r in contact.results if _find_panel(r) == "ULTRASOUND"]
    when = contact.start.shift(minutes=_AFTER)
    yield Examination(
        key=f"{contact.key}-us",
        procedure="ABDOMINAL ULTRASOUND",
        when=when,
        contact=contact.key,
        results=tuple(seen),
        done=done,
        reason="" if done else "NOT PERFORMED",
        conclusion=_conclude(contact, subject, rng) if done else "",
    )
    yield Examination(
        key=f"{contact.key}-te",
        procedure="TRANSIENT ELASTOGRAPHY",
        when=when,
        contact=contact.key,
        results=tuple(r.key for r in stiffness),
    )


def _conclude(contact: Contact, subject: Subject, rng: Random) -> str:
    """The examiner's words: long ones at the first subjects' baseline, mostly none elsewhere."""
    drawn = rng.random()
    if subject.place == 1 and contact.planned == 2 and _LONG[find_manner(subject.site)]:
        return _LONG[find_manner(subject.site)]
    return _FINDINGS[find_manner(subject.site)] if drawn < 0.3 else ""


def _remark(contact: Contact, subject: Subject, rng: Random, *, first: bool) -> Contact:
    """Now and then a remark beside a result; at week 12 of each hospital's first subjects always one."""
    results = [_annotate(r, subject, rng) for r in contact.results]
    if first and subject.place <= 2 and contact.planned == 3:
        at = next(i for i, r in enumerate(results) if r.habit.concept_id == "HBSAG_QN")
        long = subject.site == "foshan" and subject.place == 1
        results[at] = replace(results[at], note=_LONG_REMARK if long else _REMARKS[find_manner(subject.site)])
    return replace(contact, results=tuple(results))


def _annotate(result: Result, subject: Subject, rng: Random) -> Result:
    """A remark beside laboratory results that count and were not corrected."""
    drawn = rng.random()
    if (
        drawn >= _REMARKED
        or result.fault
        or result.earlier
        or not result.specimen
        or result.kind == "not done"
    ):
        return result
    return replace(result, note=_REMARKS[find_manner(subject.site)])
