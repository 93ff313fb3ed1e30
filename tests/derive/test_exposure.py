"""Constant-dosing intervals, evidence, and what of a treatment lies in the trial."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.exposure import (
    HISTORY,
    assign_supporting,
    derive_clipped,
    derive_evidence,
    derive_frequency,
    derive_intervals,
    derive_relation,
    derive_spans,
    find_missed_inside,
    summarise_intervals,
)

GAPS = {"EVERY WEEK": 13, "QD": 7, "default": 7}
BY = ("subject_id", "treatment_id")


def build_doses(*doses: dict[str, Any]) -> pd.DataFrame:
    plain = {
        "source_id": 1, "path": "p", "site": "s", "subject_id": "1", "treatment_id": "A", "mapping_row": "m",
        "kind": "administration", "dose": "1", "occurred": True, "ongoing": False,
    }  # fmt: skip
    return build_frame("interventions", [{**plain, "source_id": n, **dose} for n, dose in enumerate(doses)])


def relate(
    bound: str | None = "2023-03-15", *, randomized: bool = True, last: str | None = None, **dose: Any
) -> pd.DataFrame:
    bounds = pd.DataFrame(
        {
            "subject_id": ["1"],
            "bound": [pd.Timestamp(bound)],
            "randomized": [randomized],
            "last_day": [pd.Timestamp(last)],
        }
    )
    return derive_relation(derive_spans(build_doses({"kind": "statement", **dose})), bounds)


@pytest.mark.parametrize(
    ("start", "end", "ongoing", "relation"),
    [
        ("2023-03-15", None, False, "after"),
        ("2023-03-15T08:00", None, False, "after"),
        ("2023-03-14", None, False, "before"),
        ("2019", None, True, "across"),
        ("2019", "2023-03-15", False, "across"),
        ("2019", "2023-03-14", False, "before"),
        ("2019", "2023-03", False, "before"),  # it may have stopped before
        ("2019", "2024", False, "across"),
        ("2023-03", None, False, "after"),  # it may have begun after
        ("2023-03", "2023-03-10", False, "before"),
        ("2023-03", None, True, "across"),  # it may have begun before, and goes on
        (None, None, True, "across"),
        (None, "2023-04-01", False, "across"),
        (None, None, False, "before"),
    ],
)
def test_relation(start: str | None, end: str | None, ongoing: bool, relation: str) -> None:  # noqa: FBT001 - a case
    assert relate(start_dtc=start, end_dtc=end, ongoing=ongoing)["relation"].tolist() == [relation]


def test_nothing_is_across_a_consent() -> None:
    """Without a date of randomisation only what began afterwards is study treatment."""
    assert relate(randomized=False, start_dtc="2019", ongoing=True)["relation"].tolist() == ["before"]
    assert relate(randomized=False, start_dtc="2023-03-20")["relation"].tolist() == ["after"]
    assert relate(None, start_dtc="2023-03-20")["relation"].tolist() == ["before"]


def test_clipped_to_randomisation_and_to_participation() -> None:
    clipped = derive_clipped(relate(last="2024-02-14", start_dtc="2019", ongoing=True))
    assert clipped[["start_dtc", "end_dtc", "ongoing"]].to_numpy().tolist() == [
        ["2023-03-15", "2024-02-14", False]
    ]


@pytest.mark.parametrize(
    ("dose", "end", "ongoing"),
    [
        ({"start_dtc": "2023-04-01", "end_dtc": "2023-05-01"}, "2023-05-01", False),
        ({"start_dtc": "2023-04-01", "end_dtc": "2025-05-01"}, "2024-02-14", False),
        ({"start_dtc": "2024-03-01", "ongoing": True}, None, True),  # begun afterwards: nothing to clip
        ({"start_dtc": "2024-03-01", "kind": "administration"}, None, False),
    ],
)
def test_clipped_only_where_it_lasts_beyond(dose: dict[str, Any], end: str | None, ongoing: bool) -> None:  # noqa: FBT001 - a case
    clipped = derive_clipped(relate(last="2024-02-14", **dose)).iloc[0]
    assert (clipped["end_dtc"] if isinstance(clipped["end_dtc"], str) else None, clipped["ongoing"]) == (
        end,
        ongoing,
    )


def test_evidence() -> None:
    doses = build_doses(
        {"kind": "request"},
        {"kind": "dispense"},
        {"kind": "statement"},
        {"kind": "request", "treatment_id": "B"},
    )
    assert derive_evidence(doses, BY)["used"].tolist() == [False, False, True, True]
    both = build_doses({"kind": "statement"}, {"kind": "administration"})
    assert derive_evidence(both, BY)["used"].tolist() == [False, True]
    assert derive_evidence(both, BY, HISTORY)["used"].tolist() == [True, False]


def test_frequency_of_the_order() -> None:
    doses = build_doses({}, {"kind": "request", "frequency": "QD"}, {"treatment_id": "B"})
    assert derive_frequency(doses)["frequency"].fillna("").tolist() == ["QD", "QD", ""]
    unsure = build_doses({}, {"frequency": "QD"}, {"frequency": "BID"})
    assert derive_frequency(unsure)["frequency"].fillna("").tolist() == ["", "QD", "BID"]


def summarise(*doses: dict[str, Any]) -> list[list[Any]]:
    spans = derive_spans(build_doses(*doses)).assign(relation="after")
    rows = summarise_intervals(derive_intervals(spans, GAPS))
    made = rows[["start_dtc", "end_dtc", "dose_number"]].astype("object")
    return made.where(made.notna(), None).to_numpy().tolist()


@pytest.mark.parametrize(
    ("doses", "intervals"),
    [
        (["2023-03-01", "2023-03-08"], [["2023-03-01", "2023-03-08", 1.0]]),
        (
            ["2023-03-01", "2023-03-09"],
            [["2023-03-01", "2023-03-01", 1.0], ["2023-03-09", "2023-03-09", 1.0]],
        ),
        (["2023-03-08", "2023-03-01"], [["2023-03-01", "2023-03-08", 1.0]]),
        (["2023-03-01T08:00", "2023-03-01T20:00"], [["2023-03-01T08:00", "2023-03-01T20:00", 1.0]]),
        (["2023-03-01", "2023-03"], [["2023-03-01", "2023-03-01", 1.0], ["2023-03", "2023-03", 1.0]]),
        (["2023", "2023"], [["2023", "2023", 1.0], ["2023", "2023", 1.0]]),
    ],
)
def test_gaps(doses: list[str], intervals: list[list[Any]]) -> None:
    assert summarise(*({"start_dtc": day} for day in doses)) == intervals


def test_gap_of_the_frequency() -> None:
    weekly = [
        {"start_dtc": day, "frequency": "EVERY WEEK"} for day in ("2023-03-01", "2023-03-14", "2023-03-28")
    ]
    assert [row[:2] for row in summarise(*weekly)] == [
        ["2023-03-01", "2023-03-14"],
        ["2023-03-28", "2023-03-28"],
    ]


def list_starts(given: list[dict[str, Any]], missed: list[dict[str, Any]]) -> list[str]:
    weekly = [{"frequency": "EVERY WEEK", **dose} for dose in given]
    spans = derive_spans(build_doses(*weekly)).assign(relation="after")
    not_given = derive_spans(build_doses(*({"occurred": False, **dose} for dose in missed)))
    rows = summarise_intervals(derive_intervals(spans, GAPS, missed=not_given))
    return [str(day) for day in rows["start_dtc"]]


WEEKS = [{"start_dtc": day} for day in ("2023-03-01", "2023-03-08", "2023-03-20", "2023-03-27")]


@pytest.mark.parametrize(
    ("missed", "starts"),
    [
        ([], ["2023-03-01"]),
        ([{"start_dtc": "2023-03-15"}], ["2023-03-01", "2023-03-20"]),
        ([{"start_dtc": "2023-03-15T09:00:00+08:00"}], ["2023-03-01", "2023-03-20"]),
        ([{"start_dtc": "2023-03-15"}, {"start_dtc": "2023-03-16"}], ["2023-03-01", "2023-03-20"]),
        ([{"start_dtc": "2023-03-08"}], ["2023-03-01"]),  # it was given on that day after all
        ([{"start_dtc": "2023-03-20"}], ["2023-03-01"]),
        ([{"start_dtc": "2023-02-22"}, {"start_dtc": "2023-04-03"}], ["2023-03-01"]),  # before and after all doses
        ([{"start_dtc": "2023-03"}, {"start_dtc": None}], ["2023-03-01"]),  # on no known day
        ([{"start_dtc": "2023-03-15", "treatment_id": "B"}], ["2023-03-01"]),
        ([{"start_dtc": "2023-03-15", "subject_id": "2"}], ["2023-03-01"]),
        (  # a pause over several doses
            [{"kind": "statement", "start_dtc": "2023-03-02", "end_dtc": "2023-03-23"}],
            ["2023-03-01", "2023-03-08", "2023-03-20", "2023-03-27"],
        ),
    ],
)
def test_a_missed_dose_ends_the_interval(missed: list[dict[str, Any]], starts: list[str]) -> None:
    assert list_starts(WEEKS, missed) == starts


def test_days_next_to_each_other_have_no_missed_dose_between() -> None:
    pause = {"kind": "statement", "start_dtc": "2023-03-01", "end_dtc": "2023-03-31"}
    assert list_starts([{"start_dtc": "2023-03-01"}, {"start_dtc": "2023-03-02"}], [pause]) == ["2023-03-01"]


@pytest.mark.parametrize(
    ("day", "span", "inside"),
    [
        ("2023-03-15", {}, True),
        ("2023-03-01", {}, False),
        ("2023-03-31", {}, False),
        ("2023-03", {}, False),
        ("2023-05-15", {}, False),
        ("2023-05-15", {"end_dtc": None, "ongoing": True}, True),
        ("2023-05-15", {"end_dtc": None}, False),
        ("2023-03-15", {"treatment_id": "B"}, False),
    ],
)
def test_missed_inside_one_record(day: str, span: dict[str, Any], inside: bool) -> None:  # noqa: FBT001 - a case
    told = {"kind": "statement", "start_dtc": "2023-03-01", "end_dtc": "2023-03-31", **span}
    missed = derive_spans(build_doses({"occurred": False, "start_dtc": day}))
    assert find_missed_inside(missed, derive_spans(build_doses(told, {"start_dtc": day})), BY).tolist() == [inside]


@pytest.mark.parametrize(
    "change",
    [{"dose": "2"}, {"dose_unit": "mg"}, {"dose_form": "TABLET"}, {"frequency": "QD"}, {"route": "ORAL"}],
)
def test_any_change_of_dosing_begins_an_interval(change: dict[str, str]) -> None:
    days = ("2023-03-01", "2023-03-02", "2023-03-03")
    doses = [{"start_dtc": day, **(change if day == days[1] else {})} for day in days]
    assert [row[0] for row in summarise(*doses)] == list(days)


def test_equal_numbers_are_one_dose() -> None:
    assert (
        len(
            summarise(
                {"start_dtc": "2023-03-01", "dose": "180"}, {"start_dtc": "2023-03-02", "dose": "180.0"}
            )
        )
        == 1
    )


def test_what_goes_on_has_no_end() -> None:
    spans = ({"kind": "statement", "start_dtc": "2023-03-01", "ongoing": True}, {"start_dtc": "2024-09-01"})
    assert [row[:2] for row in summarise(*spans)] == [["2023-03-01", None]]
    assert summarise({"kind": "request", "start_dtc": "2023-03-01"})[0][1] is None


def test_supporting_records_stand_behind_the_interval_running_then() -> None:
    spans = derive_spans(
        build_doses(
            {"start_dtc": "2023-03-01"}, {"start_dtc": "2023-06-01"},
            {"kind": "request", "start_dtc": "2023-02-01"}, {"kind": "request", "start_dtc": "2023-05-01"},
            {"kind": "request", "start_dtc": "2023-06-02"},
            {"kind": "request", "start_dtc": None},
        )
    ).assign(relation="after")  # fmt: skip
    judged = derive_evidence(spans, BY)
    rows = summarise_intervals(derive_intervals(judged[judged["used"]], GAPS))
    assert assign_supporting(judged[~judged["used"]], rows, BY)["interval"].tolist() == [0, 0, 1, 0]


DOSES = st.lists(
    st.fixed_dictionaries(
        {
            "treatment_id": st.sampled_from(["A", "B"]),
            "dose": st.sampled_from(["1", "2"]),
            "start_dtc": st.dates(pd.Timestamp("2023-01-01").date(), pd.Timestamp("2023-03-01").date()).map(
                str
            ),
        }
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(doses=DOSES, missed=DOSES)
def test_no_interval_spans_a_missed_dose(doses: list[dict[str, str]], missed: list[dict[str, str]]) -> None:
    """But on a day on which a dose of the drug was given."""
    spans = derive_spans(build_doses(*doses)).assign(relation="after")
    rows = summarise_intervals(derive_intervals(spans, GAPS, missed=derive_spans(build_doses(*missed))))
    given_on = {(dose["treatment_id"], dose["start_dtc"]) for dose in doses}
    for dose in missed:
        told = (dose["treatment_id"], dose["start_dtc"])
        own = rows[rows["treatment_id"] == told[0]]
        spanning = (own["start_dtc"] < told[1]) & (told[1] < own["end_dtc"])
        assert told in given_on or not spanning.any()


@settings(max_examples=25, deadline=None)
@given(doses=DOSES)
def test_every_dose_lies_in_one_interval_of_its_own_dosing(doses: list[dict[str, str]]) -> None:
    spans = derive_spans(build_doses(*doses)).assign(relation="after")
    members = derive_intervals(spans, GAPS)
    assert sorted(members["source_id"]) == list(range(len(doses)))
    assert (members.groupby("interval")[["treatment_id", "dose"]].nunique() == 1).all(axis=None)
    rows = summarise_intervals(members)
    assert (rows["start_dtc"] <= rows["end_dtc"]).all()
    inside = members.join(rows[["start_dtc", "end_dtc"]].add_suffix("_of_interval"), on="interval")
    assert inside["start_dtc"].between(inside["start_dtc_of_interval"], inside["end_dtc_of_interval"]).all()
