"""IE and the table of eligibility: criteria of the trial computed on literal records."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from hbv_standards.sdtm.eligibility_table import ELIGIBILITY_COLUMNS, build_eligibility
from hbv_standards.study import Criterion, StudyConfig
from hbv_standards.study_rules import ResultRule

from .views import build_view, join_subjects, list_rows, list_sources, read_trial, run_domain

VIRUS = {"unit": "IU/mL", "unit_value": "IU/mL", "collected_dtc": "2023-03-02"}
ANTIGEN = {"concept_id": "HBSAG_QN", **VIRUS}
DNA = {"concept_id": "HBVDNA", **VIRUS}
WORD = {"unit": None, "unit_value": None, "number": None, "collected_dtc": "2023-03-02"}
SCORE = {"concept_id": "ISG", "unit": None, "unit_value": None, "collected_dtc": "2023-03-02"}
ANALOGUE = {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "0.5", "dose_unit": "mg"}


def number(base: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
    comparator = text.rstrip("0123456789.") or None
    return {**base, "result": text, "comparator": comparator, "number": text.lstrip("<>="), **more}


def word(concept: str, value: str, **more: Any) -> dict[str, Any]:
    return {**WORD, "concept_id": concept, "result": value, "result_value": value, **more}


def judge(case: dict[str, Any], criterion: str, study: StudyConfig | None = None) -> tuple[Any, ...]:
    """Result, value, date, reason and sources of one criterion of the subject."""
    return pick(build_eligibility(build_view(join_subjects([case]), study=study)), 0, criterion)


def pick(table: pd.DataFrame, place: int, criterion: str) -> tuple[Any, ...]:
    """The same of the subject in that place."""
    of_subject = table["USUBJID"].str.endswith(f"-{place:05}")
    row = table[of_subject & (table["IETESTCD"] == criterion)].iloc[0]
    shown = row["value"] if row["unit"] != row["unit"] else f"{row['value']} {row['unit']}"
    cells = [row["result"], shown, row["dtc"], row["reason"], row["source_ids"]]
    return tuple(None if cell != cell else cell for cell in cells)


RESULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("INCL03", number(ANTIGEN, "1500"), "MET", "1500 IU/mL"),
    ("INCL03", number(ANTIGEN, "1500.1"), "NOT MET", "1500.1 IU/mL"),
    ("INCL03", number(ANTIGEN, "1.6", unit="KIU/L", unit_value="10^3 IU/mL"), "NOT MET", "1.6 KIU/L"),
    ("INCL03", number(ANTIGEN, ">250"), "NOT EVALUABLE", ">250 IU/mL"),
    ("INCL03", number(ANTIGEN, "0.3", unit="S/CO", unit_value="RATIO"), "NOT EVALUABLE", "0.3 S/CO"),
    ("INCL03", number(ANTIGEN, "20", unit=None, unit_value=None), "NOT EVALUABLE", "20"),
    ("INCL04", word("HBEAG_QL", "NEGATIVE"), "MET", "NEGATIVE"),
    ("INCL04", word("HBEAG_QL", "POSITIVE"), "NOT MET", "POSITIVE"),
    ("INCL04", word("HBEAG_QL", "INDETERMINATE"), "NOT EVALUABLE", "INDETERMINATE"),
    ("INCL04", number({**SCORE, "concept_id": "HBEAG_QN"}, "0.09", range_high="1"), "MET", "0.09"),
    ("INCL04", number({**SCORE, "concept_id": "HBEAG_QN"}, "<0.10", range_text="<1.00"), "MET", "<0.10"),
    ("INCL05", number(DNA, "<20"), "MET", "<20 IU/mL"),
    ("INCL05", number(DNA, "99"), "MET", "99 IU/mL"),
    ("INCL05", number(DNA, "100"), "NOT MET", "100 IU/mL"),
    ("INCL05", number(DNA, "<500"), "NOT EVALUABLE", "<500 IU/mL"),
    ("INCL05", word("HBVDNA", "NOT DETECTED"), "MET", "NOT DETECTED"),
    ("INCL05", word("HBVDNA_QL", "NOT DETECTED"), "MET", "NOT DETECTED"),
    ("INCL05", word("HBVDNA_QL", "DETECTED"), "NOT EVALUABLE", "DETECTED"),
    ("INCL06", word("IFNA2", "G/G", result="野生型"), "MET", "野生型"),
    ("INCL06", word("IFNA2", "G/A"), "NOT MET", "G/A"),
    ("INCL06", word("IFNA2", "T/T"), "NOT EVALUABLE", "T/T"),
    ("INCL07", number(SCORE, "0.051"), "MET", "0.051"),
    ("INCL07", number(SCORE, "0.05"), "NOT MET", "0.05"),
    ("INCL07", number(SCORE, "0.3", unit="%", unit_value="%"), "NOT EVALUABLE", "0.3 %"),
]


@pytest.mark.parametrize("place", range(len(RESULTS)))
def test_result_decides(place: int) -> None:
    criterion, _, result, value = RESULTS[place]
    reason = "the records do not decide" if result == "NOT EVALUABLE" else None
    found = pick(judge_findings(), place, criterion)
    assert found == (result, value, "2023-03-02", reason, str(201 + place))


@cache
def judge_findings() -> pd.DataFrame:
    cases = [{"findings": [finding]} for _, finding, _, _ in RESULTS]
    return build_eligibility(build_view(join_subjects(cases)))


def test_without_a_result_nothing_is_decided() -> None:
    undone = {**number(ANTIGEN, "9"), "not_done": True}
    undated = number(ANTIGEN, "9", collected_dtc=None)
    later = number(ANTIGEN, "9", collected_dtc="2023-04-01")
    empty = {**ANTIGEN, "result": None, "number": None}
    nothing = ("NOT EVALUABLE", None, None, "no record", None)
    assert judge({"findings": [undone, undated, later, empty]}, "INCL03") == nothing


def test_last_result_before_randomisation_decides() -> None:
    findings = [
        number(ANTIGEN, "900", collected_dtc="2023-03-10"),
        number(ANTIGEN, "1900", collected_dtc="2023-02-20"),
        number(ANTIGEN, "1800", collected_dtc="2023-03-15"),  # the day of randomisation, order not known
        number(ANTIGEN, "1700", collected_dtc="2023-03-16"),
    ]
    assert judge({"findings": findings}, "INCL03") == ("MET", "900 IU/mL", "2023-03-10", None, "201")


def test_for_who_is_not_randomised_the_last_result_of_all_decides() -> None:
    failed = {"status": "SCREEN FAILURE", "randomized_dtc": None, "arm_code": None, "end_dtc": "2023-03-20"}
    findings = [number(ANTIGEN, "900"), number(ANTIGEN, "1900", collected_dtc="2023-03-16")]
    case = {"subjects": [failed], "findings": findings}
    assert judge(case, "INCL03") == ("NOT MET", "1900 IU/mL", "2023-03-16", None, "202")


def test_contradicting_results_of_one_moment() -> None:
    findings = [number(ANTIGEN, "900"), number(ANTIGEN, "1900")]
    assert judge({"findings": findings}, "INCL03") == (
        "NOT EVALUABLE", "900; 1900 IU/mL", "2023-03-02", "records of one moment contradict each other", "201;202"
    )  # fmt: skip


TREATMENTS: list[tuple[list[dict[str, Any]], tuple[str, str | None]]] = [
        ([{**ANALOGUE, "start_dtc": "2019-05", "ongoing": True}], ("MET", "ENTECAVIR 2019-05 to ongoing")),
        ([{**ANALOGUE, "start_dtc": "2022-09-01", "end_dtc": "2023-03-14"}],
         ("NOT MET", "ENTECAVIR 2022-09-01 to 2023-03-14")),
        # More than a year before consent of 2023-03-01: exactly one is not.
        ([{**ANALOGUE, "start_dtc": "2022-03-01", "ongoing": True}], ("NOT MET", "ENTECAVIR 2022-03-01 to ongoing")),
        ([{**ANALOGUE, "start_dtc": "2022-02-28", "ongoing": True}], ("MET", "ENTECAVIR 2022-02-28 to ongoing")),
        ([{**ANALOGUE, "start_dtc": "2022", "ongoing": True}], ("NOT EVALUABLE", "ENTECAVIR 2022 to ongoing")),
        ([{**ANALOGUE, "start_dtc": "2018", "end_dtc": "2020"},
          {**ANALOGUE, "treatment_id": "TENOFOVIR ALAFENAMIDE", "start_dtc": "2020", "ongoing": True}],
         ("MET", "ENTECAVIR 2018 to 2020; TENOFOVIR ALAFENAMIDE 2020 to ongoing")),
        # Other drugs, doses that were not taken and other habits say nothing.
        ([{**ANALOGUE, "treatment_id": "INTERFERON ALFA", "start_dtc": "2019", "ongoing": True}], ("NOT EVALUABLE", None)),
        ([{**ANALOGUE, "start_dtc": "2019", "ongoing": True, "occurred": False}], ("NOT EVALUABLE", None)),
        ([{"treatment_id": "CIGARETTE", "kind": "use", "start_dtc": "2010", "ongoing": True}], ("NOT EVALUABLE", None)),
]  # fmt: skip
EVENTS: list[tuple[dict[str, Any], str]] = [
    ({"term": "慢性乙型肝炎", "code": "B18.100"}, "MET"),
    ({"term": "慢乙肝", "term_value": "CHRONIC HEPATITIS B"}, "MET"),
    ({"term": "Chronic hepatitis B", "occurred": "N"}, "NOT MET"),
    ({"term": "Chronic hepatitis B", "occurred": "U"}, "NOT EVALUABLE"),
    ({"term": "Chronic hepatitis C", "code": "B18.2"}, "NOT EVALUABLE"),
    ({"term": "Chronic hepatitis B", "kind": "family history"}, "NOT EVALUABLE"),
]


@cache
def judge_histories() -> pd.DataFrame:
    cases: list[dict[str, Any]] = [{"interventions": treatments} for treatments, _ in TREATMENTS]
    cases += [{"events": [{"start_dtc": "2015", **event}]} for event, _ in EVENTS]
    return build_eligibility(build_view(join_subjects(cases)))


@pytest.mark.parametrize("place", range(len(TREATMENTS)))
def test_earlier_treatment_decides(place: int) -> None:
    result, value, dtc, _, sources = pick(judge_histories(), place, "INCL02")
    expected = TREATMENTS[place][1]
    assert (result, value) == expected
    assert dtc == ("2023-03-01" if value else None)
    assert len((sources or "").split(";")) == len(TREATMENTS[place][0])


@pytest.mark.parametrize("place", range(len(EVENTS)))
def test_diagnosis_decides(place: int) -> None:
    assert pick(judge_histories(), len(TREATMENTS) + place, "INCL01")[0] == EVENTS[place][1]


def build_study(*criteria: Criterion) -> StudyConfig:
    return read_trial()[0].study.model_copy(update={"criteria": criteria})


def test_criterion_without_a_rule_is_not_computed() -> None:
    study = build_study(Criterion(testcd="INCL99", text="Able to read", category="INCLUSION"))
    assert judge({}, "INCL99", study) == ("NOT EVALUABLE", None, None, "not computed", None)
    assert run_domain("IE", {"subjects": [{}]}, study=study)[0] is None


def test_table() -> None:
    case = {"subjects": [{"subject_id": "01002"}, {}], "findings": [number(ANTIGEN, "1900")]}
    table = build_eligibility(build_view(case))
    assert tuple(table.columns) == ELIGIBILITY_COLUMNS
    assert table["USUBJID"].tolist() == ["HBV-PEG-48-01001"] * 7 + ["HBV-PEG-48-01002"] * 7
    assert table["IETESTCD"].tolist() == [f"INCL0{n}" for n in range(1, 8)] * 2
    assert set(table["SITEID"]) == {"01"}
    assert table["result"].value_counts().to_dict() == {"NOT EVALUABLE": 13, "NOT MET": 1}


def test_table_of_a_study_without_criteria_is_empty() -> None:
    table = build_eligibility(build_view({"subjects": [{}]}, study=build_study()))
    assert (tuple(table.columns), len(table)) == (ELIGIBILITY_COLUMNS, 0)


def test_unmet_criteria_are_rows() -> None:
    case = {
        "subjects": [{}],
        "findings": [number(ANTIGEN, "1900", collected_dtc="2023-03-02T08:30"), word("HBEAG_QL", "POSITIVE"),
                     number(DNA, "<20")],
        "interventions": [{"start_dtc": "2023-03-15"}],
    }  # fmt: skip
    columns = ("IETESTCD", "IETEST", "IECAT", "IEORRES", "IESTRESC", "EPOCH", "IEDTC", "IEDY")
    assert [tuple(row.values()) for row in list_rows("IE", case, columns)] == [
        (
            "INCL03",
            "HBsAg quantification <= 1500 IU/mL",
            "INCLUSION",
            "N",
            "N",
            "SCREENING",
            "2023-03-02T08:30",
            -13.0,
        ),
        ("INCL04", "HBeAg negative", "INCLUSION", "N", "N", "SCREENING", "2023-03-02", -13.0),
    ]
    dataset, _ = run_domain("IE", case)
    assert dataset is not None
    assert list_sources(dataset) == [(0, "", 201), (1, "", 202)]


@pytest.mark.parametrize(
    ("subject", "rows"),
    [
        ({"status": "SCREEN FAILURE", "end_dtc": "2023-03-09"}, 1),
        ({"status": None, "end_dtc": "2023-03-09"}, 1),
        ({"status": "SCREENING"}, 0),  # another sample may still be taken
    ],
)
def test_subjects_who_are_still_screened_have_no_exception_yet(subject: dict[str, Any], rows: int) -> None:
    subject = {"randomized_dtc": None, "arm_code": None, **subject}
    case = {"subjects": [subject], "findings": [number(ANTIGEN, "1900")]}
    assert len(list_rows("IE", case, ["IETESTCD"])) == rows
    assert judge(case, "INCL03")[0] == "NOT MET"


def test_exclusion_that_holds_is_answered_with_yes() -> None:
    rule = ResultRule(kind="result", concepts=("ALT",), comparator=">", value="200", unit="U/L")
    study = build_study(Criterion(testcd="EXCL01", text="ALT > 200 U/L", category="EXCLUSION", rule=rule))
    finding = {"result": "300", "number": "300", "collected_dtc": "2023-03-02"}
    columns = ("IETESTCD", "IECAT", "IEORRES", "IESTRESC")
    case = {"subjects": [{}], "findings": [finding]}
    assert list_rows("IE", case, columns, study=study) == [
        {"IETESTCD": "EXCL01", "IECAT": "EXCLUSION", "IEORRES": "Y", "IESTRESC": "Y"}
    ]
    lower = {"subjects": [{}], "findings": [{**finding, "result": "100", "number": "100"}]}
    assert list_rows("IE", lower, columns, study=study) == []


def test_study_day_is_there_with_its_date() -> None:
    """FB1601: who was never treated has no study day, but IEDTC does not stand without IEDY."""
    failed = {"status": "SCREEN FAILURE", "randomized_dtc": None, "arm_code": None, "end_dtc": "2023-03-20"}
    dataset, _ = run_domain("IE", {"subjects": [failed], "findings": [number(ANTIGEN, "1900")]})
    assert dataset is not None
    assert list(dataset.frame.columns)[-3:] == ["EPOCH", "IEDTC", "IEDY"]
    assert dataset.frame["IEDY"].isna().all()


def test_text_of_a_criterion_may_be_longer_than_a_test_name() -> None:
    spec = read_trial()[1]["IE"].variable("IETEST")
    assert spec is not None
    assert spec.length is None
