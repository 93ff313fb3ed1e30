"""TV: Trial Visits, from the study file (SDTMIG 7.3.1); the visits are the same in every arm."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """One row per planned visit."""
    rows = [
        {
            "VISITNUM": visit.visitnum,
            "VISIT": visit.visit,
            "VISITDY": visit.visitdy,
            "TVSTRL": visit.start_rule,
            "TVENRL": visit.end_rule,
        }
        for visit in view.study.visits
    ]
    return view.conform("TV", pd.DataFrame(rows))
