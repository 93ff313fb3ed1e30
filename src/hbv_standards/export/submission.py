"""What a regulator receives, written into one folder from the same specs and datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from hbv_standards.export.dataset_json import write_dataset_json
from hbv_standards.export.define import write_define
from hbv_standards.export.manifest import write_issues
from hbv_standards.export.sdtm_files import ENCODINGS, build_member, write_sdtm
from hbv_standards.export.trace_files import write_trace
from hbv_standards.export.xpt import XptFile
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.dataset import Dataset


def write_submission(
    folder: Path,
    datasets: Mapping[str, Dataset],
    catalog: Catalog,
    *,
    sources: pd.DataFrame,
    issues: pd.DataFrame,
    created: datetime,
    agency: str,
    progress: Callable[[str], None],
) -> dict[str, XptFile]:
    """XPT files, Define-XML with its page, Dataset-JSON, trace and issues table into ``folder``.

    Returns the XPT files by dataset. Datasets without rows are not written (SDTMIG 3.2). Raises
    :class:`hbv_standards.errors.ExportError` when a value cannot be written as its format demands.
    """
    filled = {name: dataset for name, dataset in datasets.items() if not dataset.frame.empty}
    files = write_sdtm(folder / "sdtm", filled, created=created, agency=agency, progress=progress)
    progress("writing Define-XML and Dataset-JSON")
    members = {name: build_member(dataset, ENCODINGS[agency]) for name, dataset in filled.items()}
    define = write_define(folder / "sdtm" / "define.xml", filled, catalog, created=created, members=members)
    write_dataset_json(folder / "dataset-json", filled, define, created=created)
    write_trace(folder / "trace", sources, filled)
    write_issues(folder / "issues.csv", issues)
    return files
