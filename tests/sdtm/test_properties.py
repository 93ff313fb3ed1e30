"""What must hold for any data: the order of the input never shows, nothing is lost, keys are whole."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.canonical.frame import CanonicalData
from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.study import read_study

from .cases import MAPPINGS, build_case, build_catalog

STUDY = read_study(MAPPINGS)
SUBJECTS = ("01001", "01002", "01003", "02001", "02002")
days = st.dates(pd.Timestamp("2023-01-20").date(), pd.Timestamp("2024-04-30").date()).map(str)
dtcs = st.one_of(
    days, days.map(lambda d: d + "T09:30"), days.map(lambda d: d[:7]), st.just("2023"), st.none()
)
subject_ids = st.sampled_from([*SUBJECTS, "09999"])
subjects = st.fixed_dictionaries(
    {
        "consent_dtc": st.sampled_from(["2023-03-01", "2023-03", None]),
        "randomized_dtc": st.sampled_from(["2023-03-15", None]),
        "arm_code": st.sampled_from(["PEGIFN", "NACONT", None]),
        "status": st.sampled_from(["RANDOMIZED", "COMPLETED", "SCREEN FAILURE", None]),
        "end_dtc": st.sampled_from(["2024-02-14", None]),
        "sex": st.sampled_from(["F", None]),
    }
)
visits = st.fixed_dictionaries(
    {
        "subject_id": subject_ids,
        "start_dtc": dtcs,
        "end_dtc": dtcs,
        "visitnum_stated": st.sampled_from([None, None, 1.0, 2.0, 3.0, 77.0]),
    }
)
findings = st.fixed_dictionaries(
    {
        "subject_id": subject_ids,
        "concept_id": st.sampled_from(["ALT", "AST", "HBSAG_QN", "LSM", "HOMELESS"]),
        "collected_dtc": dtcs,
        "visit_key": st.sampled_from([None, "v1", "v2", "v3"]),
        "group_id": st.sampled_from([None, "g1", "g2"]),
        "number": st.sampled_from(["1", "2.50"]),
        "specimen": st.sampled_from([None, "SERUM", "PLASMA"]),
    }
).map(lambda record: {**record, "result": record["number"]})
interventions = st.fixed_dictionaries(
    {
        "subject_id": subject_ids,
        "treatment_id": st.sampled_from(
            ["ENTECAVIR", "PEGINTERFERON ALFA-2A", "INTERFERON ALFA-2B", "PARACETAMOL"]
        ),
        "kind": st.sampled_from(["administration", "statement", "request", "dispense"]),
        "dose": st.sampled_from(["180", "135", None]),
        "start_dtc": dtcs,
        "end_dtc": dtcs,
        "ongoing": st.booleans(),
        "occurred": st.sampled_from([True, True, False]),
    }
)
cases = st.fixed_dictionaries(
    {
        "subjects": st.tuples(*[subjects] * len(SUBJECTS)).map(
            lambda said: [{**one, "subject_id": name} for one, name in zip(said, SUBJECTS, strict=True)]
        ),
        "visits": st.lists(visits, max_size=10).map(
            lambda listed: [{**visit, "visit_key": f"v{number}"} for number, visit in enumerate(listed)]
        ),
        "findings": st.lists(findings, min_size=5, max_size=40),
        "interventions": st.lists(interventions, max_size=15),
    }
)


def build(data: CanonicalData) -> tuple[dict[str, Dataset], IssueLog]:
    log = IssueLog()
    return build_sdtm(data, build_catalog(), log, cutoff="2024-03-31"), log


def reorder(data: CanonicalData, seed: int) -> CanonicalData:
    def mix(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.sample(frac=1, random_state=seed).reset_index(drop=True)

    return replace(data, **{f.name: mix(getattr(data, f.name)) for f in fields(data)})


@settings(max_examples=3, deadline=None)
@given(case=cases, seed=st.integers(0, 1000))
def test_order_of_records_never_shows(case: dict[str, Any], seed: int) -> None:
    data = build_case(case)
    (first, log), (second, other_log) = build(data), build(reorder(data, seed))
    assert list(first) == list(second)
    for name in first:
        pd.testing.assert_frame_equal(first[name].frame, second[name].frame)
        pd.testing.assert_frame_equal(first[name].trace, second[name].trace)
    pd.testing.assert_frame_equal(log.to_frame(), other_log.to_frame())


@settings(max_examples=5, deadline=None)
@given(case=cases)
def test_nothing_is_lost_and_keys_are_whole(case: dict[str, Any]) -> None:
    data = build_case(case)
    datasets, log = build(data)
    check_conservation(data, datasets, log)
    for dataset in datasets.values():
        check_shape(dataset)
    check_visits(datasets)


def check_conservation(data: CanonicalData, datasets: dict[str, Dataset], log: IssueLog) -> None:
    """Every finding and intervention stands behind a row or an issue; every finding is one row at most."""
    traced = set(pd.concat([d.trace["source_id"] for d in datasets.values()]))
    reported = {row.source_id for row in log.rows}
    for frame in (data.findings, data.interventions, data.subjects, data.visits):
        assert set(frame["source_id"]) <= traced | reported
    rows = [d.trace[d.trace["variable"] == ""] for n, d in datasets.items() if n in ("LB", "MB", "GI")]
    assert not rows or not pd.concat(rows)["source_id"].duplicated().any()


def check_shape(dataset: Dataset) -> None:
    """Columns in the spec's order, Required ones filled, --SEQ unique, trace within the rows."""
    frame, spec = dataset.frame, dataset.spec
    assert list(frame.columns) == [name for name in spec.names if name in frame.columns]
    for variable in spec.variables:
        assert variable.core not in ("Req", "Exp") or variable.name in frame.columns
        assert variable.core != "Req" or frame[variable.name].notna().all(), variable.name
    seq = f"{spec.name}SEQ"
    if seq in frame.columns:
        assert not frame.duplicated(["USUBJID", seq]).any()
    assert dataset.trace["row"].between(0, len(frame) - 1).all()
    assert set(dataset.trace["variable"]) <= {"", *spec.names}


def check_visits(datasets: dict[str, Dataset]) -> None:
    """Every VISITNUM of a finding is a visit of SV, which has one row each (CG0034, CG0410)."""
    if "SV" not in datasets:
        return
    sv = datasets["SV"].frame
    assert not sv.duplicated(["USUBJID", "VISITNUM"]).any()
    known = set(zip(sv["USUBJID"], sv["VISITNUM"], sv["VISIT"], strict=True))
    planned = {v.visitnum: v.visit for v in STUDY.visits}
    assert all(name == planned.get(number, f"UNSCHEDULED {number:g}") for _, number, name in known)
    for name in ("LB", "MB", "GI"):
        if name in datasets:
            rows = (
                datasets[name]
                .frame.reindex(columns=["USUBJID", "VISITNUM", "VISIT"])
                .dropna(subset=["VISITNUM"])
            )
            assert set(zip(rows["USUBJID"], rows["VISITNUM"], rows["VISIT"], strict=True)) <= known


@pytest.mark.parametrize("agency", ["fda", "nmpa"])
def test_both_builds_have_the_same_rows(agency: str) -> None:
    words = {"result": "阴性", "number": None, "result_kind": "text", "unit": None, "unit_value": None}
    case = {"subjects": [{}], "findings": [{**words, "collected_dtc": "2023-03-02"}]}
    log = IssueLog()
    datasets = build_sdtm(build_case(case), build_catalog(), log, agency=agency)  # type: ignore[arg-type]  # from the list above
    domains = {name: len(d.frame) for name, d in datasets.items() if not name.startswith("SUPP")}
    assert domains == {  # supplemental texts in Chinese are in one build only
        "DM": 1, "LB": 1, "SE": 1, "SV": 1, "TA": 4, "TE": 3, "TV": 6
    }  # fmt: skip
