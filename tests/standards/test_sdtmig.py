"""Facts of SDTMIG 3.4, held as literal tables."""

from __future__ import annotations

import dataclasses
import pickle
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards import sdtmig
from hbv_standards.standards.sdtmig import dataset_names, read_dataset
from hbv_standards.standards.terminology import codelist_codes

DATASETS = {
    "INTERVENTIONS": "AG CM EC EX ML PR SU",
    "EVENTS": "AE BE CE DS DV HO MH",
    "FINDINGS": "BS CP CV DA DD EG FT GF IE IS LB MB MI MK MS NV OE PC PE PP QS RE RP RS SC SS TR TU UR VS",
    "FINDINGS ABOUT": "FA SR",
    "SPECIAL PURPOSE": "CO DM SE SM SV",
    "TRIAL DESIGN": "TA TD TE TI TM TS TV",
    "STUDY REFERENCE": "OI",
    "RELATIONSHIP": "RELREC RELSPEC RELSUB SUPP--",
}

VARIABLES = {
    "LB": """STUDYID DOMAIN USUBJID LBSEQ LBGRPID LBREFID LBSPID LBTESTCD LBTEST LBTSTCND LBBDAGNT LBTSTOPO
        LBCAT LBSCAT LBORRES LBORRESU LBRESSCL LBRESTYP LBCOLSRT LBORNRLO LBORNRHI LBLLOD LBSTRESC
        LBSTRESN LBSTRESU LBSTNRLO LBSTNRHI LBSTNRC LBNRIND LBSTAT LBREASND LBNAM LBLOINC LBSPEC LBSPCCND
        LBSPCUFL LBMETHOD LBANMETH LBTMTHSN LBLOBXFL LBBLFL LBFAST LBDRVFL LBTOX LBTOXGR LBCLSIG VISITNUM
        VISIT VISITDY TAETORD EPOCH LBDTC LBENDTC LBDY LBENDY LBTPT LBTPTNUM LBELTM LBTPTREF LBRFTDTC
        LBPTFL LBPDUR""",
    "MB": """STUDYID DOMAIN USUBJID FOCID MBSEQ MBGRPID MBREFID MBSPID MBLNKID MBLNKGRP MBTESTCD MBTEST
        MBTSTDTL MBCAT MBSCAT MBORRES MBORRESU MBSTRESC MBSTRESN MBSTRESU MBRESCAT MBSTAT MBREASND MBNAM
        MBLOINC MBSPEC MBSPCCND MBLOC MBLAT MBDIR MBMETHOD MBLOBXFL MBBLFL MBFAST MBDRVFL VISITNUM VISIT
        VISITDY TAETORD EPOCH MBDTC MBDY MBTPT MBTPTNUM MBELTM MBTPTREF MBRFTDTC""",
    "VS": """STUDYID DOMAIN USUBJID VSSEQ VSGRPID VSSPID VSTESTCD VSTEST VSCAT VSSCAT VSPOS VSORRES VSORRESU
        VSSTRESC VSSTRESN VSSTRESU VSSTAT VSREASND VSLOC VSLAT VSLOBXFL VSBLFL VSDRVFL VSTOX VSTOXGR
        VSCLSIG VISITNUM VISIT VISITDY TAETORD EPOCH VSDTC VSDY VSTPT VSTPTNUM VSELTM VSTPTREF VSRFTDTC""",
    "DM": """STUDYID DOMAIN USUBJID SUBJID RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFCSTDTC RFCENDTC RFICDTC
        RFPENDTC DTHDTC DTHFL SITEID INVID INVNAM BRTHDTC AGE AGEU SEX RACE ETHNIC ARMCD ARM ACTARMCD ACTARM
        ARMNRS ACTARMUD COUNTRY DMDTC DMDY""",
    "EX": """STUDYID DOMAIN USUBJID EXSEQ EXGRPID EXREFID EXSPID EXLNKID EXLNKGRP EXTRT EXCAT EXSCAT EXDOSE
        EXDOSTXT EXDOSU EXDOSFRM EXDOSFRQ EXDOSRGM EXROUTE EXLOT EXLOC EXLAT EXDIR EXFAST EXADJ TAETORD
        EPOCH EXSTDTC EXENDTC EXSTDY EXENDY EXDUR EXTPT EXTPTNUM EXELTM EXTPTREF EXRFTDTC""",
    "SV": """STUDYID DOMAIN USUBJID VISITNUM VISIT SVPRESP SVOCCUR SVREASOC SVCNTMOD SVEPCHGI VISITDY SVSTDTC
        SVENDTC SVSTDY SVENDY SVUPDES""",
    "SE": "STUDYID DOMAIN USUBJID SESEQ ETCD ELEMENT TAETORD EPOCH SESTDTC SEENDTC SESTDY SEENDY SEUPDES",
    "TA": "STUDYID DOMAIN ARMCD ARM TAETORD ETCD ELEMENT TABRANCH TATRANS EPOCH",
    "TE": "STUDYID DOMAIN ETCD ELEMENT TESTRL TEENRL TEDUR",
    "TV": "STUDYID DOMAIN VISITNUM VISIT VISITDY ARMCD ARM TVSTRL TVENRL",
    "TI": "STUDYID DOMAIN IETESTCD IETEST IECAT IESCAT TIRL TIVERS",
    "TS": "STUDYID DOMAIN TSSEQ TSGRPID TSPARMCD TSPARM TSVAL TSVALNF TSVALCD TSVCDREF TSVCDVER",
    "DS": """STUDYID DOMAIN USUBJID DSSEQ DSGRPID DSREFID DSSPID DSTERM DSDECOD DSCAT DSSCAT EPOCH DSDTC
        DSSTDTC DSDY DSSTDY""",
    "RELREC": "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL RELTYPE RELID",
    "SUPP--": "STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG QEVAL",
    "CO": "STUDYID DOMAIN RDOMAIN USUBJID COSEQ IDVAR IDVARVAL COREF COVAL COEVAL COEVALID CODTC CODY",
}

CORES = {
    ("LB", "Req"): "STUDYID DOMAIN USUBJID LBSEQ LBTESTCD LBTEST",
    (
        "LB",
        "Exp",
    ): """LBCAT LBORRES LBORRESU LBORNRLO LBORNRHI LBSTRESC LBSTRESN LBSTRESU LBSTNRLO LBSTNRHI LBNRIND
        LBLOBXFL VISITNUM LBDTC""",
    ("MB", "Exp"): "MBORRES MBSTRESC MBMETHOD VISITNUM MBDTC",
    (
        "IS",
        "Exp",
    ): """ISORRES ISORRESU ISORNRLO ISORNRHI ISSTRESC ISSTRESN ISSTRESU ISSTNRLO ISSTNRHI ISNRIND ISLLOQ
        VISITNUM ISDTC""",
    ("GF", "Exp"): "GFREFID GFORRES GFSTRESC GFMETHOD VISITNUM GFDTC",
    ("DM", "Req"): "STUDYID DOMAIN USUBJID SUBJID SITEID SEX COUNTRY",
    (
        "DM",
        "Exp",
    ): """RFSTDTC RFENDTC RFXSTDTC RFXENDTC RFICDTC RFPENDTC DTHDTC DTHFL AGE AGEU RACE ARMCD ARM ACTARMCD
        ACTARM ARMNRS ACTARMUD""",
    ("EX", "Exp"): "EXDOSE EXDOSU EXDOSFRM EXSTDTC EXENDTC",
    ("SV", "Req"): "STUDYID DOMAIN USUBJID VISITNUM",
    ("SV", "Exp"): "SVPRESP SVOCCUR SVSTDTC SVENDTC",
    ("SE", "Req"): "STUDYID DOMAIN USUBJID SESEQ ETCD SESTDTC",
    ("DS", "Exp"): "DSCAT DSSTDTC DSSTDY",
    ("TS", "Exp"): "TSVAL TSVALCD TSVCDREF TSVCDVER",
    ("CM", "Exp"): "",
    ("SUPP--", "Req"): "STUDYID RDOMAIN USUBJID QNAM QLABEL QVAL QORIG",
}

# dataset, variable, label, type, role, codelists, format or values
VARIABLE_FACTS = [
    ("LB", "DOMAIN", "Domain Abbreviation", "Char", "Identifier", "", "LB"),
    ("LB", "LBTESTCD", "Lab Test or Examination Short Name", "Char", "Topic", "C65047", ""),
    ("LB", "LBTEST", "Lab Test or Examination Name", "Char", "Synonym Qualifier", "C67154", ""),
    ("LB", "LBORRESU", "Original Units", "Char", "Variable Qualifier", "C71620", ""),
    ("LB", "LBSTRESC", "Character Result/Finding in Std Format", "Char", "Result Qualifier", "C102580", ""),
    ("LB", "LBSTRESN", "Numeric Result/Finding in Standard Units", "Num", "Result Qualifier", "", ""),
    ("LB", "LBLOINC", "LOINC Code", "Char", "Synonym Qualifier", "", "LOINC"),
    ("LB", "LBRESSCL", "Result Scale", "Char", "Record Qualifier", "C177910", ""),
    ("LB", "EPOCH", "Epoch", "Char", "Timing", "C99079", ""),
    (
        "LB",
        "LBDTC",
        "Date/Time of Specimen Collection",
        "Char",
        "Timing",
        "",
        "ISO 8601 datetime or interval",
    ),
    ("MB", "MBTESTCD", "Microbiology Test or Finding Short Name", "Char", "Topic", "C120527", ""),
    (
        "MB",
        "MBTSTDTL",
        "Measurement, Test or Examination Detail",
        "Char",
        "Variable Qualifier",
        "C174225",
        "",
    ),
    ("IS", "ISBDAGNT", "Binding Agent", "Char", "Variable Qualifier", "C85491 C181169", ""),
    ("IS", "ISLLOQ", "Lower Limit of Quantitation", "Num", "Variable Qualifier", "", ""),
    ("GF", "GFSYM", "Genomic Symbol", "Char", "Variable Qualifier", "", ""),
    ("GF", "GFSPEC", "Specimen Material Type", "Char", "Record Qualifier", "C111114", ""),
    ("VS", "VSSTRESU", "Standard Units", "Char", "Variable Qualifier", "C66770", ""),
    ("DM", "SEX", "Sex", "Char", "Record Qualifier", "C66731", ""),
    ("DM", "RACE", "Race", "Char", "Record Qualifier", "C74457", ""),
    ("DM", "ARMNRS", "Reason Arm and/or Actual Arm is Null", "Char", "Record Qualifier", "C142179", ""),
    (
        "DS",
        "DSDECOD",
        "Standardized Disposition Term",
        "Char",
        "Synonym Qualifier",
        "C66727 C114118 C150811",
        "",
    ),
    ("EX", "EXDOSFRQ", "Dosing Frequency per Interval", "Char", "Record Qualifier", "C71113", ""),
    ("EX", "EXDOSE", "Dose", "Num", "Record Qualifier", "", ""),
    ("CM", "CMSTRTPT", "Start Relative to Reference Time Point", "Char", "Timing", "C66728", ""),
    ("AE", "AEDECOD", "Dictionary-Derived Term", "Char", "Synonym Qualifier", "", "MedDRA"),
    ("AE", "AELLTCD", "Lowest Level Term Code", "Num", "Variable Qualifier", "", "MedDRA"),
    ("MH", "MHEVDTYP", "Medical History Event Date Type", "Char", "Variable Qualifier", "C124301", ""),
    ("SU", "SUDOSFRQ", "Use Frequency Per Interval", "Char", "Variable Qualifier", "C71113", ""),
    ("FA", "FAOBJ", "Object of the Observation", "Char", "Record Qualifier", "", ""),
    ("IE", "IEORRES", "I/E Criterion Original Result", "Char", "Result Qualifier", "C66742", ""),
    ("PE", "PETESTCD", "Body System Examined Short Name", "Char", "Topic", "", ""),
    ("PR", "PRDECOD", "Standardized Procedure Name", "Char", "Synonym Qualifier", "C101858", ""),
    ("SC", "SCTESTCD", "Subject Characteristic Short Name", "Char", "Topic", "C74559", ""),
    ("EC", "ECMOOD", "Mood", "Char", "Record Qualifier", "C125923", ""),
    ("TS", "TSVALNF", "Parameter Value Null Flavor", "Char", "Result Qualifier", "", "ISO 21090 NullFlavor"),
    ("RELREC", "RELTYPE", "Relationship Type", "Char", "Record Qualifier", "C78737", ""),
]

DATASET_FACTS = [
    ("DM", "Demographics", "One record per subject", "STUDYID USUBJID"),
    ("IS", "Immunogenicity Specimen Assessments", "One record per test per visit per subject",
     "STUDYID USUBJID ISTESTCD ISBDAGNT ISTSTOPO VISITNUM"),
    ("SV", "Subject Visits", "One record per actual or planned visit per subject",
     "STUDYID USUBJID VISITNUM"),
    ("CO", "Comments", "One record per comment per subject", "STUDYID USUBJID IDVAR COREF CODTC"),
    ("TA", "Trial Arms", "One record per planned Element per Arm", "STUDYID ARMCD TAETORD"),
    ("RS", "Disease Response and Clin Classification",
     "One record per response assessment or clinical classification assessment per time point per visit per"
     " subject per assessor per medical evaluator",
     "STUDYID USUBJID RSTESTCD VISITNUM RSTPTREF RSEVAL RSTPTNUM RSEVALID"),
]  # fmt: skip

# Codelists of domains outside this kind of trial (and C85495, which the release does not have).
NOT_PACKAGED = {
    "CP": "C181171 C181172 C181173 C181174 C177910",
    "LB": "C177910",
    "CV": "C101846 C101847",
    "EG": "C71150 C71151 C71152 C71153 C90013 C120522 C120523 C120524",
    "FT": "C115304 C158113",
    "MK": "C127269 C127270",
    "MS": "C85495",
    "NV": "C116103 C116104",
    "OE": "C117742 C117743 C119013",
    "PC": "C85494",
    "PP": "C85493 C85494 C85839 C128683 C128684 C128685 C128686 C172330",
    "QS": "C100129 C158113",
    "RE": "C111106 C111107",
    "RP": "C106478 C106479",
    "RS": "C96781 C96782 C96785 C124298 C158113",
    "SR": "C112023 C112024",
    "UR": "C129941 C129942",
}

ROLES = {
    "Identifier", "Topic", "Grouping Qualifier", "Result Qualifier", "Synonym Qualifier", "Record Qualifier",
    "Variable Qualifier", "Rule", "Timing",
}  # fmt: skip


def test_versions() -> None:
    assert (sdtmig.SDTMIG_VERSION, sdtmig.SDTM_VERSION) == ("3.4", "2.0")


def test_dataset_names_by_class() -> None:
    by_class: dict[str, list[str]] = {}
    for name in dataset_names():
        by_class.setdefault(read_dataset(name).cls, []).append(name)
    assert {cls: " ".join(names) for cls, names in by_class.items()} == DATASETS
    assert set(by_class) == set(get_args(sdtmig.DatasetClass))


@pytest.mark.parametrize(("name", "label", "structure", "keys"), DATASET_FACTS)
def test_dataset_facts(name: str, label: str, structure: str, keys: str) -> None:
    dataset = read_dataset(name)
    assert (dataset.name, dataset.label, dataset.structure) == (name, label, structure)
    assert dataset.keys == tuple(keys.split())


@pytest.mark.parametrize(("name", "variables"), VARIABLES.items())
def test_variables_in_order(name: str, variables: str) -> None:
    assert [variable.name for variable in read_dataset(name).variables] == variables.split()


@pytest.mark.parametrize(("name", "core", "variables"), [(*key, names) for key, names in CORES.items()])
def test_cores(name: str, core: str, variables: str) -> None:
    found = [variable.name for variable in read_dataset(name).variables if variable.core == core]
    assert found == variables.split()


@pytest.mark.parametrize(
    ("dataset", "name", "label", "type_", "role", "codelists", "format_or_values"), VARIABLE_FACTS
)
def test_variable_facts(
    dataset: str, name: str, label: str, type_: str, role: str, codelists: str, format_or_values: str
) -> None:
    variable = read_dataset(dataset).variable(name)
    assert variable is not None
    assert (variable.domain, variable.name, variable.label) == (dataset, name, label)
    assert (variable.type, variable.role) == (type_, role)
    assert variable.codelist_code == tuple(codelists.split())
    assert variable.format_or_value_list == format_or_values


@pytest.mark.parametrize("name", dataset_names())
def test_every_dataset_is_well_formed(name: str) -> None:
    dataset = read_dataset(name)
    names = [variable.name for variable in dataset.variables]
    assert [variable.order for variable in dataset.variables] == list(range(1, len(names) + 1))
    assert len(set(names)) == len(names)
    assert set(dataset.keys) <= set(names)
    assert {variable.domain for variable in dataset.variables} == {name}
    assert {variable.type for variable in dataset.variables} <= {"Char", "Num"}
    assert {variable.core for variable in dataset.variables} <= {"Req", "Exp", "Perm"}
    assert {variable.role for variable in dataset.variables} <= ROLES
    assert all(dataset.variable(variable.name) is variable for variable in dataset.variables)


@pytest.mark.parametrize("name", dataset_names())
def test_names_and_labels_fit_xpt(name: str) -> None:
    dataset = read_dataset(name)
    labels = [
        dataset.label.replace("[domain name]", "DM"),
        *(variable.label for variable in dataset.variables),
    ]
    assert [label for label in labels if not label or len(label.encode("ascii")) > 40] == []
    assert [variable.name for variable in dataset.variables if len(variable.name) > 8] == []


def test_domain_variable_says_its_domain() -> None:
    domains = {name: read_dataset(name).variable("DOMAIN") for name in dataset_names()}
    told = {name: domain.format_or_value_list for name, domain in domains.items() if domain is not None}
    assert told == {name: name for name in told}
    assert set(dataset_names()) - set(told) == {"RELREC", "RELSPEC", "RELSUB", "SUPP--"}


def test_codelists_that_are_not_packaged() -> None:
    packaged = set(codelist_codes())
    absent = {
        name: {code for variable in read_dataset(name).variables for code in variable.codelist_code}
        - packaged
        for name in dataset_names()
    }
    expected = {name: set(codes.split()) for name, codes in NOT_PACKAGED.items()}
    assert {name: codes for name, codes in absent.items() if codes} == expected


@pytest.mark.parametrize("parent", ["DM", "LB", "GI", "APMH", "LBCH"])
def test_supplemental_qualifiers_of_any_parent(parent: str) -> None:
    general, dataset = read_dataset("SUPP--"), read_dataset(f"SUPP{parent}")
    assert (dataset.name, dataset.label) == (f"SUPP{parent}", f"Supplemental Qualifiers for {parent}")
    assert dataset.cls == "RELATIONSHIP"
    assert dataset.keys == ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    assert dataset.structure == general.structure
    assert [dataclasses.replace(variable, domain="SUPP--") for variable in dataset.variables] == list(
        general.variables
    )
    assert {variable.domain for variable in dataset.variables} == {f"SUPP{parent}"}


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("lb", "did you mean 'LB'?"),
        ("RELRECS", "did you mean 'RELREC'"),
        ("SUPPdm", "as in 'SUPPDM'"),
        ("GI", "'GI' is not a dataset of SDTMIG 3.4"),
        ("SUPPQUAL", "as in 'SUPPDM'"),
        ("SUPPL", "as in 'SUPPDM'"),
        ("SUPPTOOLONG", "'SUPPTOOLONG' is not a dataset of SDTMIG 3.4; supplemental"),
        ("", "'' is not a dataset of SDTMIG 3.4"),
    ],
)
def test_unknown_dataset(name: str, cure: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_dataset(name)
    assert cure in str(caught.value)
    assert caught.value.value == name


@given(
    st.one_of(st.text(max_size=8), st.from_regex(r"\ASUPP[A-Z0-9]{0,5}\Z"), st.sampled_from(dataset_names()))
)
def test_read_dataset_answers_with_this_name_or_refuses(name: str) -> None:
    try:
        dataset = read_dataset(name)
    except ConfigurationError as error:
        assert repr(name) in str(error)
    else:
        assert dataset.name == name
        assert dataset is read_dataset(name)


@pytest.mark.parametrize("name", ["LBLLOQ", "lbtest", "--TEST", ""])
def test_variable_that_the_guide_does_not_have(name: str) -> None:
    assert read_dataset("LB").variable(name) is None


def test_definitions_cannot_be_changed_and_travel_between_processes() -> None:
    dataset = read_dataset("LB")
    with pytest.raises(dataclasses.FrozenInstanceError):
        dataset.variables[0].label = "other"  # type: ignore[misc]  # the point of the test
    copy = pickle.loads(pickle.dumps(dataset))
    assert copy == dataset
    assert copy.variable("LBTEST") == dataset.variable("LBTEST")
