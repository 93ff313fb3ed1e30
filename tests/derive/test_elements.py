"""Subject elements: screening from consent, treatment as really received."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hbv_standards.derive.elements import derive_elements
from hbv_standards.study import Arm, ArmCell, Element
from hbv_standards.study_rules import ElementStart

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


def test_first_dose_before_consent_stays_an_element() -> None:
    """The dates are wrong, which is reported elsewhere; RFXSTDTC still begins the treatment element (CG0207)."""
    assert [row[0] for row in derive(RFICDTC="2023-03-20")] == ["SCRN", "A1"]


def element(code: str, begins: str | None = None, duration: str | None = None, *classes: str) -> Element:
    start = ElementStart(at=begins, treatment_classes=classes) if begins else None  # type: ignore[arg-type]  # one of the words
    return Element(etcd=code, element=f"Element {code}", start_rule="rule", duration=duration, begins=start)


LONG_ELEMENTS = (
    element("SCRN"), element("RUN", "randomization"), element("ONE", "first dose", "P4W", "X"),
    element("WASH", "after duration"), element("TWO", "first dose", None, "Y"), element("FUP", "after last dose"),
)  # fmt: skip
LONG_EPOCHS = ("SCREENING", "TREATMENT", "FOLLOW-UP")
LONG = Arm(
    armcd="XY", arm="X THEN Y", treatment_classes=("X", "Y"),
    cells=tuple(
        ArmCell(epoch=epoch, etcd=code)
        for epoch, code in (("SCREENING", "SCRN"), ("SCREENING", "RUN"), ("TREATMENT", "ONE"), ("TREATMENT", "WASH"),
                            ("TREATMENT", "TWO"), ("FOLLOW-UP", "FUP"))
    ),
)  # fmt: skip
X, Y = ("X", "2023-03-15", "2023-04-10", False), ("Y", "2023-04-20", "2023-05-10", False)


def derive_long(*doses: tuple[str, str, str | None, bool], **values: Any) -> list[list[Any]]:
    """ETCD, SESTDTC and SEENDTC of a subject of an arm of six elements."""
    subject = {
        "subject_id": "1", "RFICDTC": "2023-03-01", "RFXSTDTC": doses[0][1] if doses else None,
        "RFPENDTC": "2023-06-30", "randomized_dtc": "2023-03-08T10:00", "ARMCD": "XY",
        "ACTARMCD": "XY" if doses else None, "ACTARMUD": None, "ended": True, **values,
    }  # fmt: skip
    texts = {name: "str" for name in subject if name != "ended"}
    names = ["treatment_class", "start_dtc", "end_dtc"]
    given = pd.DataFrame([dose[:3] for dose in doses], columns=names, dtype="str")
    exposure = given.assign(subject_id="1", ongoing=[dose[3] for dose in doses]).astype({"ongoing": "bool"})
    made = derive_elements(pd.DataFrame([subject]).astype(texts), (LONG,), LONG_ELEMENTS, LONG_EPOCHS, exposure)
    rows = made[["ETCD", "SESTDTC", "SEENDTC"]].astype("object")
    assert (made["TAETORD"].diff().dropna() > 0).all()
    return rows.where(rows.notna(), None).to_numpy().tolist()


def test_all_elements_of_the_arm() -> None:
    assert derive_long(X, Y) == [
        ["SCRN", "2023-03-01", "2023-03-08"],
        ["RUN", "2023-03-08", "2023-03-15"],
        ["ONE", "2023-03-15", "2023-04-12"],
        ["WASH", "2023-04-12", "2023-04-20"],
        ["TWO", "2023-04-20", "2023-05-11"],
        ["FUP", "2023-05-11", "2023-06-30"],
    ]


def test_discontinuation_does_not_reach_what_would_have_followed() -> None:
    stopped = ("X", "2023-03-15", "2023-03-20", False)
    assert derive_long(stopped, RFPENDTC="2023-03-20")[-1] == ["ONE", "2023-03-15", "2023-03-20"]
    assert [row[0] for row in derive_long(stopped, RFPENDTC="2023-04-30")] == ["SCRN", "RUN", "ONE", "WASH"]


def test_treatment_that_goes_on_has_no_follow_up() -> None:
    going_on = ("Y", "2023-04-20", None, True)
    assert derive_long(X, going_on, ended=False)[-1] == ["TWO", "2023-04-20", None]


def test_randomised_and_never_treated() -> None:
    assert derive_long() == [["SCRN", "2023-03-01", "2023-03-08"], ["RUN", "2023-03-08", "2023-06-30"]]


def test_dose_before_the_element_passed_already_does_not_begin_one() -> None:
    early = ("Y", "2023-03-10", "2023-03-12", False)
    assert [row[0] for row in derive_long(X, early, RFPENDTC="2023-04-20")] == ["SCRN", "RUN", "ONE", "WASH"]


def test_partial_start_of_a_later_dose() -> None:
    assert derive_long(X, ("Y", "2023-05", None, False))[-1] == ["TWO", "2023-05", "2023-06-30"]


def test_nobody() -> None:
    names = ["subject_id", "RFICDTC", "RFXSTDTC", "RFPENDTC", "randomized_dtc", "ARMCD", "ACTARMCD", "ACTARMUD"]
    nobody = pd.DataFrame({name: pd.Series([], dtype="str") for name in names}).assign(
        ended=pd.Series([], dtype="bool")
    )
    assert derive_elements(nobody, ARMS, ELEMENTS, EPOCHS).empty
