"""SU: smoking and drinking."""

from __future__ import annotations

from typing import Any

import pytest

from .views import build_view, list_rows, list_sources, run_domain

SMOKING = {"treatment_id": "CIGARETTE", "kind": "use", "dose": None, "dose_unit": None}
DRINKING = {**SMOKING, "treatment_id": "ALCOHOLIC BEVERAGE"}
COLUMNS = ("SUTRT", "SUCAT", "SUPRESP", "SUOCCUR", "SUDOSE", "SUDOSU", "SUDOSFRQ", "SUSTDTC", "SUENDTC", "SUENRTPT", "SUENTPT")
RELATIONS = ("SUSTRTPT", "SUSTTPT", "SUENRTPT", "SUENTPT")
VISITS = [{"visit_key": "v1", "start_dtc": "2023-03-02T08:00", "visitnum_stated": 1.0}]


def list_uses(*uses: dict[str, Any], **subject: Any) -> list[tuple[Any, ...]]:
    case = {"subjects": [subject], "interventions": list(uses), "visits": VISITS}
    return [tuple(row.values()) for row in list_rows("SU", case, COLUMNS)]


def test_smoker_and_drinker() -> None:
    smoking = {**SMOKING, "dose": "20", "dose_unit": "CIGARETTE", "frequency": "QD", "start_dtc": "1998", "ongoing": True,
               "visit_key": "v1"}  # fmt: skip
    drinking = {**DRINKING, "dose": "30", "dose_unit": "g", "frequency": "QD", "start_dtc": "2005-06", "end_dtc": "2019"}
    assert list_uses(smoking, drinking) == [
        ("ALCOHOLIC BEVERAGE", "ALCOHOL", "Y", "Y", 30.0, "g", "QD", "2005-06", "2019", None, None),
        ("CIGARETTE", "TOBACCO", "Y", "Y", 20.0, "CIGARETTE", "QD", "1998", None, "ONGOING", "2023-03-02"),
    ]


def test_never() -> None:
    use = {**SMOKING, "occurred": False, "dose": "0", "dose_unit": "CIGARETTE", "frequency": "QD", "ongoing": True}
    assert list_uses(use) == [("CIGARETTE", "TOBACCO", "Y", "N", None, None, None, None, None, None, None)]


def test_without_a_visit_use_goes_on_at_consent() -> None:
    assert list_uses({**SMOKING, "ongoing": True})[0][-2:] == ("ONGOING", "2023-03-01")
    assert list_uses({**SMOKING, "ongoing": True}, consent_dtc=None)[0][-2:] == (None, None)


@pytest.mark.parametrize(
    ("use", "relations"),
    [
        ({"ongoing": True, "start_dtc": "1998"}, (None, None, "ONGOING", "2023-03-02")),
        ({"ongoing": True}, ("BEFORE", "2023-03-02", "ONGOING", "2023-03-02")),
        ({"ceased": True}, ("BEFORE", "2023-03-02", "BEFORE", "2023-03-02")),
        ({"ceased": True, "end_dtc": "2019"}, ("BEFORE", "2023-03-02", None, None)),
        ({}, ("BEFORE", "2023-03-02", None, None)),  # used, and nobody said whether still
        ({"occurred": False, "ceased": True}, (None, None, None, None)),
    ],
)
def test_what_began_or_ended_before_it_was_asked(use: dict[str, Any], relations: tuple[str | None, ...]) -> None:
    """SDTMIG 4.4.7; an end does not stand without anything of the start (FB4301)."""
    case: dict[str, Any] = {"subjects": [{}], "interventions": [{**SMOKING, "visit_key": "v1", **use}], "visits": VISITS}
    assert [tuple(row.values()) for row in list_rows("SU", case, RELATIONS)] == [relations]


def test_same_answer_twice_is_one_row_of_two_sources() -> None:
    dataset, _ = run_domain("SU", {"subjects": [{}], "interventions": [SMOKING, DRINKING, SMOKING]})
    assert dataset is not None
    assert dataset.frame["SUTRT"].tolist() == ["ALCOHOLIC BEVERAGE", "CIGARETTE"]
    assert list_sources(dataset) == [(0, "", 302), (1, "", 301), (1, "", 303)]


def test_use_during_the_trial_has_an_epoch() -> None:
    case = {"subjects": [{}], "interventions": [{"start_dtc": "2023-03-15"}, {**DRINKING, "start_dtc": "2023-05-01"}]}
    assert list_rows("SU", case, ("EPOCH", "SUSTDY")) == [{"EPOCH": "TREATMENT", "SUSTDY": 48.0}]


def test_use_is_neither_concomitant_nor_study_treatment() -> None:
    case = {"subjects": [{}], "interventions": [{**SMOKING, "start_dtc": "2023-04-01"}, {"start_dtc": "2023-03-15"}]}
    view = build_view(case)
    assert view.treatments.other.rows.empty
    assert view.treatments.study.rows["treatment_id"].tolist() == ["PEGINTERFERON ALFA-2A"]
    assert run_domain("SU", {"subjects": [{}]})[0] is None
