"""Native findings and those of CDISC CORE in one table."""

from __future__ import annotations

import pandas as pd

from hbv_standards.validate.findings import RANK


def merge_findings(native: pd.DataFrame, core: pd.DataFrame) -> pd.DataFrame:
    """Both tables one below the other, by dataset, variable and row, with a column ``also``.

    ``also`` names the codes by which the other checker found something in the same dataset, variable and
    row (0: the dataset as a whole).  A finding of CORE may be about several variables.
    """
    both = pd.concat([native.assign(engine="native"), core.assign(engine="core")], ignore_index=True)
    both["number"] = range(len(both))
    each = both.assign(single=both["variable"].str.split(", ")).explode("single")
    place = ["dataset", "single", "row"]
    sides = {name: part[[*place, "number", "code"]] for name, part in each.groupby("engine")}
    also: dict[int, set[str]] = {}
    if len(sides) == 2:
        met = sides["native"].merge(sides["core"], on=place, suffixes=("_native", "_core"))
        for first, second, code, other in zip(
            met["number_native"], met["number_core"], met["code_native"], met["code_core"], strict=True
        ):
            also.setdefault(int(first), set()).add(str(other))
            also.setdefault(int(second), set()).add(str(code))
    both["also"] = [" ".join(sorted(also.get(number, ()))) for number in both["number"]]
    rank = both["severity"].map(RANK)
    ordered = both.assign(rank=rank).sort_values(
        ["dataset", "row", "variable", "rank", "code", "number"], kind="stable"
    )
    return ordered.drop(columns=["engine", "number", "rank"]).reset_index(drop=True)
