"""Adverse events: what treatment brings, what laboratory results show, and what ended participation.

Zhongshan and Foshan tell everything of an event; Guangzhou severity and dates, and a grade for
severe ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hbv_standards.simulate.diseases import Disease, choose_diseases, list_diseases, say_disease
from hbv_standards.simulate.grading import GRADED, find_episode
from hbv_standards.simulate.hospital_names import find_manner
from hbv_standards.simulate.protocol import compute_date
from hbv_standards.simulate.records import Dose, Illness, Reaction, Severity, Subject

_GRADES = {"MILD": "1", "MODERATE": "2", "SEVERE": "3"}
_SEVERITIES: dict[str, Severity] = {"2": "MODERATE", "3": "SEVERE", "4": "SEVERE"}
_GOES_ON = "NOT RECOVERED/NOT RESOLVED"
_OVER = "RECOVERED/RESOLVED"
_DRAWN = {"PEGIFN": (1, 1, 2, 3), "NACONT": (0, 0, 1)}
_CRITERIA = ("AESHOSP", "AESMIE")
_UNDATED = ("seroconverter", "thrombopenic")
_REMARKS = {
    "intolerant": "患者家属陪同就诊，已转精神科会诊。",
    "flaring": "Discussed with the investigator; liver function to be checked every week.",
}


def add_reactions(subject: Subject, rng: Random, *, first: bool) -> Subject:
    """The subject with adverse events, in the order of their keys; none for who was not treated."""
    if subject.day_one is None:
        return subject
    found = [*_list_caused(subject, rng), *_draw_usual(subject, rng)]
    if first:
        found = _plant(subject, found)
    kept = [_limit(subject, reaction) for reaction in found]
    return replace(
        subject, reactions=tuple(_hide(r) if find_manner(subject.site) == "guangzhou" else r for r in kept)
    )


def _list_caused(subject: Subject, rng: Random) -> Iterator[Reaction]:
    """Events that the role of the subject brings with it."""
    role, last = subject.role, subject.end or subject.contacts[-1].day
    assert subject.day_one
    if role.outcome == "ADVERSE EVENT":
        made = _begin(subject, "stop", list_diseases("stop")[0], rng)
        made = replace(made, action="DRUG WITHDRAWN", causality="RELATED")
        yield replace(made, serious="Y", criteria=_CRITERIA) if subject.site == "zhongshan" else made
    if role.outcome == "DEATH":
        made = _build(subject, "death", list_diseases("death")[0], last - timedelta(days=3), last)
        yield replace(
            made, grade="5", serious="Y", action="NOT APPLICABLE", outcome="FATAL", causality="NOT RELATED"
        )
    yield from _list_measured(subject)


def _list_measured(subject: Subject) -> Iterator[Reaction]:
    """Events that results show: graded by the worst, begun when the first of them was drawn."""
    for kind, concept in GRADED.items():
        episode = find_episode(subject, concept)
        if episode:
            grade = str(episode.grade)
            made = _build(subject, kind, list_diseases(kind)[0], episode.start, episode.end)
            made = replace(made, grade=grade, severity=_SEVERITIES[grade])
            dose = _find_lowered(subject.doses) if kind == subject.role.reduction else None
            if dose:
                made = replace(made, action="DOSE REDUCED", causality="RELATED", changed=dose.key)
            yield made


def _find_lowered(doses: tuple[Dose, ...]) -> Dose | None:
    """The first dose that is lower than the one before."""
    given = [dose for dose in doses if dose.given]
    return next((b for a, b in pairwise(given) if int(b.amount) < int(a.amount)), None)


def _draw_usual(subject: Subject, rng: Random) -> Iterator[Reaction]:
    drawn = choose_diseases(subject.arm, rng.choice(_DRAWN[subject.arm]), rng)
    for place, disease in enumerate(drawn, 1):
        made = _begin(subject, f"ae{place}", disease, rng)
        yield replace(made, causality="RELATED" if subject.arm == "PEGIFN" else "NOT RELATED")


def _begin(subject: Subject, name: str, disease: Disease, rng: Random) -> Reaction:
    assert subject.day_one
    start = compute_date(rng.randint(int(disease.from_day), int(disease.to_day)), subject.day_one)
    return _build(
        subject, name, disease, start, start + timedelta(int(disease.days)) if disease.days else None
    )


def _build(subject: Subject, name: str, disease: Disease, start: date, end: date | None) -> Reaction:
    """An event with everything that is usual for it."""
    severity = disease.severity
    illness = Illness(
        key=f"{subject.number}-{name}",
        english=disease.english,
        chinese=say_disease(subject.site, disease),
        icd10=disease.icd10 if find_manner(subject.site) != "guangzhou" else "",
        start=start.isoformat(),
        end=end.isoformat() if end else "",
        recorded=start.isoformat(),
        ongoing=end is None,
    )
    return Reaction(
        key=f"{illness.key}-event",
        illness=illness,
        severity=severity,  # type: ignore[arg-type]  # the table holds MILD, MODERATE and SEVERE
        grade=_GRADES[severity],
        action="DOSE NOT CHANGED",
        outcome=_OVER if end else _GOES_ON,
        causality="POSSIBLY RELATED",
    )


def _limit(subject: Subject, reaction: Reaction) -> Reaction:
    """What is not over when the subject is last seen goes on."""
    last, illness = subject.end or subject.contacts[-1].day, reaction.illness
    if not illness.end or date.fromisoformat(illness.end) <= last:
        return reaction
    return replace(reaction, illness=replace(illness, end="", ongoing=True), outcome=_GOES_ON)


def _hide(reaction: Reaction) -> Reaction:
    """What Guangzhou's list of problems holds of an event."""
    grade = reaction.grade if reaction.severity == "SEVERE" else ""
    return replace(
        reaction, grade=grade, serious="", criteria=(), action="", outcome="", causality="", changed=""
    )


def _plant(subject: Subject, found: list[Reaction]) -> list[Reaction]:
    """Remarks; events of which the end is not known; one of Foshan was entered in error, one is corrected later."""
    role = subject.role.role
    if role in _UNDATED:  # told by the state of the Condition alone: an outcome would want the end (FB3409)
        over = replace(found[-1].illness, end="", ongoing=False)
        found[-1] = replace(found[-1], illness=over, outcome="")
    if role in _REMARKS:
        found[0] = replace(found[0], illness=replace(found[0].illness, note=_REMARKS[role]))
    if role == "flaring":
        wrong = replace(found[-1], key=f"{subject.number}-wrong-event", fault="withdrawn", changed="")
        told = replace(wrong.illness, key=f"{subject.number}-wrong", note="")
        return [*found, replace(wrong, illness=told)]
    if role == "plain responder":
        right = replace(found[-1], severity="MODERATE", grade="2", earlier=found[-1])
        return [*found[:-1], right]
    return found
