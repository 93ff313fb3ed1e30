"""Clinical courses: the true value of every test on a day, in the test's standard unit.

:func:`compute_values` puts together what the modules of this folder know: virus, liver, blood and
the rest of the body. A value is a number, or the submission value of a qualitative result.
"""

from __future__ import annotations

from random import Random

from hbv_standards.simulate.courses.blood import compute_blood
from hbv_standards.simulate.courses.body import compute_body
from hbv_standards.simulate.courses.liver import compute_liver
from hbv_standards.simulate.courses.traits import Traits, Value
from hbv_standards.simulate.courses.virus import compute_virus

__all__ = ["Traits", "Value", "compute_values"]


def compute_values(traits: Traits, day: int, rng: Random) -> dict[str, Value]:
    """Values by concept_id on a study day; days before day 1 are negative."""
    return {
        **compute_virus(traits, day, rng),
        **compute_liver(traits, day, rng),
        **compute_blood(traits, day, rng),
        **compute_body(traits, day, rng),
    }
