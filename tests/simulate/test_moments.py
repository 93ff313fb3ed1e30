"""How points in time are written and how they should arrive."""

from __future__ import annotations

from datetime import datetime

import pytest

from hbv_standards.simulate.moments import Moment, Style


@pytest.mark.parametrize(
    ("style", "fhir", "dtc"),
    [
        ("zone", "2024-05-03T07:08:00+08:00", "2024-05-03T07:08:00+08:00"),
        ("utc", "2024-05-02T23:08:00Z", "2024-05-03T07:08:00+08:00"),  # the local day counts
        ("minute", "2024-05-03T07:08:00+08:00", "2024-05-03T07:08"),
        ("date", "2024-05-03", "2024-05-03"),
    ],
)
def test_texts(style: Style, fhir: str, dtc: str) -> None:
    moment = Moment(datetime(2024, 5, 3, 7, 8), style)
    assert (moment.fhir, moment.dtc) == (fhir, dtc)


def test_shift_keeps_the_style() -> None:
    assert Moment(datetime(2024, 5, 3, 23, 50), "date").shift(minutes=20).dtc == "2024-05-04"
