"""TS: values of the study file, computed ones, and codes of the terminology."""

from __future__ import annotations

from typing import Any

import pytest

from hbv_standards.standards import read_codelist
from hbv_standards.study import StudyConfig, SummaryParameter

from .views import list_rows, read_trial, run_domain

COLUMNS = ("TSSEQ", "TSPARMCD", "TSPARM", "TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER")
OVER = {"status": "COMPLETED", "end_dtc": "2024-02-14"}


def list_parameters(case: dict[str, Any] | None = None, **options: Any) -> dict[str, tuple[Any, ...]]:
    """Value, null flavor, code, dictionary and version by parameter (the first of each)."""
    rows = list_rows("TS", {"subjects": [{}]} if case is None else case, COLUMNS, **options)
    found: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        found.setdefault(row["TSPARMCD"], tuple(row.values())[3:])
    return found


def with_summary(*entries: SummaryParameter) -> StudyConfig:
    return read_trial()[0].study.model_copy(update={"trial_summary": entries})


def test_controlled_values_have_their_code() -> None:
    found = list_parameters()
    assert found["TBLIND"] == ("OPEN LABEL", None, "C49659", "CDISC CT", "2025-03-28")
    assert found["SDTIGVER"] == ("3.4", None, "C189638", "CDISC CT", "2025-03-28")
    assert found["DOSFRQ"] == ("EVERY WEEK", None, "C67069", "CDISC CT", "2025-03-28")
    assert found["FCNTRY"] == ("CHN", None, "CHN", "ISO 3166", None)
    assert found["TRT"] == ("PEGINTERFERON ALFA-2A", None, "Q46947FE7K", "UNII", None)
    assert found["PTRTDUR"] == ("P48W", None, None, None, None)


def test_silent_protocol_is_a_null_flavor() -> None:
    found = list_parameters()
    assert found["SPONSOR"] == (None, "NI", None, None, None)
    assert found["CTAUG"] == (None, "NA", None, None, None)


ALWAYS = (
    "ACTSUB", "ADAPT", "ADDON", "AGEMAX", "AGEMIN", "DCUTDESC", "DCUTDTC", "FCNTRY", "HLTSUBJI", "LENGTH", "NARMS",
    "OBJPRIM", "OUTMSPRI", "PLANSUB", "RANDOM", "REGID", "SENDTC", "SEXPOP", "SPONSOR", "SSTDTC", "STOPRULE", "STYPE",
    "TBLIND", "TCNTRL", "TITLE", "TPHASE", "TTYPE",
)  # fmt: skip
"""Parameters that every trial has (CG0287)."""
INTERVENTIONAL = ("INTMODEL", "INTTYPE", "PCLAS", "TRT", "INDIC", "TINDTP")
"""Further ones of an interventional trial (CG0276 to CG0279, FB1111)."""
TECHNICAL_GUIDE = ("CURTRT", "FDATCHSP", "SDTMVER", "SDTIGVER")
"""Further ones that the FDA's conformance guide asks for; CURTRT where subjects come with a treatment."""


@pytest.mark.parametrize("parameter", [*ALWAYS, *INTERVENTIONAL, *TECHNICAL_GUIDE, "TDIGRP"])
def test_parameter_that_is_asked_for(parameter: str) -> None:
    """There with a value, or with the reason why there is none."""
    value, null_flavor = list_parameters()[parameter][:2]
    assert (value is None) != (null_flavor is None)


def test_diagnosis_of_subjects_who_are_not_healthy() -> None:
    """CG0273: HLTSUBJI N asks for TDIGRP, which is not empty."""
    found = list_parameters()
    assert found["HLTSUBJI"][0] == "N"
    assert found["TDIGRP"] == ("Chronic hepatitis B", None, "61977001", "SNOMED", None)


def test_every_record_has_a_value_or_a_reason_and_published_names() -> None:
    codes, names = read_codelist("TSPARMCD"), read_codelist("TSPARM")
    rows = list_rows("TS", {"subjects": [{}]}, COLUMNS)
    assert len(rows) == 55
    for row in rows:
        assert (row["TSVAL"] is None) != (row["TSVALNF"] is None), row
        term = codes.term(row["TSPARMCD"])
        assert term is not None
        assert names.term_of_code(term.code).value == row["TSPARM"]  # type: ignore[union-attr]  # both lists have it
        assert (row["TSVCDREF"] is None) == (row["TSVALCD"] is None)


def test_one_code_one_value() -> None:
    """CG0265: TSVALCD and TSVAL are 1:1."""
    pairs = {(row["TSVAL"], row["TSVALCD"]) for row in list_rows("TS", {"subjects": [{}]}, COLUMNS) if row["TSVALCD"]}
    assert len({value for value, _ in pairs}) == len({code for _, code in pairs}) == len(pairs)


def test_several_values_are_numbered() -> None:
    rows = [row for row in list_rows("TS", {"subjects": [{}]}, COLUMNS) if row["TSPARMCD"] == "TTYPE"]
    assert [(row["TSSEQ"], row["TSVAL"]) for row in rows] == [(1.0, "EFFICACY"), (2.0, "SAFETY")]


@pytest.mark.parametrize(
    ("subjects", "cutoff", "expected"),
    [
        ([{}], None, {"SSTDTC": "2023-03-01", "SENDTC": None, "DCUTDTC": None, "ACTSUB": "1", "ONGOSIND": "Y"}),
        ([{**OVER}], None, {"SENDTC": "2024-02-14", "ONGOSIND": "N"}),
        ([{**OVER}, {"subject_id": "01002"}], None, {"SENDTC": None, "ACTSUB": "2", "ONGOSIND": "Y"}),
        ([{**OVER}], "2024-03-01", {"SENDTC": None, "DCUTDTC": "2024-03-01"}),
        # A screen failure who consented first does not start the study; nobody randomised: consent does.
        ([{}, {"subject_id": "2", "consent_dtc": "2023-01-05", "randomized_dtc": None}], None, {"SSTDTC": "2023-03-01"}),
        ([{"consent_dtc": "2023-01-05T09:00", "randomized_dtc": None}], None, {"SSTDTC": "2023-01-05"}),
        ([{"consent_dtc": "2023-01"}], None, {"SSTDTC": None}),
    ],
)
def test_computed_values(subjects: list[dict[str, Any]], cutoff: str | None, expected: dict[str, str | None]) -> None:
    found = list_parameters({"subjects": subjects}, cutoff=cutoff)
    assert {name: found[name][0] for name in expected} == expected
    assert all(found[name][1] == ("NI" if value is None else None) for name, value in expected.items())
    assert (found["NARMS"][0], found["TITLE"][0]) == ("2", read_trial()[0].study.title)


def test_long_text_goes_on_between_words() -> None:
    text = " ".join(f"word{n:03}" for n in range(60))  # 479 characters
    study = with_summary(SummaryParameter(parameter="OBJPRIM", value=text))
    dataset, log = run_domain("TS", {"subjects": [{}]}, study=study)
    assert dataset is not None
    row = dataset.frame.iloc[0]
    pieces = [row[name] for name in ("TSVAL", "TSVAL1", "TSVAL2")]
    assert " ".join(pieces) == text
    assert [len(piece) for piece in pieces] == [199, 199, 79]
    assert "TSVAL3" not in dataset.frame
    assert list(dataset.frame.columns)[5:9] == ["TSVAL", "TSVAL1", "TSVAL2", "TSVALCD"]
    assert log.rows == []


def test_parameter_of_the_sponsor() -> None:
    study = with_summary(SummaryParameter(parameter="KITLOT", name="Kit Lot", value="A7"))
    assert [tuple(row.values())[:4] for row in list_rows("TS", {"subjects": [{}]}, COLUMNS, study=study)] == [
        (1.0, "KITLOT", "Kit Lot", "A7")
    ]


def test_study_without_summary_has_no_dataset() -> None:
    assert run_domain("TS", {}, study=with_summary())[0] is None


def test_pieces_stand_after_the_value_that_they_continue() -> None:
    spec = read_trial()[1]["TS"]
    assert spec.names[5:10] == ("TSVAL", "TSVAL1", "TSVAL2", "TSVAL3", "TSVALNF")
    piece = spec.variable("TSVAL2")
    assert piece is not None
    assert (piece.label, piece.core, piece.type) == ("Parameter Value 2", "Perm", "Char")
