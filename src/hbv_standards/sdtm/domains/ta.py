"""TA: Trial Arms, from the study file (SDTMIG 7.2.1)."""

from __future__ import annotations

import pandas as pd

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """One row per planned element of an arm."""
    names = {e.etcd: e.element for e in view.study.elements}
    rows = [
        {
            "ARMCD": arm.armcd,
            "ARM": arm.arm,
            "TAETORD": order,
            "ETCD": cell.etcd,
            "ELEMENT": names[cell.etcd],
            "TABRANCH": cell.branch,
            "TATRANS": cell.transition,
            "EPOCH": cell.epoch,
        }
        for arm in view.study.arms
        for order, cell in enumerate(arm.cells, start=1)
    ]
    return view.conform("TA", pd.DataFrame(rows))
