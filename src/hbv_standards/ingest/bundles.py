"""JSON documents → raw entries: Bundles of every type (also nested), arrays, lone resources.

Resources stay the bytes that were sent. A Bundle that is not well-formed JSON as a whole, because it
was cut off or one entry is broken, is split by its brackets, so that the sound entries are used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from msgspec import Raw, Struct, field

from hbv_standards.ingest.elements import ABSENT
from hbv_standards.ingest.raw import Deletion, RawEntry

_DEEPEST = 20  # Bundles within Bundles; beyond that it is an attack or a mistake


class _Entry(Struct, rename="camel"):
    """Bundle.entry."""

    full_url: Raw = ABSENT
    resource: Raw = ABSENT
    request: Raw = ABSENT
    response: Raw = ABSENT
    search: Raw = ABSENT


class _Bundle(Struct, rename="camel"):
    """Bundle; ``entry`` stays raw until it is known to be a list."""

    resource_type: str = ""
    type: Raw = ABSENT
    entry: Raw = ABSENT


class _Request(Struct, rename="camel"):
    method: str = ""
    url: str = ""


class _Response(Struct, rename="camel"):
    etag: str = ""
    last_modified: str = ""


class _Typed(Struct):
    resource_type: str = field(default="", name="resourceType")


_decode_bundle = msgspec.json.Decoder(_Bundle).decode
_decode_entries = msgspec.json.Decoder(list[Raw]).decode
_decode_entry = msgspec.json.Decoder(_Entry).decode
_decode_type = msgspec.json.Decoder(_Typed).decode


def split_document(data: bytes, position: str = "") -> Iterator[RawEntry]:
    """Every resource of one JSON document, in its order.

    Raises ``msgspec.DecodeError`` when the document is not well-formed JSON (and ``RecursionError``
    when it is nested beyond reason): see :func:`salvage_entries`.
    """
    if data[:1] == b"[":
        for at, item in enumerate(_decode_entries(data)):
            yield from split_resource(bytes(item), f"{position}[{at}]")
    else:
        msgspec.json.decode(data, type=Raw)  # the whole document, before anything of it is used
        yield from split_resource(data, position)


def split_resource(raw: bytes, position: str, full_url: str = "", scope: str = "", order: int = 0,
                   depth: int = 0) -> Iterator[RawEntry]:  # fmt: skip
    """The resource itself, or the resources of the Bundle that it is."""
    if not is_bundle(raw):
        yield RawEntry(position, raw, full_url, scope, order)
        return
    bundle = _decode_bundle(raw)
    below = f"{position}." if position else ""
    if depth >= _DEEPEST:
        yield RawEntry(position, raw, full_url, scope, order, f"Bundles are nested more than {_DEEPEST} deep")
        return
    if not bundle.entry:
        return
    if bytes(bundle.entry)[:1] != b"[":
        yield RawEntry(position, raw, full_url, scope, order, "entry of the Bundle is not a list")
        return
    history = bytes(bundle.type) == b'"history"'
    for at, item in enumerate(_decode_entries(bundle.entry)):
        newness = -at - 1 if history else order
        yield from _split_entry(bytes(item), f"{below}entry[{at}]", position or "Bundle", newness, depth)


def is_bundle(raw: bytes) -> bool:
    """Whether the resource is a Bundle; only one that holds the word is looked at closely."""
    if b'"Bundle"' not in raw:
        return False
    try:
        return _decode_type(raw).resource_type == "Bundle"
    except msgspec.DecodeError:
        return False


def _split_entry(raw: bytes, position: str, scope: str, order: int, depth: int) -> Iterator[RawEntry]:
    try:
        entry = _decode_entry(raw)
    except msgspec.DecodeError as error:
        yield RawEntry(position, raw, scope=scope, order=order, problem=f"entry of the Bundle: {error}")
        return
    full_url = _read_text(entry.full_url)
    if entry.resource and bytes(entry.resource) != b"null":
        yield from split_resource(
            bytes(entry.resource), f"{position}.resource", full_url, scope, order, depth + 1
        )
        return
    deletion = read_deletion(bytes(entry.request), bytes(entry.response), full_url)
    if deletion is not None:
        problem = "" if deletion.resource_id else "deletes by search, which names no resource"
        yield RawEntry(position, raw, full_url, scope, order, problem, deletion)
    elif not (entry.request or entry.response or entry.search):
        yield RawEntry(position, raw, full_url, scope, order, "entry of the Bundle holds no resource")


def _read_text(raw: Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=str) if raw else ""
    except msgspec.DecodeError:
        return ""


_DELETED = re.compile(r"(?:^|.*/)(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9\-.]{1,64})(?:/_history/.*)?$")


def read_deletion(request: bytes, response: bytes, full_url: str) -> Deletion | None:
    """Which resource an entry deletes: None when it deletes none, without id when it names none."""
    try:
        asked = msgspec.json.decode(request, type=_Request) if request else _Request()
        answered = msgspec.json.decode(response, type=_Response) if response else _Response()
    except msgspec.DecodeError:
        return None
    if asked.method != "DELETE":
        return None
    match = _DELETED.match(asked.url) or _DELETED.match(full_url)
    if match is None:
        return Deletion("", "")
    version = re.fullmatch(r'(?:W/)?"?([^"]*)"?', answered.etag)
    return Deletion(match["type"], match["id"], version[1] if version else "", answered.last_modified)


_ENTRIES = re.compile(rb'"entry"\s*:\s*\[')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)


def salvage_entries(data: bytes) -> Iterator[RawEntry]:
    """Entries of a Bundle, or items of an array, that is not well-formed as a whole; else nothing.

    Each is split off by its brackets and judged by itself. What was cut off at the end is the last entry.
    """
    start = _find_entries(data)
    if start is None:
        return
    prefix = "entry" if data[:1] == b"{" else ""
    depth, begin, at = 0, start, 0
    for token in _TOKEN.finditer(data, start):
        sign = data[token.start()]
        if sign in b"{[":
            begin = token.start() if depth == 0 else begin
            depth += 1
        elif sign in b"}]":
            depth -= 1
            if depth < 0:
                return
            if depth == 0:
                yield from _split_salvaged(data[begin : token.end()], f"{prefix}[{at}]")
                at += 1
    if depth:
        yield RawEntry(f"{prefix}[{at}]", data[begin:], problem="the file ends within this entry")


def _find_entries(data: bytes) -> int | None:
    if data[:1] == b"[":
        return 1
    match = _ENTRIES.search(data)
    if match is None or (b'"Bundle"' not in data[: match.end() + 4096] and b'"Bundle"' not in data[-4096:]):
        return None
    return match.end()


def _split_salvaged(raw: bytes, position: str) -> Iterator[RawEntry]:
    try:
        msgspec.json.decode(raw, type=Raw)
    except (msgspec.DecodeError, RecursionError) as error:
        yield RawEntry(position, raw, scope="Bundle", problem=str(error))
        return
    if position.startswith("entry"):
        yield from _split_entry(raw, position, "Bundle", 0, 0)
    else:
        yield from split_resource(raw, position)
