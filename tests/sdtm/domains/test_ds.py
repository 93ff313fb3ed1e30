"""DS: milestones and dispositions of literal subjects."""

from __future__ import annotations

from typing import Any

import pytest

from .views import build_view, list_issues, list_rows, list_sources, run_domain

COLUMNS = ("DSTERM", "DSDECOD", "DSCAT", "DSSCAT", "EPOCH", "DSSTDTC", "DSSTDY")
CONSENT = ("INFORMED CONSENT OBTAINED", "INFORMED CONSENT OBTAINED", "PROTOCOL MILESTONE", None, "SCREENING")
RANDOMIZED = ("RANDOMIZED", "RANDOMIZED", "PROTOCOL MILESTONE", None, "SCREENING")
DOSES = [{"start_dtc": "2023-03-15", "frequency": "EVERY WEEK"}]


def weekly(*days: str) -> list[dict[str, Any]]:
    return [{"start_dtc": day, "frequency": "EVERY WEEK"} for day in days]


def list_events(case: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in list_rows("DS", case, COLUMNS, **options)]


def list_ends(case: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    """Rows that are no milestone: DSDECOD, DSSCAT, EPOCH, DSSTDTC."""
    rows = list_events(case, **options)
    return [(row[1], row[3], row[4], row[5]) for row in rows if row[2] != "PROTOCOL MILESTONE"]


def test_ongoing_subject_has_milestones_only() -> None:
    # Randomised on the day of first dose, which is TREATMENT: the milestone still ends screening.
    assert list_events({"subjects": [{}], "interventions": DOSES}) == [
        (*CONSENT, "2023-03-01", -14.0),
        (*RANDOMIZED, "2023-03-15", 1.0),
    ]


def test_consent_is_the_one_of_dm() -> None:
    case = {"subjects": [{"consent_dtc": "2023-03-01T09:30"}], "interventions": DOSES}
    assert list_events(case)[0][5] == "2023-03-01T09:30"
    assert build_view(case).subjects["RFICDTC"].tolist() == ["2023-03-01T09:30"]


def test_screen_failure() -> None:
    failed = {"status": "SCREEN FAILURE", "randomized_dtc": None, "arm_code": None, "end_dtc": "2023-03-08"}
    assert list_events({"subjects": [failed]}) == [
        (*CONSENT, "2023-03-01", None),
        ("SCREEN FAILURE", "SCREEN FAILURE", "DISPOSITION EVENT", "STUDY PARTICIPATION", "SCREENING", "2023-03-08", None),
    ]


def test_completed_as_planned() -> None:
    subject = {"status": "COMPLETED", "end_dtc": "2024-02-20", "end_reason": "COMPLETED"}
    # The last weekly dose, on day 330, is that of week 48: 7 days before the planned end.
    spans = [{"start_dtc": "2023-03-15", "end_dtc": "2024-02-07", "kind": "statement", "frequency": "EVERY WEEK"}]
    assert list_ends({"subjects": [subject], "interventions": spans}) == [
        ("COMPLETED", "STUDY TREATMENT", "TREATMENT", "2024-02-07"),
        ("COMPLETED", "STUDY PARTICIPATION", "TREATMENT", "2024-02-20"),
    ]


def test_treatment_ends_for_the_reason_of_participation() -> None:
    subject = {"status": "DISCONTINUED", "end_dtc": "2023-04-10", "end_reason": "ADVERSE EVENT"}
    case = {"subjects": [subject], "interventions": weekly("2023-03-15", "2023-03-22", "2023-03-29")}
    assert list_ends(case) == [
        ("ADVERSE EVENT", "STUDY TREATMENT", "TREATMENT", "2023-03-29"),
        ("ADVERSE EVENT", "STUDY PARTICIPATION", "TREATMENT", "2023-04-10"),
    ]


@pytest.mark.parametrize(("end", "rows"), [("2023-04-11", 2), ("2023-04-12", 1)])
def test_treatment_that_ended_earlier_has_no_reason(end: str, rows: int) -> None:
    """13 days may lie between weekly doses; after 14 the end of treatment is something of its own."""
    subject = {"status": "DISCONTINUED", "end_dtc": end, "end_reason": "ADVERSE EVENT"}
    case = {"subjects": [subject], "interventions": weekly("2023-03-15", "2023-03-22", "2023-03-29")}
    assert len(list_ends(case)) == rows
    reported = list_issues(run_domain("DS", case)[1], "DS")
    assert reported == ([("HBV-SDTM-012", "DSDECOD")] if rows == 1 else [])


def test_never_treated() -> None:
    subject = {"status": "DISCONTINUED", "end_dtc": "2023-03-20", "end_reason": "WITHDRAWAL BY SUBJECT"}
    assert list_ends({"subjects": [subject]}) == [
        ("WITHDRAWAL BY SUBJECT", "STUDY PARTICIPATION", "SCREENING", "2023-03-20")
    ]


def test_death_has_the_date_of_dm() -> None:
    subject = {
        "status": "DISCONTINUED", "end_reason": "DEATH", "deceased": True, "death_dtc": "2023-03-30T04:10",
        "end_dtc": "2023-03-31",
    }  # fmt: skip
    case = {"subjects": [subject], "interventions": weekly("2023-03-15", "2023-03-22", "2023-03-29")}
    assert list_ends(case) == [
        ("DEATH", "STUDY PARTICIPATION", "TREATMENT", "2023-03-30T04:10"),
        ("DEATH", "STUDY TREATMENT", "TREATMENT", "2023-03-30T04:10"),
    ]


def test_death_after_the_end_is_an_event_of_its_own() -> None:
    subject = {
        "status": "DISCONTINUED", "end_dtc": "2023-03-20", "end_reason": "WITHDRAWAL BY SUBJECT", "deceased": True,
        "death_dtc": "2023-07",
    }  # fmt: skip
    events = list_events({"subjects": [subject]})
    assert events[-1] == ("DEATH", "DEATH", "OTHER EVENT", None, None, "2023-07", None)
    assert [row[1] for row in events if row[2] == "DISPOSITION EVENT"] == ["WITHDRAWAL BY SUBJECT"]


def test_death_alone_ends_participation() -> None:
    assert list_ends({"subjects": [{"deceased": True, "death_dtc": "2023-04"}]}) == [
        ("DEATH", "STUDY PARTICIPATION", "SCREENING", "2023-04")
    ]


@pytest.mark.parametrize(
    ("agency", "text", "term"),
    [
        ("fda", "患者要求退出", "WITHDRAWAL BY SUBJECT"),
        ("nmpa", "患者要求退出", "患者要求退出"),
        ("fda", "Subject moved away", "Subject moved away"),
        ("nmpa", None, "WITHDRAWAL BY SUBJECT"),
    ],
)
def test_term_is_what_the_hospital_said(agency: str, text: str | None, term: str) -> None:
    subject = {"end_dtc": "2023-03-20", "end_reason": "WITHDRAWAL BY SUBJECT", "end_reason_text": text}
    case = {"subjects": [{"status": "DISCONTINUED", **subject}]}
    dataset, log = run_domain("DS", case, agency=agency)
    assert dataset is not None
    assert dataset.frame["DSTERM"].tolist()[-1] == term
    assert list_issues(log, "DS") == []


@pytest.mark.parametrize(
    "subject",
    [
        {"status": "DISCONTINUED", "end_dtc": "2023-03-20"},
        {"status": None, "end_dtc": "2023-03-20"},
        {"status": "DISCONTINUED", "end_reason_text": "未映射", "end_dtc": "2023-03-20"},
    ],
)
def test_end_without_a_reason_is_reported_and_no_row(subject: dict[str, Any]) -> None:
    case = {"subjects": [subject]}
    assert list_ends(case) == []
    assert list_issues(run_domain("DS", case)[1], "DS") == [("HBV-SDTM-012", "DSDECOD")]


def test_end_without_a_date_is_a_row_and_reported() -> None:
    case = {"subjects": [{"status": "COMPLETED"}]}
    assert list_ends(case) == [("COMPLETED", "STUDY PARTICIPATION", "SCREENING", None)]
    assert list_issues(run_domain("DS", case)[1], "DS") == [("HBV-SDTM-012", "DSSTDTC")]


def test_subject_without_any_date_has_no_record() -> None:
    case = {"subjects": [{"consent_dtc": None, "randomized_dtc": None, "arm_code": None, "status": None}]}
    assert run_domain("DS", case)[0] is None


def test_event_of_the_hospital_goes_before_what_the_subject_tells() -> None:
    subject = {"status": "DISCONTINUED", "end_dtc": "2023-04-10", "end_reason": "LOST TO FOLLOW-UP"}
    events = [
        {"kind": "disposition", "term": "Stopped taking part", "term_value": "WITHDRAWAL BY SUBJECT",
         "start_dtc": "2023-04-09", "recorded_dtc": "2023-04-10"},
        {"kind": "milestone", "term": "randomised", "term_value": "RANDOMIZED", "start_dtc": "2023-03-14"},
    ]  # fmt: skip
    rows = list_rows("DS", {"subjects": [subject], "events": events}, (*COLUMNS, "DSDTC"))
    assert [(row["DSTERM"], row["DSDECOD"], row["DSSTDTC"], row["DSDTC"]) for row in rows] == [
        ("INFORMED CONSENT OBTAINED", "INFORMED CONSENT OBTAINED", "2023-03-01", None),
        ("randomised", "RANDOMIZED", "2023-03-14", None),
        ("Stopped taking part", "WITHDRAWAL BY SUBJECT", "2023-04-09", "2023-04-10"),
    ]


def test_two_ends_of_one_kind_are_reported() -> None:
    ends = [
        {"kind": "disposition", "term": value, "term_value": value, "start_dtc": "2023-03-09"}
        for value in ("PREGNANCY", "PROTOCOL DEVIATION")
    ]
    dataset, log = run_domain("DS", {"subjects": [{}], "events": ends})
    assert dataset is not None
    assert dataset.frame["DSCAT"].eq("DISPOSITION EVENT").sum() == 2
    assert list_issues(log, "DS") == [("HBV-SDTM-007", "DSDECOD")] * 2


def test_trace() -> None:
    given = [
        {"field": field, "source_id": source}
        for field, source in (("consent_dtc", 7), ("randomized_dtc", 8), ("end_dtc", 9), ("end_reason", 10))
    ]
    subject = {"status": "DISCONTINUED", "end_dtc": "2023-03-20", "end_reason": "PREGNANCY"}
    dataset, _ = run_domain("DS", {"subjects": [subject], "contributions": given})
    assert dataset is not None
    assert list_sources(dataset) == [
        (0, "", 1), (0, "DSSTDTC", 7), (1, "", 1), (1, "DSSTDTC", 8),
        (2, "", 1), (2, "DSDECOD", 10), (2, "DSSTDTC", 9),
    ]  # fmt: skip
