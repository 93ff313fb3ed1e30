"""A hospital as the engine sees it: ``sites/<hospital>/site.yaml``, checked by pydantic."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from hbv_standards.canonical.model import RECORDS
from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.study import validate_part
from hbv_standards.study_rules import StudyPart
from hbv_standards.yaml_text import read_yaml

ENROLMENT_FIELDS = (
    "subject_id", "patient_identifier", "consent_dtc", "randomized_dtc", "arm_code", "status",
    "end_dtc", "end_reason",
)  # fmt: skip

_STATED_FIELDS = sorted({name for model in RECORDS.values() for name in model.model_fields})


def _check_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"encoding {name!r} is not known; write for example utf-8 or gb18030") from None
    return name


def _check_time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        cure = "write one of the IANA list, for example Asia/Shanghai"
        raise ValueError(f"time zone {name!r} is not known; {cure}") from None
    return name


class Enrolment(StudyPart):
    """Where the hospital says who was enrolled, when and into which arm.

    ``columns`` is canonical field → header of the CSV; the fields are :data:`ENROLMENT_FIELDS`.
    While ``status`` is not accepted nobody of the hospital is enrolled.
    """

    status: Literal["accepted", "proposed"] = "accepted"
    source: Literal["ResearchSubject", "csv"] = "ResearchSubject"
    subject_system: str | None = None  # identifier system of the subject number in ResearchSubject.identifier
    file: str | None = None  # glob inside the hospital's input folder, e.g. "enrolment*.csv"
    patient_system: str | None = None  # identifier system of the patient number in the CSV
    study: str | None = None  # identifier of the trial's ResearchStudy, where the hospital sends several
    columns: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check_source(self) -> Enrolment:
        unknown = sorted(set(self.columns) - set(ENROLMENT_FIELDS))
        if unknown:
            raise ValueError(
                f"columns: {', '.join(unknown)} is no field of an enrolment record; "
                f"fields are {', '.join(ENROLMENT_FIELDS)}"
            )
        if self.source != "csv":
            return self
        if not self.file:
            raise ValueError("source csv needs `file`, the name or glob of the enrolment CSV")
        missing = [name for name in ("subject_id", "patient_identifier") if name not in self.columns]
        if missing:
            raise ValueError(f"columns: source csv needs the header of {' and '.join(missing)}")
        return self


class StatedPath(StudyPart):
    """A FHIRPath for what this hospital keeps in an unusual place, and the canonical field that it fills."""

    resource: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$")]
    field: str  # of the record that the resource makes: position, fasting, race, arm_code ...
    path: Annotated[str, Field(min_length=1)]

    @model_validator(mode="after")
    def _check_field(self) -> StatedPath:
        if self.field not in _STATED_FIELDS:
            near = phrase_nearest(self.field, _STATED_FIELDS)
            raise ValueError(f"{self.field!r} is no field of the canonical model{near}")
        return self


class SiteConfig(StudyPart):
    """The whole of ``site.yaml``."""

    site: str  # the folder's name, as in `sites` of study.yaml
    encodings: tuple[Annotated[str, AfterValidator(_check_encoding)], ...] = ("utf-8",)
    time_zone: Annotated[str, AfterValidator(_check_time_zone)] | None = None  # empty: the study's
    identifier_systems: tuple[str, ...] = ()  # used by this hospital alone: they tell whose data it is
    enrolment: Enrolment = Enrolment()
    fhirpath: tuple[StatedPath, ...] = ()
    default_fhir_version: Literal["R4", "R4B", "R5"] | None = None  # where the data do not say


def read_site(folder: Path, file: str) -> SiteConfig:
    """Read and check the ``site.yaml`` in ``folder``; ``file`` is how messages name it.

    Raises :class:`ConfigurationError` naming file, place, value and cure.
    """
    try:
        raw = read_yaml(folder / "site.yaml", file)
    except FileNotFoundError as error:
        cure = f"write it, or start the hospital's folder with `study new-site {folder.name}`"
        raise ConfigurationError(f"is missing; {cure}", file=file) from error
    config = validate_part(SiteConfig, raw, file)
    if config.site != folder.name:
        cure = f"write {folder.name!r}"
        raise ConfigurationError(
            f"site: {config.site!r} is not the folder's name; {cure}", file=file, value=config.site
        )
    return config
