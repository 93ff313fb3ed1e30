"""The synthetic trial as records: what happened, in the words and digits that each hospital uses.

Everything here is meant: a :class:`Result` holds the digits that are sent and what they stand for.
How a hospital wraps it into FHIR is said in :mod:`.hospitals`, what must come of it in
:mod:`.truth`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from hbv_standards.simulate.habits import LabHabit, Role
from hbv_standards.simulate.moments import Moment

Extent = Literal["full", "brief"]
Fault = Literal["", "code", "unit", "value", "no unit", "withdrawn", "cancelled", "not collected"]
Evidence = Literal["administration", "statement", "request", "dispense"]


@dataclass(frozen=True, slots=True)
class Specimen:
    """A tube: its number, what is in it, when it was drawn, and whether the subject had fasted."""

    number: str
    kind: str  # SERUM, BLOOD, PLASMA, PBMC or URINE
    collected: Moment
    fasting: str = ""  # Y, N or not said


@dataclass(frozen=True, slots=True)
class Result:
    """One result as it is sent. ``fault`` says why it is no finding; empty for all that are."""

    key: str
    habit: LabHabit
    kind: Literal["quantity", "titre", "text", "not done"]
    when: Moment  # of collection or measurement
    unit: str = ""  # as sent
    comparator: str = ""
    number: str = ""  # digits as sent
    value: str = ""  # submission value of a text
    words: str = ""  # text as sent where it is no word of texts.csv
    reason: str = ""  # submission value of the reason for a test not done
    low: str = ""
    high: str = ""
    indicator: str = ""  # HIGH, LOW, NORMAL
    specimen: Specimen | None = None
    position: str = ""
    location: str = ""
    fault: Fault = ""
    earlier: Result | None = None  # the version that this one corrects


@dataclass(frozen=True, slots=True)
class Contact:
    """One day on which a subject was seen. ``planned`` is the visit that it was meant to be."""

    key: str
    start: Moment
    planned: int | None
    purpose: Literal["visit", "elastography", "check", "screening again", "end of treatment"]
    results: tuple[Result, ...] = ()

    @property
    def day(self) -> date:
        """The local date."""
        return self.start.when.date()


@dataclass(frozen=True, slots=True)
class Dose:
    """One dose, or a span of time over which it was taken, as one record of the hospital."""

    key: str
    evidence: Evidence
    treatment: str
    start: str  # as sent, maybe partial
    end: str  # empty while it goes on; the start of a single dose
    amount: str  # digits as sent
    given: bool = True
    moment: Moment | None = None  # of a single dose
    reason: str = ""  # of a change of dose
    missed_reason: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Who the subject is, as the hospital writes it."""

    patient_number: str
    name: str
    sex: str  # M or F
    birth: date
    birth_sent: str  # maybe the year alone
    race: str = ""  # submission value, where the hospital sends it
    ethnic_text: str = ""
    death: str = ""  # as sent
    height: float = 170.0


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whose contact it is."""

    site: str
    number: str  # SUBJID, or the number of a patient outside the trial
    place: int
    sex: str
    role: Role | None  # of the first subject of its kind: planted results are due


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of the trial with everything that happened."""

    number: str  # SUBJID
    site: str
    place: int  # among the subjects of the hospital, from 1
    role: Role
    person: Person
    consent: date
    randomised: date | None
    day_one: date | None  # first dose of study treatment
    end: date | None
    status: str
    end_reason: str
    contacts: tuple[Contact, ...]
    doses: tuple[Dose, ...]  # study treatment
    priors: tuple[Dose, ...]  # earlier treatment
    rescue: tuple[Dose, ...]

    @property
    def arm(self) -> str:
        """Planned arm; empty where none was assigned."""
        return self.role.arm if self.randomised else ""


@dataclass(frozen=True, slots=True)
class Bystander:
    """A patient of the hospital who is not in the trial, with a few results."""

    site: str
    person: Person
    contacts: tuple[Contact, ...]
    other_study: bool = False  # is a subject of another trial


@dataclass(frozen=True, slots=True)
class Trial:
    """The whole synthetic trial."""

    seed: int
    extent: Extent
    subjects: tuple[Subject, ...]
    bystanders: tuple[Bystander, ...]
