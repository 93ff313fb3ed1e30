"""Arms, reference dates, last contact and death of subjects."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from hbv_standards.canonical.frame import build_frame
from hbv_standards.derive.demographics import (
    derive_actual_arms,
    derive_arms,
    derive_death,
    derive_ended,
    derive_reference_dates,
    find_date_disorder,
)
from hbv_standards.study import Arm

ARMS = (
    Arm(armcd="A", arm="ARM A", treatment_classes=("NA",), cells=()),
    Arm(armcd="B", arm="ARM B", treatment_classes=("PEG",), cells=()),
)


def build_subject(**values: Any) -> pd.DataFrame:
    plain = {"source_id": 1, "path": "p", "site": "s", "subject_id": "1", "consent_dtc": "2023-03-01",
             "randomized_dtc": "2023-03-15", "arm_code": "B", "status": "RANDOMIZED"}  # fmt: skip
    return build_frame("subjects", [{**plain, **values}])


def judge(*given: tuple[str, str, str], **subject: Any) -> list[Any]:
    """ARMCD, ACTARMCD, ARMNRS, ACTARMUD after treatments of (class, relation, start)."""
    treatments = pd.DataFrame(
        [("1", f"DRUG {cls}", cls, relation, pd.Timestamp(start)) for cls, relation, start in given],
        columns=["subject_id", "treatment_id", "treatment_class", "relation", "start"],
    ).astype({"subject_id": "str", "treatment_id": "str", "treatment_class": "str", "relation": "str"})
    made = derive_actual_arms(derive_arms(build_subject(**subject), ARMS), treatments, ARMS)
    row = made[["ARMCD", "ACTARMCD", "ARMNRS", "ACTARMUD"]].astype("object")
    return row.where(row.notna(), None).to_numpy().tolist()[0]


AFTER, BEFORE, ACROSS = "after", "before", "across"
FAILED = {"randomized_dtc": None, "status": "SCREEN FAILURE"}


@pytest.mark.parametrize(
    ("given", "subject", "expected"),
    [
        ([("PEG", AFTER, "2023-03-15")], {}, ["B", "B", None, None]),
        ([("NA", ACROSS, "2019-01-01")], {"arm_code": "A"}, ["A", "A", None, None]),
        ([("NA", BEFORE, "2019-01-01")], {"arm_code": "A"}, ["A", None, "ASSIGNED, NOT TREATED", None]),
        ([("NA", ACROSS, "2019-01-01")], {}, ["B", None, "ASSIGNED, NOT TREATED", None]),
        ([("NA", AFTER, "2023-03-20")], {}, ["B", "A", None, None]),
        ([("NA", AFTER, "2023-03-16"), ("PEG", AFTER, "2023-03-20")], {}, ["B", "B", None, None]),
        ([("IFN", AFTER, "2023-03-16")], {}, ["B", None, "UNPLANNED TREATMENT", "DRUG IFN"]),
        ([("IFN", AFTER, "2023-03-20"), ("TDF", AFTER, "2023-03-16")], {},
         ["B", None, "UNPLANNED TREATMENT", "DRUG TDF + DRUG IFN"]),
        ([("IFN", AFTER, "2023-03-16"), ("PEG", AFTER, "2023-03-20")], {}, ["B", "B", None, None]),
        ([("IFN", BEFORE, "2020-01-01")], {}, ["B", None, "ASSIGNED, NOT TREATED", None]),
        ([("OTHER", AFTER, "2023-03-16")], {}, ["B", None, "ASSIGNED, NOT TREATED", None]),
        ([], {}, ["B", None, "ASSIGNED, NOT TREATED", None]),
        ([], {**FAILED, "arm_code": None}, [None, None, "SCREEN FAILURE", None]),
        ([], {**FAILED, "arm_code": "B"}, [None, None, "SCREEN FAILURE", None]),
        ([], {"arm_code": None, "randomized_dtc": None, "status": None}, [None, None, "NOT ASSIGNED", None]),
        ([("PEG", AFTER, "2023-03-15")], {"arm_code": None}, [None, None, "NOT ASSIGNED", None]),
        ([("PEG", AFTER, "2023-03-15")], {"arm_code": "Z"}, [None, None, "NOT ASSIGNED", None]),
    ],
)  # fmt: skip
def test_arms(given: list[tuple[str, str, str]], subject: dict[str, Any], expected: list[Any]) -> None:
    assert judge(*given, **subject) == expected


def refer(
    exposure: list[tuple[str | None, str | None, bool]], contacts: list[str], **subject: Any
) -> dict[str, Any]:
    values = {"ARMCD": "B", "ARMNRS": None, **subject}
    frame = build_subject(**{k: v for k, v in values.items() if not k.startswith("ARM")})
    frame = frame.assign(ARMCD=values["ARMCD"], ARMNRS=values["ARMNRS"])
    doses = pd.DataFrame(
        [("1", *dose) for dose in exposure], columns=["subject_id", "start_dtc", "end_dtc", "ongoing"]
    ).astype({"subject_id": "str", "start_dtc": "str", "end_dtc": "str", "ongoing": "bool"})
    known = pd.DataFrame({"subject_id": ["1"] * len(contacts), "dtc": contacts}).astype("str")
    row = derive_reference_dates(frame, doses, known).iloc[0]
    names = ("RFICDTC", "RFSTDTC", "RFXSTDTC", "RFXENDTC", "RFENDTC", "RFPENDTC")
    return {name: None if pd.isna(row[name]) else row[name] for name in names}


def test_reference_dates() -> None:
    doses = [("2023-03-15", "2023-06-01", False), ("2023-06-02", "2023-09-01", False)]
    assert refer(doses, ["2023-03-01", "2023-10-01"]) == {
        "RFICDTC": "2023-03-01", "RFSTDTC": "2023-03-15", "RFXSTDTC": "2023-03-15", "RFXENDTC": "2023-09-01",
        "RFENDTC": "2023-09-01", "RFPENDTC": "2023-10-01",
    }  # fmt: skip


def test_treatment_that_goes_on() -> None:
    """RFXENDTC is the latest date of EX (CORE-000238); the reference period lasts until the last contact."""
    found = refer([("2023-03-15", None, True)], ["2023-03-15", "2023-10-01"])
    assert (found["RFXENDTC"], found["RFENDTC"]) == ("2023-03-15", "2023-10-01")


def test_reason_for_a_missing_arm_leaves_no_end_of_the_period() -> None:
    found = refer([("2023-03-15", "2023-03-15", False)], ["2023-03-15"], ARMNRS="UNPLANNED TREATMENT")
    assert (found["RFSTDTC"], found["RFENDTC"]) == ("2023-03-15", None)


def test_never_treated() -> None:
    found = refer([], ["2023-03-01"], ARMNRS="ASSIGNED, NOT TREATED")
    assert [found[name] for name in ("RFSTDTC", "RFXSTDTC", "RFXENDTC", "RFENDTC")] == [None] * 4


@pytest.mark.parametrize(
    ("contacts", "last"),
    [
        (["2023-03-01", "2023-02-01"], "2023-03-01"),
        (["2023-03-01", "2023-03-01T08:00", "2023-03-01T09:30"], "2023-03-01T09:30"),
        (["2023-03-01", "2023-03"], "2023-03-01"),
        (["2023-03-01", "2023-04"], "2023-04"),
        (["2023-03-01", "2023"], "2023-03-01"),
        (["2023", "2022-05"], "2023"),
    ],
)
def test_last_contact(contacts: list[str], last: str) -> None:
    assert refer([], contacts)["RFPENDTC"] == last
    assert refer([], contacts[::-1])["RFPENDTC"] == last


@pytest.mark.parametrize(
    ("subject", "ended"),
    [
        ({}, False), ({"status": "COMPLETED"}, True), ({"status": "DISCONTINUED"}, True),
        ({"status": "SCREEN FAILURE"}, True), ({"end_dtc": "2023-05-01"}, True), ({"deceased": True}, True),
        ({"death_dtc": "2023"}, True), ({"end_reason": "DEATH"}, True),
        ({"end_reason": "COMPLETED"}, False),
    ],
)  # fmt: skip
def test_ended(subject: dict[str, Any], ended: bool) -> None:  # noqa: FBT001 - a case
    assert derive_ended(build_subject(**subject)).tolist() == [ended]


@pytest.mark.parametrize(
    ("subject", "dead"),
    [({}, False), ({"deceased": True}, True), ({"death_dtc": "2023-05"}, True),
     ({"end_reason": "DEATH"}, True), ({"end_reason": "LOST TO FOLLOW-UP"}, False)],
)  # fmt: skip
def test_death(subject: dict[str, Any], dead: bool) -> None:  # noqa: FBT001 - a case
    assert derive_death(build_subject(**subject)).tolist() == [dead]


def test_disorder_is_named_by_its_two_dates() -> None:
    dates = {"RFICDTC": "2023-03-20", "RFXSTDTC": "2023-03-15", "RFXENDTC": "2023-06-01",
             "RFSTDTC": "2023-03-15", "RFENDTC": "2023-06-01", "RFPENDTC": "2023-06-01T10:00"}  # fmt: skip
    subject = pd.DataFrame([{"subject_id": "1", **dates}])
    found = find_date_disorder(subject)
    assert found[["first", "second"]].to_numpy().tolist() == [["RFICDTC", "RFXSTDTC"], ["RFICDTC", "RFSTDTC"]]
    assert find_date_disorder(subject.assign(RFICDTC="2023-03")).empty
