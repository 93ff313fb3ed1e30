"""Every subject as DM and DS should tell of it."""

from __future__ import annotations

from datetime import date, timedelta

from hbv_standards.simulate.hospital_names import number_site, show_site
from hbv_standards.simulate.records import Subject
from hbv_standards.simulate.truth.exposure import find_treatment_dates

Row = dict[str, str]
COLUMNS = (
    "SUBJID", "SITE", "SITEID", "SEX", "BRTHDTC", "AGE", "RACE", "ETHNIC_TEXT", "RFICDTC", "RANDOMIZED_DTC",
    "ARMCD", "ACTARMCD", "ARMNRS", "RFXSTDTC", "RFXENDTC", "END_DTC", "DTHDTC", "STATUS", "END_REASON",
    "ROLE",
)  # fmt: skip


def describe_subject(subject: Subject) -> Row:
    """One row with :data:`COLUMNS`."""
    first, last = find_treatment_dates(subject)
    person = subject.person
    cells = (
        subject.number, show_site(subject.site), number_site(subject.site), person.sex, person.birth_sent,
        compute_age(person.birth_sent, subject.consent), person.race, person.ethnic_text,
        subject.consent.isoformat(), subject.randomised.isoformat() if subject.randomised else "",
        subject.arm, subject.arm if first else "", _find_missing_arm(subject, first), first, last,
        subject.end.isoformat() if subject.end else "", person.death, subject.status, subject.end_reason,
        subject.role.role,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def _find_missing_arm(subject: Subject, first: str) -> str:
    if not subject.randomised:
        return "SCREEN FAILURE"
    return "" if first else "ASSIGNED, NOT TREATED"


def compute_age(birth_sent: str, at: date) -> str:
    """Whole years at consent; empty where a partial birth date allows two ages."""
    parts = [int(part) for part in birth_sent.split("-")]
    earliest = date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    if len(parts) == 3:
        latest = earliest
    elif len(parts) == 2:
        latest = (earliest.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    else:
        latest = date(parts[0], 12, 31)
    ages = {_count_years(earliest, at), _count_years(latest, at)}
    return str(ages.pop()) if len(ages) == 1 else ""


def _count_years(birth: date, at: date) -> int:
    return at.year - birth.year - ((at.month, at.day) < (birth.month, birth.day))


def find_last_contact(subject: Subject) -> str:
    """The last day on which something is known of a subject (RFPENDTC). Orders and dispensings end unseen."""
    taken = ("administration", "statement")
    doses = (*subject.priors, *subject.doses, *subject.rescue)
    days = [subject.consent, subject.randomised, subject.end, *(c.day for c in subject.contacts)]
    texts = [
        *(day.isoformat() for day in days if day),
        *(dose.start[:10] for dose in doses),
        *(dose.end[:10] for dose in doses if dose.evidence in taken),
        *(r.illness.start for r in subject.reactions if not r.fault),
        *(r.illness.end for r in subject.reactions if not r.fault),
    ]
    return max(text for text in texts if len(text) == len("2024-01-01"))
