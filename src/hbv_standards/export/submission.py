"""What a regulator receives, written into one folder from the same specs and datasets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd

from hbv_standards.export.dataset_json import write_dataset_json
from hbv_standards.export.define import Document, write_define
from hbv_standards.export.layout import PLAIN, SubmissionFiles
from hbv_standards.export.manifest import write_issues
from hbv_standards.export.sdtm_files import ENCODINGS, build_member, write_sdtm
from hbv_standards.export.split import SIZE_LIMITS, split_datasets
from hbv_standards.export.trace_files import write_trace
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
    place: str = PLAIN,
    max_bytes: int | None = None,
    documents: Sequence[Document] = (),
) -> SubmissionFiles:
    """XPT files, Define-XML with its page, Dataset-JSON, trace and issues table into ``folder``.

    Datasets without rows are not written (SDTMIG 3.2), those larger than the agency takes (or than
    ``max_bytes``) in parts. ``place`` is that of the SDTM datasets in ``folder``, ``documents`` are
    those that define.xml names. Raises
    :class:`hbv_standards.errors.ExportError` when a value cannot be written as its format demands.
    """
    filled = {name: dataset for name, dataset in datasets.items() if not dataset.frame.empty}
    whole = {name: build_member(dataset, ENCODINGS[agency]) for name, dataset in filled.items()}
    parts = split_datasets(filled, whole, max_bytes or SIZE_LIMITS[agency])
    files = write_sdtm(folder / place, parts, created=created, agency=agency, progress=progress)
    progress("writing Define-XML and Dataset-JSON")
    written = {name: part.dataset for name, part in parts.items()}
    members = {name: part.member for name, part in parts.items()}
    define = write_define(
        folder / place / "define.xml", written, catalog, created=created, members=members,
        documents=documents, agency=agency,
    )  # fmt: skip
    define_ref = f"../{place}/define.xml"
    write_dataset_json(folder / "dataset-json", written, define, created=created, define_ref=define_ref)
    write_trace(folder / "trace", sources, written)
    write_issues(folder / "issues.csv", issues)
    split = {name: dataset.spec.name for name, dataset in written.items() if dataset.split}
    return SubmissionFiles(place, files, split, define)
