"""What several tests share: the fixtures converted once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hbv_standards.pipeline import ConvertOptions, ConvertResult, convert

ROOT = Path(__file__).parents[1]
HOSPITALS = ROOT / "fixtures" / "hospitals"


@dataclass(frozen=True)
class Submission:
    """A converted input and the folder that was written."""

    folder: Path
    result: ConvertResult


@pytest.fixture(scope="session")
def submission(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    """The fixtures of the three hospitals, converted with the defaults of the command line."""
    folder = tmp_path_factory.mktemp("convert") / "submission"
    return Submission(folder, convert([HOSPITALS], folder, ConvertOptions()))
