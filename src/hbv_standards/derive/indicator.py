"""--NRIND from number and limits (codelist NRIND C78736), exact, in the unit of the limits."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from hbv_standards.derive.combinations import map_combinations
from hbv_standards.derive.number_text import Scale, read_number
from hbv_standards.derive.units import Conversion, convert_number

Floats: TypeAlias = npt.NDArray[np.float64]
_CLOSE = 1e-9  # relative; nearer numbers are compared as fractions


class Comparison(NamedTuple):
    """How results of one kind are compared with their limits."""

    way: Conversion | None  # from the result's unit to that of the limits; None: no path
    scale: Scale  # of the unit of the limits


def compute_indicator(
    number: pd.Series,
    comparator: pd.Series,
    low: pd.Series,
    high: pd.Series,
    kind: npt.NDArray[np.int64],
    comparisons: Sequence[Comparison],
) -> pd.Series:
    """LOW, NORMAL, HIGH, or missing where number and limits do not decide it.

    The four series are texts as sent, of one index, missing allowed; ``kind`` says per row which of
    ``comparisons`` holds. Limits belong to the range (FHIR referenceRange.low, .high). With one
    limit the range is open on the other side; without any, or with the low above the high one,
    nothing is decided. "<x" and ">x" are decided only when every value that they allow falls on
    one side; a low limit of 0 leaves no room below it on a linear scale.
    """
    rows = pd.DataFrame({"number": number, "comparator": comparator, "low": low, "high": high, "kind": kind})
    same_unit = np.array([c.way is not None and c.way.is_identity for c in comparisons] or [False])
    numbers, lows, highs = (_read_floats(rows[name]) for name in ("number", "low", "high"))
    plain = (
        same_unit[rows["kind"].to_numpy()]
        & rows["comparator"].isna().to_numpy()
        & np.isfinite(numbers)
        & _is_clear(numbers, lows, rows["low"])
        & _is_clear(numbers, highs, rows["high"])
        & (rows["low"].notna() | rows["high"].notna()).to_numpy()
        & ~(lows >= highs)
    )
    found = np.select([numbers < lows, numbers > highs], ["LOW", "HIGH"], "NORMAL").astype(object)
    found[~plain] = _compare_exactly(rows[~plain], comparisons)
    return pd.Series(found, index=number.index, dtype="str")


def _read_floats(texts: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype="float64")


def _is_clear(numbers: Floats, limits: Floats, sent: pd.Series) -> npt.NDArray[np.bool_]:
    """Where a float comparison with the limit is safe, or there is no limit to compare with."""
    apart = np.abs(numbers - limits) > _CLOSE * np.maximum(np.abs(numbers), np.abs(limits))
    clear: npt.NDArray[np.bool_] = apart | sent.isna().to_numpy()
    return clear


def _compare_exactly(rows: pd.DataFrame, comparisons: Sequence[Comparison]) -> npt.NDArray[Any]:
    def compare(
        number: str | None, comparator: str | None, low: str | None, high: str | None, kind: int
    ) -> tuple[str | None]:
        return (_compare(number, comparator, low, high, comparisons[kind]),)

    made = map_combinations(
        rows, ["number", "comparator", "low", "high", "kind"], compare, {"found": "object"}
    )
    return made["found"].to_numpy()


def _compare(
    number: str | None, comparator: str | None, low: str | None, high: str | None, comparison: Comparison
) -> str | None:
    if number is None or comparison.way is None or (low is None and high is None):
        return None
    value = convert_number(number, comparison.way)
    least, most = (None if limit is None else read_number(limit) for limit in (low, high))
    if value is None or (least is None) != (low is None) or (most is None) != (high is None):
        return None
    if least is not None and most is not None and least > most:
        return None
    if comparator is None:
        return place_number(value, least, most)
    return place_bound(comparator, value, least, most, comparison.scale)


def place_number(number: Fraction, low: Fraction | None, high: Fraction | None) -> str:
    """Where a number lies; both limits belong to the range."""
    if low is not None and number < low:
        return "LOW"
    return "HIGH" if high is not None and number > high else "NORMAL"


def place_bound(
    comparator: str, bound: Fraction, low: Fraction | None, high: Fraction | None, scale: Scale
) -> str | None:
    """Where all values lie that a comparator before ``bound`` allows; None when a limit parts them."""
    attained = comparator in ("<=", ">=")
    if comparator.startswith("<"):
        if low is not None and (bound < low or (bound == low and not attained)):
            return "LOW"
        open_below = low is None or (low <= 0 and scale == "linear")
        return "NORMAL" if open_below and high is not None and bound <= high else None
    if high is not None and (bound > high or (bound == high and not attained)):
        return "HIGH"
    return "NORMAL" if high is None and low is not None and bound >= low else None
