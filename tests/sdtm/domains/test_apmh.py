"""APMH: persons without identity, numbered by what is told of them."""

from __future__ import annotations

from dataclasses import replace

from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog
from hbv_standards.sdtm.build import build_sdtm

from ..cases import build_case, read_rows
from .conftest import Run

FAMILY = {"kind": "family history"}
MOTHER = {**FAMILY, "relationship": "MOTHER, BIOLOGICAL", "term": "Hepatitis B", "path": "FamilyMemberHistory.condition[0]"}
LIVER = {**MOTHER, "term": "肝癌", "term_value": "LIVER CANCER", "source_id": 401, "start_dtc": "2005",
         "path": "FamilyMemberHistory.condition[1]"}  # fmt: skip
FATHER = {**FAMILY, "relationship": "FATHER, BIOLOGICAL", "term": "Hepatitis B", "occurred": "N"}
COLUMNS = ["APID", "MHSEQ", "RSUBJID", "SREL", "MHTERM", "MHPRESP", "MHOCCUR", "MHSTDTC"]


def test_relatives(run: Run) -> None:
    datasets, log = run({"subjects": [{}], "events": [MOTHER, LIVER, FATHER]})
    apmh, subject = datasets["APMH"], "HBV-PEG-48-01001"
    rows = [tuple(row.values()) for row in read_rows(apmh, COLUMNS)]
    assert rows == [
        (f"{subject}-AP1", 1.0, subject, "FATHER, BIOLOGICAL", "Hepatitis B", "Y", "N", None),
        (f"{subject}-AP2", 1.0, subject, "MOTHER, BIOLOGICAL", "Hepatitis B", None, None, None),
        (f"{subject}-AP2", 2.0, subject, "MOTHER, BIOLOGICAL", "LIVER CANCER", None, None, "2005"),
    ]
    assert list(apmh.frame.columns[:7]) == ["STUDYID", "DOMAIN", "APID", "MHSEQ", "RSUBJID", "SREL", "MHTERM"]
    assert set(apmh.frame["DOMAIN"]) == {"APMH"}
    assert apmh.spec.prefix == "MH"
    assert not apmh.spec.standard
    assert log.rows == []


def test_a_relative_of_whom_it_is_not_said_which(run: Run) -> None:
    datasets, log = run({"subjects": [{}], "events": [{**FAMILY, "term": "Hepatitis B"}]})
    assert read_rows(datasets["APMH"], ["SREL"]) == [{"SREL": "FAMILY MEMBER"}]
    assert [(row.code, row.variable) for row in log.rows] == [("HBV-SDTM-012", "SREL")]


def test_numbers_do_not_follow_the_order_of_the_input(trial: Catalog) -> None:
    data = build_case({"subjects": [{}], "events": [MOTHER, FATHER]})
    turned = replace(data, events=data.events.assign(source_id=[402, 401]))
    first, second = (build_sdtm(each, trial, IssueLog())["APMH"].frame for each in (data, turned))
    assert first.equals(second)


def test_both_builds_number_alike(run: Run) -> None:
    events = [{**FAMILY, "relationship": "SIBLING, BIOLOGICAL", "term": term, "term_value": value}
              for term, value in (("肝癌", "LIVER CANCER"), ("乙肝", "HEPATITIS B"))]  # fmt: skip
    fda, nmpa = (run({"subjects": [{}], "events": events}, agency=agency)[0] for agency in ("fda", "nmpa"))
    assert fda["APMH"].frame["APID"].tolist() == nmpa["APMH"].frame["APID"].tolist()
    assert len(fda["APMH"].frame) == 2


def test_dates_of_relatives_are_no_contact_of_the_subject(run: Run) -> None:
    datasets, _ = run({"subjects": [{}], "events": [{**FATHER, "start_dtc": "2024-05-05"}]})
    assert read_rows(datasets["DM"], ["RFPENDTC"]) == [{"RFPENDTC": "2023-03-15"}]
