"""Extensions in a delivery: where hospitals keep what FHIR has no element for (the arm, the race, a position)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hbv_standards.desk.provisional import ENCODINGS
from hbv_standards.ingest.files import list_files
from hbv_standards.ingest.raw import RawEntry
from hbv_standards.ingest.split import FileReader

_ADDRESS = re.compile(r"[!#-&(-~]+")  # ASCII without blanks and quotation marks, as in a URI
RESOURCES = (
    "Patient",
    "ResearchSubject",
    "Observation",
    "Condition",
    "AdverseEvent",
    "Specimen",
    "Encounter",
)
"""Types whose extensions may fill a field of the canonical model."""


class SeenExtension(NamedTuple):
    """An extension of a resource itself: how often it is, and the FHIRPath of its value."""

    resource: str
    url: str
    path: str
    times: int


class _Extended(msgspec.Struct):
    resource_type: str = msgspec.field(default="", name="resourceType")
    extension: list[dict[str, Any]] = []


def list_extensions(inputs: Sequence[Path], sites: Collection[str], site: str) -> list[SeenExtension]:
    """Extensions with a single value, by resource and address. What cannot be read holds none."""
    counted: Counter[tuple[str, str, str]] = Counter()
    decoder = msgspec.json.Decoder(_Extended)
    for file in list_files(inputs, sites, site):
        if file.kind == "csv":
            continue
        for part in FileReader(file, ENCODINGS):
            if isinstance(part, RawEntry) and b'"extension"' in part.json:
                counted.update(_read_extensions(part.json, decoder))
    return [
        SeenExtension(resource, url, f"{resource}.extension.where(url='{url}').{value}", count)
        for (resource, url, value), count in sorted(counted.items())
    ]


def _read_extensions(raw: bytes, decoder: msgspec.json.Decoder[_Extended]) -> list[tuple[str, str, str]]:
    try:
        read = decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return []
    if read.resource_type not in RESOURCES:
        return []
    found = []
    for extension in read.extension:
        url, values = extension.get("url"), [name for name in extension if name.startswith("value")]
        if isinstance(url, str) and len(values) == 1 and _ADDRESS.fullmatch(url):
            steps = {"valueCodeableConcept": "valueCodeableConcept.text", "valueCoding": "valueCoding.code"}
            found.append((read.resource_type, url, steps.get(values[0], values[0])))
    return found
