"""RELREC: Related Records: which records belong together, as the sources state it (SDTMIG 8.2)."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.relations import (
    relate_adjustments,
    relate_exposure,
    relate_procedures,
    relate_reasons,
    relate_shared,
)
from hbv_standards.sdtm.study_view import StudyView
from hbv_standards.sdtm.trace import trace_rows

KEYS = ["RELID", "USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL"]


def relate(view: StudyView, datasets: Mapping[str, Dataset]) -> Dataset | None:
    """Relations of records, then of datasets; None without any."""
    stated = pd.concat(
        [
            relate_procedures(view, datasets),
            relate_reasons(view, datasets),
            relate_adjustments(view, datasets),
            relate_exposure(datasets),
            relate_shared(datasets),
        ],
        ignore_index=True,
    )
    if stated.empty:
        return None
    frame = stated.drop_duplicates(KEYS).reset_index(drop=True)
    rows = stated[[*KEYS, "source_id", "path"]].merge(frame[KEYS].assign(row=frame.index), on=KEYS)
    traced = rows.drop_duplicates(["row", "source_id", "path"]).assign(mapping_row=None)
    return view.conform("RELREC", frame, trace_rows(traced, row="row"))
