"""Whether a ConceptMap from elsewhere has the shape of FHIR R4 in what is read of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from hbv_standards.errors import ConfigurationError

ROW_EXTENSION = "/StructureDefinition/mapping-row"
"""End of the address of the extension that holds the cells which FHIR has no place for."""


class _Part(msgspec.Struct):
    url: str
    valueString: str = ""  # noqa: N815  element of FHIR
    valueCode: str = ""  # noqa: N815  element of FHIR
    valuePositiveInt: int = 1  # noqa: N815  element of FHIR


class _Extension(msgspec.Struct):
    url: str
    extension: list[_Part] = []


class _Dependence(msgspec.Struct):
    property: str
    value: str


class _Target(msgspec.Struct):
    code: str = ""
    equivalence: str = ""
    comment: str = ""
    dependsOn: list[_Dependence] = []  # noqa: N815  element of FHIR
    extension: list[_Extension] = []


class _Element(msgspec.Struct):
    code: str = ""
    display: str = ""
    target: list[_Target] = []


class _Group(msgspec.Struct):
    source: str = ""
    target: str = ""
    element: list[_Element] = []


class _Map(msgspec.Struct):
    url: str | None = ""
    group: list[_Group] = []


def check_shape(resource: dict[str, Any], path: Path) -> None:
    """Raise :class:`ConfigurationError` naming the first node that is not what FHIR R4 says."""
    try:
        msgspec.convert(resource, _Map)
    except msgspec.ValidationError as error:
        cure = "correct it there, or have the server write the map as FHIR R4 again"
        raise ConfigurationError(
            f"{path} is no sound ConceptMap: {error}; {cure}", value=str(path)
        ) from error


def find_row_base(resource: dict[str, Any]) -> str | None:
    """The address below which the rows of a map are named; ``None`` where it names none."""
    for group in msgspec.convert(resource, _Map).group:
        for element in group.element:
            for target in element.target:
                for extension in target.extension:
                    if extension.url.endswith(ROW_EXTENSION):
                        return extension.url.removesuffix(ROW_EXTENSION)
    return None
