"""Diseases and adverse events that occur in the trial: the rows of ``habits/diseases.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from hbv_standards.simulate.habit_tables import read_rows
from hbv_standards.simulate.habits import find_text
from hbv_standards.simulate.hospital_names import is_invented


@dataclass(frozen=True, slots=True)
class Disease:
    """A row of diseases.csv. ``kind`` says where it occurs: as history, in the family, under a treatment."""

    kind: str
    english: str
    chinese: str
    icd10: str
    course: str  # of a history: ongoing or over
    severity: str  # of a reaction
    from_day: str  # study days between which a reaction begins
    to_day: str
    days: str  # how long it lasts; empty: it goes on
    weight: str  # how often it is drawn among those of its kind


@cache
def list_diseases(kind: str) -> tuple[Disease, ...]:
    """The diseases of one kind, in the order of the table."""
    return tuple(d for d in (Disease(**row) for row in read_rows("diseases.csv")) if d.kind == kind)


def say_disease(site: str, disease: Disease) -> str:
    """The hospital's words for a disease: those of the table, but for an invented hospital."""
    return find_text(site, "DISEASE", disease.english).said if is_invented(site) else disease.chinese


def choose_diseases(kind: str, count: int, rng: Random) -> list[Disease]:
    """``count`` diseases of a kind, drawn by weight, none twice, in the order of the table."""
    left = list(list_diseases(kind))
    for _ in range(len(left) - count):
        left.remove(rng.choices(left, [1 / int(d.weight) for d in left])[0])
    return left
