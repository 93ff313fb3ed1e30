"""The trial as the engine sees it: ``study.yaml`` of a study folder, checked by pydantic.

The engine knows no trial; study id, arms, epochs, visits, windows and sites are all said here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError, model_validator

from hbv_standards.errors import ConfigurationError
from hbv_standards.standards.trial_summary import NullFlavor
from hbv_standards.study_rules import CriterionRule, ElementStart, StudyPart
from hbv_standards.study_schedule import PlannedMeasurement
from hbv_standards.yaml_text import read_yaml

Part = TypeVar("Part", bound=BaseModel)


class StandardVersions(StudyPart):
    """SDTMIG, SDTM and controlled terminology that the study is built to."""

    ig: Literal["3.4"]
    model: Literal["2.0"]
    terminology: Literal["2025-03-28"]


class Element(StudyPart):
    """A trial element (TE, SDTMIG 3.4 section 7.2.2); ``begins`` puts ``start_rule`` in terms of the data."""

    etcd: Annotated[str, Field(max_length=8)]
    element: Annotated[str, Field(max_length=40)]
    start_rule: Annotated[str, Field(max_length=200)]
    end_rule: Annotated[str, Field(max_length=200)] | None = None
    duration: str | None = None
    begins: ElementStart | None = None


class ArmCell(StudyPart):
    """One planned element of an arm, in order (TA, section 7.2.1)."""

    epoch: str
    etcd: str
    branch: str | None = None
    transition: str | None = None


class Arm(StudyPart):
    """A planned arm and the classes of treatment that are its study treatment."""

    armcd: Annotated[str, Field(max_length=20)]
    arm: Annotated[str, Field(max_length=200)]
    treatment_classes: tuple[str, ...]
    cells: tuple[ArmCell, ...]


class PlannedVisit(StudyPart):
    """A planned visit (TV, section 7.3.1) with its window in study days, both ends included."""

    visitnum: float
    visit: Annotated[str, Field(max_length=40)]
    visitdy: int
    epoch: str
    window: tuple[int, int]
    start_rule: Annotated[str, Field(max_length=200)]
    end_rule: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _check_window(self) -> PlannedVisit:
        low, high = self.window
        if not low <= self.visitdy <= high:
            raise ValueError(f"visitdy {self.visitdy} lies outside the window {low}..{high}")
        if 0 in (low, high, self.visitdy):
            raise ValueError("there is no study day 0 (SDTMIG 4.4.4)")
        return self


class ExposureRules(StudyPart):
    """When doses belong to one constant-dosing interval: days between them, by frequency."""

    gap_days: dict[str, int]

    @model_validator(mode="after")
    def _check_default(self) -> ExposureRules:
        if "default" not in self.gap_days:
            raise ValueError("gap_days needs an entry 'default'")
        return self


class StudySite(StudyPart):
    """A hospital of the trial: its number in DM.SITEID and its names."""

    siteid: str
    name: str
    name_zh: str | None = None


class Criterion(StudyPart):
    """An inclusion or exclusion criterion (TI, section 7.4.1); one without ``rule`` is not computed."""

    testcd: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,7}$")]  # IETESTCD
    text: Annotated[str, Field(min_length=1, max_length=200)]  # IETEST
    category: Literal["INCLUSION", "EXCLUSION"]
    rule_text: Annotated[str, Field(max_length=200)] | None = None  # TIRL
    version: str | None = None  # TIVERS
    rule: CriterionRule | None = None


OF_DATA = ("first consent", "last contact", "data cut")
"""Computed trial summary values that are not always known."""


class SummaryParameter(StudyPart):
    """One trial summary parameter (TS, section 7.4.2): its value, or why there is none.

    ``computed`` values come from the study file and the data; ``null_flavor`` beside it stands where they
    cannot say. Codes of CDISC terminology are looked up and not written here.
    """

    parameter: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,7}$")]  # TSPARMCD
    name: Annotated[str, Field(max_length=40)] | None = None  # TSPARM of a parameter of the sponsor's own
    value: str | None = None
    computed: Literal[
        "title", "arms", "country", "sdtm version", "sdtmig version", "first consent", "last contact",
        "data cut", "subjects", "ongoing",
    ] | None = None  # fmt: skip
    null_flavor: NullFlavor | None = None
    code: str | None = None  # TSVALCD in a dictionary other than CDISC's
    dictionary: str | None = None  # TSVCDREF, DICTNAM C66788
    dictionary_version: str | None = None  # TSVCDVER

    @model_validator(mode="after")
    def _check_one_answer(self) -> SummaryParameter:
        if self.value is not None and (self.computed or self.null_flavor):
            raise ValueError("a `value` stands alone, without `computed` and `null_flavor` (CG0259)")
        if not (self.value or self.computed or self.null_flavor):
            raise ValueError("give one of `value`, `computed` and `null_flavor` (CG0260)")
        if self.computed in OF_DATA and self.null_flavor is None:
            raise ValueError(f"the data may not say the {self.computed}; give a `null_flavor` for that case")
        versioned = self.dictionary_version is not None and self.dictionary is None
        if (self.code is None) != (self.dictionary is None) or versioned:
            raise ValueError("`code` and `dictionary` belong together (CG0266)")
        return self


class StudyConfig(StudyPart):
    """The whole of ``study.yaml``."""

    studyid: Annotated[str, Field(min_length=1, max_length=20)]
    title: str
    country: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    time_zone: str
    sdtm: StandardVersions
    data_cut: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    epochs: tuple[str, ...]
    elements: tuple[Element, ...]
    arms: tuple[Arm, ...]
    visits: tuple[PlannedVisit, ...]
    visit_span_days: Annotated[int, Field(ge=0)] = 0
    exposure: ExposureRules
    sites: dict[str, StudySite]
    criteria: tuple[Criterion, ...] = ()
    schedule: tuple[PlannedMeasurement, ...] = ()
    trial_summary: tuple[SummaryParameter, ...] = ()

    @model_validator(mode="after")
    def _check_agreement(self) -> StudyConfig:
        _check_unique("armcd", [a.armcd for a in self.arms])
        _check_unique("etcd", [e.etcd for e in self.elements])
        _check_unique("visitnum", [str(v.visitnum) for v in self.visits])
        _check_unique("visit", [v.visit for v in self.visits])
        _check_unique("siteid", [s.siteid for s in self.sites.values()])
        _check_unique("criterion", [" ".join(filter(None, (c.testcd, c.version))) for c in self.criteria])
        _check_unique("schedule", [entry.title for entry in self.schedule])
        _check_known("epoch", [v.epoch for v in self.visits], self.epochs)
        planned = [visit for entry in self.schedule for visit in entry.visits]
        _check_known("schedule: visit", planned, [v.visit for v in self.visits])
        cells = [cell for arm in self.arms for cell in arm.cells]
        _check_known("epoch", [c.epoch for c in cells], self.epochs)
        _check_known("etcd", [c.etcd for c in cells], [e.etcd for e in self.elements])
        _check_starts(self)
        windows = sorted(v.window for v in self.visits)
        for (_, end), (start, _) in pairwise(windows):
            if start <= end:
                raise ValueError(f"visit windows overlap at day {start}; make each day belong to one visit")
        return self

    def arm(self, armcd: str) -> Arm | None:
        """The arm of that code, or None."""
        return next((a for a in self.arms if a.armcd == armcd), None)

    def element(self, etcd: str) -> Element | None:
        """The element of that code, or None."""
        return next((e for e in self.elements if e.etcd == etcd), None)

    def study_classes(self) -> frozenset[str]:
        """Every class of treatment that is study treatment in some arm."""
        return frozenset(c for a in self.arms for c in a.treatment_classes)


def _check_starts(study: StudyConfig) -> None:
    """The data tell by themselves only when the first element and the first one of treatment begin."""
    known = {e.etcd for e in study.elements if e.begins is not None}
    for arm in study.arms:
        later = [place for place, cell in enumerate(arm.cells) if cell.epoch != study.epochs[0]]
        for place, cell in enumerate(arm.cells):
            if cell.etcd not in known and place not in {0, *later[:1]}:
                example = "begins: {at: after last dose}"
                raise ValueError(
                    f"element {cell.etcd} of arm {arm.armcd}: say when it begins, like {example}"
                )


def _check_unique(what: str, values: list[str]) -> None:
    twice = sorted({v for v in values if values.count(v) > 1})
    if twice:
        raise ValueError(f"{what} {', '.join(twice)} occurs twice; each must be unique")


def _check_known(what: str, values: list[str], known: Any) -> None:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"{what} {', '.join(unknown)} is not declared; declared are {', '.join(known)}")


def read_study(folder: Path) -> StudyConfig:
    """Read and check ``study.yaml`` of a study folder.

    Raises :class:`ConfigurationError` naming file, place, value and cure.
    """
    file = folder / "study.yaml"
    try:
        raw = read_yaml(file, "study.yaml")
    except FileNotFoundError as error:
        raise ConfigurationError(f"no study.yaml in {folder}; name the study folder with --study") from error
    return validate_part(StudyConfig, raw, "study.yaml")


_SHAPES = {  # pydantic's word for it → what to write
    "tuple_type": "a list is expected, such as [A, B]; leave the key out where there is nothing to list",
    "dict_type": "lines of the form `key: value` are expected; leave the key out where there are none",
}


def validate_part(model: type[Part], raw: object, file: str) -> Part:
    """Check raw YAML content against a model; raises :class:`ConfigurationError` with file, place, value."""
    if not isinstance(raw, dict):
        held = "is empty" if raw is None else "holds no lines of the form `key: value`"
        raise ConfigurationError(f"{held}; see the README of the study folder for its keys", file=file)
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "top level"
        message = _SHAPES.get(first["type"]) or re.sub(r"^Value error, ", "", first["msg"])
        value = first["input"] if isinstance(first["input"], str | int | float) else ""
        shown = f" (found {value!r})" if value != "" else ""
        raise ConfigurationError(f"{place}: {message}{shown}", file=file, value=str(value)) from error
