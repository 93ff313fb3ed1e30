"""TE: Trial Elements, from the study file (SDTMIG 7.2.2)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """One row per planned element."""
    rows = [
        {
            "ETCD": element.etcd,
            "ELEMENT": element.element,
            "TESTRL": element.start_rule,
            "TEENRL": element.end_rule,
            "TEDUR": element.duration,
        }
        for element in view.study.elements
    ]
    return view.conform("TE", pd.DataFrame(rows))
