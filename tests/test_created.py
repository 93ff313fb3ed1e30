"""The time stamped into the files: of the newest thing in the input, never of the clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hbv_standards.pipeline import find_created
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import read_specs

DM = read_specs(Path(__file__).parents[1] / "mappings" / "specs")["DM"]


@pytest.mark.parametrize(
    ("updated", "contacts", "created"),
    [
        (["2025-07-20T04:23:11Z", None], ["2025-06-01"], datetime(2025, 7, 20, 4, 23, 11)),
        (["2025-07-20T04:23:11+08:00"], [], datetime(2025, 7, 19, 20, 23, 11)),
        (["2025-07-20T04:23:11Z"], ["2024-01-01", "2025-12-05"], datetime(2025, 12, 5, 23, 59, 59)),
        (["2025-07-20T04:23:11Z"], ["2025-12-05T09:30"], datetime(2025, 12, 5, 9, 30, 59)),
        (["nonsense"], ["2025-12-05T09:30:07"], datetime(2025, 12, 5, 9, 30, 7)),
        ([None], ["2026"], datetime(1970, 1, 1)),  # a year tells no day
        ([], [], datetime(1970, 1, 1)),
    ],
)
def test_newest(updated: list[Any], contacts: list[str], created: datetime) -> None:
    rows = pd.DataFrame({"USUBJID": [str(n) for n in range(len(contacts))], "RFPENDTC": contacts}, dtype="object")
    datasets = {"DM": Dataset.conform(rows, DM)} if contacts else {}
    assert find_created(pd.DataFrame({"last_updated": updated}, dtype="object"), datasets) == created
