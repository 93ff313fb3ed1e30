"""Supplemental qualifiers: from the records' fields to rows that point at their record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.errors import ConfigurationError
from hbv_standards.issues import IssueLog
from hbv_standards.mapping.catalog import Catalog, read_catalog
from hbv_standards.sdtm.build import build_sdtm
from hbv_standards.sdtm.dataset import Dataset
from hbv_standards.sdtm.qualifiers import (
    build_supplemental,
    build_supplemental_spec,
    collect_qualifiers,
    continue_texts,
    name_piece,
)
from hbv_standards.sdtm.spec import DatasetSpec, read_specs
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec

from . import cases
from .cases import MAPPINGS, build_case, read_rows, run_case

SPECS = read_specs(MAPPINGS / "specs")
Agency = Literal["fda", "nmpa"]
CODE = {"qnam": "LBLOCCD", "label": "Local Code", "field": "local_code"}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return read_catalog(MAPPINGS)


def collect(
    catalog: Catalog, entry: dict[str, Any], values: list[str | None], agency: Agency = "fda"
) -> tuple[list[tuple[Any, ...]], list[tuple[str, str]]]:
    """Row, QNAM and QVAL, and issues, of one qualifier of records of one hospital."""
    spec = SPECS["LB"].model_copy(update={"supplemental": (SupplementalSpec.model_validate(entry),)})
    frame = pd.DataFrame({"site": "zhongshan", entry["field"]: pd.array(values, dtype="str")})
    log = IssueLog()
    found = collect_qualifiers(frame, spec, catalog, agency, log)
    rows = found.sort_values(["row", "QNAM"])[["row", "QNAM", "QVAL"]]
    return [tuple(row) for row in rows.to_numpy().tolist()], [(row.code, row.value) for row in log.rows]


def test_values_as_sent(catalog: Catalog) -> None:
    rows, issues = collect(catalog, CODE, ["12", None, " 7a ", "12", " "])
    assert rows == [(0, "LBLOCCD", "12"), (2, "LBLOCCD", "7a"), (3, "LBLOCCD", "12")]
    assert issues == []


@pytest.mark.parametrize(
    ("agency", "more", "values", "issues"),
    [
        ("fda", {}, ["ALT"], [("HBV-SDTM-003", "谷丙")]),
        ("fda", {"as_sent": True}, ["ALT"], []),
        ("nmpa", {"as_sent": True}, ["ALT", "谷丙"], []),
        ("fda", {"builds": ["nmpa"]}, [], []),
        ("nmpa", {"builds": ["nmpa"]}, ["ALT", "谷丙"], []),
        ("nmpa", {"when": "not ascii"}, ["谷丙"], []),
    ],
)
def test_what_a_build_carries(
    catalog: Catalog, agency: Agency, more: dict[str, Any], values: list[str], issues: list[tuple[str, str]]
) -> None:
    rows, told = collect(catalog, {**CODE, **more}, ["ALT", "谷丙"], agency)
    assert [value for *_, value in rows] == values
    assert told == issues


def test_words_are_mapped_to_a_codelist(catalog: Catalog) -> None:
    entry = {**CODE, "qnam": "CETHNIC", "field": "ethnic_text", "codelist": "ETHNICC"}
    rows, issues = collect(catalog, entry, ["汉族", "Zhuang", "火星"])
    assert [value for *_, value in rows] == ["HAN", "ZHUANG"]
    assert issues == [("HBV-MAP-005", "火星")]


def test_a_field_that_the_records_do_not_have(catalog: Catalog) -> None:
    spec = SPECS["LB"].model_copy(
        update={"supplemental": (SupplementalSpec.model_validate({**CODE, "field": "severity"}),)}
    )
    with pytest.raises(
        ConfigurationError, match=r"specs/lb.yaml: supplemental LBLOCCD: .* no field 'severity'"
    ):
        collect_qualifiers(pd.DataFrame({"site": ["zhongshan"]}), spec, catalog, "fda", IssueLog())


@pytest.mark.parametrize(
    ("qnam", "number", "name"),
    [
        ("AETERM", 0, "AETERM"),
        ("AETERM", 1, "AETERM1"),
        ("AEACNOTH", 2, "AEACNOT2"),
        ("AEACNOTH", 10, "AEACNO10"),
    ],
)
def test_names_of_pieces(qnam: str, number: int, name: str) -> None:
    assert name_piece(qnam, number) == name


@given(st.lists(st.text(alphabet="ab 中", max_size=700), min_size=1, max_size=4))
def test_long_texts_go_on_as_qualifiers(texts: list[str]) -> None:
    spec = SPECS["MH"]
    frame = pd.DataFrame({"MHTERM": pd.array(texts, dtype="str"), "MHOCCUR": "Y" * 300})
    short, further = continue_texts(frame, spec, "nmpa")
    assert short["MHOCCUR"].equals(frame["MHOCCUR"])  # coded: no text
    for at, text in enumerate(texts):
        pieces = further[further["row"] == at].set_index("QNAM")["QVAL"]
        assert list(pieces.index) == [f"MHTERM{n}" for n in range(1, len(pieces) + 1)]
        whole = "".join([short["MHTERM"][at], *pieces])
        assert whole.replace(" ", "") == text.replace(" ", "")
        assert (
            max(len(piece.encode("utf-8")) for piece in [short["MHTERM"][at], *pieces]) <= 200
            or len(pieces) == 0
        )


def test_in_datasets_without_subjects_nothing_goes_on() -> None:
    frame = pd.DataFrame({"TVSTRL": ["word " * 100]})
    short, further = continue_texts(frame, SPECS["TV"], "fda")
    assert short.equals(frame)
    assert further.empty


def test_rows_point_at_their_record() -> None:
    findings = [
        {"local_code": "B", "collected_dtc": "2023-03-05", "subject_id": "01002"},
        {"local_code": "A", "local_text": "ALT", "collected_dtc": "2023-04-02"},
        {"collected_dtc": "2023-03-02"},
    ]
    datasets, log = run_case({"subjects": [{}, {"subject_id": "01002"}], "findings": findings})
    supp = datasets["SUPPLB"]
    columns = ["RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QORIG", "QEVAL"]
    one, two = "HBV-PEG-48-01001", "HBV-PEG-48-01002"
    code, text = ("LBLOCCD", "Test Code of the Hospital"), ("LBLOCTXT", "Test Name of the Hospital")
    assert [tuple(row.values()) for row in read_rows(supp, columns)] == [
        ("LB", one, "LBSEQ", "2", *code, "A", "Collected", None),
        ("LB", one, "LBSEQ", "2", *text, "ALT", "Collected", None),
        ("LB", two, "LBSEQ", "1", *code, "B", "Collected", None),
    ]
    assert supp.trace[["row", "source_id"]].to_numpy().tolist() == [[0, 202], [1, 202], [2, 201]]
    assert list(supp.frame.columns) == list(supp.spec.names)
    assert log.rows == []


def test_demographics_have_one_record_to_point_at(catalog: Catalog) -> None:
    case = build_case({"subjects": [{"race_text": "黄种人", "ethnic_text": "汉族"}]})
    trial = replace(catalog, folder=cases.FOLDER)
    columns = ["IDVAR", "IDVARVAL", "QNAM", "QVAL"]
    found = {
        agency: build_sdtm(case, trial, IssueLog(), agency=agency)["SUPPDM"] for agency in ("fda", "nmpa")
    }
    assert [tuple(row.values()) for row in read_rows(found["fda"], columns)] == [
        (None, None, "CETHNIC", "HAN")
    ]
    assert [tuple(row.values()) for row in read_rows(found["nmpa"], columns)] == [
        (None, None, "CETHNIC", "HAN"), (None, None, "CRACETXT", "黄种人"), (None, None, "ETHNTXT", "汉族")
    ]  # fmt: skip
    assert found["nmpa"].trace["mapping_row"].str.startswith("terminology/").sum() == 1


def test_a_qualifier_of_a_subject_has_the_source_of_its_field(catalog: Catalog) -> None:
    given = {"field": "ethnic_text", "source_id": 7, "path": "Patient.extension[0]"}
    case = build_case({"subjects": [{"race_text": "Asian", "ethnic_text": "汉族"}], "contributions": [given]})
    supp = build_sdtm(case, replace(catalog, folder=cases.FOLDER), IssueLog())["SUPPDM"]
    sources = supp.trace["source_id"].tolist()
    assert supp.frame["QNAM"].tolist() == ["CETHNIC", "CRACETXT"]
    assert (sources[0], supp.trace["path"].iloc[0]) == (7, "Patient.extension[0]")
    assert sources[1] == case.subjects["source_id"].iloc[0]  # what gave the race was not told


def test_original_words_of_a_translated_result() -> None:
    word = {"concept_id": "HBSAG_QL", "result_kind": "text", "number": None, "unit": None, "unit_value": None,
            "result_value": "NEGATIVE"}  # fmt: skip
    case = {"subjects": [{}], "findings": [{**word, "result": "阴性"}, {**word, "result": "NEG"}]}
    for agency, values in (("fda", []), ("nmpa", ["阴性"])):
        datasets, _ = run_case(case, agency=agency)
        rows = read_rows(datasets.get("SUPPMB"), ["QNAM", "QVAL"])
        assert [row["QVAL"] for row in rows if row["QNAM"] == "MBORTXT"] == values


def test_spec_of_a_supplemental_dataset() -> None:
    spec = build_supplemental_spec(SPECS["GI"])
    assert (spec.name, spec.label, spec.cls) == ("SUPPGI", "Supplemental Qualifiers for GI", "RELATIONSHIP")
    assert spec.keys == ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    lengths = {v.name: v.length for v in spec.variables if v.length}
    assert lengths == {"QNAM": 8, "QLABEL": 40, "IDVAR": 8}
    assert all(v.origin != "Derived" or v.method for v in spec.variables)


def test_without_qualifiers_there_is_no_dataset() -> None:
    def keep(spec: DatasetSpec) -> DatasetSpec:
        return spec

    empty = Dataset.conform(pd.DataFrame({"STUDYID": ["S"]}), SPECS["TE"])
    assert build_supplemental(empty, keep) is None
