"""The order of the records never shows in domains made of subjects, single records and criteria."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.sdtm.cutoff import select_data
from hbv_standards.sdtm.eligibility import build_eligibility

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


@settings(max_examples=40, deadline=None)
@given(
    case=st.fixed_dictionaries(
        {
            "subjects": subjects.map(lambda subject: [subject]),
            "findings": st.lists(findings, max_size=6),
            "interventions": st.lists(interventions, max_size=6),
            "events": st.lists(events, max_size=2),
        }
    ),
    seed=st.integers(0, 1000),
)
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
    other = replace(build_view(case), data=select_data(mixed, None, build_view(case).log))
    pd.testing.assert_frame_equal(build_eligibility(view), build_eligibility(other))
    for name in ("ds", "ie", "ec", "su", "pr", "ts"):
        build = import_module(f"hbv_standards.sdtm.domains.{name}").build
        first, second = build(view), build(other)
        assert (first is None) == (second is None)
        if first is not None:
            pd.testing.assert_frame_equal(first.frame, second.frame)
            pd.testing.assert_frame_equal(first.trace, second.trace)
            required = [v.name for v in first.spec.variables if v.core == "Req"]
            assert first.frame[required].notna().all(axis=None)
            assert first.trace["row"].isin(range(len(first.frame))).all()
            assert set(first.trace.loc[first.trace["variable"] == "", "row"]) == set(range(len(first.frame))) or name == "ts"
