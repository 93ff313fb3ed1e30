"""The whole of reading: nothing raises, nothing is lost, nothing depends on order, jobs or way of giving."""

from __future__ import annotations

import copy
import json
import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal

from hbv_standards.errors import ConfigurationError
from hbv_standards.ingest.decode import SOURCE_FIELDS, Chunk, GateConfig, decode_chunk
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.read_fhir import read_fhir
from hbv_standards.ingest.stated import Entry
from hbv_standards.ingest.tables import TABLES, FhirTables
from hbv_standards.issues import IssueLog
from hbv_standards.provenance import SOURCE_COLUMNS

from .reading import build_catalog, write_files

CONCEPT = {"text": "ALT", "coding": [{"system": "s", "code": "4711", "display": "d"}]}
SEEDS: list[dict[str, Any]] = [
    {
        "resourceType": "Observation", "id": "1", "meta": {"versionId": "1", "lastUpdated": "2024-03-05T08:00:00Z"},
        "status": "final", "category": [CONCEPT], "code": CONCEPT, "subject": {"reference": "Patient/1"},
        "effectivePeriod": {"start": "2024-03-05", "end": "2024-03-06"}, "interpretation": [CONCEPT],
        "valueQuantity": {"value": 6.3, "comparator": "<", "unit": "g", "code": "g"}, "note": [{"text": "n"}],
        "referenceRange": [{"low": {"value": 1}, "high": {"value": 2}, "type": CONCEPT}],
        "component": [{"code": CONCEPT, "valueString": "x"}, {"code": CONCEPT, "valueInteger": 1}],
        "contained": [{"resourceType": "Specimen", "id": "s", "type": CONCEPT}], "specimen": {"reference": "#s"},
        "hasMember": [{"reference": "Observation/2"}],
    },
    {
        "resourceType": "Patient", "id": "1", "gender": "male", "birthDate": "1980-01-01",
        "identifier": [{"system": "s", "value": "7"}], "deceasedBoolean": False,
        "extension": [{"url": "u", "valueString": "x"}],
    },
    {
        "resourceType": "Encounter", "id": "1", "status": "finished", "class": {"code": "AMB"}, "type": [CONCEPT],
        "serviceType": CONCEPT, "period": {"start": "2024-03-05"}, "subject": {"reference": "Patient/1"},
    },
    {
        "resourceType": "MedicationRequest", "id": "1", "status": "active", "medicationCodeableConcept": CONCEPT,
        "subject": {"identifier": {"system": "s", "value": "7"}}, "authoredOn": "2024-03-05",
        "dosageInstruction": [{
            "text": "t", "route": CONCEPT, "doseAndRate": [{"doseQuantity": {"value": 0.5, "unit": "mg"}}],
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "boundsPeriod": {"start": "2024"}},
                       "event": ["2024-03-05"], "code": CONCEPT},
        }],
        "dispenseRequest": {"quantity": {"value": 28}, "expectedSupplyDuration": {"value": 28, "code": "d"}},
    },
    {
        "resourceType": "MedicationAdministration", "id": "1", "status": "completed",
        "medication": {"concept": CONCEPT}, "occurencePeriod": {"start": "2024-03-05"},
        "reason": [{"concept": CONCEPT}],
        "dosage": {"text": "t", "dose": {"value": 180, "unit": "ug"}, "site": CONCEPT},
    },
    {
        "resourceType": "ResearchSubject", "id": "1", "status": "active", "subject": {"reference": "Patient/1"},
        "progress": [{"subjectState": CONCEPT, "milestone": CONCEPT, "startDate": "2024-01-01"}],
        "consent": [{"reference": "Consent/1"}], "assignedComparisonGroup": "A",
    },
    {"resourceType": "Specimen", "id": "1", "status": "available", "collection": {"collectedDateTime": "2024-03-05",
     "bodySite": CONCEPT}, "accessionIdentifier": {"value": "B1"}},
    {"resourceType": "DiagnosticReport", "id": "1", "status": "final", "code": CONCEPT,
     "result": [{"reference": "Observation/1"}], "effectiveDateTime": "2024-03-05"},
    {"resourceType": "Bundle", "type": "history", "entry": [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "9"}},
        {"request": {"method": "DELETE", "url": "Patient/9"}, "response": {"etag": 'W/"2"'}}]},
]  # fmt: skip
JUNK: list[Any] = [
    None, True, 0, -1.5, "", " ", "x", "Patient", "Bundle", "#", "2024-02-30", "entered-in-error", [], {}, [[]], [{}],
    {"reference": 1}, {"resourceType": "Observation"}, "\x1f", "\ud800", {"value": "1"}, 10**40,
]  # fmt: skip
ACTIONS = ("junk", "drop", "wrap", "double", "move")


def iterate_places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON tree."""
    keys = range(len(node)) if isinstance(node, list) else list(node)
    for key in keys:
        yield node, key
        if isinstance(node[key], dict | list):
            yield from iterate_places(node[key])


def mutate(rng: random.Random, seeds: Sequence[dict[str, Any]] = SEEDS) -> str:
    """A valid resource after some surgery: values replaced, removed, doubled, moved."""
    tree = json.loads(json.dumps(rng.choice(seeds)))
    for _ in range(rng.randint(1, 4)):
        places = list(iterate_places(tree))
        if not places:
            break
        holder, key = rng.choice(places)
        action = rng.choice(ACTIONS)
        if action == "junk":
            holder[key] = copy.deepcopy(rng.choice(JUNK))
        elif action == "drop":
            del holder[key]
        elif action == "wrap":
            holder[key] = [holder[key]]
        elif action == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif action == "move" and isinstance(holder, dict):
            holder[rng.choice(["code", "id", "value", "valueString", "status"])] = holder.pop(key)
    return json.dumps(tree, ensure_ascii=rng.random() < 0.5 or "\\ud800" in json.dumps(tree))


@given(st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_no_mutation_raises_and_rows_are_those_of_open_resources(rng: random.Random) -> None:
    entry = RawEntry("line 1", mutate(rng).encode())
    chunk = decode_chunk(
        Chunk(0, "a", [entry]), GateConfig({"a": (Entry("Patient", "race", "Patient.gender"),)})
    )
    (source,) = chunk.sources.to_pylist()
    assert source["reason"] in ("", "HBV-ING-002", "HBV-ING-003", "HBV-ING-005", "HBV-ING-008")
    assert not source["reason"] or any(issue.code == source["reason"] for issue in chunk.issues)
    assert not source["reason"] or not chunk.tables
    assert source["faulted"] == any(issue.code in FAULTS for issue in chunk.issues)


FAULTS = ("HBV-ING-002", "HBV-ING-003", "HBV-ING-004", "HBV-ING-005")


@pytest.mark.parametrize("seed", range(3))
def test_every_mutated_resource_is_in_the_books(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    lines = [mutate(rng) for _ in range(300)]
    write_files(tmp_path, {"a/x.ndjson": lines, "a/y.json": f"[{','.join(lines)}]"})
    log = IssueLog()
    found = read_fhir([tmp_path], build_catalog({"a": {"fhirpath": STATED}}), log)
    check_books(found, log)
    no_bundle = [line for line in lines if '"Bundle"' not in line]
    assert len(found.sources) >= 2 * len(no_bundle)
    twice = found.sources.groupby("file")["sha256"].agg(sorted)
    assert twice["a/x.ndjson"] == twice["a/y.json"]


STATED = [{"resource": "Patient", "field": "race", "path": "Patient.extension.where(url='u').value"}]


def check_books(found: FhirTables, log: IssueLog) -> None:
    """Every source is open, superseded or rejected; only open ones have rows; every rejection is told."""
    sources = found.sources
    assert list(sources["source_id"]) == list(range(len(sources)))
    assert set(sources["disposition"]) <= {"", "superseded", "rejected"}
    assert (sources["reason"] == "").eq(sources["disposition"] == "").all()
    open_ones = set(sources.loc[sources["disposition"] == "", "source_id"])
    for table in found.tables.values():
        assert set(table["source_id"]) <= open_ones
    told = {row.source_id for row in log.rows}
    assert set(sources.loc[sources["disposition"] == "rejected", "source_id"]) <= told
    log.to_frame(sources)


@given(st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?", fullmatch=True))
def test_number_text_comes_back_as_it_was_sent(token: str) -> None:
    raw = (
        '{"resourceType":"Observation","status":"final","code":{"text":"x"},'
        f'"valueQuantity":{{"value":{token}}},"referenceRange":[{{"low":{{"value":{token}}}}}]}}'
    )
    chunk = decode_chunk(Chunk(0, "a", [RawEntry("", raw.encode())]), GateConfig())
    row = chunk.tables["observation"].to_pylist()[0]
    assert (row["value_text"], row["range_low"]) == (token, token)


def build_corpus() -> dict[str, Any]:
    """Some thousand resources with faults among them, more than one chunk in one file."""
    rng = random.Random(1)
    lines = []
    for number in range(2600):
        value = '"bad"' if number % 97 == 0 else f"{rng.random():.3f}"
        more = ',"device":{"display":"x"}' if number % 11 == 0 else ""
        lines.append(
            f'{{"resourceType":"Observation","id":"{number % 2500}","meta":{{"versionId":"{number // 2500}"}},'
            f'"status":"final","code":{{"text":"t{number % 7}"}},"subject":{{"reference":"Patient/{number % 5}"}},'
            f'"valueQuantity":{{"value":{value}}}{more}}}'
        )
    return {
        "a/o.ndjson": lines,
        "a/p.ndjson": [f'{{"resourceType":"Patient","id":"{n}"}}' for n in range(4)],
        "a/q.json": {"text": '{"resourceType":"Organization","id":"1","name":"药房"}', "encoding": "gb18030"},
        "b/p.json": '{"resourceType":"Patient","id":"1"}',
    }


def read_all(inputs: list[Path], **options: Any) -> tuple[FhirTables, pd.DataFrame]:
    log = IssueLog()
    sites = {"a": {"encodings": ["gb18030"]}, "b": {}}
    found = read_fhir(inputs, build_catalog(sites), log, **options)
    return found, log.to_frame(found.sources)


def check_same(one: tuple[FhirTables, pd.DataFrame], other: tuple[FhirTables, pd.DataFrame]) -> None:
    assert_frame_equal(one[0].sources, other[0].sources)
    for name in TABLES:
        assert_frame_equal(one[0].tables[name], other[0].tables[name])
    assert one[0].faulted == other[0].faulted
    assert_series_equal(one[0].unread, other[0].unread)
    assert_frame_equal(one[1], other[1])


def test_jobs_and_order_of_inputs_do_not_matter(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", build_corpus())
    whole = read_all([folder])
    check_same(whole, read_all([folder], jobs=2))
    given = [folder / "a", folder / "b" / "p.json", folder / "a" / "o.ndjson"]
    for inputs in (given, given[::-1]):
        check_same(whole, read_all(inputs))
    check_books(whole[0], IssueLog(whole_log(folder)))


def whole_log(folder: Path) -> list[Any]:
    log = IssueLog()
    read_fhir([folder], build_catalog({"a": {"encodings": ["gb18030"]}, "b": {}}), log)
    return log.rows


def test_positions_are_ordered_as_numbers(read: Any) -> None:
    entries = ",".join(f'{{"resource":{{"resourceType":"Patient","id":"{n}"}}}}' for n in range(12))
    found = read({"a/b.json": f'{{"resourceType":"Bundle","type":"batch","entry":[{entries}]}}'})
    assert found.fhir.sources["position"].tolist() == [f"entry[{n}].resource" for n in range(12)]
    assert found.fhir.sources["source_id"].tolist() == list(range(12))


def test_columns_are_those_of_the_contract(read: Any) -> None:
    found = read({"a/p.json": '{"resourceType":"Patient","id":"1"}'})
    assert {name: str(dtype) for name, dtype in found.fhir.sources.dtypes.items()} == SOURCE_COLUMNS
    assert set(found.fhir.tables) == set(TABLES)
    for name, table in found.fhir.tables.items():
        assert tuple(table.columns) == TABLES[name]
        dtypes = {column: str(dtype) for column, dtype in table.dtypes.items()}
        assert dtypes.pop("source_id") == "int64"
        assert {dtypes.pop(column) for column in ("deceased", "has_member") if column in dtypes} <= {"bool"}
        assert set(dtypes.values()) == {"str"}


def test_an_empty_folder_gives_empty_tables(tmp_path: Path) -> None:
    found, issues = read_all([tmp_path])
    assert len(found.sources) == 0
    assert len(issues) == 0
    assert all(len(table) == 0 for table in found.tables.values())


def test_hash_is_of_the_bytes_of_the_resource(read: Any) -> None:
    line = '{"resourceType":"Patient","id":"1"}'
    found = read(
        {"a/p.ndjson": [line], "a/q.json": f'{{"resourceType":"Bundle","entry":[{{"resource":{line}}}]}}'}
    )
    assert found.fhir.sources["sha256"].nunique() == 1
    assert len(SOURCE_FIELDS) == len(set(SOURCE_FIELDS))


def test_faulted_sources_are_named(read: Any) -> None:
    found = read(
        {"a/o.ndjson": [
            '{"resourceType":"Patient","id":"1","gender":"M"}', '{"resourceType":"Patient","id":"2"}', "x",
            '{"resourceType":"Encounter","id":"1","status":"discharged","class":{"code":"AMB"}}',
        ]}
    )  # fmt: skip
    assert found.fhir.faulted == {0, 2, 3}


def test_wrong_usage_raises(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        read_all([tmp_path / "missing"])
    with pytest.raises(ConfigurationError, match=r"no such hospital; it has a, b"):
        read_all([tmp_path], site="c")
    with pytest.raises(ConfigurationError, match=r"sites/a/site.yaml.*is not a FHIRPath"):
        bad = [{"resource": "Patient", "field": "race", "path": "Patient.where("}]
        read_fhir([tmp_path], build_catalog({"a": {"fhirpath": bad}}), IssueLog())


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", build_corpus())
    seen: list[tuple[str, int, int]] = []
    read_all([folder], progress=lambda name, done, total: seen.append((name, done, total)))
    assert seen[-1][1] == seen[-1][2] == sum(f.stat().st_size for f in folder.rglob("*.*"))
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert sum(name == "a/o.ndjson" for name, _, _ in seen) > 1


def sample_folders() -> list[Path]:
    """Published examples of FHIR where the environment names them, else the seeds of this file."""
    folder = os.environ.get("HBV_FHIR_SAMPLES")
    return sorted(p for p in Path(folder).iterdir() if p.is_dir()) if folder else []


def test_published_examples_are_read_to_the_last(tmp_path: Path) -> None:
    folders = sample_folders() or [
        write_files(tmp_path / "own", {f"{n}.json": json.dumps(s) for n, s in enumerate(SEEDS)})
    ]
    for folder in folders:
        log = IssueLog()
        found = read_fhir([folder], build_catalog(), log, site="a")
        check_books(found, log)
        assert len(found.sources) >= len(list(folder.iterdir())) - 1
        faulty = {"HBV-ING-001", "HBV-ING-003", "HBV-ING-004", "HBV-ING-005"}
        assert [row for row in log.rows if row.code in faulty] == []
        expected = {"r4": {"R4"}, "r5": {"R5"}}.get(folder.name, {"R4", "R5"})
        assert set(found.sources["fhir_version"]) == expected
