"""The books: read = converted + out of scope + superseded + rejected."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.outcomes import close_books, count_outcomes, settle, settle_leftovers
from hbv_standards.issues import IssueLog
from hbv_standards.provenance import SOURCE_COLUMNS


def build_sources(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    frame = pd.DataFrame({name: [""] * len(rows) for name in SOURCE_COLUMNS}, dtype="str")
    return frame.assign(
        source_id=range(len(rows)),
        site=[r[0] for r in rows],
        resource_type=[r[1] for r in rows],
        disposition=[r[2] for r in rows],
    )


def test_first_outcome_holds() -> None:
    sources = build_sources([("a", "Observation", ""), ("a", "Observation", "superseded")])
    settle(sources, [0, 1], "rejected", "HBV-MAP-001")
    settle(sources, [0, 1], "out of scope", "later")
    assert list(sources["disposition"]) == ["rejected", "superseded"]
    assert list(sources["reason"]) == ["HBV-MAP-001", ""]


def test_converted_wins_over_a_rejected_part_but_not_over_superseded() -> None:
    sources = build_sources([("a", "Observation", "rejected"), ("a", "Observation", "superseded")])
    closed = close_books(sources, [0, 1])
    assert list(closed["disposition"]) == ["converted", "superseded"]


def test_a_result_that_nobody_spoke_of_is_an_issue() -> None:
    sources = build_sources([("a", kind, "") for kind in ("Observation", "Observation", "Specimen", "Observation")])
    log = IssueLog()
    settle_leftovers(sources, [1], log, panels=[3])
    assert [(row.code, row.source_id) for row in log.rows] == [("HBV-CAN-006", 0)]
    assert list(close_books(sources, [1])["disposition"]) == ["rejected", "converted", "out of scope", "out of scope"]


def test_a_later_steps_issue_is_the_reason() -> None:
    sources = build_sources([("a", "Observation", "")] * 3)
    log = IssueLog()
    log.add("HBV-SDTM-010", source_id=0)
    log.add("HBV-SDTM-001", source_id=1)
    settle_leftovers(sources, [], log)
    assert list(sources["disposition"]) == ["out of scope", "rejected", "rejected"]
    assert list(sources["reason"]) == ["HBV-SDTM-010", "HBV-SDTM-001", "HBV-CAN-006"]


OUTCOMES = st.sampled_from(["", "rejected", "superseded", "out of scope"])


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["Patient", "Observation"]), OUTCOMES), min_size=1))
def test_books_balance(rows: list[tuple[str, str, str]]) -> None:
    closed = close_books(build_sources(rows), [0])
    counted = count_outcomes(closed)
    kinds = ["converted", "out of scope", "superseded", "rejected"]
    assert (counted["read"] == counted[kinds].sum(axis=1)).all()
    assert counted["read"].sum() == len(rows)
