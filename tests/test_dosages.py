"""Several dosages of one prescription, from FHIR to exposure: each its own dose, or none that is wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hbv_standards.pipeline import ConvertOptions, ConvertResult, convert

STUDIES = Path(__file__).parent / "studies"


def dose(value: float, start: str | None = None, end: str | None = None) -> dict[str, Any]:
    bounds = {"boundsPeriod": {name: day for name, day in (("start", start), ("end", end)) if day}} if start else {}
    return {
        "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", **bounds}},
        "doseAndRate": [{"doseQuantity": {"value": value, "unit": "mg"}}],
    }


def convert_dosages(tmp_path: Path, *dosages: dict[str, Any]) -> ConvertResult:
    """The tiny study with these dosages in the statement of its first subject."""
    delivery = Path(shutil.copytree(STUDIES / "tiny_input", tmp_path / "delivery"))
    file = delivery / "clinic" / "bundle.json"
    bundle = json.loads(file.read_text(encoding="utf-8"))
    statement = next(e["resource"] for e in bundle["entry"] if e["resource"].get("id") == "m1")
    statement["dosage"] = list(dosages)
    file.write_text(json.dumps(bundle), encoding="utf-8")
    return convert([delivery], tmp_path / "out", ConvertOptions(study=STUDIES / "tiny", conformance="none"))


def list_exposure(result: ConvertResult) -> list[tuple[Any, ...]]:
    ex = result.datasets["EX"].frame
    rows = ex.loc[ex["EXTRT"] == "AMLODIPINE", ["EXDOSE", "EXSTDTC", "EXENDTC"]].astype("object")
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def test_doses_that_follow_each_other(tmp_path: Path) -> None:
    result = convert_dosages(
        tmp_path, dose(5, "2022-03-08", "2022-03-21"), dose(10, "2022-03-22", "2022-04-04")
    )
    assert list_exposure(result) == [(5.0, "2022-03-08", "2022-03-21"), (10.0, "2022-03-22", "2022-04-04")]
    trace = result.datasets["EX"].trace
    assert {"MedicationStatement.dosage[0]", "MedicationStatement.dosage[1]"} <= set(trace["path"])
    assert "HBV-ING-014" not in set(result.issues["code"])


@pytest.mark.parametrize(("values", "expected"), [((5, 10), None), ((5, 5), 5.0)])
def test_doses_that_cannot_be_told_apart(tmp_path: Path, values: tuple[int, int], expected: float | None) -> None:
    """Neither of two doses is the dose; what they agree on is."""
    result = convert_dosages(tmp_path, *(dose(value) for value in values))
    assert list_exposure(result) == [(expected, "2022-03-08", "2022-04-04")]
    ex = result.datasets["EX"].frame
    assert ex.loc[ex["EXTRT"] == "AMLODIPINE", "EXDOSFRQ"].isna().all()  # twice once daily, or once: nobody says
    told = result.issues[result.issues["code"] == "HBV-ING-014"]
    assert told["path"].tolist() == ["MedicationStatement.dosage"]
    assert pd.notna(told["message"]).all()
    undosed = set(result.issues.loc[result.issues["code"] == "HBV-SDTM-012", "variable"])
    assert ("EXDOSE" in undosed) == (expected is None)
