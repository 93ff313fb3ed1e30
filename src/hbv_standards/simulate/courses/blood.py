"""Blood count: neutrophils and platelets fall under peg-IFN and recover with the dose."""

from __future__ import annotations

from random import Random

from hbv_standards.simulate.courses.traits import Traits, Value


def compute_blood(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Blood count by concept_id; parts add up to the whole."""
    pressed = traits.compute_suppression(day)
    return {
        **_compute_white(traits, pressed, rng),
        **_compute_red(traits, pressed, rng),
        "PLT": traits.platelets * (1 - traits.platelet_loss * pressed) * rng.uniform(0.93, 1.07),
    }


def _compute_white(traits: Traits, pressed: float, rng: Random) -> dict[str, Value]:
    cells = {
        "NEUT": traits.neutrophils * (1 - traits.neutrophil_loss * pressed) * rng.uniform(0.92, 1.08),
        "LYM": traits.lymphocytes * (1 - 0.3 * pressed) * rng.uniform(0.92, 1.08),
        "MONO": rng.uniform(0.26, 0.48),
        "EOS": rng.uniform(0.05, 0.28),
        "BASO": rng.uniform(0.01, 0.05),
    }
    total = sum(cells.values())
    shares = {f"{name}P": 100 * count / total for name, count in cells.items()}
    return {**cells, **shares, "WBC": total}


def _compute_red(traits: Traits, pressed: float, rng: Random) -> dict[str, Value]:
    haemoglobin = traits.haemoglobin * (1 - 0.09 * pressed) * rng.uniform(0.97, 1.03)
    volume, content = rng.uniform(86.5, 95.5), rng.uniform(28.6, 31.6)
    count = haemoglobin / content
    packed = count * volume / 1000
    return {
        "HGB": haemoglobin,
        "RBC": count,
        "HCT": packed,
        "MCV": volume,
        "MCH": content,
        "MCHC": haemoglobin / packed,
        "RDW": rng.uniform(12.0, 14.4),
    }
