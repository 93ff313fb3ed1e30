"""What is read of any resource, even of one that is not valid: type, id, version, profiles, status."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import Raw, Struct

from hbv_standards.ingest.elements import Head
from hbv_standards.ingest.primitives import is_id
from hbv_standards.ingest.resource_types import RESOURCE_TYPES

_TYPE_FIRST = re.compile(rb'\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_NAMES = {name.encode("ascii"): name for name in RESOURCE_TYPES}
_decode = msgspec.json.Decoder(Head).decode


class ResourceHead(Struct):
    """Who a resource says that it is; empty where it does not say, or not in FHIR."""

    resource_type: str = ""
    id: str = ""
    version_id: str = ""
    last_updated: str = ""
    profiles: list[str] = []
    source: str = ""
    status: str = ""


def read_type(raw: bytes) -> str:
    """resourceType; empty when there is none or ``raw`` is no JSON object."""
    if raw.startswith(b'{"resourceType":"'):
        return _NAMES.get(raw[17 : raw.find(b'"', 17)]) or _decode_type(raw)
    match = _TYPE_FIRST.match(raw)
    return match[1].decode("ascii") if match is not None else _decode_type(raw)


def _decode_type(raw: bytes) -> str:
    try:
        return _text(_decode(raw).resource_type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


def read_head(raw: bytes, resource_type: str) -> ResourceHead:
    """The head of a resource of known type, each part only where it is valid."""
    try:
        head = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ResourceHead(resource_type)
    meta = _read_object(head.meta)
    listed = meta.get("profile")
    profiles = [p for p in listed if isinstance(p, str)] if isinstance(listed, list) else []
    known = _text(head.id)
    texts = {name: v for name, v in meta.items() if isinstance(v, str)}
    return ResourceHead(
        resource_type,
        known if is_id(known) else "",
        texts.get("versionId", ""),
        texts.get("lastUpdated", ""),
        profiles,
        texts.get("source", ""),
        _text(head.status),
    )


def _text(raw: Raw) -> str:
    if not raw:
        return ""
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _read_object(raw: Raw) -> dict[str, Any]:
    if not raw:
        return {}
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
