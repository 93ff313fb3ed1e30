"""IS: Immunogenicity Specimen Assessments: antibodies, against virus or self."""  # noqa: N999 - the domain's name

from __future__ import annotations

from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.findings import build_findings_dataset
from hbv_standards.sdtm.study_view import StudyView


def build(view: StudyView) -> Dataset | None:
    """The dataset of the records in ``view``, None without any."""
    return build_findings_dataset(view, "IS")
