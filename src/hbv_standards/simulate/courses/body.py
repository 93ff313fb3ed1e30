"""Kidneys, salts, metabolism, thyroid, autoantibodies and vital signs."""

from __future__ import annotations

import math
from random import Random

from hbv_standards.simulate.courses.traits import Traits, Value


def compute_body(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Values by concept_id."""
    return {
        **_compute_kidney(traits, rng),
        **_compute_chemistry(rng),
        **_compute_thyroid(traits, day, rng),
        **_compute_vitals(traits, day, rng),
        "ANA": traits.nuclear,
        "TPOAB": 180.0 if traits.thyroid_falls else rng.uniform(5, 27),
        "HCG": rng.uniform(0.02, 1.2),
    }


def _compute_kidney(traits: Traits, rng: Random) -> dict[str, Value]:
    creatinine = traits.creatinine * rng.uniform(0.95, 1.05)
    scale, power = (61.9, -0.241) if traits.sex == "F" else (79.6, -0.302)
    ratio = creatinine / scale
    filtration = 142 * min(ratio, 1) ** power * max(ratio, 1) ** -1.2 * 0.9938**traits.age
    return {
        "CREA": creatinine,
        "EGFR": filtration * (1.012 if traits.sex == "F" else 1.0),
        "UREA": rng.uniform(3.4, 6.9),
        "BUN": rng.uniform(3.4, 6.9),
        "UA": rng.uniform(230, 425) if traits.sex == "M" else rng.uniform(180, 350),
        "CYSC": rng.uniform(0.62, 0.93),
        "PHOS": rng.uniform(0.88, 1.38),
    }


def _compute_chemistry(rng: Random) -> dict[str, Value]:
    return {
        "CA": rng.uniform(2.15, 2.48),
        "K": rng.uniform(3.6, 4.8),
        "NA_ION": rng.uniform(138, 144),
        "CL": rng.uniform(100, 107),
        "GLU": rng.uniform(4.4, 6.4),
        "TC": rng.uniform(3.4, 5.6),
        "TG": rng.lognormvariate(0.15, 0.35),
    }


def _compute_thyroid(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Thyroiditis of peg-IFN in some: TSH sinks out of sight while the hormones rise."""
    fallen = traits.thyroid_falls and 120 < day < 300
    return {
        "TSH": 0.002 if fallen else traits.thyroid * rng.uniform(0.85, 1.15),
        "FT3": (9.5 if fallen else 4.8) * rng.uniform(0.9, 1.1),
        "FT4": (29.0 if fallen else 16.2) * rng.uniform(0.9, 1.1),
    }


def _compute_vitals(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    lost = 3.2 * (1 - math.exp(-max(day, 0) / 120)) if traits.peg else 0.0
    weight = traits.weight - lost + rng.gauss(0, 0.5)
    systolic = rng.uniform(106, 142)
    return {
        "HEIGHT": traits.height,
        "WEIGHT": weight,
        "BMI": weight / (traits.height / 100) ** 2,
        "SBP": systolic,
        "DBP": systolic * rng.uniform(0.58, 0.68),
        "PULSE": rng.uniform(60, 92),
        "TEMP": rng.uniform(36.1, 36.9),
        "RESP": rng.uniform(16, 20),
    }
