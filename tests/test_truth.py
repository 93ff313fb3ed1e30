"""The truth test: what the simulator meant is what conversion makes, cell for cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from hbv_standards.pipeline import ConvertOptions, convert
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.write import write_simulation
from places import ROOT, Submission
from truth import compare_findings, compare_table, count_rows, read_truth

STUDY = "HBV-PEG-48"
TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "subjects": ("DM", ("SITEID", "SEX", "AGE", "RACE", "RFICDTC", "ARMCD", "ACTARMCD", "ARMNRS", "RFXSTDTC",
                        "RFXENDTC", "DTHDTC")),
    "exposure": ("EX", ("EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXDOSFRQ", "EXROUTE", "EXSTDTC", "EXENDTC", "EXADJ")),
    "priors": ("CM", ("CMTRT", "CMCAT", "CMDOSE", "CMDOSU", "CMDOSFRM", "CMDOSFRQ", "CMROUTE", "CMSTDTC", "CMENDTC")),
    "visits": ("SV", ("VISITNUM", "VISIT", "VISITDY", "SVSTDTC", "SVENDTC", "SVOCCUR")),
}  # fmt: skip


def check_truth(truth: Path, datasets: Mapping[str, Dataset], issues: pd.DataFrame) -> None:
    """Every truth table agrees, but for the faults that the simulator planted and wrote down."""
    for name, (domain, variables) in TABLES.items():
        columns = {"SUBJID": "SUBJID", **{v: v for v in variables}}
        assert compare_table(read_truth(truth, name), datasets[domain], columns, STUDY) == [], name
    planted = read_truth(truth, "unmapped")
    differences = compare_findings(read_truth(truth, "findings"), datasets, STUDY)
    lines = [line for found in differences.values() for line in found]
    kept = planted[planted["DOMAIN"] != ""]
    assert [line for line in lines if not line.startswith("made ")] == []
    assert len(lines) == len(kept), "\n".join(lines)
    for row in kept.to_dict("records"):
        shown = f"{row['SUBJID']} | {row['VISITNUM']} |"
        assert any(shown in line and row["DTC"] in line and row["TESTCD"] in line for line in lines), row
    for (site, code), rows in planted.groupby(["SITE", "ISSUE"]):
        found = issues[(issues["site"] == site) & (issues["code"] == code)]
        assert found["count"].sum() >= len(rows), (site, code)


def test_fixtures(submission: Submission) -> None:
    check_truth(ROOT / "fixtures" / "truth", submission.result.datasets, submission.result.issues)


@pytest.mark.parametrize(("subjects", "seed"), [(24, 11), (30, 4242), (200, 5)])
def test_other_trials(tmp_path: Path, subjects: int, seed: int) -> None:
    write_simulation(simulate_trial(subjects, seed), tmp_path / "sim", validate=False)
    options = ConvertOptions(conformance="none")
    result = convert([tmp_path / "sim" / "hospitals"], tmp_path / "out", options)
    check_truth(tmp_path / "sim" / "truth", result.datasets, result.issues)
    balance = result.outcomes
    kinds = ["converted", "out of scope", "superseded", "rejected"]
    assert (balance["read"] == balance[kinds].sum(axis=1)).all()


def test_a_changed_cell_is_seen(submission: Submission) -> None:
    """The comparison itself: one digit less in one result is a difference."""
    truth = read_truth(ROOT / "fixtures" / "truth", "findings")
    at = truth.index[(truth["ORRES"].str.endswith("0")) & (truth["DOMAIN"] == "LB")][0]
    truth.loc[at, "ORRES"] = truth.loc[at, "ORRES"][:-1] + "1"
    lines = compare_findings(truth, submission.result.datasets, STUDY)["LB"]
    assert any(line.startswith("meant") for line in lines)


def test_digits_arrive_as_sent(submission: Submission) -> None:
    lb = submission.result.datasets["LB"].frame
    mb = submission.result.datasets["MB"].frame
    sent = set(lb["LBORRES"]) | set(mb["MBORRES"])
    for text in ("6.30", "7.00", "0.050", "1.50E-2"):
        assert text in sent, text
    assert any(isinstance(t, str) and len(t.replace(".", "")) >= 20 for t in sent)
    assert count_rows(lb, {"LBORRES": "LBORRES"})
