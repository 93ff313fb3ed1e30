"""The issues table."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.issues import COLUMNS, KINDS, IssueLog
from hbv_standards.provenance import SOURCE_COLUMNS

SOURCES = pd.DataFrame(
    {**dict.fromkeys(SOURCE_COLUMNS, ""), "source_id": [4, 5], "site": ["a", "a"], "file": ["x.json", "y.json"],
     "resource_type": ["Observation", "Patient"], "resource_id": ["o1", "MRN-77"]},
)  # fmt: skip


def test_equal_entries_are_counted_and_errors_come_first() -> None:
    log = IssueLog()
    log.add("HBV-CAN-002", source_id=4)
    log.add("HBV-ING-005", source_id=4, value="4711")
    log.add("HBV-ING-005", source_id=4, value="4711")
    frame = log.to_frame(SOURCES)
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["code"]) == ["HBV-ING-005", "HBV-CAN-002"]
    assert list(frame["count"]) == [2, 1]
    assert frame.loc[0, "resource"] == "Observation/o1"


def test_id_of_a_patient_is_never_shown() -> None:
    log = IssueLog()
    log.add("HBV-ING-004", source_id=5, path="Patient.birthDate")
    frame = log.to_frame(SOURCES)
    assert "MRN-77" not in frame.to_csv()
    assert frame.loc[0, "file"] == "y.json"


def test_unknown_code_is_refused() -> None:
    with pytest.raises(KeyError):
        IssueLog().add("HBV-XXX-001")


def test_order_of_entries_does_not_matter() -> None:
    one, other = IssueLog(), IssueLog()
    for log, ids in ((one, (4, 5)), (other, (5, 4))):
        for source_id in ids:
            log.add("HBV-CAN-002", source_id=source_id)
    pd.testing.assert_frame_equal(one.to_frame(SOURCES), other.to_frame(SOURCES))


def test_every_code_is_used_and_explained() -> None:
    source = Path(__file__).parents[1] / "src" / "hbv_standards"
    text = "".join(p.read_text(encoding="utf-8") for p in sorted(source.rglob("*.py")) if p.name != "issues.py")
    used = set(re.findall(r"HBV-[A-Z]+-\d{3}", text))
    assert used <= set(KINDS)
    assert set(KINDS) <= used, f"never raised: {sorted(set(KINDS) - used)}"
    page = (Path(__file__).parents[1] / "docs" / "issues.md").read_text(encoding="utf-8")
    assert [code for code in KINDS if f"## {code}" not in page] == []
