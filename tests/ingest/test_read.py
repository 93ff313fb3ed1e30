"""Raw resources again: the places of the source table, the bytes of the hospital."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from hbv_standards.ingest import read
from hbv_standards.ingest.files import InputFile
from hbv_standards.ingest.read import iterate_resources
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.split import FileReader
from hbv_standards.issues import IssueLog

from .reading import build_catalog, write_files

FILES = {
    "a/b.json": '{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"Patient","id":"1"}},'
                '{"request":{"method":"DELETE","url":"Patient/2"}},{}]}',
    "a/o.ndjson": ['{"resourceType":"MedicationRequest","id":"1","medication":{"concept":{"text":"x"}}}', "bad",
                   '{"resourceType":"Observation","id":"2"}'],
    "a/e.csv": "x\n",
    "x/p.xml": '<Patient xmlns="http://hl7.org/fhir"><id value="3"/><identifier><system value="http://b/1"/>'
               '<value value="7"/></identifier></Patient>',
    "x/s.ndjson": ['{"resourceType":"Patient","id":"4","identifier":[{"system":"http://a/"}]}',
                   '{"resourceType":"Patient","id":"5","meta":{"source":"http://b/"}}',
                   '{"resourceType":"Patient","id":"6"}'],
}  # fmt: skip
SITES = {
    "a": {"identifier_systems": ["http://a/"]},
    "b": {"identifier_systems": ["http://b/"], "default_fhir_version": "R4B"},
}


def test_places_and_versions_are_those_of_the_sources(tmp_path: Path) -> None:
    folder = write_files(tmp_path, FILES)
    catalog = build_catalog(SITES)
    sources = read_fhir([folder], catalog, IssueLog()).sources
    found = list(iterate_resources([folder], catalog, sources))
    resources = [resource for _, resource in found]
    sources = sources.set_index("source_id", drop=False)
    for source_id, resource in found:
        source = sources.loc[source_id]
        assert (source["site"], source["file"], source["position"]) == (resource.site, resource.file, resource.position)
        assert source["resource_type"] == resource.resource_type
        assert source["resource_id"] == resource.resource_id
        assert source["fhir_version"] == resource.fhir_version
        content = resource.json_bytes if resource.xml is None else resource.xml
        assert source["sha256"] == hashlib.sha256(content).hexdigest()
    assert [(r.site, r.resource_id, r.fhir_version) for r in resources] == [
        ("b", "3", "R4B"), ("a", "4", "R5"), ("b", "5", "R4B"), ("", "6", "R4"),
        ("a", "1", "R5"), ("a", "1", "R5"), ("a", "2", "R5"),
    ]  # fmt: skip
    unread = set(sources["reason"]) - {""}
    assert unread == {"HBV-ING-002", "HBV-ING-005", "HBV-ING-008", "HBV-ING-009"}


def test_only_what_is_wanted_and_no_other_file_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_files(tmp_path, FILES)
    catalog = build_catalog(SITES)
    sources = read_fhir([folder], catalog, IssueLog()).sources
    wanted = set(sources.loc[sources["resource_id"].isin(["5", "6"]), "source_id"])
    opened: list[str] = []

    def read_file(file: InputFile, encodings: Sequence[str]) -> FileReader:
        opened.append(file.name)
        return FileReader(file, encodings)

    monkeypatch.setattr(read, "FileReader", read_file)
    found = list(iterate_resources([folder], catalog, sources, wanted))
    assert {(number, resource.resource_id) for number, resource in found} == {
        (number, sources.set_index("source_id").loc[number, "resource_id"]) for number in wanted
    }
    assert opened == ["x/s.ndjson"]


def test_nothing_is_wanted_of_nothing(tmp_path: Path) -> None:
    catalog = build_catalog()
    sources = read_fhir([tmp_path], catalog, IssueLog()).sources
    assert not list(iterate_resources([tmp_path], catalog, sources, set()))
    assert not list(iterate_resources([tmp_path], catalog, sources))


def test_xml_is_given_as_it_was_and_as_json(tmp_path: Path) -> None:
    folder, catalog = write_files(tmp_path, {"p.xml": FILES["x/p.xml"]}), build_catalog()
    sources = read_fhir([folder], catalog, IssueLog(), site="a").sources
    ((_, resource),) = iterate_resources([folder], catalog, sources, site="a")
    assert resource.xml is not None
    assert b'<id value="3"' in resource.xml
    assert resource.json_bytes == (
        b'{"resourceType":"Patient","id":"3","identifier":[{"system":"http://b/1","value":"7"}]}'
    )
