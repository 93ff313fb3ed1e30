"""The synthetic trial, put together: people, calendars, courses, results and doses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from hbv_standards.simulate.background import add_background
from hbv_standards.simulate.courses import Traits
from hbv_standards.simulate.courses.traits import draw_traits
from hbv_standards.simulate.dosing import (
    ANALOGUES,
    Injection,
    plan_amounts,
    plan_injections,
    record_analogue,
    record_injections,
    record_priors,
    record_rescue,
)
from hbv_standards.simulate.examinations import add_examinations
from hbv_standards.simulate.habits import Role, read_cast
from hbv_standards.simulate.hospital_names import number_site
from hbv_standards.simulate.people import build_person
from hbv_standards.simulate.protocol import SITES, compute_day
from hbv_standards.simulate.reactions import add_reactions
from hbv_standards.simulate.records import Attendee, Bystander, Contact, Extent, Person, Subject, Trial
from hbv_standards.simulate.schedule import Appointment, Calendar, build_calendar
from hbv_standards.simulate.visiting import build_contact

_BYSTANDERS = 3  # patients of each hospital who are not in the trial
_OUTPATIENT = Role("", "", 0, "", "stable", *(False, "", "", "", 0), *(False,) * 4)


def simulate_trial(subjects: int, seed: int, *, extent: Extent = "full") -> Trial:
    """Simulate ``subjects`` subjects at three hospitals. Equal arguments give an equal trial.

    The first of each kind of subject comes first (24 kinds), the rest are drawn by their weights.
    ``extent`` "brief" leaves most subjects only the few tests that matter, for small fixtures; one
    subject of each hospital keeps all of them.
    """
    roles = _cast_roles(subjects, Random(f"{seed} cast"))
    places = dict.fromkeys(SITES, 0)
    made = []
    for index, (role, site) in enumerate(roles):
        places[site] += 1
        first = index < len(read_cast())
        subject = _build_subject(role, site, places[site], extent, Random(f"{seed} {index}"), first=first)
        made.append(_add_rest(subject, f"{seed} {index}", first=first))
    bystanders = [
        _build_bystander(site, place, seed) for site in SITES for place in range(1, _BYSTANDERS + 1)
    ]
    return Trial(seed, extent, tuple(made), tuple(bystanders))


def simulate_site(site: str, subjects: int, seed: int) -> Trial:
    """Simulate the subjects of one more hospital, of every kind in turn, with nothing planted.

    Nothing is planted there, so that all of it can be converted once the hospital's words are known.
    """
    cast = read_cast()
    rng = Random(f"{seed} cast of {site}")
    roles = [*cast[:subjects], *rng.choices(cast, [r.weight for r in cast], k=max(0, subjects - len(cast)))]
    made = []
    for place, role in enumerate(roles, 1):
        dice = f"{seed} {site} {place}"
        subject = _build_subject(role, site, place, "full", Random(dice), first=False)
        made.append(_add_rest(subject, dice, first=False))
    bystanders = [_build_bystander(site, place, seed) for place in range(1, _BYSTANDERS + 1)]
    return Trial(seed, "full", tuple(made), tuple(bystanders))


def _add_rest(subject: Subject, seed: str, *, first: bool) -> Subject:
    """What is told beside results and doses; each with its own dice, so that none moves another."""
    subject = add_background(subject, Random(f"{seed} background"), first=first)
    subject = add_reactions(subject, Random(f"{seed} reactions"), first=first)
    return add_examinations(subject, Random(f"{seed} examinations"), first=first)


def _cast_roles(subjects: int, rng: Random) -> list[tuple[Role, str]]:
    cast = read_cast()
    first = [(role, role.site) for role in cast[:subjects]]
    weights = [role.weight for role in cast]
    rest = range(len(first), subjects)
    return [*first, *((rng.choices(cast, weights)[0], SITES[index % len(SITES)]) for index in rest)]


def _build_subject(role: Role, site: str, place: int, extent: Extent, rng: Random, *, first: bool) -> Subject:
    number = f"{number_site(site)}{place:03d}"
    calendar = build_calendar(role, site, rng)
    person = build_person(site, place, calendar.consent, rng)
    amounts = plan_amounts(role, calendar, rng)
    plan = plan_injections(role, calendar, amounts, rng)
    traits = _draw_traits(role, person, calendar, plan, amounts, rng)
    attendee = Attendee(site, number, place, person.sex, role if first else None)
    wide = extent if place > 1 else "full"
    contacts = _build_contacts(attendee, traits, calendar, wide, rng)
    last = _find_last_day(role, calendar, contacts)
    drug = rng.choice(ANALOGUES)
    priors = record_priors(site, calendar, drug, rng)
    return Subject(
        number=number,
        site=site,
        place=place,
        role=role,
        person=replace(person, death=_find_death(role, calendar)),
        consent=calendar.consent,
        randomised=calendar.randomised,
        day_one=calendar.day_one,
        end=calendar.end,
        status=_find_status(role),
        end_reason=_find_reason(role),
        contacts=contacts,
        doses=(
            *record_injections(site, place, role, plan, rng),
            *record_analogue(site, role, calendar, drug, last),
        ),
        priors=tuple(priors),
        rescue=tuple(record_rescue(site, role, calendar, last)),
    )


def _draw_traits(
    role: Role,
    person: Person,
    calendar: Calendar,
    plan: list[Injection],
    amounts: dict[int, int],
    rng: Random,
) -> Traits:
    until = compute_day(plan[-1].day, calendar.day_one) if plan and calendar.day_one else 0
    age = (calendar.consent - person.birth).days / 365.25
    return draw_traits(role, person.sex, age, person.height, amounts, until, rng)


def _build_contacts(
    attendee: Attendee, traits: Traits, calendar: Calendar, extent: Extent, rng: Random
) -> tuple[Contact, ...]:
    reference = calendar.day_one or calendar.consent + timedelta(days=100)
    later = {a.planned for a in calendar.appointments if a.purpose == "elastography"}
    return tuple(
        build_contact(
            attendee,
            traits,
            appointment,
            count,
            compute_day(appointment.start.date(), reference),
            extent,
            rng,
            imaging_later=appointment.planned in later,
        )
        for count, appointment in enumerate(calendar.appointments, 1)
    )


def _find_last_day(role: Role, calendar: Calendar, contacts: tuple[Contact, ...]) -> date:
    """Last day of study treatment with analogues: the last contact, or the end of participation."""
    if role.outcome in ("DEATH", "WITHDRAWAL BY SUBJECT", "ADVERSE EVENT") and calendar.end:
        return calendar.end
    return contacts[-1].day


def _find_death(role: Role, calendar: Calendar) -> str:
    return calendar.end.isoformat() if role.outcome == "DEATH" and calendar.end else ""


def _find_status(role: Role) -> str:
    known = {"SCREEN FAILURE": "SCREEN FAILURE", "COMPLETED": "COMPLETED", "ONGOING": "RANDOMIZED"}
    return known.get(role.outcome, "DISCONTINUED")


def _find_reason(role: Role) -> str:
    if role.outcome == "NOT TREATED":
        return "WITHDRAWAL BY SUBJECT"
    return "" if role.outcome == "ONGOING" else role.outcome


def _build_bystander(site: str, place: int, seed: int) -> Bystander:
    """A patient with a few results and no part in the trial; one of each hospital is in another trial."""
    rng = Random(f"{seed} bystander {site} {place}")
    day = date(2024, 1, 8) + timedelta(days=rng.randrange(300))
    person = build_person(site, place, day, rng, enrolled=False)
    traits = draw_traits(_OUTPATIENT, person.sex, 40.0, person.height, {0: 180}, 0, rng)
    visit = Appointment(datetime(day.year, day.month, day.day, 8, rng.randrange(60)), None, "screening again")
    attendee = Attendee(site, f"{number_site(site)}B{place:02d}", place, person.sex, None)
    contact = build_contact(attendee, traits, visit, 1, 1, "brief", rng)
    return Bystander(site, person, (contact,), other_study=place == 1)
