"""Cases of tests/cases/sdtm: canonical records in, rows and issues out.

Cases that are built alike are built together, each with subjects of its own: that is quick, and no
case may show in another.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset

from .cases import DEFAULTS, build_case, build_catalog, join_cases, read_rows

CASES = Path(__file__).parents[1] / "cases" / "sdtm"
SOURCES = 1000  # source ids of one case
KEYS = ("subject_id", "visit_key", "group_id")


@cache
def read_cases() -> list[dict[str, Any]]:
    """All cases, with the name of their file, their number and how they are built."""
    files = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(CASES.glob("*.yaml"))
    }
    cases = [{**case, "file": file} for file, listed in files.items() for case in listed]
    return [
        # What is reported once for all rows cannot be told apart: such a case says `alone`.
        {
            **case,
            "number": n,
            "build": (case.get("cutoff"), case.get("agency", "fda"), n if case.get("alone") else -1),
        }
        for n, case in enumerate(cases)
    ]


def mark_case(case: Mapping[str, Any]) -> CanonicalData:
    """The records of a case, with subjects, visits, groups and sources of its own."""
    prefix, offset = f"case{case['number']}-", case["number"] * SOURCES
    marked: dict[str, list[dict[str, Any]]] = {}
    for kind, defaults in DEFAULTS.items():
        records = [{**defaults, **record} for record in case.get(kind, [])]
        marked[kind] = [
            {**record, **{key: prefix + record[key] for key in KEYS if isinstance(record.get(key), str)}}
            for record in records
        ]
    return build_case(marked, offset=offset)


@cache
def build_together(build: tuple[str | None, str, int]) -> tuple[dict[str, Dataset], IssueLog]:
    log = IssueLog()
    data = join_cases([mark_case(case) for case in read_cases() if case["build"] == build])
    return build_sdtm(data, build_catalog(), log, cutoff=build[0], agency=build[1]), log  # type: ignore[arg-type]  # from the case


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: f"{case['file']}: {case['name']}")
def test_case(case: dict[str, Any]) -> None:
    """Every row is named; of each row the variables that the case tells. Issues are all named."""
    datasets, log = build_together(case["build"])
    prefix = f"case{case['number']}-"
    for name, expected in case["expect"].items():
        columns = list(dict.fromkeys(column for row in expected for column in row))
        rows = [
            row
            for row in read_rows(datasets.get(name), list(dict.fromkeys(["USUBJID", *columns])))
            if prefix in row["USUBJID"]
        ]
        found = [
            {column: unmark(row[column], prefix) for column in wanted}
            for row, wanted in zip(rows, expected, strict=False)
        ]
        assert (found, len(rows)) == (expected, len(expected)), name
    own = [row for row in log.rows if case.get("alone") or row.source_id // SOURCES == case["number"]]
    assert sorted({row.code for row in own}) == case.get("issues", [])


def unmark(value: Any, prefix: str) -> Any:
    return value.replace(prefix, "") if isinstance(value, str) else value


def test_what_is_reported_has_its_source() -> None:
    """Only what is said once for many rows goes without a source, and then the case is built alone."""
    for build in {case["build"] for case in read_cases() if not case.get("alone")}:
        assert all(row.source_id >= 0 for row in build_together(build)[1].rows)
