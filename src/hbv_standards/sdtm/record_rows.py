"""Which rows of which datasets were made of a record: what comments and relations point at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.standards.associated_persons import is_associated

COLUMNS = ("dataset", "row", "variable", "source_id", "path", "USUBJID", "IDVAR", "IDVARVAL")


def find_rows(
    datasets: Mapping[str, Dataset], classes: Sequence[str], sources: Collection[int], *, whole: bool = True
) -> pd.DataFrame:
    """Rows of datasets of some classes that have one of ``sources`` behind them: :data:`COLUMNS`.

    With ``whole`` only sources of whole rows count, not those of one variable. IDVAR is --SEQ;
    datasets about associated persons are left out, for their --SEQ tells no subject's record.
    """
    parts = []
    for name, dataset in datasets.items():
        numbered = f"{name}SEQ"
        if dataset.spec.cls not in classes or is_associated(name) or numbered not in dataset.frame:
            continue
        trace = dataset.trace[dataset.trace["source_id"].isin(sources)]
        if whole:
            trace = trace[trace["variable"] == ""]
        rows = dataset.frame[["USUBJID", numbered]].iloc[trace["row"]]
        parts.append(
            trace[["row", "variable", "source_id", "path"]]
            .reset_index(drop=True)
            .assign(
                dataset=name,
                USUBJID=rows["USUBJID"].to_numpy(),
                IDVAR=numbered,
                IDVARVAL=rows[numbered].astype("int64").astype("str").to_numpy(),
            )
        )
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
    return found[list(COLUMNS)].astype({"row": "int64", "source_id": "int64"})
