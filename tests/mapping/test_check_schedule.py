"""The schedule of study.yaml against tests, datasets and variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.mapping.check_schedule import check_schedule
from hbv_standards.study import read_study
from hbv_standards.study_schedule import PlannedMeasurement

STUDY = read_study(Path(__file__).parents[2] / "mappings")


def list_faults(**entry: Any) -> list[str]:
    planned = PlannedMeasurement(name="X", **entry)
    return [str(f) for f in check_schedule(STUDY.model_copy(update={"schedule": (planned,)}), ("ALT", "LSM"))]


@pytest.mark.parametrize(
    "entry",
    [
        {"concepts": ("ALT", "LSM"), "visits": ("BASELINE",)},
        {"dataset": "MH", "where": {"MHCAT": ("GENERAL MEDICAL HISTORY",)}},
        {"dataset": "APMH"},
        {"dataset": "PR", "where": {"PRTRT": ("X-RAY",)}, "visits": ("BASELINE",)},
    ],
)
def test_what_can_be_found(entry: dict[str, Any]) -> None:
    assert list_faults(**entry) == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"concepts": ("ALTT",)}, "schedule 'X': 'ALTT' is no test of concepts; did you mean 'ALT'?"),
        ({"dataset": "ZZ"}, "'ZZ' is not a dataset of SDTMIG 3.4"),
        ({"dataset": "GI"}, "tests of a dataset of the study's own are named by `concepts`"),
        ({"dataset": "SU", "where": {"SUCATT": ("TOBACCO",)}}, "'SUCATT' is no variable of SU; did you mean 'SUCAT'"),
        ({"dataset": "APMH", "visits": ("BASELINE",)}, "records of APMH have no visit; leave `visits` out"),
        ({"dataset": "DM", "visits": ("BASELINE",)}, "records of DM have no visit; leave `visits` out"),
    ],
)
def test_what_cannot(entry: dict[str, Any], said: str) -> None:
    (fault,) = list_faults(**entry)
    assert said in fault
    assert fault.startswith("study.yaml: schedule 'X': ")
