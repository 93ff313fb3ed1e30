"""Datasets about associated persons: names, facts and order of their variables."""

from __future__ import annotations

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.associated_persons import (
    is_associated,
    order_associated,
    read_associated_variable,
    read_prefix,
)


@pytest.mark.parametrize(
    ("dataset", "prefix"),
    [("APMH", "MH"), ("APSU", "SU"), ("MH", "MH"), ("AP", "AP"), ("APRELSUB", "APRELSUB")],
)
def test_prefix(dataset: str, prefix: str) -> None:
    assert read_prefix(dataset) == prefix
    assert is_associated(dataset) == (prefix != dataset)


def test_persons_come_before_the_topic() -> None:
    names = [
        "MHSTDTC",
        "SREL",
        "MHTERM",
        "RSUBJID",
        "MHSEQ",
        "MHGRPID",
        "APID",
        "DOMAIN",
        "STUDYID",
        "MHDECOD",
    ]
    assert order_associated(names, "EVENTS", "APMH") == (
        "STUDYID", "DOMAIN", "APID", "MHSEQ", "MHGRPID", "RSUBJID", "SREL", "MHTERM", "MHDECOD", "MHSTDTC"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "label", "core", "codelist"),
    [
        ("APID", "Associated Persons Identifier", "Req", ()),
        ("RSUBJID", "Related Subject or Pool Identifier", "Perm", ()),
        ("SREL", "Subject, Device, or Study Relationship", "Req", ("C100130",)),
        ("MHTERM", "Reported Term for the Medical History", "Req", ()),
        ("MHOCCUR", "Medical History Occurrence", "Perm", ("C66742",)),
        ("MHSEV", "Severity/Intensity", "", ()),
    ],
)
def test_facts(name: str, label: str, core: str, codelist: tuple[str, ...]) -> None:
    fact = read_associated_variable("EVENTS", name, "APMH")
    assert (fact.domain, fact.label, fact.core) == ("APMH", label, core)
    assert not codelist or fact.codelist_code == codelist


@pytest.mark.parametrize("name", ["USUBJID", "MHDOSE", "APIDD", "LBTESTCD"])
def test_what_such_a_dataset_cannot_have(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read_associated_variable("EVENTS", name, "APMH")
