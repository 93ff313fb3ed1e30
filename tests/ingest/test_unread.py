"""Elements that nothing reads are found wherever they are, and told by path alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hbv_standards.ingest.columns import SOURCE_FIELDS
from hbv_standards.ingest.decode import Chunk, DecodedChunk, GateConfig, decode_chunk
from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.head import read_type
from hbv_standards.ingest.passed_over import PASSED_OVER
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.resources.kinds import KINDS
from hbv_standards.ingest.split import FileReader, split_stream
from hbv_standards.ingest.unread import find_unread
from places import HOSPITALS, ROOT

CASES: list[tuple[str, str, list[str]]] = [
    ("Condition", '"code":{"text":"x"},"subject":{"reference":"Patient/1"}', []),
    ("Condition", '"bodySite":[{"text":"肝"}],"stage":[{"type":{"text":"x"}},{"type":{"text":"y"}}]',
     ["bodySite", "stage"]),
    ("FamilyMemberHistory", '"condition":[{"code":{"text":"x"}},{"code":{"text":"y"},"outcome":{"text":"死亡"}}]',
     ["condition.outcome"]),
    ("Observation", '"referenceRange":[{"low":{"value":1},"appliesTo":[{"text":"女"}]}]', ["referenceRange.appliesTo"]),
    ("Observation", '"component":[{"code":{"text":"x"},"valueQuantity":{"value":1,"tone":"2"}}]',
     ["component.valueQuantity.tone"]),
    ("Observation", '"code":{"coding":[{"code":"1","version":"2","userSelected":true}]}', []),
    ("Observation", '"note":[{"text":"x","authorString":"y","time":"2024"}]', ["note.time"]),
    ("Observation", '"subject":{"reference":"Patient/1","display":"x"}', []),
    ("Observation", '"bodyStructure":{"reference":"BodyStructure/1"}', ["bodyStructure"]),
    ("QuestionnaireResponse", '"item":[{"linkId":"1","item":[{"linkId":"2","answer":[{"valueInteger":1,"x":2}]}]}]',
     ["item.item.answer.x"]),
    ("Encounter", '"class":{"code":"AMB"},"serviceType":{"text":"x"}', []),
    ("Encounter", '"class":[{"coding":[{"code":"AMB"}]}],"serviceType":[{"concept":{"text":"x"},"since":1}]',
     ["serviceType.since"]),
    ("Specimen", '"collection":{"bodySite":{"concept":{"text":"x"}},"method":{"text":"y"}}', ["collection.method"]),
    # extensions: by address, of elements, of primitives, nested ones with the outermost
    ("Patient", '"extension":[{"url":"http://x/a","valueString":"1"},{"url":"http://x/b","extension":[{"url":"c"}]}]',
     ["extension('http://x/a')", "extension('http://x/b')"]),
    ("Patient", '"birthDate":"1980","_birthDate":{"id":"1","extension":[{"url":"http://x"}]}',
     ["birthDate.extension('http://x')"]),
    ("Patient", '"_maritalStatus":{"extension":[{"url":"http://x"}]}', ["maritalStatus"]),
    ("Observation", '"effectiveTiming":{"event":["2024",null],"_event":[null,{"extension":[{"url":"http://x"}]}]}',
     ["effectiveTiming.event.extension('http://x')"]),
    ("Observation", '"code":{"coding":[{"code":"1","extension":[{"url":"http://x"}]}]}',
     ["code.coding.extension('http://x')"]),
    ("Observation", '"component":[{"code":{"text":"x"},"modifierExtension":[{"url":"http://x"}]}]',
     ["component.modifierExtension.where(url = 'http://x')"]),
    ("Observation", '"modifierExtension":[{"url":"http://x"}]', []),
    # contained resources
    ("Observation", '"contained":[{"resourceType":"Specimen","id":"s","condition":[{"text":"溶血"}]}]',
     ["contained.ofType(Specimen).condition"]),
    ("Observation", '"contained":[{"resourceType":"Substance","id":"s"},{"resourceType":"Practitioner","id":"d"}]',
     ["contained.ofType(Substance)"]),
    ("Observation", '"contained":[{"resourceType":"Specimen","contained":[{"id":"1"}],"modifierExtension":[{"url":"u"}]}]',
     ["contained.ofType(Specimen).contained", "contained.ofType(Specimen).modifierExtension.where(url = 'u')"]),
    ("Observation", '"contained":[{"id":"1"},{"-":true},null]', ["contained.?"]),
    # nothing was sent
    ("Condition", '"bodySite":null,"stage":[],"evidence":{},"onsetX":""', []),
    # what does not look like FHIR is never shown
    ("Patient", '"张三":"440106198001010011","A440106198001010011":1,"x y":2', ["?"]),
    ("Patient", '"extension":[{"url":"http://x/440106198001010011"},{"url":"张三"},{"url":7},{}]', ["extension"]),
    ("Patient", '"extension":{"url":"http://x"}', ["extension"]),
    ("Patient", '"\\ud800x":1,"maritalStatus":{}', ["?"]),
    ("Condition", '"subject":"Patient/1","note":7,"category":[3,[{"x":1}]]', ["category.x"]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "paths"), CASES)
def test_case(kind: str, body: str, paths: list[str]) -> None:
    raw = f'{{"resourceType":"{kind}","id":"1",{body}}}'.encode()
    assert list(find_unread(kind, raw)) == [f"{kind}.{path}" for path in paths]
    assert list(find_unread(kind, raw)) == [f"{kind}.{path}" for path in paths]  # from what was remembered


def test_a_tower_of_items_is_told_as_a_whole() -> None:
    tower = '{"item":[' * 3000 + "]}" * 3000
    assert find_unread("QuestionnaireResponse", tower.encode()) == ("QuestionnaireResponse.?",)


XML = """\
<Bundle xmlns="http://hl7.org/fhir"><type value="collection"/>
  <entry><resource><Condition><id value="1"/>
    <extension url="http://x"><valueString value="1"/></extension>
    <text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">x</div></text>
    <contained><Specimen><condition><text value="x"/></condition></Specimen></contained>
    <code><coding><extension url="http://y"><valueString value="1"/></extension><code value="1"/></coding></code>
    <bodySite><text value="肝"/></bodySite>
    <recordedDate value="2024"><extension url="http://z"><valueString value="1"/></extension></recordedDate>
  </Condition></resource></entry>
</Bundle>"""
JSON = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": {
        "resourceType": "Condition", "id": "1", "extension": [{"url": "http://x", "valueString": "1"}],
        "text": {"status": "generated"}, "contained": [{"resourceType": "Specimen", "condition": [{"text": "x"}]}],
        "code": {"coding": [{"extension": [{"url": "http://y", "valueString": "1"}], "code": "1"}]},
        "bodySite": [{"text": "肝"}], "recordedDate": "2024",
        "_recordedDate": {"extension": [{"url": "http://z", "valueString": "1"}]},
    }}],
}  # fmt: skip


def test_xml_and_bundles_tell_the_same(tmp_path: Path) -> None:
    told = []
    for name, text in (("b.xml", XML), ("b.json", json.dumps(JSON)), ("b.ndjson", json.dumps(JSON))):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with (tmp_path / name).open("rb") as stream:
            (entry,) = split_stream(stream, name.partition(".")[2], ("utf-8",))  # type: ignore[arg-type]  # a buffer
        assert isinstance(entry, RawEntry)
        told.append(set(find_unread("Condition", entry.json)))
    assert told[0] == told[1] == told[2]
    assert told[0] == {
        "Condition.extension('http://x')",
        "Condition.contained.ofType(Specimen).condition",
        "Condition.code.coding.extension('http://y')",
        "Condition.bodySite",
        "Condition.recordedDate.extension('http://z')",
    }


@cache
def read_examples() -> tuple[tuple[str, Any], ...]:
    """Two resources of every decoded type and hospital of the fixtures."""
    found: dict[tuple[str, str], list[Any]] = {}
    for file in list_files([HOSPITALS], dict.fromkeys(("foshan", "guangzhou", "zhongshan"))):  # type: ignore[arg-type]  # names alone
        for part in FileReader(file, ("utf-8", "gb18030")) if file.kind != "csv" else ():
            kind = read_type(part.json) if isinstance(part, RawEntry) and not part.problem else ""
            if kind in KINDS and isinstance(part, RawEntry):
                listed = found.setdefault((file.site, kind), [])
                if len(listed) < 2:
                    listed.append(json.loads(part.json))
    return tuple((kind, resource) for (_, kind), listed in sorted(found.items()) for resource in listed)


_SILENT = {name for row in PASSED_OVER for name in row.elements}


def list_places(node: Any, path: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Objects of a resource that are looked into, with their paths without indices."""
    if isinstance(node, list):
        for item in node:
            yield from list_places(item, path)
    elif isinstance(node, dict):
        yield node, path
        for name, child in node.items():
            if name not in _SILENT and not name.startswith("_") and "xtension" not in name and name != "contained":
                yield from list_places(child, f"{path}.{name}")


def decode_one(resource: Any) -> DecodedChunk:
    raw = json.dumps(resource, ensure_ascii=False).encode()
    return decode_chunk(Chunk(0, "a", [RawEntry("", raw)]), GateConfig())


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_an_element_added_anywhere_is_told_and_changes_nothing_else(data: st.DataObject) -> None:
    kind, original = data.draw(st.sampled_from(read_examples()))
    resource = json.loads(json.dumps(original))
    before, told = decode_one(resource), set(find_unread(kind, json.dumps(resource).encode()))
    places = [
        (place, path)
        for place, path in list_places(resource)
        if not any(f"{kind}{path}.".startswith(f"{unread}.") for unread in told)
    ]
    place, path = data.draw(st.sampled_from(places))
    name = data.draw(st.sampled_from(["zone", "outcomeOfAll", "extension", "bodySiteX"]))
    added: Any = [{"url": "http://new", "valueString": "7"}] if name == "extension" else {"text": "张三 440106"}
    place[name] = [*place.get(name, []), *added] if name == "extension" else added
    step = "extension('http://new')" if name == "extension" else name
    silent = kind in ("Organization", "ResearchStudy")
    after = decode_one(resource)
    expected = told if silent else told | {f"{kind}{path}.{step}"}
    assert set(find_unread(kind, json.dumps(resource).encode())) == expected
    assert set(after.sources["unread"][0].as_py().split("\x1d")) - {""} == expected
    same = [field for field in SOURCE_FIELDS if field not in ("sha256", "unread")]
    assert after.sources.select(same).equals(before.sources.select(same))
    assert after.tables == before.tables
    assert after.issues == before.issues


def test_the_page_shows_what_is_passed_over() -> None:
    page = (ROOT / "docs" / "gate.md").read_text(encoding="utf-8")
    shown = [line for line in page.splitlines() if line.startswith("| ") and not line.startswith("| of |")]
    assert shown == [f"| {row.of} | {', '.join(row.elements)} | {row.why} |" for row in PASSED_OVER]


def test_what_is_passed_over_belongs_to_a_type() -> None:
    known = {"Element", "Resource", "contained"} | set(KINDS)
    for row in PASSED_OVER:
        assert row.of in known | {"Identifier", "Coding", "Reference", "Annotation", "Collection", "DispenseRequest", "Dosage"}
        assert row.why
