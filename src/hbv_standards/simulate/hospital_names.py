"""Which hospital is meant: one of the three, or one that is invented from a name and a seed.

Records name an invented hospital by both, ``clinic~7``: whatever it does can be drawn again from
that text alone. What is written for others has the name without the seed.
"""

from __future__ import annotations

from hbv_standards.simulate.protocol import SITE_NUMBERS

_SEED = "~"
_NEXT_NUMBER = "04"  # the number that a study of three hospitals gives the next one
_PREFIXES = {"zhongshan": "ZS", "guangzhou": "GZ", "foshan": "FS"}


def invent_site(name: str, seed: int) -> str:
    """The text by which records name an invented hospital."""
    return f"{name}{_SEED}{seed}"


def is_invented(site: str) -> bool:
    """Whether the hospital is none of the three."""
    return _SEED in site


def show_site(site: str) -> str:
    """The hospital's name as others write it."""
    return site.partition(_SEED)[0]


def find_manner(site: str) -> str:
    """Whose way of keeping records a hospital has: an invented one has Guangzhou's."""
    return "guangzhou" if is_invented(site) else site


def number_site(site: str) -> str:
    """SITEID."""
    return _NEXT_NUMBER if is_invented(site) else SITE_NUMBERS[site]


def abbreviate_site(site: str) -> str:
    """Two letters before the hospital's patient numbers."""
    return site[:2].upper() if is_invented(site) else _PREFIXES[site]
