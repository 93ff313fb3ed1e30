"""Every resource is held against the full FHIR definitions before it is written."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from fhir.resources import get_fhir_model_class as get_r5_model
from fhir.resources.R4B import get_fhir_model_class as get_r4b_model
from pydantic import ValidationError

from hbv_standards.errors import ExportError

Version = Literal["R4", "R5"]


def check_conformance(data: bytes, version: Version) -> None:
    """Raise :class:`ExportError` for JSON that is no resource of that version of FHIR."""
    content = json.loads(data, parse_float=Decimal)
    try:
        read_model(version, content["resourceType"]).model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        name = f"{content['resourceType']}/{content.get('id', '')}"
        raise ExportError(f"{name} is not {version}: {place}: {first['msg']}") from error


@cache
def read_model(version: Version, resource_type: str) -> Any:
    """The model of a resource type; R4 is judged by the R4B definitions."""
    return (get_r5_model if version == "R5" else get_r4b_model)(resource_type)
