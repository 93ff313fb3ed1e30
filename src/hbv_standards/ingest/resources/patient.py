"""Patient and Organization → tables of the same names. Names of persons are not read at all."""

from __future__ import annotations

from msgspec import UNSET, UnsetType, field

from hbv_standards.ingest.codes import AdministrativeGender
from hbv_standards.ingest.elements import Identifier, Resource, Text
from hbv_standards.ingest.faults import ElementFault
from hbv_standards.ingest.resources.identifiers import append_identifiers
from hbv_standards.ingest.resources.times import read_date, read_datetime
from hbv_standards.ingest.rows import Place, Rows

PATIENT_COLUMNS = ("gender", "birth_date", "deceased", "deceased_dtc")
ORGANIZATION_COLUMNS = ("name",)


class Patient(Resource):
    """Patient."""

    identifier: list[Identifier] = field(default_factory=list)
    gender: AdministrativeGender | UnsetType = UNSET
    birth_date: Text = ""
    deceased_boolean: bool | UnsetType = UNSET
    deceased_date_time: Text = ""


class Organization(Resource):
    """Organization."""

    identifier: list[Identifier] = field(default_factory=list)
    name: Text = ""


def append_patient(o: Patient, place: Place, rows: Rows) -> None:
    """Append one Patient. Raises :class:`ElementFault`."""
    if o.deceased_date_time and o.deceased_boolean is not UNSET:
        raise ElementFault("deceasedBoolean", "was sent beside deceasedDateTime")
    deceased_dtc = read_datetime(o.deceased_date_time, "deceasedDateTime")
    gender = o.gender if o.gender is not UNSET else None
    deceased = deceased_dtc is not None or o.deceased_boolean is True
    row = (*place, gender, read_date(o.birth_date, "birthDate"), deceased, deceased_dtc)
    rows["patient"].append(row)
    append_identifiers(o.identifier, place, rows)


def append_organization(o: Organization, place: Place, rows: Rows) -> None:
    """Append one Organization."""
    rows["organization"].append((*place, o.name or None))
    append_identifiers(o.identifier, place, rows)
