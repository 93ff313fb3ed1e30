"""FHIR XML gives the same tables as FHIR JSON; fhir.resources writes both."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from fhir.resources import get_fhir_model_class as get_r5
from fhir.resources.R4B import get_fhir_model_class as get_r4b
from pandas.testing import assert_frame_equal

from hbv_standards.ingest.read import RawResource, iterate_resources
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.shapes import read_shapes
from hbv_standards.ingest.tables import TABLES
from hbv_standards.ingest.xml_reader import split_xml
from hbv_standards.issues import IssueLog

from .reading import build_catalog, write_files

FIXTURES = Path(__file__).parents[2] / "fixtures" / "hospitals"


def choose_resources() -> Iterator[RawResource]:
    """Some resources of every decoded type and version of the fixtures, without faults of their own."""
    catalog = build_catalog({"zhongshan": {}, "guangzhou": {"encodings": ["gb18030"]}, "foshan": {}})
    taken: dict[tuple[str, str], int] = {}
    sources = read_fhir([FIXTURES], catalog, IssueLog()).sources
    for _, resource in iterate_resources([FIXTURES], catalog, sources):
        kind = (resource.fhir_version, resource.resource_type)
        taken[kind] = taken.get(kind, 0) + 1
        if resource.resource_type in KINDS and taken[kind] <= 4:
            yield resource


def drop_zeros(table: pd.DataFrame) -> pd.DataFrame:
    """fhir.resources writes 124 as 124.0 into XML: it holds numbers as floats."""
    return table.replace({r"^(-?\d+)\.0$": r"\1"}, regex=True)


@pytest.mark.parametrize("version", ["R4", "R5"])
def test_xml_and_json_give_the_same(tmp_path: Path, version: str) -> None:
    files: dict[str, Any] = {}
    for number, resource in enumerate(choose_resources()):
        if resource.fhir_version != version:
            continue
        model = (get_r5 if version == "R5" else get_r4b)(resource.resource_type)
        try:
            parsed = model.model_validate_json(resource.json_bytes)
        except ValueError:
            continue  # a habit of a hospital that the model does not take
        files[f"json/{number:03}"] = parsed.model_dump_json().encode()
        files[f"xml/{number:03}"] = parsed.model_dump_xml()
    assert len(files) > 30
    folder = write_files(tmp_path, files)
    found = [read_fhir([folder / form], build_catalog(), IssueLog(), site="a") for form in ("json", "xml")]
    as_json, as_xml = found
    assert list(as_json.sources["fhir_version"]) == list(as_xml.sources["fhir_version"])
    for name in TABLES:
        assert_frame_equal(drop_zeros(as_json.tables[name]), drop_zeros(as_xml.tables[name]))


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_element_has_a_shape(name: str) -> None:
    shapes = read_shapes(KINDS[name].struct)
    assert shapes["id"].scalar == "string"
    assert shapes["contained"].scalar == "resource"
    assert "-" not in shapes


def test_a_tower_of_elements_is_refused() -> None:
    nested = "<extension url='u'>" * 200 + "</extension>" * 200
    (part,) = split_xml(f'<Patient xmlns="http://hl7.org/fhir">{nested}</Patient>'.encode(), [])
    assert getattr(part, "problem", "") == "is nested too deeply"


def test_a_bomb_of_entities_is_refused() -> None:
    entities = (
        '<!ENTITY a "'
        + "x" * 1000
        + '">'
        + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 50}">' for before, name in zip("abcd", "bcde", strict=True)
        )
    )
    data = f'<!DOCTYPE x [{entities}]><Patient xmlns="http://hl7.org/fhir"><id value="&e;"/></Patient>'
    (part,) = split_xml(data.encode(), [])
    assert getattr(part, "code", "") == "HBV-ING-001"
