"""The order of the records never shows in domains made of subjects, single records and criteria."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hbv_standards.sdtm.cutoff import select_data
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.eligibility_table import build_eligibility

from ..cases import build_case
from .views import build_view

days = st.sampled_from(["2023-02-20", "2023-03-02", "2023-03-02T08:00", "2023-03-15", "2023-04-01", "2023-03", "2022", None])
subjects = st.fixed_dictionaries(
    {
        "status": st.sampled_from(["RANDOMIZED", "COMPLETED", "DISCONTINUED", "SCREEN FAILURE", None]),
        "end_dtc": st.sampled_from(["2023-05-10", "2023-05", None]),
        "end_reason": st.sampled_from(["ADVERSE EVENT", "DEATH", None]),
        "death_dtc": st.sampled_from(["2023-05-10", None]),
        "randomized_dtc": st.sampled_from(["2023-03-15", "2023-03", None]),
        "consent_dtc": st.sampled_from(["2023-03-01", "2023", None]),
    }
)
findings = st.fixed_dictionaries(
    {
        "concept_id": st.sampled_from(["HBSAG_QN", "HBVDNA", "HBEAG_QL", "ISG"]),
        "collected_dtc": days,
        "number": st.sampled_from(["0.04", "90", "2000", None]),
        "comparator": st.sampled_from(["<", None]),
        "result_value": st.sampled_from(["NEGATIVE", "NOT DETECTED", None]),
        "unit_value": st.sampled_from(["IU/mL", None]),
    }
)
interventions = st.fixed_dictionaries(
    {
        "treatment_id": st.sampled_from(["ENTECAVIR", "PEGINTERFERON ALFA-2A", "CIGARETTE", "ABDOMINAL ULTRASOUND"]),
        "kind": st.sampled_from(["administration", "statement", "request", "use", "procedure"]),
        "start_dtc": days,
        "end_dtc": days,
        "ongoing": st.booleans(),
        "occurred": st.booleans(),
        "dose_unit": st.sampled_from(["mg", "TABLET"]),
    }
)
events = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["disposition", "milestone", "history"]),
        "term": st.sampled_from(["Chronic hepatitis B", "left"]),
        "term_value": st.sampled_from(["WITHDRAWAL BY SUBJECT", None]),
        "start_dtc": days,
    }
)


cases = st.fixed_dictionaries(
    {
        "subjects": subjects.map(lambda subject: [subject]),
        "findings": st.lists(findings, max_size=6),
        "interventions": st.lists(interventions, max_size=6),
        "events": st.lists(events, max_size=2),
    }
)


def join(listed: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The cases as subjects of one delivery: a build costs the same for one subject and for twelve."""
    return {
        kind: [{**record, "subject_id": f"010{n:02}"} for n, case in enumerate(listed) for record in case[kind]]
        for kind in ("subjects", "findings", "interventions", "events")
    }


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=st.lists(cases, min_size=14, max_size=20).map(join), seed=st.integers(0, 1000))
def test_order_of_records_never_shows(case: dict[str, Any], seed: int) -> None:
    data = build_case(case)
    mixed = replace(
        data,
        **{
            name: getattr(data, name).sample(frac=1, random_state=seed)
            for name in ("findings", "interventions", "events")
        },
    )
    view = build_view(case)
    other = replace(view, data=select_data(mixed, None, view.log))
    pd.testing.assert_frame_equal(build_eligibility(view), build_eligibility(other))
    for name in ("ds", "ie", "ec", "su", "pr", "ts"):
        build = import_module(f"hbv_standards.sdtm.domains.{name}").build
        check_same(build(view), build(other), traced=name != "ts")


def check_same(first: Dataset | None, second: Dataset | None, *, traced: bool) -> None:
    """Equal rows and traces; Required variables are filled, and every row has a source."""
    assert (first is None) == (second is None)
    if first is None or second is None:
        return
    pd.testing.assert_frame_equal(first.frame, second.frame)
    pd.testing.assert_frame_equal(first.trace, second.trace)
    required = [v.name for v in first.spec.variables if v.core == "Req"]
    assert first.frame[required].notna().all(axis=None)
    whole = set(first.trace.loc[first.trace["variable"] == "", "row"])
    assert whole == (set(range(len(first.frame))) if traced else set())
