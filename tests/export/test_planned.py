"""What is planned against what is there: counted by visit and hospital, never made up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.export.guide.measurements import tabulate_items, tabulate_sites, tabulate_visits
from hbv_standards.export.planned import COUNTS, count_items, count_planned
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.spec import read_specs
from hbv_standards.study_schedule import PlannedMeasurement

from .conftest import MAPPINGS, make_dataset

CATALOG = read_catalog(MAPPINGS)
SPECS = read_specs(MAPPINGS / "specs")

Rows = list[dict[str, str | None]]

DM: Rows = [
    {"USUBJID": "S-1", "SUBJID": "1", "SITEID": "01", "SEX": "F", "RACE": "ASIAN"},
    {"USUBJID": "S-2", "SUBJID": "2", "SITEID": "01", "SEX": "U"},
    {"USUBJID": "S-3", "SUBJID": "3", "SITEID": "02", "SEX": "M"},
]
VISITS = {"SCREENING": "1", "BASELINE": "2", "WEEK 12": "3"}


def make_visit(subject: str, visit: str, occurred: str = "Y") -> dict[str, str | None]:
    return {"USUBJID": subject, "VISIT": visit, "VISITNUM": VISITS[visit], "SVPRESP": "Y", "SVOCCUR": occurred}


SV: Rows = [
    make_visit("S-1", "SCREENING"), make_visit("S-1", "BASELINE"), make_visit("S-1", "WEEK 12"),
    make_visit("S-2", "SCREENING"), make_visit("S-2", "BASELINE"), make_visit("S-2", "WEEK 12", "N"),
    make_visit("S-3", "SCREENING"), make_visit("S-3", "BASELINE"),
]  # fmt: skip


def make_result(subject: str, visit: str, detail: str, result: str | None, stat: str | None = None) -> dict[str, str | None]:
    return {
        "USUBJID": subject, "MBTESTCD": "HBSAG", "MBTEST": "HBsAg", "MBTSTDTL": detail, "VISIT": visit,
        "VISITNUM": VISITS[visit], "MBORRES": result, "MBSTAT": stat, "MBDTC": "2024-01-05",
    }  # fmt: skip


MB: Rows = [
    make_result("S-1", "BASELINE", "QUANTIFICATION", "12"),
    make_result("S-1", "BASELINE", "QUANTIFICATION", None, "NOT DONE"),  # done in the end
    make_result("S-1", "WEEK 12", "DETECTION", "POSITIVE"),  # another test of the same code
    make_result("S-2", "BASELINE", "QUANTIFICATION", None, "NOT DONE"),
    make_result("S-2", "WEEK 12", "QUANTIFICATION", "9"),  # at a visit that was not kept
]
SU: Rows = [
    {"USUBJID": "S-1", "SUTRT": "CIGARETTE", "SUCAT": "TOBACCO", "SUPRESP": "Y", "SUOCCUR": "N"},
    {"USUBJID": "S-3", "SUTRT": "BEER", "SUCAT": "ALCOHOL", "SUPRESP": "Y", "SUOCCUR": "Y"},
]
PR: Rows = [
    {"USUBJID": "S-1", "PRTRT": "X-RAY", "PRPRESP": "Y", "PROCCUR": "N", "VISIT": "BASELINE", "VISITNUM": "2"},
    {"USUBJID": "S-2", "PRTRT": "X-RAY", "VISIT": "BASELINE", "VISITNUM": "2"},
]
APMH: Rows = [{"APID": "A-1", "RSUBJID": "S-3", "SREL": "MOTHER", "MHTERM": "Hepatitis B"}]

TABLES = {"DM": DM, "SV": SV, "MB": MB, "SU": SU, "PR": PR, "APMH": APMH}


def make_datasets(tables: dict[str, Rows] = TABLES) -> dict[str, Dataset]:
    return {name: make_dataset(rows, SPECS[name], CATALOG) for name, rows in tables.items()}


def with_schedule(*entries: PlannedMeasurement) -> Catalog:
    return replace(CATALOG, study=CATALOG.study.model_copy(update={"schedule": entries}))


def count(tables: dict[str, Rows] = TABLES, **entry: Any) -> dict[tuple[str, str], tuple[int, ...]]:
    """Planned, present, not done and missing by hospital and visit."""
    planned = PlannedMeasurement(name="X", **entry)
    rows = count_planned(make_datasets(tables), with_schedule(planned))
    assert (rows["title"] == "X").all()
    return {(site, visit): tuple(n) for site, visit, *n in rows[["SITEID", "VISIT", *COUNTS]].to_numpy().tolist()}


def test_result_of_each_visit() -> None:
    assert count(concepts=("HBSAG_QN",), visits=("BASELINE", "WEEK 12")) == {
        ("01", "BASELINE"): (2, 1, 1, 0),
        ("01", "WEEK 12"): (1, 0, 0, 1),
        ("02", "BASELINE"): (1, 0, 0, 1),
    }


def test_any_of_the_tests() -> None:
    found = count(concepts=("HBSAG_QN", "HBSAG_QL"), visits=("WEEK 12",))
    assert found == {("01", "WEEK 12"): (1, 1, 0, 0)}


def test_one_of_the_visits_is_enough() -> None:
    found = count(concepts=("HBSAG_QN",), visits=("SCREENING", "BASELINE"), once=True)
    assert found == {("01", ""): (2, 1, 1, 0), ("02", ""): (1, 0, 0, 1)}


def test_an_answer_of_no_is_an_answer() -> None:
    assert count(dataset="SU", where={"SUCAT": ("TOBACCO",)}) == {("01", ""): (2, 1, 0, 1), ("02", ""): (1, 0, 0, 1)}


def test_an_examination_that_did_not_occur() -> None:
    found = count(dataset="PR", where={"PRTRT": ("X-RAY",)}, visits=("BASELINE",))
    assert found == {("01", "BASELINE"): (2, 1, 1, 0), ("02", "BASELINE"): (1, 0, 0, 1)}


def test_record_of_a_relative_is_the_subjects() -> None:
    assert count(dataset="APMH") == {("01", ""): (2, 0, 0, 2), ("02", ""): (1, 1, 0, 0)}


@pytest.mark.parametrize("entry", [{"dataset": "CM"}, {"concepts": ("LSM",)}, {"dataset": "SU", "where": {"SUSCAT": ("A",)}}])
def test_dataset_or_variable_that_is_not_there(entry: dict[str, Any]) -> None:
    assert sum(n[3] for n in count(**entry).values()) == 3


@pytest.mark.parametrize("tables", [{}, {"DM": []}, {"DM": DM}])
def test_nothing_to_count(tables: dict[str, Rows]) -> None:
    assert count(tables, concepts=("HBSAG_QN",), visits=("BASELINE",)) == {}


def test_study_without_schedule() -> None:
    assert count_planned(make_datasets(), with_schedule()).empty


def test_the_trial_has_a_schedule_that_can_be_counted() -> None:
    found = count_planned(make_datasets(), CATALOG)
    assert set(found["title"]) == {entry.title for entry in CATALOG.study.schedule}


def test_tables_for_people() -> None:
    tests = PlannedMeasurement(name="HBsAg", concepts=("HBSAG_QN",), visits=("WEEK 12", "BASELINE"))
    asked = PlannedMeasurement(panel="Habits", name="Beer", dataset="SU", where={"SUTRT": ("BEER",)})
    planned = count_planned(make_datasets(), with_schedule(tests, asked))
    table = tabulate_visits(planned)
    assert table.header == ("Measurement", "Once", "BASELINE", "WEEK 12", "Not done", "No record")
    assert table.rows == (("HBsAg", "", "1/3", "0/1", "1", "2"), ("Habits: Beer", "1/3", "", "", "0", "2"))
    (by_site,) = tabulate_sites(planned, {"01": "North", "02": "South"})
    assert by_site.header == ("Measurement", "North", "South")
    assert by_site.rows == (("HBsAg", "1/3", "1/1"), ("Habits: Beer", "2/2", "0/1"))


def test_demographics() -> None:
    items = count_items(make_datasets())
    found = {(item, site): (n, missing) for item, site, n, missing in items.to_numpy().tolist()}
    assert found[("RACE", "01")] == (2, 1)
    assert found[("RACE", "02")] == (1, 1)
    assert found[("SEX", "01")] == (2, 1)  # U is what stands where nothing was sent
    (table,) = tabulate_items(items, {"01": "01", "02": "02"})
    assert ("SEX", "1/2", "0/1") in table.rows
    assert tabulate_items(items.assign(missing=0), {}) == ()
    assert count_items({}).empty


@given(
    st.lists(st.sampled_from(SV), unique_by=lambda r: (r["USUBJID"], r["VISIT"])),
    st.lists(st.sampled_from(MB)),
)
def test_counts_add_up(visits: Rows, results: Rows) -> None:
    """Every subject at a visit is in one of three states, and a subject without the visit in none."""
    planned = PlannedMeasurement(name="X", concepts=("HBSAG_QN",), visits=("BASELINE", "WEEK 12"))
    tables = {"DM": DM, "SV": visits, "MB": results}
    rows = count_planned(make_datasets({n: t for n, t in tables.items() if t}), with_schedule(planned))
    assert (rows["planned"] == rows["present"] + rows["not_done"] + rows["missing"]).all()
    kept = {(r["USUBJID"], r["VISIT"]) for r in visits if r["SVOCCUR"] == "Y" and r["VISIT"] != "SCREENING"}
    assert pd.to_numeric(rows["planned"]).sum() == len(kept)
