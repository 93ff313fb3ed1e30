"""Doses in pieces: the strength that a hospital declares makes EX of them, EC keeps them as counted."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.rows import ConversionRow
from hbv_standards.sdtm.domains import ec, ex
from hbv_standards.sdtm.study_view import StudyView

from .cases import MAPPINGS
from .domains.views import build_view, list_issues

TDF = "TENOFOVIR DISOPROXIL FUMARATE"
TABLET = {"treatment_id": TDF, "kind": "statement", "dose": "1", "dose_unit": "TABLET", "frequency": "QD",
          "start_dtc": "2023-03-15", "end_dtc": "2023-06-13"}  # fmt: skip


def declare(factor: str, *, site: str | None = "zhongshan", drug: str = TDF, unit: str = "TABLET") -> ConversionRow:
    return ConversionRow(
        row="sites/zhongshan/conversions.csv:2", concept_id=drug, site=site, from_unit=unit, to_unit="mg",
        factor=Fraction(factor), source="pharmacy",
    )  # fmt: skip


def build_with(*strengths: ConversionRow, **dose: Any) -> StudyView:
    view = build_view({"subjects": [{"arm_code": "NACONT"}], "interventions": [{**TABLET, **dose}]})
    return replace(view, catalog=replace(view.catalog, conversions=strengths))


@pytest.mark.parametrize(
    ("dose", "strengths", "amount"),
    [
        ("1", [declare("300")], (300.0, "mg")),
        ("0.5", [declare("0.1")], (0.05, "mg")),  # exact
        ("1", [declare("245", site=None), declare("300")], (300.0, "mg")),  # the hospital's own first
        ("1", [declare("245", site=None)], (245.0, "mg")),
        ("1", [declare("300", site="foshan")], (1.0, "TABLET")),
        ("1", [declare("300", drug="ENTECAVIR")], (1.0, "TABLET")),
        ("1", [declare("300", unit="CAPSULE")], (1.0, "TABLET")),
        ("1", [], (1.0, "TABLET")),
    ],
)
def test_strength(dose: str, strengths: list[ConversionRow], amount: tuple[float, str]) -> None:
    view = build_with(*strengths, dose=dose)
    exposure, collected = ex.build(view), ec.build(view)
    assert exposure is not None
    assert collected is not None
    (row,) = exposure.frame[["EXDOSE", "EXDOSU"]].itertuples(index=False, name=None)
    assert row == amount
    (counted,) = collected.frame[["ECDOSE", "ECDOSU"]].itertuples(index=False, name=None)
    assert counted == (float(dose), "TABLET")
    assert list_issues(view.log, "EX") == ([] if amount[1] == "mg" else [("HBV-SDTM-016", "EXDOSE")])


def test_trace_names_the_row_that_declares_the_strength() -> None:
    exposure = ex.build(build_with(declare("300")))
    assert exposure is not None
    traced = exposure.trace[exposure.trace["variable"].isin(["EXDOSE", "EXDOSU"])]
    assert set(traced["mapping_row"]) == {"sites/zhongshan/conversions.csv:2"}
    assert sorted(traced["variable"]) == ["EXDOSE", "EXDOSU"]


def test_a_dose_in_mass_needs_none() -> None:
    view = build_with(dose="300", dose_unit="mg")
    exposure = ex.build(view)
    assert exposure is not None
    assert exposure.frame["EXDOSE"].tolist() == [300.0]
    assert (ec.build(view), list_issues(view.log, "EX")) == (None, [])


def test_a_hospital_declares_a_strength_in_its_own_table(tmp_path: Path) -> None:
    shutil.copytree(MAPPINGS, tmp_path / "study")
    table = tmp_path / "study" / "sites" / "foshan" / "conversions.csv"
    table.write_text(f"concept_id,from_unit,to_unit,factor,source\n{TDF},TABLET,mg,300,pharmacy\n", encoding="utf-8")
    catalog = read_catalog(tmp_path / "study")
    declared = [(row.concept_id, row.site, row.factor) for row in catalog.conversions if row.from_unit == "TABLET"]
    assert declared == [(TDF, "foshan", Fraction(300))]
