"""The truth test: what the simulator meant is what conversion makes, cell for cell, in both builds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from hbv_standards.derive.ascii_text import Agency
from hbv_standards.ingest.outcomes import close_books, count_outcomes, settle_leftovers
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.to_canonical import to_canonical
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import read_catalog
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.pipeline import find_converted
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.simulate.trial import simulate_trial
from hbv_standards.simulate.write import write_simulation
from places import HOSPITALS, ROOT, Submission
from truth import (
    FINDING_DOMAINS,
    TABLES,
    compare_findings,
    compare_relations,
    compare_table,
    count_rows,
    read_truth,
)

STUDY = "HBV-PEG-48"
TRUTH = ROOT / "fixtures" / "truth"
AGENCIES: tuple[Agency, ...] = get_args(Agency)
KINDS = ["converted", "out of scope", "superseded", "rejected"]


def check_truth(
    truth: Path, datasets: Mapping[str, Dataset], issues: pd.DataFrame, agency: Agency = "fda"
) -> None:
    """Every truth table agrees, but for the faults that the simulator planted and wrote down."""
    for name in TABLES:
        assert compare_table(name, read_truth(truth, name), datasets, STUDY, agency) == [], (name, agency)
    assert compare_relations(read_truth(truth, "relations"), datasets, STUDY) == []
    planted = read_truth(truth, "unmapped")
    differences = compare_findings(read_truth(truth, "findings"), datasets, STUDY, agency)
    lines = [line for found in differences.values() for line in found]
    kept = planted[planted["DOMAIN"].isin(FINDING_DOMAINS)]
    assert [line for line in lines if not line.startswith("made ")] == []
    assert len(lines) == len(kept), "\n".join(lines)
    for row in kept.to_dict("records"):
        shown = f"{row['SUBJID']} | {row['VISITNUM']} |"
        assert any(shown in line and row["DTC"] in line and row["TESTCD"] in line for line in lines), row
    for (site, code), rows in planted.groupby(["SITE", "ISSUE"]):
        found = issues[(issues["site"] == site) & (issues["code"] == code)]
        assert found["count"].sum() >= len(rows), (site, code)


def check_input(hospitals: Path, truth: Path) -> None:
    """Read once, build for both agencies; every resource that was read has its outcome."""
    catalog, log = read_catalog(locate_mappings()), IssueLog()
    fhir = read_fhir([hospitals], catalog, log)
    data = to_canonical(fhir, catalog, log)
    for agency in AGENCIES:
        datasets = build_sdtm(data, catalog, log, agency=agency)
        check_truth(truth, datasets, log.to_frame(fhir.sources), agency)
    observations, converted = fhir.tables["observation"], find_converted(data, datasets)
    panels = observations.loc[observations["value_kind"] == "panel", "source_id"]
    settle_leftovers(fhir.sources, converted, log, panels=panels)
    balance = count_outcomes(close_books(fhir.sources, converted))
    assert (balance["read"] == balance[KINDS].sum(axis=1)).all()


def test_fixtures(submission: Submission) -> None:
    check_truth(TRUTH, submission.result.datasets, submission.result.issues)


def test_fixtures_in_both_builds() -> None:
    check_input(HOSPITALS, TRUTH)


@pytest.mark.parametrize(("subjects", "seed"), [(24, 11), (30, 4242), (200, 5)])
def test_other_trials(tmp_path: Path, subjects: int, seed: int) -> None:
    write_simulation(simulate_trial(subjects, seed), tmp_path, validate=False)
    check_input(tmp_path / "hospitals", tmp_path / "truth")


@pytest.mark.parametrize("name", TABLES)
def test_a_changed_cell_is_seen(submission: Submission, name: str) -> None:
    """The comparison itself: whatever cell of a table is changed, the difference is told."""
    truth = read_truth(TRUTH, name)
    table = TABLES[name]
    stems = tuple(f"{stem}_EN" for stem in table.texts.values())
    at = truth.index[(truth[list(stems)] != "").all(axis=1)][0]
    for column in (*table.variables, *stems, *table.supplemental):
        changed = truth.astype("str")
        changed.loc[at, column] = "9" if changed.loc[at, column] != "9" else "8"
        lines = compare_table(name, changed, submission.result.datasets, STUDY)
        assert sorted(line[:5] for line in lines) == ["made ", "meant"], column


def test_a_changed_result_is_seen(submission: Submission) -> None:
    """One digit less in one result is a difference."""
    truth = read_truth(TRUTH, "findings")
    at = truth.index[(truth["ORRES"].str.endswith("0")) & (truth["DOMAIN"] == "LB")][0]
    truth.loc[at, "ORRES"] = truth.loc[at, "ORRES"][:-1] + "1"
    lines = compare_findings(truth, submission.result.datasets, STUDY)["LB"]
    assert any(line.startswith("meant") for line in lines)


def test_a_lost_relation_is_seen(submission: Submission) -> None:
    truth = read_truth(TRUTH, "relations")
    lines = compare_relations(truth.iloc[1:], submission.result.datasets, STUDY)
    assert [line[:5] for line in lines] == ["made "]


def test_every_relative_is_one_person(submission: Submission) -> None:
    persons = submission.result.datasets["APMH"].frame[["RSUBJID", "SREL", "APID"]].drop_duplicates()
    assert not persons.duplicated("APID").any()
    assert not persons.duplicated(["RSUBJID", "SREL"]).any()


def test_digits_arrive_as_sent(submission: Submission) -> None:
    lb = submission.result.datasets["LB"].frame
    mb = submission.result.datasets["MB"].frame
    sent = set(lb["LBORRES"]) | set(mb["MBORRES"])
    for text in ("6.30", "7.00", "0.050", "1.50E-2"):
        assert text in sent, text
    assert any(isinstance(t, str) and len(t.replace(".", "")) >= 20 for t in sent)
    assert count_rows(lb, {"LBORRES": "LBORRES"})
