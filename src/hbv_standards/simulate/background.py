"""What is asked at screening: smoking, drinking, earlier diseases, the family's, and how the infection came.

Every record is asked at the first contact. It holds what the hospital sends and no more: Guangzhou
has no codes for diseases, Zhongshan keeps no years of smoking.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Literal

from hbv_standards.simulate.diseases import Disease, choose_diseases, list_diseases, say_disease
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospital_names import find_manner, is_invented
from hbv_standards.simulate.records import Illness, Relative, Subject, Use

Status = Literal["NEVER", "FORMER", "CURRENT"]
_STATES: tuple[Status, ...] = ("NEVER", "FORMER", "CURRENT")
_SMOKERS = {"M": (45, 20, 35), "F": (92, 3, 5)}
_DRINKERS = {"M": (55, 20, 25), "F": (88, 4, 8)}
_CIGARETTES = ("5", "10", "15", "20", "40")
_GRAMS = ("10", "12.5", "20", "30", "40")
_ROUTES = ("VERTICAL TRANSMISSION",) * 5 + ("UNKNOWN",) * 3 + ("HORIZONTAL TRANSMISSION", "BLOOD TRANSFUSION")
_RELATIVES = {  # and how Guangzhou asks for hepatitis B of each
    "MOTHER": "母亲是否患乙肝",
    "FATHER": "父亲是否患乙肝",
    "SIBLING": "兄弟姐妹是否患乙肝",
}
_ILL_MOTHERS = ("clearer", "seroconverter", "late seroconverter")
_SMOKER, _MANY_ROUTES = "clearer", ("VERTICAL TRANSMISSION", "BLOOD TRANSFUSION")


def add_background(subject: Subject, rng: Random, *, first: bool) -> Subject:
    """The subject with uses, illnesses, relatives and routes; ``first`` of a role has what must occur."""
    planted = subject.role.role if first else ""
    return replace(
        subject,
        uses=tuple(_draw_uses(subject, planted, rng)),
        illnesses=tuple(_draw_illnesses(subject, planted, rng)),
        relatives=tuple(_draw_relatives(subject, planted, rng)),
        routes=_MANY_ROUTES if planted == _SMOKER else (rng.choice(_ROUTES),),
    )


def _draw_uses(subject: Subject, planted: str, rng: Random) -> Iterator[Use]:
    smoking = rng.choices(_STATES, _SMOKERS[subject.person.sex])[0]
    drinking = rng.choices(_STATES, _DRINKERS[subject.person.sex])[0]
    smoking = {"seroconverter": "CURRENT", "clearer": "FORMER", "late seroconverter": "FORMER"}.get(
        planted, smoking
    )  # type: ignore[assignment]  # the words of the dict are states
    yield _build_use(subject, "smoking", "CIGARETTE", smoking, (rng.choice(_CIGARETTES), "CIGARETTE"), rng)
    yield _build_use(subject, "drinking", "ALCOHOLIC BEVERAGE", drinking, (rng.choice(_GRAMS), "g"), rng)


def _build_use(
    subject: Subject, name: str, substance: str, status: Status, dose: tuple[str, str], rng: Random
) -> Use:
    """Zhongshan asks for the amount of cigarettes alone; the others for amounts and years."""
    began = max(subject.person.birth.year + 16, subject.consent.year - rng.randint(5, 30))
    ended = rng.randint(began, subject.consent.year - 1)
    counted = status != "NEVER" and (subject.site != "zhongshan" or substance == "CIGARETTE")
    dated = status != "NEVER" and subject.site != "zhongshan"
    return Use(
        key=f"{subject.number}-{name}",
        substance=substance,
        status=status,
        amount=dose[0] if counted else "",
        unit=dose[1] if counted else "",
        start=str(began) if dated else "",
        end=str(ended) if dated and status == "FORMER" else "",
        contact=subject.contacts[0].key,
    )


def _draw_illnesses(subject: Subject, planted: str, rng: Random) -> Iterator[Illness]:
    before = min([int(dose.start[:4]) for dose in subject.priors] or [subject.consent.year - 1])
    known = f"{before - rng.randint(0, 3)}-{rng.randint(1, 12):02d}"
    yield _build_illness(subject, "chb", list_diseases("primary")[0], known[: rng.choice((4, 7))], "")
    chosen = choose_diseases("history", rng.choice((0, 1, 1, 2)), rng)
    if planted == _SMOKER:  # one that is over, one whose date is a year written in Chinese
        chosen = [d for d in list_diseases("history") if d.icd10 in ("K35.8", "I10")]
    for place, disease in enumerate(chosen, 1):
        year = rng.randint(subject.person.birth.year + 12, subject.consent.year - 1)
        start = f"{year}-{rng.randint(1, 12):02d}"[: rng.choice((4, 7))]
        start = str(year) if planted == _SMOKER or (planted == "seroconverter" and place == 1) else start
        end = str(year) if disease.course == "over" else ""
        illness = _build_illness(subject, f"mh{place}", disease, start, end)
        yield _forget_end(subject, illness) if end and subject.place % 2 and planted != _SMOKER else illness
    if planted == "stable":
        refuted = _build_illness(subject, "refuted", list_diseases("refuted")[0], "", "")
        yield replace(refuted, fault="refuted", ongoing=False)
    if planted == "rescued":
        unmapped = _build_illness(subject, "unmapped", list_diseases("unmapped")[0], "", "")
        yield replace(unmapped, fault="unmapped")


def _build_illness(subject: Subject, name: str, disease: Disease, start: str, end: str) -> Illness:
    return Illness(
        key=f"{subject.number}-{name}",
        english=disease.english,
        chinese=say_disease(subject.site, disease),
        icd10=disease.icd10 if find_manner(subject.site) != "guangzhou" else "",
        primary=disease.kind == "primary",
        start=start,
        end=end,
        recorded=subject.contacts[0].day.isoformat(),
        ongoing=not end,
    )


def _forget_end(subject: Subject, illness: Illness) -> Illness:
    """A disease that is over, of which nobody knows since when. Foshan's server says when it was told."""
    stated = illness.recorded if subject.site == "foshan" else ""
    return replace(illness, end="", ongoing=False, stated=stated)


def _draw_relatives(subject: Subject, planted: str, rng: Random) -> Iterator[Relative]:
    """Guangzhou asks for hepatitis B of each relative, yes or no; the others are told of what there is."""
    hepatitis, *others = list_diseases("family")
    natural = ", BIOLOGICAL" if subject.site == "zhongshan" else ""  # HL7's codes of natural parents
    for place, (who, relationship) in enumerate(((who, who + natural) for who in _RELATIVES), 1):
        due = place == 1 and planted in _ILL_MOTHERS
        ill = rng.random() < 0.35 or due
        also = [d for d in others if rng.random() < 0.3 or (due and planted == "late seroconverter")]
        since = str(subject.consent.year - rng.randint(1, 20))
        key = f"{subject.number}-relative{place}"
        if find_manner(subject.site) == "guangzhou":
            told = (Illness(key, hepatitis.english, _ask_relative(subject.site, who)),)
            yield Relative(key, relationship, told if ill else (), () if ill else told)
        elif ill:
            named = [_name_disease(f"{key}-{n}", d, "") for n, d in enumerate((hepatitis, *also), 1)]
            yield Relative(key, relationship, (replace(named[0], start=since), *named[1:]))


def _ask_relative(site: str, who: str) -> str:
    """The question for hepatitis B of a relative."""
    if is_invented(site):
        return find_text(site, "QUESTION", "FAMILY", who).said
    return _RELATIVES[who]


def _name_disease(key: str, disease: Disease, start: str) -> Illness:
    return Illness(key, disease.english, disease.chinese, disease.icd10, start=start)
