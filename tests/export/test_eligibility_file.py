"""eligibility.csv: hash, spreadsheet encoding, and the resource behind each record."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.export.eligibility_file import FILE_COLUMNS, write_eligibility
from hbv_standards.export.report.eligibility import build_eligibility_chapter
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.sdtm.eligibility_table import ELIGIBILITY_COLUMNS
from hbv_standards.study import StudyConfig

from .conftest import MAPPINGS

SOURCES = pd.DataFrame(
    [
        (7, "zhongshan", "a.json", "entry[1].resource", "Observation", "o1"),
        (8, "zhongshan", "b.json", "entry[2].resource", "MedicationStatement", "m1"),
        (9, "zhongshan", "b.json", "line 3", "Observation", None),
        (10, "zhongshan", "p.json", "entry[0].resource", "Patient", "MRN-4711"),
    ],
    columns=["source_id", "site", "file", "position", "resource_type", "resource_id"],
)


def make_table(*rows: tuple[str, str, str, str, str | None, str | None, str | None]) -> pd.DataFrame:
    """Rows of subject, site number, criterion, result, value, unit and sources."""
    names = ["USUBJID", "SITEID", "IETESTCD", "result", "value", "unit", "source_ids"]
    table = pd.DataFrame(rows, columns=names).assign(IETEST="HBsAg <= 1500", IECAT="INCLUSION", dtc="2023-03-02")
    return table.assign(dataset="MB", seq="4", reason=None)[list(ELIGIBILITY_COLUMNS)].astype("str")


TABLE = make_table(
    ("S-1", "01", "INCL03", "MET", "900", "IU/mL", "7"),
    ("S-2", "01", "INCL03", "NOT MET", "1900", "IU/mL", "8;9"),
    ("S-3", "03", "INCL03", "NOT EVALUABLE", "阴性", None, "10"),
    ("S-4", "03", "INCL03", "NOT EVALUABLE", None, None, None),
)


@pytest.fixture(scope="module")
def study() -> StudyConfig:
    return read_catalog(MAPPINGS).study


def test_file(tmp_path: Path) -> None:
    written = write_eligibility(tmp_path / "eligibility.csv", TABLE, SOURCES)
    content = (tmp_path / "eligibility.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfUSUBJID,")
    assert written == ("eligibility.csv", 4, len(content), hashlib.sha256(content).hexdigest())
    read = pd.read_csv(tmp_path / "eligibility.csv", dtype=str, keep_default_na=False)
    assert tuple(read.columns) == FILE_COLUMNS
    assert read["resource"].tolist() == [
        "Observation/o1", "MedicationStatement/m1;Observation/line 3", "Patient/entry[0].resource", ""
    ]  # fmt: skip
    assert read["file"].tolist() == ["a.json", "b.json", "p.json", ""]
    assert read.loc[2, "value"] == "阴性"


def test_study_without_criteria_has_the_header(tmp_path: Path) -> None:
    written = write_eligibility(tmp_path / "eligibility.csv", make_table(), SOURCES)
    assert written.rows == 0
    assert (tmp_path / "eligibility.csv").read_text("utf-8-sig") == ",".join(FILE_COLUMNS) + "\n"


def test_chapter_counts_by_hospital_and_lists_the_unmet(study: StudyConfig) -> None:
    text = "\n".join(build_eligibility_chapter(TABLE, study).parts)
    assert "1 / 1 / 0" in text and "0 / 0 / 2" in text
    assert "Second People&#x27;s Hospital of Zhongshan" in text
    assert "Guangzhou" not in text  # sent nobody
    assert "1900 IU/mL" in text and "MB 4" in text and "S-2" in text
    assert "S-1" not in text


def test_chapter_where_nobody_is_excluded(study: StudyConfig) -> None:
    met = make_table(("S-1", "01", "INCL03", "MET", "900", "IU/mL", "7"))
    assert "Every criterion that could be decided is met." in "\n".join(build_eligibility_chapter(met, study).parts)
    assert "No criterion" in "\n".join(build_eligibility_chapter(make_table(), study).parts)
