"""What a laboratory's flag means, by the results that it stands beside: all above the range, all below, all within."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

_ENOUGH = 5  # results before a flag is believed


class Flag(NamedTuple):
    """Of how many results with a range a flag is, and the NRIND term that all of them speak for."""

    results: int
    term: str | None


def judge_flags(tests: pd.DataFrame) -> Mapping[tuple[str, str], Flag]:
    """(site, interpretation as sent) → what it stands beside. ``tests`` are observations."""
    rows = tests[tests["interpretation_concept"].notna() & tests["value_kind"].isin(["quantity", "integer"])]
    number, low, high = (
        pd.to_numeric(rows[name], errors="coerce") for name in ("value_text", "range_low", "range_high")
    )
    sides = pd.DataFrame(
        {
            "site": rows["site"],
            "flag": rows["interpretation_concept"],
            "HIGH": number > high,
            "LOW": number < low,
            "NORMAL": (number >= low.fillna(number)) & (number <= high.fillna(number)),
        }
    )[(low.notna() | high.notna()) & rows["comparator"].isna()]
    flags = {}
    for key, part in sides.groupby(["site", "flag"]):
        all_of = [term for term in ("HIGH", "LOW", "NORMAL") if part[term].all()]
        term = all_of[0] if len(all_of) == 1 and len(part) >= _ENOUGH else None
        flags[str(key[0]), str(key[1])] = Flag(len(part), term)
    return flags
