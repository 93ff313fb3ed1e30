"""Names and addresses of Zhongshan's resources."""

from __future__ import annotations

from hbv_standards.simulate.fhir.elements import make_uuid

BASE = "https://zhongshan-hospital.example/fhir"


def name_resource(kind: str, *parts: str) -> str:
    """The id of a resource: a UUID that is the same for the same kind and parts."""
    return make_uuid("zhongshan", kind, *parts)


def link_resource(kind: str, *parts: str) -> str:
    """The text of a Reference to it inside its Bundle."""
    return f"urn:uuid:{name_resource(kind, *parts)}"
