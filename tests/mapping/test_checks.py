"""Every check of the tables: the table that breaks it, and the message with its cure."""

from __future__ import annotations

import pytest

from hbv_standards.mapping.catalog import check_tables
from hbv_standards.mapping.check_concepts import compute_check_digit

from .conftest import CONCEPTS, FILES, WriteStudy

LB = FILES["concepts/lb.csv"]
ALT = "ALT,Alanine aminotransferase,LB,ALT,Alanine Aminotransferase,,SERUM,NM,U/L,,1742-6;1743-4,"
UNITS = "source_text,concept_id,unit_value,extension,source_factor\n"
SIZES = "unit_value,dimension,factor,offset,scale\nU/L,e,1,,\numol/L,s,1,,\ncopies/cell,c,1,,\ncopies/mL,v,1,,\n"
FACTORS = "concept_id,site,from_unit,to_unit,factor,source\n"
VALUES = "codelist,system,source_text,submission_value,concept_id,extension\n"
DRUGS = FILES["treatments.csv"]
CODES = "kind,system,code,text,specimen,to_system,to_code,status\n"


def alt(old: str, new: str) -> dict[str, str]:
    """The first test with one of its cells changed."""
    assert old in ALT
    return {"concepts/lb.csv": LB.replace(ALT, ALT.replace(old, new, 1))}


def lb(row: str) -> dict[str, str]:
    """A further test, on row 4."""
    return {"concepts/lb.csv": f"{LB}{row}\n"}


def codes(row: str) -> dict[str, str]:
    return {"sites/clinic/codes.csv": f"{CODES}{row}\n"}


CASES: list[tuple[dict[str, str], str]] = [
    # concepts: names
    (alt("ALT,Al", "1-ALT,Al"),
     "concepts/lb.csv row 2: concept_id '1-ALT' is no identifier; begin with a letter, then letters, digits and _ only"),
    (alt(",LB,", ",Lab,"), "concepts/lb.csv row 2: domain 'Lab' is no findings domain; write its two letters, for example LB"),
    (alt(",LB,", ",DM,"), "concepts/lb.csv row 2: domain 'DM' is no findings domain; write its two letters, for example LB"),
    (lb("X,x,XP,Grip,Grip strength,,,NM,,,,TESTCD;TEST"),
     "concepts/lb.csv row 4: XPTESTCD 'Grip' is no test code; at most 8 of A-Z, 0-9 and _, no digit first (SDTMIG 4.2.9)"),
    (lb("X,x,XP,GRIP,握力握力握力握力握力握力握力,,,NM,,,,TESTCD;TEST"),
     "concepts/lb.csv row 4: XPTEST '握力握力握力握力握力握力握力' has 42 bytes; shorten it to 40 (SDTMIG 4.2.9)"),
    (alt("U/L,,", "U/L,-1,"), "concepts/lb.csv row 2: molar_mass -1 must be above 0 g/mol"),
    # concepts: controlled terminology
    (alt(",ALT,Al", ",ALTT,Al"),
     "concepts/lb.csv row 2: LBTESTCD 'ALTT' is not in LBTESTCD (C65047); did you mean 'ALT'?; "
     "a test of the sponsor's own has sponsor_terms TESTCD;TEST"),
    (alt("Alanine Amino", "Alanin Amino"),
     "concepts/lb.csv row 2: LBTEST 'Alanin Aminotransferase' is not the test of LBTESTCD 'ALT'; "
     "write 'Alanine Aminotransferase'"),
    (alt("1743-4,", "1743-4,TESTCD;TEST"),
     "concepts/lb.csv row 2: LBTESTCD 'ALT' is a term of LBTESTCD; take TESTCD and TEST out of sponsor_terms"),
    (lb("X,x,LB,MINE,My Own Test,,,NM,,,,TESTCD"),
     "concepts/lb.csv row 4: LBTEST 'My Own Test' is the sponsor's too; write sponsor_terms TESTCD;TEST"),
    (lb("X,x,LB,MINE,Sodium,,,NM,,,,TESTCD;TEST"),
     "concepts/lb.csv row 4: LBTEST 'Sodium' belongs to LBTESTCD 'SODIUM'; use that code, or another name"),
    (alt(",SERUM,", ",SERA,"),
     "concepts/lb.csv row 2: LBSPEC 'SERA' is not in SPECTYPE (C78734); did you mean 'SERUM'?; "
     "a term of the sponsor's own has sponsor_terms SPEC"),
    (alt("1743-4,", "1743-4,SPEC"), "concepts/lb.csv row 2: LBSPEC 'SERUM' is a term of SPECTYPE; take SPEC out of sponsor_terms"),
    (alt("1743-4,", "1743-4,SPECC"), "concepts/lb.csv row 2: sponsor_terms 'SPECC' is no variable; did you mean 'SPEC'?"),
    (alt(",U/L,", ",u/L,"), "concepts/lb.csv row 2: LBSTRESU 'u/L' is not in UNIT (C71620); did you mean 'U/L'?"),
    (alt(",U/L,", ",qqqqq,"),
     "concepts/lb.csv row 2: LBSTRESU 'qqqqq' is not in UNIT (C71620); "
     "an extension has a row in units.csv with extension Y"),
    (alt(",U/L,", ",U/kg,"),
     "concepts/lb.csv row 2: LBSTRESU 'U/kg' has no row in unit_dimensions.csv; "
     "add it, so that other units can be converted"),
    # concepts: LOINC
    (alt("1743-4", "1743"), "concepts/lb.csv row 2: loinc '1743' is no LOINC code; write it like 1742-6"),
    (alt("1743-4", "1743-5"),
     "concepts/lb.csv row 2: loinc '1743-5' has a wrong check digit; '1743-4' would fit, compare the number"),
    (alt("1743-4", "2160-0"), "concepts/lb.csv row 3: loinc '2160-0' stands in concepts/lb.csv:2 already; a LOINC code names one test"),
    # concepts: against each other
    (lb("ALT,x,LB,AST,Aspartate Aminotransferase,,,NM,,,,"),
     "concepts/lb.csv row 4: concept_id 'ALT' stands in concepts/lb.csv:2 already; every test has its own"),
    (lb("X,x,LB,ALT,Alanine Aminotransferase,,SERUM,NM,U/L,,,"),
     "concepts/lb.csv row 4: test 'LB / ALT / - / - / - / - / - / - / SERUM / - / - / -' stands in concepts/lb.csv:2 already; "
     "tests of one code differ in tstdtl, specimen, location or the like"),
    ({"concepts/xp.csv": CONCEPTS + "A,a,XP,GRIP,Grip,,,NM,,,,\nB,b,XP,GRIP,Grip Force,,SERUM,NM,,,,\n"},
     "concepts/xp.csv row 3: testcd 'GRIP' has test 'Grip' in concepts/xp.csv:2 and 'Grip Force' here; they are 1:1 (SDTMIG 4.2.5)"),
    ({"concepts/xp.csv": CONCEPTS + "A,a,XP,GRIP,Grip,,,NM,,,,\nB,b,XP,GRIPF,Grip,,,NM,,,,\n"},
     "concepts/xp.csv row 3: test 'Grip' has testcd 'GRIP' in concepts/xp.csv:2 and 'GRIPF' here; they are 1:1 (SDTMIG 4.2.5)"),
    # units
    ({"units.csv": UNITS + "a,ALTT,U/L,,\n"}, "units.csv row 2: concept_id 'ALTT' is no concept_id of concepts; did you mean 'ALT'?"),
    ({"units.csv": UNITS + "a,,mmol/l,,\n"},
     "units.csv row 2: unit_value 'mmol/l' is not in UNIT (C71620); did you mean 'mmol/L'?; "
     "an extension of the sponsor's has extension Y"),
    ({"units.csv": UNITS + "a,,U/L,Y,\n"}, "units.csv row 2: unit_value 'U/L' is no extension; leave extension empty"),
    ({"units.csv": UNITS + "a,,U/L,,1/2\n"},
     "units.csv row 2: source_factor 1/2 is not for 'U/L'; leave it empty: numbers beside a CDISC unit stay as sent, "
     "sizes stand in unit_dimensions.csv"),
    ({"sites/clinic/units.csv": UNITS + "单位 /L,,U/L,,\n单位/L,,IU/L,,\n"},
     "sites/clinic/units.csv row 3: this spelling is mapped to 'IU/L' here and to 'U/L' in sites/clinic/units.csv:2; "
     "keep one of the rows"),
    # sizes and conversions
    ({"unit_dimensions.csv": SIZES + "g/l,m,1,,\n"},
     "unit_dimensions.csv row 6: unit_value 'g/l' is not in UNIT (C71620); did you mean 'g/L'?; "
     "an extension has a row in units.csv with extension Y"),
    ({"unit_dimensions.csv": SIZES + "g/L,m,0,,\n"}, "unit_dimensions.csv row 6: factor 0 must be above 0"),
    ({"unit_dimensions.csv": SIZES + "log10 IU/mL,m,1,5,log10\n"},
     "unit_dimensions.csv row 6: offset 5 has no meaning on a log10 scale; leave it empty"),
    ({"unit_dimensions.csv": SIZES + "U/L,e,2,,\n"},
     "unit_dimensions.csv row 6: this unit is mapped to ('e', '2', '0', 'linear') here and to ('e', '1', '0', 'linear') "
     "in unit_dimensions.csv:2; keep one of the rows"),
    ({"concepts/conversions.csv": FACTORS + "ALTT,,IU/L,U/L,1,x\n"},
     "concepts/conversions.csv row 2: concept_id 'ALTT' is no concept_id of concepts; did you mean 'ALT'?"),
    ({"concepts/conversions.csv": FACTORS + "ALT,clinik,IU/L,U/L,1,x\n"},
     "concepts/conversions.csv row 2: site 'clinik' is no hospital of study.yaml; did you mean 'clinic'?"),
    ({"concepts/conversions.csv": FACTORS + "ALT,,IU/l,U/L,1,x\n"},
     "concepts/conversions.csv row 2: from_unit 'IU/l' is not in UNIT (C71620); did you mean 'IU/L'?; "
     "an extension has a row in units.csv with extension Y"),
    ({"concepts/conversions.csv": FACTORS + "ALT,,IU/L,U/L,-1,x\n"}, "concepts/conversions.csv row 2: factor -1 must be above 0"),
    ({"concepts/conversions.csv": FACTORS + "ALT,,IU/L,U/L,1,x\nALT,,IU/L,U/L,2,x\n"},
     "concepts/conversions.csv row 3: this conversion is mapped to '2' here and to '1' in concepts/conversions.csv:2; "
     "keep one of the rows"),
    # values
    ({"sites/clinic/values.csv": VALUES + "SEX,,man,M,ALTT,\n"},
     "sites/clinic/values.csv row 2: concept_id 'ALTT' is no concept_id of concepts; did you mean 'ALT'?"),
    ({"sites/clinic/values.csv": VALUES + "SEX,,man,MALE,,\n"},
     "sites/clinic/values.csv row 2: submission_value 'MALE' is not in SEX (C66731); did you mean 'M'?"),
    ({"sites/clinic/values.csv": VALUES + "LBSTRESC,,阳,POSITIV,,\n"},
     "sites/clinic/values.csv row 2: submission_value 'POSITIV' is not in LBSTRESC (C102580); did you mean 'POSITIVE'?; "
     "a value of the sponsor's own has extension Y"),
    ({"sites/clinic/values.csv": VALUES + "LBSTRESC,,阳,POSITIVE,,Y\n"},
     "sites/clinic/values.csv row 2: submission_value 'POSITIVE' is no extension; leave extension empty"),
    ({"sites/clinic/values.csv": VALUES + "SEX,,x,X,,Y\n"},
     "sites/clinic/values.csv row 2: SEX (C66731) is not extensible; use one of its terms"),
    ({"sites/clinic/values.csv": VALUES + "C66731,,man,M,,\n"},
     "sites/clinic/values.csv row 2: codelist 'C66731' is a code; write 'SEX'"),
    ({"sites/clinic/values.csv": VALUES + "SUBJECT_STATE,,x,RANDOMIZED,,\n"},
     "sites/clinic/values.csv row 2: codelist 'SUBJECT_STATE' is not known; did you mean 'SUBJECT_STATUS'?; "
     "write the name of a CDISC codelist, or one of ARMCD, SUBJECT_STATUS, NOT_DONE_REASON"),
    ({"sites/clinic/values.csv": VALUES + "UNIT,,units,U/L,,\n"},
     "sites/clinic/values.csv row 2: units are mapped in units.csv; move the row there"),
    ({"sites/clinic/values.csv": VALUES + "ARMCD,,B组,B,,\n"},
     "sites/clinic/values.csv row 2: submission_value 'B' is not in ARMCD; they are A"),
    ({"sites/clinic/values.csv": VALUES + "SUBJECT_STATUS,,x,RANDOMISED,,\n"},
     "sites/clinic/values.csv row 2: submission_value 'RANDOMISED' is not in SUBJECT_STATUS; did you mean 'RANDOMIZED'?"),
    ({"sites/clinic/values.csv": VALUES + "SEX,,Man,M,,\nSEX,,man,F,,\n"},
     "sites/clinic/values.csv row 3: this value is mapped to 'F' here and to 'M' in sites/clinic/values.csv:2; keep one of the rows"),
    # treatments
    ({"treatments.csv": DRUGS.replace("TABLET,ORAL", "TABLETS,ORAL", 1)},
     "treatments.csv row 2: dose_form 'TABLETS' is not in FRM (C66726); did you mean 'TABLET'?"),
    ({"treatments.csv": DRUGS.replace(",ORAL", ",MOUTH", 1)}, "treatments.csv row 2: route 'MOUTH' is not in ROUTE (C66729)"),
    ({"treatments.csv": DRUGS + "ENTECAVIR,NA,,,,\n"},
     "treatments.csv row 4: treatment_id 'ENTECAVIR' stands in treatments.csv:2 already; keep one row"),
    ({"treatments.csv": DRUGS.replace("拉米夫定", "baraclude")},
     "treatments.csv row 3: name 'baraclude' means 'ENTECAVIR' in treatments.csv:2 already; a name means one drug"),
    ({"treatments.csv": DRUGS.replace("J05AF05", "J05AF10")},
     "treatments.csv row 3: atc 'J05AF10' means 'ENTECAVIR' in treatments.csv:2 already; a atc means one drug"),
    ({"treatments.csv": DRUGS.replace(",NA,", ",NAS,")},
     "study.yaml: treatment_classes 'NA' of an arm is no treatment_class of treatments.csv; did you mean 'NAS'?"),
    # hospitals
    ({"sites/clinik/site.yaml": "site: clinik\n"},
     "sites/clinik/site.yaml: the study has no hospital 'clinik'; did you mean 'clinic'?"),
    (codes("test,s,1,,,CONCEPT,ALTT,"), "sites/clinic/codes.csv row 2: to_code 'ALTT' is no concept_id of concepts; did you mean 'ALT'?"),
    (codes("test,s,1,,,LOINC,1920-8,"), "sites/clinic/codes.csv row 2: to_code '1920-8' is no loinc of concepts"),
    (codes("treatment,s,1,,,TREATMENT,ENTECAVIRUM,"),
     "sites/clinic/codes.csv row 2: to_code 'ENTECAVIRUM' is no treatment_id of treatments.csv; did you mean 'ENTECAVIR'?"),
    (codes("treatment,s,1,,,ATC,J05AF1,"),
     "sites/clinic/codes.csv row 2: to_code 'J05AF1' is no atc of treatments.csv; did you mean 'J05AF10' or 'J05AF05'?"),
    (codes("visit,s,1,,,VISITNUM,3,"),
     "sites/clinic/codes.csv row 2: to_code '3' is no planned visit; VISITNUM of study.yaml are 1, 2"),
    (codes("visit,s,1,,,VISITNUM,one,"),
     "sites/clinic/codes.csv row 2: to_code 'one' is no planned visit; VISITNUM of study.yaml are 1, 2"),
    (codes("visit,s,1,,,LOINC,1742-6,"), "sites/clinic/codes.csv row 2: to_system 'LOINC' is not for a visit; write VISITNUM"),
    (codes("test,s,1,,,CONCEPT,,"), "sites/clinic/codes.csv row 2: to_code is empty; CONCEPT needs it"),
    (codes("test,s,1,,,NOT COLLECTED,ALT,"),
     "sites/clinic/codes.csv row 2: to_code 'ALT' has no meaning with NOT COLLECTED; leave it empty"),
    (codes("test,s,,,,CONCEPT,ALT,"), "sites/clinic/codes.csv row 2: code and text are empty; give one of them"),
    (codes("test,s,1,,SERA,CONCEPT,ALT,"),
     "sites/clinic/codes.csv row 2: specimen 'SERA' is not in SPECTYPE (C78734); did you mean 'SERUM'?"),
    (codes("treatment,s,1,,SERUM,TREATMENT,ENTECAVIR,"),
     "sites/clinic/codes.csv row 2: specimen 'SERUM' is for tests; leave it empty"),
    (codes("test,s,1,,,CONCEPT,ALT,\ntest,s,1,,,CONCEPT,CREA,"),
     "sites/clinic/codes.csv row 3: this code is mapped to 'CONCEPT CREA' here and to 'CONCEPT ALT' in "
     "sites/clinic/codes.csv:2; keep one of the rows"),
    (codes("test,,,谷丙,,CONCEPT,ALT,\ntest,,, 谷丙 ,,CONCEPT,CREA,"),
     "sites/clinic/codes.csv row 3: this code is mapped to 'CONCEPT CREA' here and to 'CONCEPT ALT' in "
     "sites/clinic/codes.csv:2; keep one of the rows"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "message"), CASES, ids=[message[:60] for _, message in CASES])
def test_a_broken_table_is_told(write_study: WriteStudy, files: dict[str, str], message: str) -> None:
    if files.keys() <= {"concepts/lb.csv", "sites/clinic/codes.csv"}:  # other tables may rest on these rows
        assert message in [str(fault) for fault in check_tables(write_study(files))]
    else:
        assert [str(fault) for fault in check_tables(write_study(files))] == [message]


FINE: list[dict[str, str]] = [
    {},
    {"concepts/xp.csv": CONCEPTS + "G,Grip,XP,GRIP,Grip,,,NM,kg,,,TESTCD;TEST\n"},  # a domain of the sponsor's
    {"units.csv": UNITS + "dB/m,,dB/m,Y,\n度,,dB/m,Y,1/2\n次,,NO UNIT,,\n"},
    {"units.csv": UNITS + "a,,U/L,,\nＡ,,U/L,,\na,,U/L,,\n"},  # the same said twice
    {"terminology/values.csv": VALUES + "LBSTRESC,,B型,GENOTYPE B,,Y\nNOT_DONE_REASON,,没做,FORGOTTEN,,\n"},
    {"terminology/values.csv": VALUES + "SEX,s,a,M,,\nSEX,t,a,F,,\nSEX,,a,U,,\nSEX,s,A,F,,\n"},  # codes count exactly
    codes("test,s,1,,,CONCEPT,ALTT,proposed\ntest,s,1,,,CONCEPT,NOBODY,rejected\ntest,s,1,,,CONCEPT,ALT,"),
    codes("test,s,1,,SERUM,CONCEPT,CCC_S,\ntest,s,1,,TISSUE,CONCEPT,CCC_T,\ntest,t,1,,,NOT COLLECTED,,"),
]


@pytest.mark.parametrize("files", FINE)
def test_a_sound_table_passes(write_study: WriteStudy, files: dict[str, str]) -> None:
    assert [str(fault) for fault in check_tables(write_study(files))] == []


def test_a_study_without_drugs(write_study: WriteStudy) -> None:
    assert check_tables(write_study({"treatments.csv": None})) == []  # type: ignore[dict-item]  # None leaves it out


def test_an_identifier_system_of_two_hospitals(write_study: WriteStudy) -> None:
    two = FILES["study.yaml"].replace("Clinic}}", 'Clinic}, ward: {siteid: "02", name: Ward}}')
    shared = "identifier_systems: [http://x.example/mrn]\n"
    files = {
        "study.yaml": two,
        "sites/clinic/site.yaml": f"site: clinic\n{shared}",
        "sites/ward/site.yaml": f"site: ward\n{shared}",
    }
    assert [str(fault) for fault in check_tables(write_study(files))] == [
        "sites/ward/site.yaml: identifier_systems: 'http://x.example/mrn' is also of clinic; "
        "name systems of one hospital only"
    ]


@pytest.mark.parametrize(("number", "digit"), [("1742", "6"), ("2160", "0"), ("42595", "9"), ("98979", "8"), ("718", "7")])
def test_check_digit_of_loinc(number: str, digit: str) -> None:
    assert compute_check_digit(number) == digit
