"""The engine knows no trial: a small study of hypertension converts with no change to code."""

from __future__ import annotations

from pathlib import Path

import pytest

from hbv_standards.pipeline import ConvertOptions, ConvertResult, convert

STUDIES = Path(__file__).parent / "studies"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ConvertResult:
    out = tmp_path_factory.mktemp("tiny") / "out"
    return convert([STUDIES / "tiny_input"], out, ConvertOptions(study=STUDIES / "tiny"))


def test_subjects(tiny: ConvertResult) -> None:
    dm = tiny.datasets["DM"].frame
    columns = ["USUBJID", "SITEID", "SEX", "ARMCD", "ACTARM", "RFSTDTC", "RFXENDTC", "COUNTRY"]
    assert dm[columns].to_numpy().tolist() == [
        ["BP-7-901-1", "901", "F", "A", "AMLODIPINE 5 MG", "2022-03-08", "2022-04-04", "NLD"],
        ["BP-7-901-2", "901", "M", "P", "PLACEBO", "2022-03-08", "2022-04-04", "NLD"],
    ]


def test_results(tiny: ConvertResult) -> None:
    lb = tiny.datasets["LB"].frame
    assert lb[["LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESU", "LBDY"]].to_numpy().tolist() == [
        ["CREAT", "0.90", "mg/dL", "79.56", "umol/L", 1.0]
    ] * 2
    vs = tiny.datasets["VS"].frame
    assert sorted(set(zip(vs["VISITNUM"], vs["VISIT"], strict=True))) == [
        (1.0, "SCREENING"), (2.0, "DAY 1"), (3.0, "DAY 29")
    ]  # fmt: skip
    assert len(vs) == 12


def test_exposure(tiny: ConvertResult) -> None:
    ex = tiny.datasets["EX"].frame
    assert ex[["EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRQ", "EXROUTE"]].to_numpy().tolist() == [
        ["AMLODIPINE", 5.0, "mg", "QD", "ORAL"],
        ["PLACEBO", 0.0, "mg", "QD", "ORAL"],
    ]


def test_design_is_the_studys_own(tiny: ConvertResult) -> None:
    assert sorted(set(tiny.datasets["TA"].frame["ETCD"])) == ["AML", "PLB", "SCR"]
    assert {d.frame["STUDYID"].iloc[0] for d in tiny.datasets.values() if len(d.frame)} == {"BP-7"}
