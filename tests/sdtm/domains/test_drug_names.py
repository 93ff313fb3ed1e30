"""Names of drugs: as the hospital reported them in CM, the trial's own in EX and EC, in the language of the build."""

from __future__ import annotations

from typing import Any

import pytest

from .views import list_rows

PRIOR = {"treatment_id": "ENTECAVIR", "kind": "statement", "dose": "0.5", "dose_unit": "mg", "frequency": "QD",
         "start_dtc": "2019", "end_dtc": "2023-03-01"}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "fda", "nmpa"),
    [
        ("Baraclude", "Baraclude", "恩替卡韦"),
        ("恩替卡韦分散片", "ENTECAVIR", "恩替卡韦分散片"),
        ("博路定 (Baraclude)", "ENTECAVIR", "博路定 (Baraclude)"),
        (None, "ENTECAVIR", "恩替卡韦"),
    ],
)
def test_earlier_treatment_has_the_name_that_was_reported(said: str | None, fda: str, nmpa: str) -> None:
    case: dict[str, list[dict[str, Any]]] = {"subjects": [{}], "interventions": [{**PRIOR, "treatment_text": said}]}
    for agency, name in (("fda", fda), ("nmpa", nmpa)):
        assert list_rows("CM", case, ("CMTRT", "CMDECOD"), agency=agency) == [{"CMTRT": name, "CMDECOD": "ENTECAVIR"}]


def test_records_of_one_row_that_differ_in_the_name_have_the_generic_one() -> None:
    later = {**PRIOR, "start_dtc": "2023-03-02", "end_dtc": "2023-03-10"}
    interventions = [
        {**PRIOR, "start_dtc": "2019-01-01", "treatment_text": "博路定"}, {**later, "treatment_text": "恩替卡韦片"}
    ]  # fmt: skip
    case = {"subjects": [{}], "interventions": interventions}
    assert list_rows("CM", case, ("CMTRT",), agency="nmpa") == [{"CMTRT": "恩替卡韦"}]


def test_study_treatment_has_the_name_of_the_trial() -> None:
    given = {"start_dtc": "2023-03-15", "treatment_text": "派罗欣"}
    missed = {**given, "start_dtc": "2023-03-22", "occurred": False}
    case = {"subjects": [{}], "interventions": [given, missed]}
    for agency, name in (("fda", "PEGINTERFERON ALFA-2A"), ("nmpa", "聚乙二醇干扰素α-2a")):
        assert list_rows("EX", case, ("EXTRT",), agency=agency) == [{"EXTRT": name}]
        assert list_rows("EC", case, ("ECTRT",), agency=agency) == [{"ECTRT": name}] * 2


def test_both_builds_have_one_order() -> None:
    rows = [
        {**PRIOR, "treatment_id": drug, "treatment_text": said, "start_dtc": "2019"}
        for drug, said in (("LAMIVUDINE", "拉米夫定"), ("ENTECAVIR", "Baraclude"), ("ADEFOVIR DIPIVOXIL", None))
    ]
    case = {"subjects": [{}], "interventions": rows}
    orders = [[row["CMDECOD"] for row in list_rows("CM", case, ("CMDECOD",), agency=agency)] for agency in ("fda", "nmpa")]
    assert orders[0] == orders[1] == ["ADEFOVIR DIPIVOXIL", "ENTECAVIR", "LAMIVUDINE"]
