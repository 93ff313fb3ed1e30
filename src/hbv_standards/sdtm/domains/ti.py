"""TI: Trial Inclusion/Exclusion Criteria, from the study file (SDTMIG 7.4.1)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """One row per criterion, None for a study file without any."""
    rows = [
        {
            "IETESTCD": criterion.testcd,
            "IETEST": criterion.text,
            "IECAT": criterion.category,
            "TIRL": criterion.rule_text,
            "TIVERS": criterion.version,
        }
        for criterion in view.study.criteria
    ]
    return view.conform("TI", pd.DataFrame(rows)) if rows else None
