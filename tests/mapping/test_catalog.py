"""Reading a study folder as a whole."""

from __future__ import annotations

import hashlib
import pickle

import pytest

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.catalog import check_tables, read_catalog
from hbv_standards.mapping.locate import locate_mappings

from .conftest import CONCEPTS, FILES, WriteStudy

CODES = "kind,system,code,text,specimen,to_system,to_code\n"


def test_what_a_catalog_holds(write_study: WriteStudy) -> None:
    catalog = read_catalog(write_study())
    assert catalog.study.studyid == "T-1"
    assert list(catalog.concepts) == ["ALT", "CREA", "CCC_T", "CCC_S"]
    assert list(catalog.treatments) == ["ENTECAVIR", "LAMIVUDINE"]
    assert list(catalog.sites) == ["clinic"]
    assert catalog.concept_of_loinc["1743-4"].concept_id == "ALT"
    assert catalog.treatment_of_atc["J05AF05"].treatment_id == "LAMIVUDINE"
    assert catalog.treatment_of_name["baraclude"].treatment_id == "ENTECAVIR"


def test_digests_of_what_was_read(write_study: WriteStudy) -> None:
    files = read_catalog(write_study()).files
    assert list(files) == sorted(files)
    assert {name: files[name] for name in FILES} == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in FILES.items()
    }


def test_the_hospitals_rows_stand_before_those_of_all(write_study: WriteStudy) -> None:
    folder = write_study(
        {
            "sites/clinic/codes.csv": CODES + "test,,1,,,CONCEPT,ALT\n",
            "sites/_base/codes.csv": CODES + "test,,1,,,CONCEPT,CREA\n",
            "sites/clinic/units.csv": "source_text,unit_value\nunits,U/L\n",
            "units.csv": "source_text,unit_value\nunits,IU/L\n",
            "sites/clinic/values.csv": "codelist,source_text,submission_value\nSEX,x,M\n",
            "terminology/values.csv": "codelist,source_text,submission_value\nSEX,x,F\n",
            "sites/_base/values.csv": "codelist,source_text,submission_value\nSEX,x,U\n",
        }
    )
    catalog = read_catalog(folder)
    assert [row.row for row in catalog.codes("clinic")] == [
        "sites/clinic/codes.csv:2",
        "sites/_base/codes.csv:2",
    ]
    own = [row.unit_value for row in catalog.units("clinic")]
    assert own[:2] == ["U/L", "IU/L"]
    assert [row.submission_value for row in catalog.values("clinic")] == ["M", "U", "F"]


def test_the_first_fault_is_raised_and_all_are_listed(write_study: WriteStudy) -> None:
    folder = write_study(
        {"concepts/xp.csv": CONCEPTS + "A,a,XP,grip,Grip,,,NM,,,,\nB,b,xp,GRIPF,Grip,,,NM,,,,\n"}
    )
    faults = check_tables(folder)
    assert [(fault.file, fault.row) for fault in faults][:2] == [
        ("concepts/xp.csv", 2),
        ("concepts/xp.csv", 3),
    ]
    with pytest.raises(ConfigurationError) as caught:
        read_catalog(folder)
    assert str(caught.value) == str(faults[0])


def test_faults_of_files_come_alone(write_study: WriteStudy) -> None:
    """A table that cannot be read would make others look wrong that rest on it."""
    folder = write_study(
        {"concepts/lb.csv": "concept,domain\n", "sites/clinic/codes.csv": CODES + "test,,1,,,CONCEPT,ALT\n"}
    )
    assert {fault.file for fault in check_tables(folder)} == {"concepts/lb.csv"}


def test_a_hospital_without_folder(write_study: WriteStudy) -> None:
    folder = write_study({"sites/clinic/site.yaml": None})
    assert [str(fault) for fault in check_tables(folder)] == [
        "sites/clinic/site.yaml: is missing; write it, "
        "or start the hospital's folder with `study new-site clinic`"
    ]


def test_a_study_file_that_is_wrong(write_study: WriteStudy) -> None:
    folder = write_study({"study.yaml": FILES["study.yaml"].replace("CHN", "China")})
    assert [fault.file for fault in check_tables(folder)] == ["study.yaml"]


def test_a_catalog_goes_to_other_processes(write_study: WriteStudy) -> None:
    catalog = read_catalog(write_study())
    assert pickle.loads(pickle.dumps(catalog)).concepts == catalog.concepts


def test_the_trials_own_tables_are_sound() -> None:
    assert [str(fault) for fault in check_tables(locate_mappings())] == []


def test_rows_that_nobody_accepted_are_not_in_force_and_not_checked(write_study: WriteStudy) -> None:
    folder = write_study(
        {
            "sites/clinic/codes.csv": CODES.replace("\n", ",status\n")
            + "test,,1,,,CONCEPT,NONE,proposed\ntest,,2,,,CONCEPT,,open\n",
            "sites/clinic/units.csv": "source_text,unit_value,status\nx,?,open\nx,no such unit,proposed\n",
            "sites/clinic/values.csv": "codelist,source_text,submission_value,status\nSEX,x,?,open\nNO LIST,x,y,proposed\n",
        }
    )
    catalog = read_catalog(folder)
    own = [
        row.row
        for rows in (catalog.codes("clinic"), catalog.units("clinic"), catalog.values("clinic"))
        for row in rows
    ]
    assert [row for row in own if row.startswith("sites/clinic")] == []
