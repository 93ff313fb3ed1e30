"""``manifest.json``: what went in, what came out, by which versions, and that the books balance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from hbv_standards import __version__
from hbv_standards.export.eligibility_file import TableFile
from hbv_standards.export.layout import SubmissionFiles
from hbv_standards.issues import rank_unmapped
from hbv_standards.mapping.catalog import Catalog

_LIBRARIES = ("fhir.resources", "msgspec", "numpy", "pandas", "pyarrow", "pydantic", "pyreadstat")


def build_manifest(
    *,
    catalog: Catalog,
    inputs: Sequence[Mapping[str, Any]],
    outcomes: pd.DataFrame,
    issues: pd.DataFrame,
    findings: pd.DataFrame,
    written: SubmissionFiles,
    records: Mapping[str, int],
    command: Mapping[str, Any],
    tables: Sequence[TableFile] = (),
) -> dict[str, Any]:
    """Content of the manifest; holds no time of day and no path outside the input.

    ``inputs`` are the files read ({file, site, sha256, bytes}), ``outcomes`` the table of
    :func:`hbv_standards.ingest.outcomes.count_outcomes`, ``findings`` those of
    the native validation, ``written`` the XPT files, ``command`` the options of the run, ``tables`` what was
    written beside the datasets.
    """
    study = catalog.study
    totals = outcomes.drop(columns=["site", "resource_type"]).sum()
    return {
        "study": study.studyid,
        "standards": {"SDTMIG": study.sdtm.ig, "SDTM": study.sdtm.model, "SDTM CT": study.sdtm.terminology},
        "command": dict(command),
        "inputs": [dict(item) for item in inputs],
        "mapping_tables": dict(sorted(catalog.files.items())),
        "resources": {
            "total": {name: int(count) for name, count in totals.items()},
            "by_site_and_type": outcomes.to_dict("records"),
        },
        "canonical_records": dict(records),
        "datasets": {name: describe_file(name, written) for name in sorted(written.files)},
        "tables": {table.name: describe_table(table) for table in tables},
        "issues": {
            "by_severity": count_by(issues, "severity"),
            "by_code": count_by(issues, "code"),
        },
        "unmapped": list_unmapped(issues),
        "validation": {
            "by_severity": count_by(findings, "severity"),
            "by_rule": count_by(findings, "code"),
        },
        "versions": {"hbv_standards": __version__, **{name: version(name) for name in _LIBRARIES}},
    }


def describe_file(name: str, written: SubmissionFiles) -> dict[str, Any]:
    """A dataset of the manifest; ``part_of`` is the domain where the dataset is a part of one."""
    file = written.files[name]
    part = {"part_of": written.parts[name]} if name in written.parts else {}
    place = f"{written.place}/{name.lower()}.xpt"
    return {"file": place, **part, "rows": file.rows, "bytes": file.bytes, "sha256": file.sha256}


def describe_table(table: TableFile) -> dict[str, Any]:
    """A table of the manifest: rows, bytes and hash of its file."""
    return {"rows": table.rows, "bytes": table.bytes, "sha256": table.sha256}


def list_unmapped(issues: pd.DataFrame) -> list[dict[str, Any]]:
    """What is to be mapped, with the records that it costs, the dearest first."""
    ranked = rank_unmapped(issues)
    rows = zip(ranked["site"], ranked["code"], ranked["value"], ranked["records"], strict=True)
    return [{"site": site, "code": code, "value": value, "records": int(n)} for site, code, value, n in rows]


def count_by(issues: pd.DataFrame, column: str) -> dict[str, int]:
    """Entries of the issues table by one of its columns, in the order of the values."""
    return {str(value): int(n) for value, n in issues.groupby(column)["count"].sum().sort_index().items()}


def write_manifest(path: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest as indented JSON in UTF-8."""
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_issues(path: Path, issues: pd.DataFrame) -> None:
    """Write ``issues.csv``: UTF-8 with a byte order mark, so that a spreadsheet shows Chinese text."""
    issues.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
