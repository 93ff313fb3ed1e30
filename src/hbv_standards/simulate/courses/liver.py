"""Liver enzymes with the flare of peg-IFN, bile, proteins, coagulation, stiffness."""

from __future__ import annotations

import math
from random import Random

from hbv_standards.simulate.courses.traits import Traits, Value

_FLARE_WIDTH = 24.0  # days


def compute_liver(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Values of the liver panel, coagulation, AFP and elastography by concept_id."""
    flare = _compute_flare(traits, day)
    alt = (traits.alt + flare) * rng.uniform(0.9, 1.1)
    return {
        **_compute_enzymes(traits, alt, flare, rng),
        **_compute_bile(flare, rng),
        **_compute_proteins(flare, rng),
        **_compute_coagulation(flare, rng),
        **_compute_elastography(traits, day, flare, rng),
        "AFP": rng.uniform(0.4, 5.5) + flare * 0.004,
    }


def _compute_flare(traits: Traits, day: int) -> float:
    if not traits.peg or day <= 1:
        return 0.0
    lasting = traits.alt * 0.4 * (1 - math.exp(-day / 30))
    return lasting + traits.flare * math.exp(-(((day - traits.flare_day) / _FLARE_WIDTH) ** 2))


def _compute_enzymes(traits: Traits, alt: float, flare: float, rng: Random) -> dict[str, Value]:
    return {
        "ALT": alt,
        "AST": 9 + (alt - flare) * rng.uniform(0.55, 0.75) + flare * rng.uniform(0.3, 0.4),
        "ALP": rng.uniform(55, 108),
        "GGT": (16 if traits.sex == "F" else 24) * rng.uniform(0.8, 1.4) + flare * 0.12,
        "CHE": rng.uniform(6200, 10800) - flare * 2,
        "LDH": rng.uniform(140, 228) + flare * 0.1,
        "CK": rng.uniform(58, 185),
    }


def _compute_bile(flare: float, rng: Random) -> dict[str, Value]:
    total = rng.uniform(7.5, 19.5) + flare * 0.03
    direct = total * rng.uniform(0.24, 0.33)
    return {
        "TBIL": total,
        "DBIL": direct,
        "IBIL": total - direct,
        "TBA": rng.uniform(1.2, 8.4) + flare * 0.02,
    }


def _compute_proteins(flare: float, rng: Random) -> dict[str, Value]:
    albumin = rng.uniform(41.5, 50.5) - flare * 0.006
    globulin = rng.uniform(23.0, 31.5)
    return {
        "ALB": albumin,
        "GLB": globulin,
        "AG": albumin / globulin,
        "TP": albumin + globulin,
        "PALB": rng.uniform(195, 330) - flare * 0.1,
    }


def _compute_coagulation(flare: float, rng: Random) -> dict[str, Value]:
    time = rng.uniform(10.6, 12.2) + flare * 0.002
    return {
        "PT": time,
        "INR": time / 11.4,
        "PTA": 100 * (11.4 / time) ** 1.6,
        "APTT": rng.uniform(26.5, 35.0),
    }


def _compute_elastography(traits: Traits, day: int, flare: float, rng: Random) -> dict[str, Value]:
    stiffness = traits.stiffness * (1 - 0.12 * min(max(day, 0), 336) / 336) + flare * 0.01
    spread = stiffness * rng.uniform(0.08, 0.26)
    return {
        "LSM": stiffness * rng.uniform(0.96, 1.04),
        "CAP": traits.attenuation * rng.uniform(0.95, 1.05) if rng.random() > 0.03 else 92.0,
        "LSMIQR": spread,
        "LSMIQRM": 100 * spread / stiffness,
        "LSMNVAL": float(rng.choice((10, 10, 10, 11, 12))),
        "PVDIAM": rng.uniform(9.8, 12.9),
        "SPLTH": rng.uniform(28, 40),
    }
