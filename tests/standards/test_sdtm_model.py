"""The model's variables and their order, against every dataset of the guide."""

from __future__ import annotations

from string import ascii_uppercase
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.sdtm_model import (
    ObservationClass,
    generic_name,
    model_variable_names,
    order_variables,
    read_model_variable,
    specific_name,
)
from hbv_standards.standards.sdtmig import dataset_names, read_dataset

CLASSES = get_args(ObservationClass)
OBSERVATION_DATASETS = [name for name in dataset_names() if read_dataset(name).cls in CLASSES]
MODEL_VARIABLES = [(cls, name) for cls in CLASSES for name in model_variable_names(cls)]

# class, variable, label, type, role, core, codelists, format
MODEL_FACTS = [
    ("FINDINGS", "--LLOQ", "Lower Limit of Quantitation", "Num", "Variable Qualifier", "", "", ""),
    ("FINDINGS", "--TESTCD", "Short Name of Measurement, Test, or Exam", "Char", "Topic", "Req", "", ""),
    ("FINDINGS", "--SEQ", "Sequence Number", "Num", "Identifier", "Req", "", ""),
    ("FINDINGS", "--TSTPNL", "Test Panel", "Char", "Grouping Qualifier", "", "", ""),
    ("FINDINGS", "--STAT", "Completion Status", "Char", "Record Qualifier", "", "C66789", ""),
    ("FINDINGS", "--ORRES", "Result or Finding in Original Units", "Char", "Result Qualifier", "", "", ""),
    ("FINDINGS", "--LOC", "Location Used for the Measurement", "Char", "Record Qualifier", "", "C74456", ""),
    ("FINDINGS", "EPOCH", "Epoch", "Char", "Timing", "", "C99079", ""),
    (
        "FINDINGS",
        "--DTC",
        "Date/Time of Collection",
        "Char",
        "Timing",
        "",
        "",
        "ISO 8601 datetime or interval",
    ),
    ("FINDINGS ABOUT", "--OBJ", "Object of the Observation", "Char", "Record Qualifier", "Req", "", ""),
    ("EVENTS", "--TERM", "Reported Term", "Char", "Topic", "Req", "", ""),
    ("EVENTS", "--PARTY", "Accountable Party", "Char", "Record Qualifier", "", "", ""),
    ("INTERVENTIONS", "--TRT", "Name of Treatment", "Char", "Topic", "Req", "", ""),
    ("INTERVENTIONS", "--VAMT", "Treatment Vehicle Amount", "Num", "Record Qualifier", "", "", ""),
]

# domain, class, variables in any order, variables in SDTM order
ORDERS = [
    ("LB", "FINDINGS", "VISITNUM LBLLOQ LBCLSIG LBULOQ LBTOX", "LBTOX LBCLSIG LBLLOQ LBULOQ VISITNUM"),
    ("MB", "FINDINGS", "MBDTC MBULOQ MBDRVFL MBLLOQ VISITNUM", "MBDRVFL MBLLOQ MBULOQ VISITNUM MBDTC"),
    ("LB", "FINDINGS", "LBORRES LBTSTPNL LBSCAT LBLNKID LBSPID", "LBSPID LBLNKID LBSCAT LBTSTPNL LBORRES"),
    ("GI", "FINDINGS",
     """GIDTC GIDY EPOCH GILOC GIMETHOD GISTRESU GISTRESN GISTRESC GIORRESU GIORRES GITEST GITESTCD GISEQ
     USUBJID DOMAIN STUDYID VISIT VISITNUM GILOBXFL GISTAT GIREASND GICAT GILLOQ""",
     """STUDYID DOMAIN USUBJID GISEQ GITESTCD GITEST GICAT GIORRES GIORRESU GISTRESC GISTRESN GISTRESU
     GISTAT GIREASND GILOC GIMETHOD GILOBXFL GILLOQ VISITNUM VISIT EPOCH GIDTC GIDY"""),
    ("FA", "FINDINGS ABOUT", "FACAT FAOBJ FATEST FATESTCD", "FATESTCD FATEST FAOBJ FACAT"),
    ("MH", "EVENTS", "MHENDY MHSTDY MHLOC MHTERM", "MHTERM MHLOC MHSTDY MHENDY"),
    ("EX", "INTERVENTIONS", "EXSTDTC VISITNUM EXMETHOD EXTRT", "EXTRT EXMETHOD VISITNUM EXSTDTC"),
]  # fmt: skip

NAMES = [
    ("LBLLOQ", "LB", "--LLOQ"),
    ("LBDTC", "LB", "--DTC"),
    ("EPOCH", "LB", "EPOCH"),
    ("STUDYID", "ST", "STUDYID"),
    ("VISITNUM", "VI", "VISITNUM"),
    ("MIDS", "MI", "MIDS"),
    ("MIDTC", "MI", "--DTC"),
    ("RELMIDS", "RE", "RELMIDS"),
    ("RPPLDY", "RP", "RPPLDY"),
    ("RPDY", "RP", "--DY"),
    ("LBTEST", "", "LBTEST"),
    ("--TEST", "", "--TEST"),
]


@pytest.mark.parametrize("name", OBSERVATION_DATASETS)
def test_model_order_agrees_with_the_guide(name: str) -> None:
    dataset = read_dataset(name)
    names = [variable.name for variable in dataset.variables]
    assert list(order_variables(sorted(names), dataset.cls, name)) == names


@pytest.mark.parametrize("name", OBSERVATION_DATASETS)
def test_model_types_agree_with_the_guide(name: str) -> None:
    dataset = read_dataset(name)
    types = {variable.name: variable.type for variable in dataset.variables}
    assert types == {known: read_model_variable(dataset.cls, known, name).type for known in types}


@pytest.mark.parametrize(
    ("cls", "name", "label", "type_", "role", "core", "codelists", "format_or_values"), MODEL_FACTS
)
def test_model_facts(
    cls: str, name: str, label: str, type_: str, role: str, core: str, codelists: str, format_or_values: str
) -> None:
    variable = read_model_variable(cls, name)
    assert (variable.domain, variable.name, variable.label) == ("", name, label)
    assert (variable.type, variable.role, variable.core) == (type_, role, core)
    assert variable.codelist_code == tuple(codelists.split())
    assert variable.format_or_value_list == format_or_values


@pytest.mark.parametrize("cls", CLASSES)
def test_orders_count_over_the_class(cls: str) -> None:
    names = model_variable_names(cls)
    assert [read_model_variable(cls, name).order for name in names] == list(range(1, len(names) + 1))
    assert names[:3] == ("STUDYID", "DOMAIN", "USUBJID")


@pytest.mark.parametrize(
    ("cls", "count"), [("INTERVENTIONS", 107), ("EVENTS", 120), ("FINDINGS", 164), ("FINDINGS ABOUT", 165)]
)
def test_model_variable_names(cls: str, count: int) -> None:
    assert len(set(model_variable_names(cls))) == count


def test_labels_fit_xpt() -> None:
    labels = {read_model_variable(cls, name).label for cls, name in MODEL_VARIABLES}
    assert [label for label in sorted(labels) if not label or len(label.encode("ascii")) > 40] == []


@pytest.mark.parametrize(("domain", "cls", "names", "ordered"), ORDERS)
def test_order_variables(domain: str, cls: str, names: str, ordered: str) -> None:
    assert order_variables(names.split(), cls, domain) == tuple(ordered.split())


@given(st.sampled_from(CLASSES), st.data())
def test_order_variables_does_not_depend_on_the_input_order(cls: str, data: st.DataObject) -> None:
    known = [specific_name(name, "XX") for name in model_variable_names(cls)]
    names = data.draw(st.lists(st.sampled_from(known), unique=True))
    ordered = order_variables(names, cls, "XX")
    assert ordered == order_variables(data.draw(st.permutations(names)), cls, "XX")
    assert ordered == tuple(name for name in known if name in names)


def test_variable_in_a_domain() -> None:
    general, specific = (
        read_model_variable("FINDINGS", "--LLOQ"),
        read_model_variable("FINDINGS", "--LLOQ", "LB"),
    )
    assert (specific.domain, specific.name) == ("LB", "LBLLOQ")
    assert (specific.label, specific.order) == (general.label, general.order)
    assert read_model_variable("FINDINGS", "LBLLOQ", "LB") == specific
    assert read_model_variable("FINDINGS", "DOMAIN", "GI").format_or_value_list == "GI"
    assert read_model_variable("FINDINGS", "DOMAIN").format_or_value_list == ""


@pytest.mark.parametrize(("name", "domain", "generic"), NAMES)
def test_generic_name(name: str, domain: str, generic: str) -> None:
    assert generic_name(name, domain) == generic


@given(st.sampled_from(MODEL_VARIABLES), st.text(ascii_uppercase, min_size=2, max_size=2))
def test_names_go_to_a_domain_and_back(variable: tuple[str, str], domain: str) -> None:
    _, name = variable
    assert generic_name(specific_name(name, domain), domain) == name
    assert specific_name(specific_name(name, domain), domain) == specific_name(name, domain)


@pytest.mark.parametrize(
    ("cls", "name", "domain", "cure"),
    [
        (
            "FINDINGS",
            "LBLLQ",
            "LB",
            "'LBLLQ' is not a variable of FINDINGS in SDTM 2.0; did you mean 'LBLLOQ'",
        ),
        ("FINDINGS", "--LLQO", "", "did you mean '--LLOQ'"),
        ("FINDINGS", "LBLLOQ", "", "'LBLLOQ' is not a variable of FINDINGS"),
        ("FINDINGS", "MBLLOQ", "LB", "'MBLLOQ' is not a variable of FINDINGS"),
        ("FINDINGS", "--OBJ", "", "'--OBJ' is not a variable of FINDINGS"),
        ("EVENTS", "--DOSE", "", "'--DOSE' is not a variable of EVENTS"),
        ("TRIAL DESIGN", "ARMCD", "", "they are INTERVENTIONS, EVENTS, FINDINGS, FINDINGS ABOUT"),
        ("Findings", "--LLOQ", "", "'Findings' is not a class of observations"),
        ("GENERAL OBSERVATIONS", "EPOCH", "", "'GENERAL OBSERVATIONS' is not a class of observations"),
    ],
)
def test_unknown_variable_or_class(cls: str, name: str, domain: str, cure: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_model_variable(cls, name, domain)
    assert cure in str(caught.value)
