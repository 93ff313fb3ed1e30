"""The fixtures of the three hospitals, described: all that holds of the small study holds of them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree

from hbv_standards.export.dataset_json import write_dataset_json
from hbv_standards.export.define import Define, write_define
from hbv_standards.export.sdtm_files import build_member
from hbv_standards.mapping.catalog import read_catalog

from ..conftest import Submission
from .conftest import CREATED, MAPPINGS
from .test_define_document import DEFINITIONS, UNREFERENCED, read_references

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"


@dataclass(frozen=True)
class Described:
    folder: Path
    define: Define
    xml: etree._ElementTree


@pytest.fixture(scope="module")
def described(submission: Submission, tmp_path_factory: pytest.TempPathFactory) -> Described:
    folder = tmp_path_factory.mktemp("described")
    datasets = submission.result.datasets
    members = {name: build_member(dataset, "ascii") for name, dataset in datasets.items()}
    define = write_define(
        folder / "define.xml", datasets, read_catalog(MAPPINGS), created=CREATED, members=members
    )
    return Described(folder, define, etree.parse(str(folder / "define.xml")))


def test_schema_and_references(described: Described) -> None:
    with as_file(files("odmlib").joinpath("schemas")) as schemas:
        schema = etree.XMLSchema(etree.parse(str(schemas / "define" / "2.1" / "define2-1-0.xsd")))
    schema.assertValid(described.xml)
    references = read_references(described.xml)
    for tag, names in DEFINITIONS.items():
        oids = [str(element.get("OID")) for element in described.xml.iter(tag)]
        referred = {value for name, value in references if name in names}
        assert len(oids) == len(set(oids))
        assert referred <= set(oids)
        assert tag in UNREFERENCED or referred == set(oids)


def test_every_dataset_with_rows_is_described(described: Described, submission: Submission) -> None:
    with_rows = {name for name, dataset in submission.result.datasets.items() if len(dataset.frame)}
    assert {group.name for group in described.define.groups} == with_rows


def test_every_value_has_exactly_one_where_clause(described: Described, submission: Submission) -> None:
    items = described.define.items_by_oid()
    clauses = {clause.oid: clause for clause in described.define.where_clauses}
    for value_list in described.define.value_lists:
        _, dataset, variable = value_list.oid.split(".")
        frame = submission.result.datasets[dataset].frame
        times = pd.Series(0, index=frame.index)
        for ref in value_list.refs:
            rows = pd.Series(data=True, index=frame.index)
            for check in clauses[str(ref.where)].checks:
                inside = frame[items[check.item].name].isin(check.values)
                rows &= ~inside if check.comparator == "NOTIN" else inside
            assert frame.loc[rows, variable].notna().any(), ref.item
            times += rows
        assert (times[frame[variable].notna()] == 1).all(), value_list.oid


def test_every_derived_variable_has_a_method_in_words(described: Described) -> None:
    items = described.define.items_by_oid()
    methods = {method.oid: method.description for method in described.define.methods}
    for group in described.define.groups:
        for ref in group.refs:
            origin = items[ref.item].origin
            assert origin is not None
            assert origin.type != "Derived" or len(methods[str(ref.method)].split()) > 1, ref.item


def test_dataset_json_has_every_row(described: Described, submission: Submission) -> None:
    written = write_dataset_json(
        described.folder / "json", submission.result.datasets, described.define, created=CREATED
    )
    for path in written:
        if path.suffix == ".ndjson":
            rows = len(submission.result.datasets[path.stem.upper()].frame)
            assert path.read_bytes().count(b"\n") == rows + 1
