"""HBsAg, anti-HBs, HBV DNA and RNA, cccDNA and the qualitative markers."""

from __future__ import annotations

import math
from random import Random

from hbv_standards.simulate.courses.traits import Traits, Value

_LAG = 10  # days before peg-IFN shows
_DETECTION = 0.05  # IU/mL HBsAg


def compute_virus(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Virological and serological values by concept_id."""
    antigen = 10 ** (_compute_log_antigen(traits, day) + rng.gauss(0, 0.03))
    share = _compute_share(traits, day)
    positive = traits.response == "screen failure HBSAG"
    return {
        "HBSAG_QN": antigen,
        "HBSAG_QL": "POSITIVE" if antigen >= _DETECTION else "NEGATIVE",
        "HBEAG_QN": rng.uniform(80, 900) if positive else rng.uniform(0.008, 0.085),
        "HBEAG_QL": "POSITIVE" if positive else "NEGATIVE",
        "HBEAB": "NEGATIVE" if positive else "POSITIVE",
        "HBCAB": "POSITIVE",
        "HBCIGM": "NEGATIVE",
        "HCVAB": "NEGATIVE",
        "HIVAGAB": "NEGATIVE",
        "HBSAB": _compute_antibody(traits, day, rng),
        "HBVDNA": _draw_dna(traits, rng),
        "HBVRNA": _compute_rna(traits, share, rng),
        "CCCDNA_PBMC": traits.cccdna * (1 - 0.75 * share) * rng.uniform(0.9, 1.1),
        "HBCRAG": traits.core_related - 1.1 * share + rng.gauss(0, 0.05),
        "HBVGT": traits.genotype,
        "IFNA2": "G/A" if traits.response == "screen failure IFNA2" else "G/G",
        "ISG": rng.uniform(0.061, 0.42),
    }


def _compute_share(traits: Traits, day: int) -> float:
    """How much of 48 weeks of peg-IFN has been had, 0 to 1."""
    if not traits.peg:
        return 0.0
    return min(max(0, min(day, traits.treated_until) - _LAG), 336) / 336


def _compute_log_antigen(traits: Traits, day: int) -> float:
    """log10 of HBsAg falls in a line; on analogues it hardly moves."""
    if traits.peg and traits.response in ("loss", "seroconversion"):
        slope = (traits.log_antigen - math.log10(_DETECTION)) / (traits.loss_day - _LAG)
        return max(-2.3, traits.log_antigen - slope * max(0, day - _LAG))
    if traits.peg:
        return traits.log_antigen - traits.drop * _compute_share(traits, day)
    return traits.log_antigen - 0.08 * max(0, day) / 336


def _compute_antibody(traits: Traits, day: int, rng: Random) -> float:
    """Anti-HBs rises once HBsAg is gone, in who seroconverts."""
    start = rng.uniform(0.1, 1.6)
    if traits.response != "seroconversion":
        return start
    return min(start + 8 * math.exp(max(0.0, day - traits.loss_day + 15) / 28) - 8, 60_000)


def _draw_dna(traits: Traits, rng: Random) -> Value:
    """Suppressed by analogues: not detected, below 20 IU/mL, or just above."""
    if traits.response == "screen failure HBVDNA":
        return rng.uniform(350, 9000)
    kind = rng.random()
    if kind < 0.62:
        return "NOT DETECTED"
    return rng.uniform(4, 19) if kind < 0.82 else rng.uniform(21, 92)


def _compute_rna(traits: Traits, share: float, rng: Random) -> Value:
    log = traits.log_rna - 1.9 * share + rng.gauss(0, 0.06)
    return "NOT DETECTED" if log < 1.2 else 10**log
