"""ISO 8601 text, study days and ages: nothing is imputed, partial dates stay partial (SDTMIG 4.4).

A --DTC text names a span of time: ``2024-05`` is the whole of May, ``2024-05-03T08:30`` one
minute. Texts are compared by their spans on one local clock; where spans overlap the order is not
known and no function here pretends that it is. Texts that carry another zone's offset belong
through :func:`localise_dtc` first. Everything is worked out once per distinct text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.derive.dtc_text import DtcSpan, localise_dtc, normalise_dtc, read_dtc

__all__ = [
    "compute_before",
    "compute_max_dtc",
    "compute_min_dtc",
    "compute_study_day",
    "derive_age",
    "derive_dy",
    "localise_dtc",
    "normalise_dtc",
    "parse_dtc",
]

Days: TypeAlias = npt.NDArray[np.datetime64]
_NOTHING = DtcSpan(None, None, None, None, None)


def parse_dtc(values: pd.Series) -> pd.DataFrame:
    """Read ISO 8601 texts as SDTM allows them (SDTMIG 4.4.1, 4.4.2).

    Returns a frame with the index of ``values`` and the columns

    - ``dtc``: the text as sent, missing where it is not valid (calendar checked);
    - ``date``: datetime64[s], the local date part; NaT unless year, month and day are known. An
      interval has one only when both ends fall on the same date;
    - ``precision``: "year", "month", "day", "hour", "minute", "second" or "fraction": the finest
      part known without a gap from the year on; missing for intervals and unknown years;
    - ``seconds``: float64, second of the day where hour (and what follows) is known, else NaN;
    - ``earliest``, ``end``: datetime64[us], the half-open span [earliest, end) that the text
      allows on the clock it was written by; NaT where the year is unknown.
    """
    codes, uniques = pd.factorize(values)
    read = [(str(text), read_dtc(str(text))) for text in uniques]
    texts = [None if span is None else text for text, span in read]
    spans = [span or _NOTHING for _, span in read]
    columns = {
        "dtc": pd.array(texts, dtype="str"),
        "date": _build_times([s.date for s in spans], "D").astype("datetime64[s]"),
        "precision": pd.array([s.precision for s in spans], dtype="str"),
        "seconds": np.array([s.seconds for s in spans], dtype="float64"),
        "earliest": _build_times([s.earliest for s in spans], "us"),
        "end": _build_times([s.end for s in spans], "us"),
    }
    return pd.DataFrame(columns).reindex(codes).set_axis(values.index)


def _build_times(counts: Sequence[int | None], unit: str) -> Days:
    """Counts since 1970-01-01 → datetime64 of that unit, None → NaT."""
    nat = np.iinfo(np.int64).min
    whole = np.array([nat if c is None else c for c in counts], dtype="int64")
    return whole.view(f"datetime64[{unit}]")


def compute_study_day(dates: pd.Series, reference: pd.Series) -> npt.NDArray[np.float64]:
    """Study days of complete dates (SDTMIG 4.4.4): 1 on the reference date, -1 the day before, no 0.

    Both are datetime64 series of one length, compared by position; NaN where either is NaT.
    """
    elapsed = _read_days(dates) - _read_days(reference)
    days = elapsed.astype("float64")
    days[np.isnat(elapsed)] = np.nan
    return np.where(days >= 0, days + 1, days)


def derive_dy(frame: pd.DataFrame, dtc: str, reference: str, out: str) -> pd.DataFrame:
    """Add ``out`` (float64): study day of the ISO text in ``dtc`` against that in ``reference``.

    The local date as sent counts; missing unless both date parts are complete (SDTMIG 4.4.4,
    CG0006, CG0007).
    """
    days = compute_study_day(parse_dtc(frame[dtc])["date"], parse_dtc(frame[reference])["date"])
    return frame.assign(**{out: days})


def derive_age(frame: pd.DataFrame, birth: str, at: str, out: str) -> pd.DataFrame:
    """Add ``out`` (float64): whole years between the ISO texts in ``birth`` and ``at``.

    The difference of the years, less one while the birthday is not reached; someone born on
    29 February has it on 1 March in common years. Partial dates give an age only when every date
    that they allow gives the same one; missing otherwise, and when ``birth`` lies after ``at``.
    """
    born, then = parse_dtc(frame[birth]), parse_dtc(frame[at])
    youngest = _compute_years(_read_last_day(born), _read_days(then["earliest"]))
    oldest = _compute_years(_read_days(born["earliest"]), _read_last_day(then))
    certain = (youngest == oldest) & (youngest >= 0)
    return frame.assign(**{out: np.where(certain, youngest, np.nan)})


def compute_before(first: pd.Series, second: pd.Series) -> pd.Series:
    """Where the ISO text in ``first`` lies surely before that in ``second``, by position.

    Boolean with the index of ``first``; False where either is missing or the order is not known.
    """
    end, start = parse_dtc(first)["end"].to_numpy(), parse_dtc(second)["earliest"].to_numpy()
    return pd.Series(end <= start, index=first.index, name=first.name)


def compute_min_dtc(values: pd.Series, by: pd.Series) -> pd.Series:
    """Earliest ISO text of every group in ``by``; index: the groups in order.

    Where a partial date hides which text is the earliest, the one whose span surely holds the
    earliest moment is taken: of ``2024-05`` and ``2024-05-03`` it is ``2024-05``, since the true
    date may precede the third; of ``2024-05`` and ``2024-05-01`` it is the latter. Invalid texts
    and unknown years are left out, also groups without any other.
    """
    return _pick_text(values, by, {"earliest": True, "end": True, "dtc": True})


def compute_max_dtc(values: pd.Series, by: pd.Series) -> pd.Series:
    """Latest ISO text of every group in ``by``, as :func:`compute_min_dtc` takes the earliest.

    Of ``2024-05`` and ``2024-05-03`` the latest is ``2024-05``; of ``2024-05`` and
    ``2024-05-31`` the latter.
    """
    return _pick_text(values, by, {"end": False, "earliest": False, "dtc": False})


def _pick_text(values: pd.Series, by: pd.Series, order: dict[str, bool]) -> pd.Series:
    read = parse_dtc(values).assign(by=by.to_numpy())
    known = read[read["earliest"].notna() & read["by"].notna()]
    ranked = known.sort_values(list(order), ascending=list(order.values()), kind="stable")
    picked = ranked.drop_duplicates("by").sort_values("by", kind="stable")
    return pd.Series(picked["dtc"].array, index=pd.Index(picked["by"], name=by.name), name=values.name)


def _read_days(times: pd.Series) -> Days:
    return times.to_numpy().astype("datetime64[D]")


def _read_last_day(read: pd.DataFrame) -> Days:
    return (read["end"].to_numpy() - np.timedelta64(1, "us")).astype("datetime64[D]")


def _compute_years(birth: Days, at: Days) -> npt.NDArray[np.float64]:
    """Whole years between complete days, NaN where either is NaT."""
    (born_year, born_day), (year, day) = _read_calendar(birth), _read_calendar(at)
    years = (year - born_year - (day < born_day)).astype("float64")
    years[np.isnat(birth) | np.isnat(at)] = np.nan
    return years


def _read_calendar(days: Days) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Year, and place in the year that compares like month and day together."""
    months = days.astype("datetime64[M]")
    year = days.astype("datetime64[Y]").astype("int64")
    month = months.astype("int64") - year * 12
    return year, month * 31 + (days - months).astype("int64")
