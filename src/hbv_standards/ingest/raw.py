"""Raw resources on their way from a file to the decoder."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class RawResource:
    """One resource as it was sent, and where it was found."""

    site: str  # empty when the hospital is unknown
    file: str
    position: str
    resource_type: str
    resource_id: str
    fhir_version: str
    json_bytes: bytes  # UTF-8; for XML the same content as JSON
    xml: bytes | None = None  # the original of an XML resource


class Deletion(Struct, frozen=True):
    """A history or transaction entry that deletes a resource."""

    resource_type: str
    resource_id: str
    version_id: str = ""
    last_updated: str = ""


class RawEntry(Struct):
    """One unit of a file that is, or should be, a resource. (A Struct: it is made for each, fast.)"""

    position: str  # "entry[3].resource", "line 12", "" for a lone resource
    json: bytes
    full_url: str = ""
    scope: str = ""  # position of the Bundle that holds it: in it fullUrls and urn:uuid have a meaning
    order: int = 0  # newness by place in a history Bundle: what comes first is newest
    problem: str = ""  # why it cannot be a resource; `json` then holds what was found
    deletion: Deletion | None = None
    xml: bytes | None = None


class FileProblem(Struct, frozen=True):
    """Something to tell about a file as a whole."""

    code: str
    message: str
