"""Bytes of files: compressed, cut off, in other encodings."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hbv_standards.ingest.content import decode_text, open_bytes, read_whole

LINES = [f'{{"resourceType":"Patient","id":"{n}"}}' for n in range(2000)]


@pytest.mark.parametrize("share", [0.5, 0.99])
def test_a_cut_off_file_gives_what_came_before(read: Any, share: float) -> None:
    packed = gzip.compress("\n".join(LINES).encode(), mtime=0)
    found = read({"a/p.ndjson.gz": packed[: int(len(packed) * share)]})
    whole = found.fhir.sources[found.fhir.sources["disposition"] == ""]
    assert 100 < len(whole) < 2000
    assert found.messages("HBV-ING-001") == [
        "the compressed file is cut off or damaged; what came before was used"
    ]


def test_a_damaged_file_is_told(read: Any) -> None:
    packed = bytearray(gzip.compress("\n".join(LINES).encode(), mtime=0))
    packed[-20] ^= 0xFF
    found = read({"a/p.ndjson.gz": bytes(packed), "a/q.json.gz": b"\x1f\x8b\x08garbage"})
    assert len(found.messages("HBV-ING-001")) == 2
    assert (found.fhir.sources["disposition"] == "").sum() > 1000


def test_a_cut_off_document_gives_its_sound_entries(read: Any) -> None:
    entries = ",".join(f'{{"resource":{line}}}' for line in LINES)
    packed = gzip.compress(
        f'{{"resourceType":"Bundle","type":"collection","entry":[{entries}]}}'.encode(), mtime=0
    )
    found = read({"a/b.json.gz": packed[: len(packed) // 2]})
    assert 100 < (found.fhir.sources["disposition"] == "").sum() < 2000


@pytest.mark.parametrize(
    ("data", "encodings", "text", "encoding"),
    [
        (b"abc", [], "abc", "utf-8"),
        ("检验".encode(), ["gb18030"], "检验", "utf-8"),
        (b"\xef\xbb\xbf" + "检".encode(), [], "检", "utf-8"),
        ("检验".encode("gb18030"), ["utf-8", "gb18030"], "检验", "gb18030"),
        ("檢驗".encode("big5"), ["UTF8", "big5", "gb18030"], "檢驗", "big5"),
        ("检".encode("utf-16"), [], "检", "utf-16"),
        (b"\xff\x80", ["utf-8"], None, None),
    ],
)
def test_encodings(data: bytes, encodings: list[str], text: str | None, encoding: str | None) -> None:
    found = decode_text(data, encodings)
    assert found.encoding == encoding
    assert found.data == (text.encode() if text is not None else data)


@given(st.text(), st.sampled_from(["utf-8", "gb18030"]))
def test_declared_text_comes_back(text: str, encoding: str) -> None:
    data = text.encode(encoding, "ignore")
    found = decode_text(data, ["gb18030"])
    if not data.isascii() and encoding == "gb18030" and found.encoding == "gb18030":
        assert found.data.decode() == text.encode("utf-8", "ignore").decode()


def test_progress_is_told_in_bytes_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(b"x" * 1_000_000, mtime=0))
    with open_bytes(path) as (stream, packed):
        assert read_whole(stream) == (b"x" * 1_000_000, "")
        assert packed.tell() == path.stat().st_size
