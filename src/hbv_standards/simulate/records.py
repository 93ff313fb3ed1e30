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
Fault = Literal["", "code", "unit", "value", "no unit", "other unit", "withdrawn", "cancelled", "not collected"]
Severity = Literal["MILD", "MODERATE", "SEVERE"]
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
    note: str = ""  # a remark of the laboratory or the examiner, as sent
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
class Use:
    """What a subject said at screening of smoking or drinking."""

    key: str
    substance: str  # CIGARETTE or ALCOHOLIC BEVERAGE
    status: Literal["NEVER", "FORMER", "CURRENT"]
    amount: str = ""  # a day, digits as sent
    unit: str = ""  # submission value: CIGARETTE, g
    start: str = ""  # as sent, mostly a year
    end: str = ""
    contact: str = ""  # key of the contact at which it was asked


@dataclass(frozen=True, slots=True)
class Illness:
    """A disease of the subject or of a relative, or what befell the subject, in both languages.

    All hospitals write the Chinese words, or the question that they ask; ``english`` is what they mean.
    """

    key: str
    english: str
    chinese: str
    icd10: str = ""  # where the hospital sends a code
    primary: bool = False  # the diagnosis that the trial is about
    start: str = ""  # as sent, maybe partial
    end: str = ""
    recorded: str = ""
    ongoing: bool = False  # neither ongoing nor with an end: over, nobody knows since when
    stated: str = ""  # day on which the record was last changed, where the hospital says so
    note: str = ""
    fault: Literal["", "refuted", "unmapped"] = ""


@dataclass(frozen=True, slots=True)
class Relative:
    """What is known of one relative's diseases."""

    key: str
    relationship: str  # RELSUB submission value
    illnesses: tuple[Illness, ...]
    absent: tuple[Illness, ...] = ()  # asked for and denied


@dataclass(frozen=True, slots=True)
class Reaction:
    """An adverse event. ``changed`` is the key of the dose that was changed for it."""

    key: str
    illness: Illness
    severity: Severity
    grade: str = ""  # 1 to 5, where the hospital grades
    serious: Literal["Y", "N", ""] = "N"  # empty where the hospital does not say
    action: str = ""  # ACN submission value
    outcome: str = ""  # OUT submission value
    causality: str = ""  # RELATED, NOT RELATED, POSSIBLY RELATED
    changed: str = ""
    fault: Literal["", "withdrawn"] = ""
    earlier: Reaction | None = None  # the version that this one corrects
    criteria: tuple[str, ...] = ()  # why it is serious, where the hospital says so: AESHOSP, AESLIFE ...


@dataclass(frozen=True, slots=True)
class Examination:
    """An ultrasound or elastography, with the results that it gave; one not done has no time of its own."""

    key: str
    procedure: str  # PRTRT
    when: Moment
    contact: str  # key of the contact
    results: tuple[str, ...] = ()  # keys of results
    done: bool = True
    reason: str = ""  # why not
    conclusion: str = ""  # the examiner's words, as sent


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
    uses: tuple[Use, ...] = ()
    illnesses: tuple[Illness, ...] = ()
    relatives: tuple[Relative, ...] = ()
    routes: tuple[str, ...] = ()  # suspected routes of transmission, MODTRN submission values
    reactions: tuple[Reaction, ...] = ()
    examinations: tuple[Examination, ...] = ()

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
