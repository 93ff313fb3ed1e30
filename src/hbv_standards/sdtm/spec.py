"""What the variables of each dataset are: ``mappings/specs/<dataset>.yaml`` and the standard's facts.

A spec file names the variables that the study uses, and says of each its origin, method and comment.
Label, type, role, core, order and codelist are the implementation guide's (or the model's, for
variables and domains that the guide does not have) unless the file says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import Field

from hbv_standards.errors import ConfigurationError
from hbv_standards.mapping.locate import locate_mappings
from hbv_standards.sdtm.supplemental_spec import SupplementalSpec, check_supplemental
from hbv_standards.sdtm.variable_facts import find_length, order_names, read_facts
from hbv_standards.standards.associated_persons import read_prefix
from hbv_standards.standards.sdtmig import (
    Core,
    DatasetClass,
    DataType,
    SdtmDataset,
    SdtmVariable,
    read_dataset,
)
from hbv_standards.standards.tables import phrase_nearest
from hbv_standards.standards.terminology import read_codelist
from hbv_standards.study import validate_part
from hbv_standards.study_rules import StudyPart
from hbv_standards.yaml_text import read_yaml

Origin = Literal["Assigned", "Collected", "Derived", "Protocol", "Predecessor", "Not Available", "Other"]
OriginSource = Literal["Sponsor", "Investigator", "Vendor", "Subject"]

METHODS = "methods.yaml"


class VariableSpec(StudyPart):
    """One variable of a dataset, complete."""

    name: str
    label: str
    type: DataType
    role: str
    core: Core
    length: int | None  # bytes, where the standard sets it
    codelist: str | None  # NCI C-code
    origin: Origin
    origin_source: OriginSource | None
    method: str | None  # id in methods.yaml
    comment: str | None


class DatasetSpec(StudyPart):
    """One dataset, complete; ``variables`` in SDTM order."""

    name: str
    label: str
    cls: DatasetClass
    structure: str
    keys: tuple[str, ...]
    standard: bool  # False: not a dataset of the guide (def:IsNonStandard)
    variables: tuple[VariableSpec, ...]
    assigned: dict[str, dict[str, str]]  # variable -> key -> value that the study assigns
    supplemental: tuple[SupplementalSpec, ...] = ()

    @property
    def prefix(self) -> str:
        """First letters of the variables: MH in APMH, else the dataset's name."""
        return read_prefix(self.name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables in order."""
        return tuple(v.name for v in self.variables)

    def variable(self, name: str) -> VariableSpec | None:
        """The variable of that name, or None."""
        return next((v for v in self.variables if v.name == name), None)


class MethodSpec(StudyPart):
    """How a derived variable is computed, for MethodDef of Define-XML."""

    id: str
    name: str
    type: Literal["Computation", "Imputation"]
    description: str


class _MethodEntry(StudyPart):
    name: str
    type: Literal["Computation", "Imputation"] = "Computation"
    description: str


class _MethodFile(StudyPart):
    methods: dict[str, _MethodEntry]


class _VariableEntry(StudyPart):
    """What a spec file says of a variable."""

    origin: Origin
    source: OriginSource | None = None
    method: str | None = None
    comment: str | None = None
    codelist: str | None = None
    length: int | None = None
    label: str | None = Field(default=None, max_length=40)
    type: DataType | None = None
    role: str | None = None
    core: Core | None = None


class _SpecFile(StudyPart):
    dataset: str
    keys: tuple[str, ...]
    variables: dict[str, _VariableEntry]
    standard: bool = True
    label: str | None = Field(default=None, max_length=40)
    cls: DatasetClass | None = Field(default=None, alias="class")
    structure: str | None = None
    assigned: dict[str, dict[str, str]] = Field(default_factory=dict)
    supplemental: tuple[SupplementalSpec, ...] = ()


def read_specs(folder: Path) -> dict[str, DatasetSpec]:
    """Dataset name → spec, from every YAML file of ``mappings/specs`` but ``methods.yaml``, by name.

    Raises:
        ConfigurationError: naming file, variable and cure.
    """
    methods = read_methods(folder)
    files = sorted(path for path in folder.glob("*.yaml") if path.name != METHODS)
    if not files:
        raise ConfigurationError(f"no spec in {folder}; every dataset needs a file specs/<dataset>.yaml")
    specs = [_read_spec(path, methods) for path in files]
    return {spec.name: spec for spec in specs}


def locate_specs(study: Path) -> Path:
    """Folder of the specs of a study folder; a study without one uses those of the package."""
    own = study / "specs"
    return own if own.is_dir() else locate_mappings() / "specs"


def read_methods(folder: Path) -> dict[str, MethodSpec]:
    """Method id → method, from ``methods.yaml``. Raises :class:`ConfigurationError`."""
    entries = validate_part(_MethodFile, {"methods": _load_yaml(folder / METHODS)}, f"specs/{METHODS}")
    return {
        name: MethodSpec(id=name, name=e.name, type=e.type, description=" ".join(e.description.split()))
        for name, e in entries.methods.items()
    }


def _load_yaml(path: Path) -> Any:
    try:
        return read_yaml(path, f"specs/{path.name}")
    except FileNotFoundError as error:
        raise ConfigurationError("this file is missing", file=f"specs/{path.name}") from error


def _read_spec(path: Path, methods: Mapping[str, MethodSpec]) -> DatasetSpec:
    place = f"specs/{path.name}"
    file = validate_part(_SpecFile, _load_yaml(path), place)
    if path.stem != file.dataset.lower():
        raise ConfigurationError(f"dataset {file.dataset} belongs in {file.dataset.lower()}.yaml", file=place)
    guide = _read_guide(file, place)
    cls = file.cls or cast("SdtmDataset", guide).cls
    facts = {name: read_facts(name, file.dataset, cls, guide, place) for name in file.variables}
    _check_complete(file, guide, place)
    names = order_names(file.variables, file.dataset, cls, guide)
    variables = tuple(
        _build_variable(name, file.variables[name], facts[name], methods, place) for name in names
    )
    _check_keys(file, place)
    check_supplemental(file.supplemental, file.dataset, cls, place)
    return DatasetSpec(
        name=file.dataset,
        label=file.label or (guide.label if guide else ""),
        cls=cls,
        structure=file.structure or (guide.structure if guide else ""),
        keys=file.keys,
        standard=file.standard,
        variables=variables,
        assigned=file.assigned,
        supplemental=file.supplemental,
    )


def _read_guide(file: _SpecFile, place: str) -> SdtmDataset | None:
    """The guide's dataset; None for a non-standard one, which must then say label, class and structure."""
    if file.standard:
        try:
            return read_dataset(file.dataset)
        except ConfigurationError as error:
            raise ConfigurationError(f"{error}; or say `standard: false`", file=place) from error
    for key, value in (("label", file.label), ("class", file.cls), ("structure", file.structure)):
        if not value:
            raise ConfigurationError(f"a non-standard dataset must say its {key}", file=place)
    return None


def _check_complete(file: _SpecFile, guide: SdtmDataset | None, place: str) -> None:
    """Required and Expected variables are always present (SDTMIG 4.1.5)."""
    wanted = [v.name for v in guide.variables if v.core in ("Req", "Exp")] if guide else []
    missing = [name for name in wanted if name not in file.variables]
    if missing:
        raise ConfigurationError(
            f"variables {', '.join(missing)} are Required or Expected in {file.dataset}; add them", file=place
        )


def _check_keys(file: _SpecFile, place: str) -> None:
    for name in (*file.keys, *file.assigned):
        if name not in file.variables:
            raise ConfigurationError(
                f"keys or assigned: {name} is not among the variables" + phrase_nearest(name, file.variables),
                file=place,
                value=name,
            )


def _build_variable(
    name: str, entry: _VariableEntry, fact: SdtmVariable, methods: Mapping[str, MethodSpec], place: str
) -> VariableSpec:
    _check_method(name, entry, methods, place)
    return VariableSpec(
        name=name,
        label=entry.label or fact.label,
        type=entry.type or fact.type,
        role=entry.role or fact.role,
        core=entry.core or fact.core or "Perm",
        length=entry.length or find_length(name),
        codelist=_choose_codelist(name, entry, fact, place),
        origin=entry.origin,
        origin_source=entry.source,
        method=entry.method,
        comment=entry.comment,
    )


def _check_method(name: str, entry: _VariableEntry, methods: Mapping[str, MethodSpec], place: str) -> None:
    if entry.origin == "Derived" and entry.method is None:
        raise ConfigurationError(f"{name} is Derived and needs a method of {METHODS}", file=place, value=name)
    if entry.method is not None and entry.method not in methods:
        raise ConfigurationError(
            f"{name}: method {entry.method!r} is not in {METHODS}" + phrase_nearest(entry.method, methods),
            file=place,
            value=entry.method,
        )


def _choose_codelist(name: str, entry: _VariableEntry, fact: SdtmVariable, place: str) -> str | None:
    if entry.codelist is not None:
        try:
            return read_codelist(entry.codelist).code
        except ConfigurationError as error:
            raise ConfigurationError(f"{name}: {error}", file=place, value=entry.codelist) from error
    if len(fact.codelist_code) > 1:
        raise ConfigurationError(
            f"{name} may use codelist {' or '.join(fact.codelist_code)}; say which", file=place, value=name
        )
    return fact.codelist_code[0] if fact.codelist_code else None
