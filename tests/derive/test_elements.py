"""Subject elements: screening from consent, treatment as really received."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hbv_standards.derive.elements import derive_elements
from hbv_standards.study import Arm, ArmCell, Element

EPOCHS = ("SCREENING", "TREATMENT")
ELEMENTS = tuple(
    Element(etcd=code, element=f"Element {code}", start_rule="rule", end_rule="rule")
    for code in ("SCRN", "A1", "B1")
)
ARMS = tuple(
    Arm(
        armcd=code, arm=f"ARM {code}", treatment_classes=(code,),
        cells=(ArmCell(epoch="SCREENING", etcd="SCRN"), ArmCell(epoch="TREATMENT", etcd=f"{code}1")),
    )
    for code in ("A", "B")
)  # fmt: skip


def derive(**values: Any) -> list[list[Any]]:
    subject = {
        "subject_id": "1", "RFICDTC": "2023-03-01T09:00", "RFXSTDTC": "2023-03-15T10:00",
        "RFPENDTC": "2023-06-01", "randomized_dtc": "2023-03-14", "ARMCD": "A", "ACTARMCD": "A", "ACTARMUD": None, "ended": False, **values,
    }  # fmt: skip
    texts = {name: "str" for name in subject if name != "ended"}
    made = derive_elements(pd.DataFrame([subject]).astype(texts), ARMS, ELEMENTS, EPOCHS)
    rows = made[["ETCD", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SEUPDES"]].astype("object")
    return rows.where(rows.notna(), None).to_numpy().tolist()


def test_treated() -> None:
    assert derive() == [
        ["SCRN", 1.0, "SCREENING", "2023-03-01", "2023-03-15T10:00", None],
        ["A1", 2.0, "TREATMENT", "2023-03-15T10:00", None, None],
    ]


def test_the_last_element_ends_with_participation() -> None:
    assert derive(ended=True)[-1] == ["A1", 2.0, "TREATMENT", "2023-03-15T10:00", "2023-06-01", None]


def test_element_of_the_actual_arm() -> None:
    assert [row[0] for row in derive(ACTARMCD="B")] == ["SCRN", "B1"]


def test_never_treated() -> None:
    untreated = {"RFXSTDTC": None, "ACTARMCD": None}
    assert derive(**untreated) == [["SCRN", 1.0, "SCREENING", "2023-03-01", None, None]]
    assert derive(**untreated, ARMCD=None, ended=True) == [
        ["SCRN", 1.0, "SCREENING", "2023-03-01", "2023-06-01", None]
    ]


def test_unplanned_treatment() -> None:
    assert derive(ACTARMCD=None, ACTARMUD="SOMETHING ELSE")[-1] == [
        "UNPLAN", None, "TREATMENT", "2023-03-15T10:00", None, "SOMETHING ELSE"
    ]  # fmt: skip


def test_consent_unknown_or_partial() -> None:
    assert [row[0] for row in derive(RFICDTC=None)] == ["A1"]
    assert derive(RFICDTC="2023-03")[0][3:5] == ["2023-03", "2023-03-15T10:00"]


def test_consent_and_first_dose_on_one_day_stay_in_order() -> None:
    rows = derive(RFICDTC="2023-03-15T11:00")
    assert [(row[0], row[3]) for row in rows] == [("SCRN", "2023-03-15"), ("A1", "2023-03-15T10:00")]


def test_nobody() -> None:
    names = ["subject_id", "RFICDTC", "RFXSTDTC", "RFPENDTC", "randomized_dtc", "ARMCD", "ACTARMCD", "ACTARMUD"]
    nobody = pd.DataFrame({name: pd.Series([], dtype="str") for name in names}).assign(
        ended=pd.Series([], dtype="bool")
    )
    assert derive_elements(nobody, ARMS, ELEMENTS, EPOCHS).empty
