"""Elements that are read once per distinct content."""

from __future__ import annotations

import pytest
from msgspec import Raw, Struct

from hbv_standards.ingest.elements import ABSENT
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.fragments import (
    build_reader,
    read_concept,
    read_concepts,
    read_integer,
    read_number,
    read_range,
    read_reference,
    read_references,
)


class Pair(Struct):
    """An element for the test."""

    a: int = 0


def test_equal_content_is_decoded_once() -> None:
    seen = []
    read = build_reader(Pair, lambda pair: seen.append(pair.a) or pair.a)
    assert [read(Raw(b'{"a":1}'), "p") for _ in range(3)] == [1, 1, 1]
    assert seen == [1]
    assert read(ABSENT, "p") is None


def test_a_fault_is_found_every_time_and_carries_the_path() -> None:
    for _ in range(2):
        with pytest.raises(ElementFault) as caught:
            read_concept(Raw(b'{"coding":[{"code":"a"},{"system":1}]}'), "code")
        assert caught.value.path == "code.coding[1].system"
        assert caught.value.reason == "should be str but is int"
    with pytest.raises(ElementFault) as caught:
        read_concepts(Raw(b'[{"text":"a"},{"text":""}]'), "category")
    assert caught.value.path == "category[1].text"
    with pytest.raises(ElementFault) as caught:
        read_range(Raw(b'[{"low":{"value":"1"}}]'), "referenceRange")
    assert caught.value.path == "referenceRange[0].low.value"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"{}", None),
        (b'{"text":"a"}', "a"),
        (b'{"coding":[{"display":"d"}]}', "\x1e\x1f\x1fd"),
        (b'{"coding":[{}]}', None),
    ],
)
def test_concepts(raw: bytes, text: str | None) -> None:
    assert read_concept(Raw(raw), "code") == text


def test_references() -> None:
    assert read_reference(Raw(b'{"reference":"Patient/1","display":"x"}'), "subject") == "Patient/1"
    assert read_reference(Raw(b'{"identifier":{"value":"7"}}'), "subject") == "\x1f\x1f\x1f7"
    assert read_reference(Raw(b'{"display":"x"}'), "subject") == "\x1f\x1f\x1f"
    assert read_references(Raw(b'[{"reference":"a"},{"reference":"b"}]'), "x") == "a\x1db"
    assert read_references(Raw(b"[]"), "x") is None


@pytest.mark.parametrize("token", [b'"1"', b"null", b"true", b"{}", b"[1]"])
def test_only_numbers_are_numbers(token: bytes) -> None:
    with pytest.raises(ElementFault, match="should be a number but is"):
        read_number(Raw(token), "value")


@pytest.mark.parametrize(("token", "valid"), [(b"1", True), (b"-12", True), (b"1.0", False), (b"1e2", False)])
def test_integers(token: bytes, valid: bool) -> None:  # noqa: FBT001  table
    if valid:
        assert read_integer(Raw(token), "value") == token.decode()
    else:
        with pytest.raises(ElementFault, match="integer"):
            read_integer(Raw(token), "value")
