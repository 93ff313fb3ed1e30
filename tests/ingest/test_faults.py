"""Where faults lie and what goes with them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.faults import LEFT_OUT, join_path, judge_fault, remove_element, show_value

RAW = b'{"a":1.50E-2,"b":[{"c":"x"},{"c":"y","d":{"e":[1.0,2]}}],"contained":[{"resourceType":"Medication"}]}'


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("a", b'{"b":[{"c":"x"},{"c":"y","d":{"e":[1.0,2]}}],"contained":[{"resourceType":"Medication"}]}'),
        ("b[1].d.e", b'{"a":1.50E-2,"b":[{"c":"x"},{"c":"y","d":{}}],"contained":[{"resourceType":"Medication"}]}'),
        ("b[0]", b'{"a":1.50E-2,"b":[' + LEFT_OUT + b',{"c":"y","d":{"e":[1.0,2]}}],'
                 b'"contained":[{"resourceType":"Medication"}]}'),
        ("missing", RAW),
        ("", RAW),
    ],
)  # fmt: skip
def test_every_other_byte_stays(path: str, left: bytes) -> None:
    assert remove_element(RAW, path) == left


@pytest.mark.parametrize("path", ["b[7]", "missing.x", "b[0].c[0]", "a.x"])
def test_a_path_that_is_not_there_is_told(path: str) -> None:
    with pytest.raises((LookupError, ValueError)):
        remove_element(RAW, path)


JSON = st.recursive(
    st.one_of(st.booleans(), st.integers(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), inner, max_size=3),
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.from_regex("[a-z]{1,3}", fullmatch=True), JSON, min_size=1, max_size=4), st.data())
def test_one_element_less(tree: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(tree)))
    left = json.loads(remove_element(json.dumps(tree).encode(), name))
    assert left == {key: value for key, value in tree.items() if key != name}


@pytest.mark.parametrize(
    ("kind", "path", "remove", "essential"),
    [
        ("Observation", "status", "status", True),
        ("Observation", "valueQuantity.value", "valueQuantity", True),
        ("Observation", "valueQuantity.unit", "valueQuantity.unit", False),
        ("Observation", "valueRatio.numerator.value", "valueRatio.numerator", True),
        ("Observation", "valueCodeableConcept.coding[0].code", "valueCodeableConcept.coding[0].code", False),
        ("Observation", "valueCodeableConcept", "valueCodeableConcept", True),
        ("Observation", "code.coding[0].code", "code.coding[0].code", False),
        ("Observation", "component[2].valueQuantity.value", "component[2]", False),
        ("Observation", "component[2].interpretation", "component[2].interpretation", False),
        ("Observation", "component[2]", "component[2]", False),
        ("Observation", "referenceRange[1].high.unit", "referenceRange[1]", False),
        ("Observation", "component[0].referenceRange[1].low.value", "component[0].referenceRange[1]", False),
        ("Observation", "id", "id", False),
        ("Patient", "id", "id", True),
        ("Patient", "identifier[0].value", "identifier[0]", False),
        ("MedicationRequest", "contained[0].code", "contained[0].code", False),
        ("MedicationRequest", "contained[0].id", "contained[0]", False),
        ("MedicationRequest", "contained[9].code", "contained[9].code", False),
        ("MedicationRequest", "medication", "medication", True),
        ("MedicationRequest", "dosageInstruction[0].doseAndRate[0].doseQuantity.value",
         "dosageInstruction[0].doseAndRate[0].doseQuantity", False),
        ("MedicationRequest", "dosageInstruction[0].timing.event[1]", "dosageInstruction[0].timing.event", False),
        ("MedicationRequest", "subject.reference", "subject.reference", True),
        ("ResearchSubject", "individual", "individual", True),
    ],
)  # fmt: skip
def test_what_goes_with_a_fault(kind: str, path: str, remove: str, essential: bool) -> None:  # noqa: FBT001  table
    verdict = judge_fault(kind, path, RAW)
    assert (verdict.remove, verdict.essential is not None) == (remove, essential)


@pytest.mark.parametrize(
    ("kind", "path", "raw", "shown"),
    [
        ("Observation", "status", b'{"status":"bogus"}', '"bogus"'),
        ("Observation", "valueQuantity.value", b'{"valueQuantity":{"value":"6.3"}}', '"6.3"'),
        ("Observation", "status", '{"status":"张三"}'.encode(), ""),
        ("Observation", "valueString", b'{"valueString":5}', ""),
        ("Observation", "subject.reference", b'{"subject":{"reference":5}}', ""),
        ("Observation", "identifier[0].system", b'{"identifier":[{"system":"x"}]}', ""),
        ("Patient", "gender", b'{"gender":"x"}', ""),
        ("Observation", "status", b"{}", ""),
    ],
)
def test_no_value_that_could_be_a_persons(kind: str, path: str, raw: bytes, shown: str) -> None:
    assert show_value(kind, path, raw) == shown


@pytest.mark.parametrize(
    ("parent", "path", "joined"),
    [("", "a", "a"), ("a", "", "a"), ("a", "b", "a.b"), ("a", "[0].b", "a[0].b")],
)
def test_paths_are_joined(parent: str, path: str, joined: str) -> None:
    assert join_path(parent, path) == joined
