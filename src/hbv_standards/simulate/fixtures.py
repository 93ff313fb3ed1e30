"""The small fixtures of the repository: ``python -m hbv_standards.simulate.fixtures fixtures``."""

from __future__ import annotations

import sys
from pathlib import Path

from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.write import write_simulation

FIXTURE_SUBJECTS = 24
FIXTURE_SEED = 48


def write_fixtures(folder: Path) -> None:
    """Write ``hospitals`` and ``truth`` of the fixtures into ``folder``, checked against FHIR."""
    write_simulation(simulate_trial(FIXTURE_SUBJECTS, FIXTURE_SEED, extent="brief"), folder)


if __name__ == "__main__":
    write_fixtures(Path(sys.argv[1]))
