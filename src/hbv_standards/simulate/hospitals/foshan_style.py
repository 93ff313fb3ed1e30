"""Foshan's four kinds of files: how a patient's resources are named, linked and bundled (R5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from hbv_standards.simulate.fhir.elements import Resource, make_uuid

BASE = "https://fhir.foshan-hospital.example/r5"
Form = Literal["absolute", "uuid", "searchset", "gathered"]
FORMS: tuple[Form, ...] = ("absolute", "uuid", "searchset", "gathered")

_TIME = re.compile(rb"T(\d\d:\d\d):\d\d\+08:00")


@dataclass(frozen=True, slots=True)
class Style:
    """How one patient's file is written.

    ``absolute``: collection with absolute URLs, versions in a history Bundle · ``uuid``: collection
    with urn:uuid · ``searchset``: answer to a search, relative references · ``gathered``: collection
    with absolute URLs, the first of them in XML and the others compressed.
    """

    form: Form

    def link(self, kind: str, resource_id: str) -> str:
        """The text of a Reference to a resource of the same file."""
        return f"{kind}/{resource_id}" if self.form == "searchset" else self.locate(kind, resource_id)

    def locate(self, kind: str, resource_id: str) -> str:
        """Bundle.entry.fullUrl."""
        if self.form == "uuid":
            return f"urn:uuid:{make_uuid('foshan', kind, resource_id)}"
        return f"{BASE}/{kind}/{resource_id}"


def bundle_resources(style: Style, bundle_id: str, resources: list[Resource]) -> Resource:
    """The Bundle of one patient."""
    entries = [
        {"fullUrl": style.locate(r["resourceType"], r["id"]), "resource": r, **_search(style, r)}
        for r in resources
    ]
    if style.form != "searchset":
        return {"resourceType": "Bundle", "id": bundle_id, "type": "collection", "entry": entries}
    return {
        "resourceType": "Bundle",
        "id": bundle_id,
        "type": "searchset",
        "total": sum(r["resourceType"] == "Patient" for r in resources),
        "link": [{"relation": "self", "url": f"{BASE}/Patient?_revinclude=*"}],
        "entry": entries,
    }


def _search(style: Style, resource: Resource) -> Resource:
    if style.form != "searchset":
        return {}
    return {"search": {"mode": "match" if resource["resourceType"] == "Patient" else "include"}}


def bundle_history(versions: list[Resource]) -> Resource:
    """A history Bundle, the newest version first."""
    entries = [
        {
            "fullUrl": f"{BASE}/{r['resourceType']}/{r['id']}",
            "resource": r,
            "request": {"method": "PUT", "url": f"{r['resourceType']}/{r['id']}"},
            "response": {"status": "200", "lastModified": r["meta"]["lastUpdated"]},
        }
        for r in versions
    ]
    entries.reverse()
    return {"resourceType": "Bundle", "id": "history-observations", "type": "history", "entry": entries}


def drop_seconds(data: bytes) -> bytes:
    """The hospital's habit: date-times without seconds and zone, which FHIR does not allow.

    Local times alone are written with +08:00; instants are in UTC and stay as they are.
    """
    return _TIME.sub(rb"T\1", data)
