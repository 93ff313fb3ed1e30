"""Bundles that are not well-formed as a whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.bundles import read_deletion, salvage_entries, split_document
from hbv_standards.ingest.raw import Deletion

TEXTS = ["}", '"', "]", '{"entry":[', "\\", "张", "\n"]
BUNDLE = json.dumps(
    {
        "resourceType": "Bundle", "type": "collection",
        "entry": [{"resource": {"resourceType": "Patient", "id": str(at), "text": text}} for at, text in enumerate(TEXTS)],
    },
    ensure_ascii=False,
).encode()  # fmt: skip
WHOLE = list(split_document(BUNDLE))


@given(st.integers(0, len(BUNDLE) - 1))
def test_a_bundle_cut_anywhere_gives_its_whole_entries(length: int) -> None:
    cut = BUNDLE[:length]
    found = [entry for entry in salvage_entries(cut) if not entry.problem]
    assert found == WHOLE[: len(found)]
    ends = [BUNDLE.index(entry.json) + len(entry.json) + 1 for entry in WHOLE]
    assert len(found) == sum(end <= length for end in ends)


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    assert all(entry.position for entry in salvage_entries(data))
    list(salvage_entries(BUNDLE[:40] + data + BUNDLE[40:]))


def test_nested_beyond_reason() -> None:
    inner = '{"resourceType":"Patient"}'
    for _ in range(25):
        inner = f'{{"resourceType":"Bundle","entry":[{{"resource":{inner}}}]}}'
    (entry,) = split_document(inner.encode())
    assert "20 deep" in entry.problem


@pytest.mark.parametrize(
    ("request_", "response", "url", "deletion"),
    [
        (b'{"method":"DELETE","url":"Patient/1"}', b"", "", Deletion("Patient", "1")),
        (b'{"method":"DELETE","url":"http://s/Patient/1/_history/3"}', b'{"etag":"W/\\"3\\""}', "",
         Deletion("Patient", "1", "3")),
        (b'{"method":"DELETE"}', b'{"etag":"4","lastModified":"2024"}', "http://s/Patient/1",
         Deletion("Patient", "1", "4", "2024")),
        (b'{"method":"DELETE","url":"Patient?name=x"}', b"", "", Deletion("", "")),
        (b'{"method":"GET","url":"Patient/1"}', b"", "", None),
        (b'{"method":7}', b"", "", None),
        (b"", b"", "http://s/Patient/1", None),
    ],
)  # fmt: skip
def test_deletions(request_: bytes, response: bytes, url: str, deletion: Deletion | None) -> None:
    assert read_deletion(request_, response, url) == deletion
