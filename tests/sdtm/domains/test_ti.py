"""TI: the criteria of the study file."""

from __future__ import annotations

from hbv_standards.study import Criterion

from .views import list_rows, read_trial, run_domain

COLUMNS = ("IETESTCD", "IETEST", "IECAT", "TIRL", "TIVERS")


def test_criteria_of_the_trial() -> None:
    rows = list_rows("TI", {}, COLUMNS)
    assert [row["IETESTCD"] for row in rows] == [f"INCL0{n}" for n in range(1, 8)]
    assert {row["IECAT"] for row in rows} == {"INCLUSION"}
    assert tuple(rows[2].values()) == (
        "INCL03", "HBsAg quantification <= 1500 IU/mL", "INCLUSION",
        "Last MB HBSAG QUANTIFICATION before randomization <= 1500 IU/mL", None,
    )  # fmt: skip


def test_versions_of_a_criterion_are_rows() -> None:
    criteria = tuple(
        Criterion(testcd="EXCL01", text=f"Text {version}", category="EXCLUSION", version=version) for version in "12"
    )
    study = read_trial()[0].study.model_copy(update={"criteria": criteria})
    assert [tuple(row.values()) for row in list_rows("TI", {}, COLUMNS, study=study)] == [
        ("EXCL01", "Text 1", "EXCLUSION", None, "1"),
        ("EXCL01", "Text 2", "EXCLUSION", None, "2"),
    ]


def test_study_without_criteria_has_no_dataset() -> None:
    study = read_trial()[0].study.model_copy(update={"criteria": ()})
    assert run_domain("TI", {}, study=study)[0] is None
