"""Synthetic people. Nobody is real: names say that they are made up, numbers are drawn."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hbv_standards.simulate.hospital_names import abbreviate_site, find_manner, number_site
from hbv_standards.simulate.records import Person

_NATIONALITIES = ("汉族",) * 17 + ("壮族", "瑶族", "土家族")


def build_person(site: str, place: int, at: date, rng: Random, *, enrolled: bool = True) -> Person:
    """A person aged 24 to 62 on ``at``; ``place`` numbers the patients of a hospital."""
    sex = "M" if rng.random() < 0.68 else "F"
    birth = at - timedelta(days=rng.randint(24 * 366, 62 * 365))
    height = rng.gauss(171, 5.5) if sex == "M" else rng.gauss(160, 5)
    number = f"{abbreviate_site(site)}{(1 if enrolled else 7)}{place:05d}"
    return Person(
        patient_number=number,
        name=f"模拟{number_site(site)}号{place:04d}" if enrolled else f"模拟门诊{place:04d}",
        sex=sex,
        birth=birth,
        birth_sent=_write_birth(site, place, birth),
        race="ASIAN" if site == "foshan" else "",
        ethnic_text=rng.choice(_NATIONALITIES) if find_manner(site) != "guangzhou" else "",
        height=round(height, 1),
    )


def _write_birth(site: str, place: int, birth: date) -> str:
    """Foshan gives away the year alone, Guangzhou now and then the month."""
    if site == "foshan":
        return birth.isoformat()[:4]
    return birth.isoformat()[:7] if find_manner(site) == "guangzhou" and place % 4 == 3 else birth.isoformat()
