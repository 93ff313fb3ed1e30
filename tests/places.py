"""Where the checkout keeps what tests read, and what a converted input is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hbv_standards.pipeline import ConvertResult

ROOT = Path(__file__).parents[1]
HOSPITALS = ROOT / "fixtures" / "hospitals"


@dataclass(frozen=True)
class Submission:
    """A converted input and the folder that was written."""

    folder: Path
    result: ConvertResult
