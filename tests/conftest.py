"""What several tests share: the fixtures converted once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hbv_standards.pipeline import ConvertResult

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
    from hbv_standards.pipeline import ConvertOptions, convert

    folder = tmp_path_factory.mktemp("convert") / "submission"
    return Submission(folder, convert([HOSPITALS], folder, ConvertOptions()))
