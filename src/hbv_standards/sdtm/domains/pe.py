"""PE: Physical Examination: body systems and signs, where a hospital sends them (SDTMIG 6.3.8)."""

from __future__ import annotations

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.findings import build_findings_dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    return build_findings_dataset(view, "PE")
