"""What a subject brings along: starting values and how strongly treatment acts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

from hbv_standards.simulate.habits import Role

Value: TypeAlias = float | str

# Limits of the label of peg-IFN: the dose is lowered below 0.75 x 10^9/L neutrophils or 50 x 10^9/L platelets.
_NADIR = {"neutrophil": (0.60, 0.66), "platelet": (33.0, 45.0)}
_USUAL_LOSS = {"neutrophil": (0.30, 0.46), "platelet": (0.20, 0.36)}
# U/L above the start. ALT stays below ten times its upper limit: up to there the label leaves the dose to the
# physician, and no dose of the trial is changed for a flare.
_FLARE = (230.0, 310.0)


@dataclass(frozen=True, slots=True)
class Traits:
    """Starting values (standard units) and the course that the role stands for."""

    sex: str
    age: float
    response: str  # none, decline, loss, seroconversion, stable or "screen failure <concept>"
    peg: bool
    amounts: dict[int, int]  # first week of each dose of peg-IFN
    treated_until: int  # study day of the last dose
    log_antigen: float
    loss_day: int  # on which HBsAg falls below 0.05 IU/mL, where it does
    drop: float  # fall of log10 HBsAg over 48 weeks, where it is not lost
    log_rna: float
    cccdna: float
    core_related: float
    genotype: str
    alt: float
    flare_day: int
    flare: float  # peak of ALT over its start
    neutrophils: float
    neutrophil_loss: float  # share lost under the full dose
    platelets: float
    platelet_loss: float
    lymphocytes: float
    haemoglobin: float
    weight: float
    height: float
    creatinine: float
    stiffness: float
    attenuation: float
    thyroid: float  # TSH
    thyroid_falls: bool
    nuclear: str  # antinuclear antibody

    def compute_suppression(self, day: int) -> float:
        """How far peg-IFN presses on the marrow, 0 to 1: builds up over weeks, follows the dose."""
        if not self.peg or day <= 1:
            return 0.0
        week = (min(day, self.treated_until) - 1) // 7
        reached = self._weigh_dose(week) * (1 - math.exp(-min(day, self.treated_until) / 25))
        return reached * math.exp(-max(0, day - self.treated_until) / 20)

    def _weigh_dose(self, week: int) -> float:
        """How much of the full effect the dose of a week has: where it fell, 135 ug help once 90 ug have."""
        begun = [self.amounts[start] for start in sorted(self.amounts) if start <= week]
        if begun[-1] == 180:
            return 1.0
        return 0.5 if 90 in begun else 0.98


def draw_traits(
    role: Role, sex: str, age: float, height: float, amounts: dict[int, int], treated_until: int, rng: Random
) -> Traits:
    """Draw a subject's traits; who is not a screen failure meets the entry criteria."""
    male = sex == "M"
    neutrophils = rng.uniform(3.4, 4.6) if role.reduction == "neutrophil" else rng.uniform(2.6, 4.6)
    platelets = rng.uniform(140, 160) if role.reduction == "platelet" else rng.uniform(150, 245)
    return Traits(
        sex=sex,
        age=age,
        response=role.response,
        peg=role.arm == "PEGIFN",
        amounts=amounts,
        treated_until=treated_until,
        log_antigen=_draw_antigen(role, rng),
        loss_day=rng.randint(140, 230) if role.response == "seroconversion" else rng.randint(190, 300),
        drop=rng.uniform(0.7, 1.7) if role.response == "decline" else rng.uniform(0.05, 0.3),
        log_rna=rng.uniform(2.3, 3.6),
        cccdna=rng.uniform(0.2, 2.4),
        core_related=rng.uniform(2.3, 4.2),
        genotype=rng.choice(("GENOTYPE B", "GENOTYPE B", "GENOTYPE C")),
        alt=rng.uniform(15, 33) if male else rng.uniform(12, 26),
        flare_day=rng.randint(80, 94),
        flare=rng.uniform(*_FLARE) if role.flare else rng.uniform(5, 60),
        neutrophils=neutrophils,
        neutrophil_loss=_draw_loss(role, "neutrophil", neutrophils, rng),
        platelets=platelets,
        platelet_loss=_draw_loss(role, "platelet", platelets, rng),
        lymphocytes=rng.uniform(1.4, 2.4),
        haemoglobin=rng.uniform(138, 162) if male else rng.uniform(120, 142),
        weight=(22.8 + rng.gauss(0, 2.4)) * (height / 100) ** 2,
        height=height,
        creatinine=rng.uniform(62, 92) if male else rng.uniform(46, 68),
        stiffness=rng.uniform(4.4, 9.6),
        attenuation=rng.uniform(180, 300),
        thyroid=rng.uniform(0.9, 3.2),
        thyroid_falls=role.arm == "PEGIFN" and rng.random() < 0.12,
        nuclear=rng.choice(("NEGATIVE", "NEGATIVE", "NEGATIVE", "1:100", "1:320")),
    )


def _draw_loss(role: Role, cells: str, start: float, rng: Random) -> float:
    """The share of cells lost under the full dose; where the dose is lowered for it, down to the nadir."""
    if role.reduction != cells:
        return rng.uniform(*_USUAL_LOSS[cells])
    return (1 - rng.uniform(*_NADIR[cells]) / start) / 0.965  # the share that is reached by week 12


def _draw_antigen(role: Role, rng: Random) -> float:
    """log10 HBsAg at the start: 1500 IU/mL at most, lower where it is going to be lost."""
    if role.response == "screen failure HBSAG":
        return rng.uniform(3.3, 4.2)
    high = 2.3 if role.response in ("loss", "seroconversion") else 3.1
    return rng.uniform(1.5, high)
