"""Enrolment tables: whose they are and what is wrong with their configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hbv_standards.errors import ConfigurationError

from .reading import write_files

COLUMNS = {"subject_id": "S", "patient_identifier": "P"}
CSV = {"enrolment": {"source": "csv", "file": "e*.csv", "columns": COLUMNS}}


def test_a_missing_column_is_told_with_those_that_are_there(read: Any) -> None:
    with pytest.raises(
        ConfigurationError, match=r"sites/a/site\.yaml: .* a/e\.csv has no column P; it has S, Q"
    ) as caught:
        read({"a/e.csv": "S,Q\n1,2\n"}, {"a": CSV})
    assert caught.value.value == "P"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(read: Any, delimiter: str) -> None:
    found = read({"a/e.csv": f"P{delimiter}S\nM1{delimiter}1\n"}, {"a": CSV})
    assert found.rows("enrolment", "subject_id", "patient_identifier") == [["1", "M1"]]


def test_a_table_named_on_the_command_line_goes_before_the_one_in_the_folder(
    read: Any, tmp_path: Path
) -> None:
    given = write_files(tmp_path / "x", {"newer.csv": "S,P\n2,M2\n"}) / "newer.csv"
    files = {"a/e.csv": "S,P\n1,M1\n", "a/p.json": '{"resourceType":"Patient","id":"1"}'}
    found = read(files, {"a": CSV, "b": {}}, enrolment=given)
    assert found.column("enrolment", "subject_id") == ["2"]
    assert found.fhir.sources["file"].tolist() == ["a/p.json", "newer.csv"]
    assert [issue[0] for issue in found.issues] == ["HBV-ING-013"]


def test_a_named_table_that_is_in_the_input_keeps_its_name(read: Any, tmp_path: Path) -> None:
    found = read({"a/list.csv": "S,P\n2,M2\n"}, {"a": CSV}, enrolment=tmp_path / "in" / "a" / "list.csv")
    assert found.fhir.sources["file"].tolist() == ["a/list.csv"]


def test_nobody_knows_whose_the_named_table_is(read: Any, tmp_path: Path) -> None:
    given = write_files(tmp_path / "x", {"e.csv": "S,P\n"}) / "e.csv"
    with pytest.raises(ConfigurationError, match=r"whose is it.*are a, b"):
        read({"b/p.json": "{}"}, {"a": CSV, "b": CSV}, enrolment=given)
    with pytest.raises(ConfigurationError, match="does not exist"):
        read({"b/p.json": "{}"}, {"a": CSV}, enrolment=tmp_path / "none.csv")
    found = read(
        {"b/p.json": '{"resourceType":"Patient","id":"1"}'}, {"a": CSV, "b": CSV}, enrolment=given, site="b"
    )
    assert found.fhir.tables["enrolment"].empty


def test_empty_and_damaged_tables_are_told(read: Any) -> None:
    found = read(
        {"a/e1.csv": "", "a/e2.csv": b"\x1f\x8b\x08x", "a/e3.csv": b"S,P\n\xff\xfe\xff,1\n"}, {"a": CSV}
    )
    assert {issue[0] for issue in found.issues} == {"HBV-ING-001"}
    assert len(found.log.rows) == 3


def test_cells_over_several_lines_and_the_hash_of_a_row(read: Any) -> None:
    found = read({"a/e.csv": 'S,P,N\n1,M1,"x\ny"\n1,M1,"x\ny"\n'}, {"a": CSV})
    assert found.fhir.sources["position"].tolist() == ["line 3", "line 5"]
    assert found.fhir.sources["sha256"].nunique() == 1
    assert found.fhir.sources["fhir_version"].tolist() == ["", ""]
