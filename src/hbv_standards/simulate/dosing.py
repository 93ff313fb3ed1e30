"""Study treatment, earlier treatment and rescue, as each hospital records it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from hbv_standards.simulate.habits import Role, read_drugs
from hbv_standards.simulate.hospital_names import find_manner
from hbv_standards.simulate.moments import Moment, Style
from hbv_standards.simulate.protocol import compute_date, compute_day
from hbv_standards.simulate.records import Dose, Evidence
from hbv_standards.simulate.schedule import Calendar

PEG = "PEGINTERFERON ALFA-2A"
ANALOGUES = ("ENTECAVIR", "TENOFOVIR DISOPROXIL FUMARATE", "TENOFOVIR ALAFENAMIDE")
_OLD_ANALOGUES = ("ADEFOVIR DIPIVOXIL", "LAMIVUDINE", "ENTECAVIR")
_REASONS = {"neutrophil": "NEUTROPHIL COUNT DECREASED", "platelet": "PLATELET COUNT DECREASED"}
_WEEKS = 48
_COUNTED = 3  # visit at which the counts are found low
_PRESCRIBED = 12  # injections on one order
_ORDERED = 84  # days of tablets on one order


@dataclass(frozen=True, slots=True)
class Injection:
    """One weekly dose of the plan."""

    week: int
    day: date
    amount: int
    given: bool


def plan_amounts(role: Role, calendar: Calendar, rng: Random) -> dict[int, int]:
    """First week (from 0) of each dose: 180 ug, and reductions with recovery where the role has them."""
    if not role.reduction or calendar.day_one is None:
        return {0: 180}
    counted = next((a.start.date() for a in calendar.appointments if a.planned == _COUNTED), calendar.day_one)
    first = compute_day(counted, calendar.day_one) // 7 + 1  # the first injection after the counts are known
    return {0: 180, first: 135, first + rng.randint(4, 6): 90, first + rng.randint(16, 20): 135}


def plan_injections(role: Role, calendar: Calendar, amounts: dict[int, int], rng: Random) -> list[Injection]:
    """The weekly injections of peg-IFN until its end, missed ones too; empty for who is not treated."""
    if role.arm != "PEGIFN" or calendar.day_one is None:
        return []
    plan = []
    for week in range(_WEEKS):
        study_day = 1 + 7 * week + (rng.choice((0, 0, 0, 0, 0, 0, 1, -1)) if week else 0)
        if study_day > calendar.stop:
            break
        missed = rng.random() < 0.015 or (week == 20 and role.role == "seroconverter")
        paused = role.reduction == "platelet" and 30 <= week < 33
        amount = amounts[max(start for start in amounts if start <= week)]
        plan.append(
            Injection(
                week, compute_date(study_day, calendar.day_one), amount, not (missed or paused) or week == 0
            )
        )
    return plan


def record_injections(site: str, place: int, role: Role, plan: list[Injection], rng: Random) -> list[Dose]:
    """Injections as the hospital records them: one by one, as statements, or as orders for weeks."""
    if site == "zhongshan":
        return _record_single(plan, "zone", role, rng)
    if find_manner(site) == "guangzhou":
        return _record_spans(plan, "request", role, _PRESCRIBED)
    return (
        _record_single(plan, "minute", role, rng)
        if place % 2
        else _record_spans(plan, "statement", role, _WEEKS)
    )


def _record_single(plan: list[Injection], style: Style, role: Role, rng: Random) -> list[Dose]:
    doses, before = [], 180
    for injection in plan:
        clock = time(10, rng.randrange(60))
        moment = Moment(datetime.combine(injection.day, clock), style)
        lowered = injection.given and injection.amount < before
        before = injection.amount if injection.given else before
        doses.append(
            Dose(
                f"peg{injection.week + 1:02d}", "administration", PEG, moment.dtc, moment.dtc,
                str(injection.amount), injection.given, moment,
                reason=_REASONS[role.reduction] if lowered else "",
                missed_reason="" if injection.given else "MISSED BY SUBJECT",
            )
        )  # fmt: skip
    return doses


def _record_spans(plan: list[Injection], evidence: Evidence, role: Role, longest: int) -> list[Dose]:
    """Runs of one amount without a pause as spans, at most ``longest`` injections each."""
    doses: list[Dose] = []
    for run in _split_runs(plan, longest, keep_missed=evidence == "request"):
        lowered = bool(doses) and run[0].amount < int(doses[-1].amount)
        said = _REASONS[role.reduction] if lowered and evidence == "statement" else ""
        doses.append(
            Dose(
                f"peg{run[0].week + 1:02d}", evidence, PEG,
                run[0].day.isoformat(), run[-1].day.isoformat(), str(run[0].amount), reason=said,
            )
        )  # fmt: skip
    return doses


def _split_runs(plan: Iterable[Injection], longest: int, *, keep_missed: bool) -> Iterator[list[Injection]]:
    """Equal amounts in a row; a long pause ends a run, one missed dose only where it is known."""
    run: list[Injection] = []
    for injection in plan:
        if not injection.given:
            continue
        far = bool(run) and injection.week - run[-1].week > (2 if keep_missed else 1)
        if run and (far or injection.amount != run[0].amount or len(run) == longest):
            yield run
            run = []
        run.append(injection)
    if run:
        yield run


def record_analogue(site: str, role: Role, calendar: Calendar, drug: str, last: date) -> list[Dose]:
    """Study treatment of the control arm; empty for everybody else."""
    if role.arm != "NACONT" or calendar.day_one is None:
        return []
    drugs = [(drug, calendar.day_one, last)]
    if role.switch:
        change = compute_date(170, calendar.day_one)
        other = next(name for name in reversed(ANALOGUES) if name != drug)
        drugs = [(drug, calendar.day_one, change - timedelta(days=1)), (other, change, last)]
    spans = [
        Dose(f"na{place}", "statement", name, start.isoformat(), end.isoformat(), read_drugs(site)[name].dose)
        for place, (name, start, end) in enumerate(drugs, 1)
    ]
    if find_manner(site) == "guangzhou":
        return [part for span in spans for part in _split_orders(span)]
    return [*spans[:-1], replace(spans[-1], end="")] if role.outcome == "ONGOING" else spans


def _split_orders(span: Dose) -> Iterator[Dose]:
    start, last = date.fromisoformat(span.start), date.fromisoformat(span.end)
    place = 0
    while start <= last:
        place += 1
        end = min(start + timedelta(days=_ORDERED - 1), last)
        yield replace(
            span, key=f"{span.key}d{place}", evidence="request", start=start.isoformat(), end=end.isoformat()
        )
        start = end + timedelta(days=1)


def record_priors(site: str, calendar: Calendar, drug: str, rng: Random) -> list[Dose]:
    """Earlier nucleos(t)ide analogues: more than a year, often two, started on a date half forgotten."""
    began = date(rng.randint(2012, 2019), rng.randint(1, 12), rng.randint(1, 28))
    until = (calendar.day_one - timedelta(days=1)).isoformat() if calendar.day_one else ""
    amount = {name: habit.dose for name, habit in read_drugs(site).items()}
    if rng.random() < 0.6:
        return [Dose("prior1", "statement", drug, _forget(began, rng), until, amount[drug])]
    old = rng.choice([name for name in _OLD_ANALOGUES if name != drug])
    change = began + timedelta(days=rng.randint(300, 900))
    written = _forget(change, rng)
    return [
        Dose("prior1", "statement", old, _forget(began, rng), written, amount[old]),
        Dose("prior2", "statement", drug, written, until, amount[drug]),
    ]


def record_rescue(site: str, role: Role, calendar: Calendar, last: date) -> list[Dose]:
    """A nucleos(t)ide analogue given again during peg-IFN because of a flare."""
    if not role.rescue or calendar.day_one is None:
        return []
    start = compute_date(131, calendar.day_one)
    drug = "TENOFOVIR ALAFENAMIDE"
    evidence: Evidence = "dispense" if find_manner(site) == "guangzhou" else "statement"
    return [Dose("rescue1", evidence, drug, start.isoformat(), last.isoformat(), read_drugs(site)[drug].dose)]


def _forget(day: date, rng: Random) -> str:
    """The date as the subject remembers it: the year, the month or the day."""
    return day.isoformat()[: rng.choice((4, 7, 7, 10))]
