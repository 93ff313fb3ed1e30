"""Points in time as a hospital writes them, and as they should arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Style = Literal["zone", "utc", "minute", "date"]
_OFFSET = timedelta(hours=8)  # the clock of all three hospitals; China has no summer time


@dataclass(frozen=True, slots=True)
class Moment:
    """A local point in time and the way in which it is written.

    ``zone`` 2024-05-03T08:30:00+08:00 · ``utc`` 2024-05-03T00:30:00Z · ``minute`` 2024-05-03T08:30,
    which FHIR forbids · ``date`` 2024-05-03.
    """

    when: datetime
    style: Style

    @property
    def fhir(self) -> str:
        """The text in correct FHIR; "minute" has seconds and zone here and loses them when written."""
        if self.style == "date":
            return self.when.date().isoformat()
        if self.style == "utc":
            return f"{(self.when - _OFFSET).isoformat(timespec='seconds')}Z"
        return f"{self.when.isoformat(timespec='seconds')}+08:00"

    @property
    def dtc(self) -> str:
        """--DTC as it should arrive: as sent, but on the local clock (SDTMIG 4.4.1)."""
        if self.style == "minute":
            return self.when.isoformat(timespec="minutes")
        if self.style == "utc":
            return f"{self.when.isoformat(timespec='seconds')}+08:00"
        return self.fhir

    def shift(self, *, minutes: int = 0, days: int = 0) -> Moment:
        """The same way of writing at another time."""
        return Moment(self.when + timedelta(minutes=minutes, days=days), self.style)

    def restyle(self, style: Style) -> Moment:
        """The same time written in another way."""
        return Moment(self.when, style)
