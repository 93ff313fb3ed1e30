"""APMH: persons without identity, numbered by what is told of them."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.issues import IssueLog
from hbv_standards.sdtm.build import build_sdtm

from ..cases import build_case, read_rows
from .conftest import Run, SelectTrial

FAMILY = {"kind": "family history"}
MOTHER = {**FAMILY, "relationship": "MOTHER, BIOLOGICAL", "term": "Hepatitis B", "path": "condition[0]"}
LIVER = {**MOTHER, "term": "肝癌", "term_value": "LIVER CANCER", "source_id": 401, "start_dtc": "2005",
         "path": "condition[1]"}  # fmt: skip
FATHER = {**FAMILY, "relationship": "FATHER, BIOLOGICAL", "term": "Hepatitis B", "occurred": "N"}
COLUMNS = ["APID", "MHSEQ", "RSUBJID", "SREL", "MHTERM", "MHPRESP", "MHOCCUR", "MHSTDTC"]


def test_relatives(run: Run) -> None:
    datasets, log = run({"events": [MOTHER, LIVER, FATHER]}, "apmh")
    apmh, subject = datasets["APMH"], "HBV-PEG-48-01001"
    assert [tuple(row.values()) for row in read_rows(apmh, COLUMNS)] == [
        (f"{subject}-AP1", 1.0, subject, "FATHER, BIOLOGICAL", "Hepatitis B", "Y", "N", None),
        (f"{subject}-AP2", 1.0, subject, "MOTHER, BIOLOGICAL", "Hepatitis B", None, None, None),
        (f"{subject}-AP2", 2.0, subject, "MOTHER, BIOLOGICAL", "LIVER CANCER", None, None, "2005"),
    ]
    first = ["STUDYID", "DOMAIN", "APID", "MHSEQ", "RSUBJID", "SREL", "MHTERM"]
    assert list(apmh.frame.columns[:7]) == first
    assert set(apmh.frame["DOMAIN"]) == {"APMH"}
    assert (apmh.spec.prefix, apmh.spec.standard) == ("MH", False)
    assert log.rows == []


def test_a_relative_of_whom_it_is_not_said_which(run: Run) -> None:
    datasets, log = run({"events": [{**FAMILY, "term": "Hepatitis B"}]}, "apmh")
    assert read_rows(datasets["APMH"], ["SREL"]) == [{"SREL": "FAMILY MEMBER"}]
    assert [(row.code, row.variable) for row in log.rows] == [("HBV-SDTM-012", "SREL")]


def test_a_questionnaire_tells_of_several_relatives(run: Run) -> None:
    asked = [{**event, "source_id": 500, "path": f"item[{n}]"} for n, event in enumerate((MOTHER, LIVER, FATHER))]
    datasets, _ = run({"events": asked}, "apmh")
    persons = [(row["APID"][-3:], row["SREL"]) for row in read_rows(datasets["APMH"], ["APID", "SREL"])]
    assert persons == [("AP1", "FATHER, BIOLOGICAL"), ("AP2", "MOTHER, BIOLOGICAL"), ("AP2", "MOTHER, BIOLOGICAL")]


def test_numbers_do_not_follow_the_order_of_the_input(select_trial: SelectTrial) -> None:
    data = build_case({"subjects": [{}], "events": [MOTHER, FATHER]})
    turned = replace(data, events=data.events.assign(source_id=[402, 401]))
    trial = select_trial("apmh")
    first, second = (build_sdtm(each, trial, IssueLog())["APMH"].frame for each in (data, turned))
    assert first.equals(second)


def test_both_builds_number_alike(run: Run) -> None:
    terms = (("肝癌", "LIVER CANCER"), ("乙肝", "HEPATITIS B"))
    brother = {**FAMILY, "relationship": "SIBLING, BIOLOGICAL"}
    case = {"events": [{**brother, "term": term, "term_value": value} for term, value in terms]}
    fda, nmpa = (run(case, "apmh", agency=agency)[0]["APMH"].frame for agency in ("fda", "nmpa"))
    words = dict(terms)
    assert nmpa["MHTERM"].map(words).tolist() == fda["MHTERM"].tolist()
    assert nmpa["APID"].tolist() == fda["APID"].tolist()


def test_dates_of_relatives_are_no_contact_of_the_subject(run: Run) -> None:
    datasets, _ = run({"events": [{**FATHER, "start_dtc": "2024-05-05"}]}, "apmh", "dm")
    assert read_rows(datasets["DM"], ["RFPENDTC"]) == [{"RFPENDTC": "2023-03-15"}]
